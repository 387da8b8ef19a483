from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from cli_exports import ids

from marketo_async.cli.exports.manifest import read_manifest
from marketo_async.cli.exports.names import Names
from marketo_async.cli.exports.opening import staged
from marketo_async.sandbox import Fault
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox

BROWSE = "/rest/asset/v1/programs.json"


def test_a_quota_that_ended(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """After a 607 the next day's --resume goes on; misfits are counted once, calls and runs together."""
    programs = marketo.instance.state(Programs)
    for place in (3, 198, 199, 200, 701):  # some of them where two pages overlap
        list(programs)[place].channel = None  # type: ignore[assignment] # what Marketo should never send
    path, whole = tmp_path / "p.csv", tmp_path / "whole.csv"
    words = ("export", "programs", "--on-misfit", "skip", "--resume", "--out")
    rule = marketo.faults.add(Fault.error(607), path=BROWSE, calls=range(4, 1000))
    first = run(*words, path)
    assert first.code == 7
    kept = first.err.splitlines()[0].split()[0]
    marketo.faults.remove(rule)
    told = run(*words, path)
    assert told.code == 0
    lines = told.err.splitlines()
    assert lines[0] == f"{kept} programs were read before; going on after them."
    assert lines[-2] == "5 programs left out that did not have the documented shape"
    assert lines[-1].startswith(f"995 programs, {kept} of them before, in ")
    assert run(*words, whole).code == 0
    assert path.read_bytes() == whole.read_bytes()
    manifest, alone = (read_manifest(file.with_name(f"{file.name}.manifest.json"), "x") for file in (path, whole))
    assert (manifest.records, manifest.misfits, manifest.runs) == (995, 5, 2)
    assert (alone.records, alone.misfits, alone.runs) == (995, 5, 1)
    assert manifest.calls >= 8
    assert manifest.refusals.keys() == {"607"}
    assert not alone.refusals


def test_a_misfit_can_be_passed_by(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """An odd record ends an export; --resume --on-misfit skip goes on past it, for that is no other export."""
    list(marketo.instance.state(Programs))[500].channel = None  # type: ignore[assignment] # as above
    words = ("export", "programs", "--out", tmp_path / "p.jsonl")
    assert run(*words).code == 9
    assert run(*words, "--resume").code == 9
    assert run(*words, "--resume", "--on-misfit", "skip", "--page-size", 150, "--batch").code == 0
    assert len(ids(tmp_path / "p.jsonl")) == 999


OLD = ("--updated-from", "2000-01-01")


@pytest.fixture
def unfinished(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> Path:
    """Begin an export to p.csv that is not finished."""
    rule = marketo.faults.add(Fault.error(607), path=BROWSE, calls=range(3, 1000))
    path = tmp_path / "p.csv"
    assert run("export", "programs", *OLD, "--out", path).code == 7
    marketo.faults.remove(rule)
    marketo.arrivals.clear()
    return path


OTHERS: list[tuple[list[object], str]] = [
    ([*OLD], " UTC, with "),
    (["--resume"], "of something else (--updated-from was 2000-01-01T00:00:00Z, now not given): --resume needs"),
    (["--resume", *OLD, "--format", "jsonl"], "(--format was csv, now jsonl)"),
    (["--resume", *OLD, "--start", 5], "(--start was 0, now 5)"),
    (["--resume", "--since", "2020-01-01"], "(--updated-from was 2000-01-01T00:00:00Z, now 2020-01-01T00:00:00Z)"),
    (["--resume", *OLD, "--sandbox"], "(the instance was http://127.0.0.1:"),
    (["--resume", *OLD, "--client-id", "x"], "(the client id was "),
    (
        ["--resume", *OLD, "--filter-type", "id", "--filter-values", "1,2"],
        "(--filter-type was not given, now id; --filter-values was not given, now 1,2)",
    ),
]


def test_nothing_is_overwritten_unasked(run: Callable[..., Ran], marketo: Sandbox, unfinished: Path) -> None:
    """Whoever finds an unfinished export, or goes on with other options, is told what to do, and nothing is sent."""
    before = {path.name: path.read_bytes() for path in unfinished.parent.iterdir()}
    for words, says in OTHERS:
        told = run("export", "programs", "--out", unfinished, *words)
        assert (told.code, told.err.count("\n")) == (2, 1)
        assert told.err.startswith(f"error: {unfinished}.partial is an unfinished export")
        assert says in told.err
        assert "--fresh begins anew" in told.err
    assert not marketo.arrivals
    assert {path.name: path.read_bytes() for path in unfinished.parent.iterdir()} == before


def test_fresh(run: Callable[..., Ran], marketo: Sandbox, unfinished: Path) -> None:
    """--fresh gives an unfinished export up, whatever it was of; --resume without one just exports."""
    assert run("export", "programs", "--out", unfinished, "--fresh").code == 0
    assert len(ids(unfinished)) == 1000
    assert run("export", "programs", "--out", unfinished, "--resume", *OLD).code == 0
    assert {path.name for path in unfinished.parent.iterdir()} == {"p.csv", "p.csv.manifest.json"}
    del marketo


def test_a_partial_file_without_a_journal(run: Callable[..., Ran], marketo: Sandbox, unfinished: Path) -> None:
    """A partial file of which nobody knows what it is of is neither gone on with nor overwritten."""
    names = Names(unfinished, str(unfinished))
    for journal in (None, b"", b"garbage\n", b'{"journal": 99}\n', b"[1]\n{}\n"):
        names.journal.unlink(missing_ok=True) if journal is None else names.journal.write_bytes(journal)
        for words in ([], ["--resume"]):
            told = run("export", "programs", "--out", unfinished, *words)
            assert told.code == 2
            assert "no journal that tells what it is of: --fresh begins anew" in told.err
    assert names.partial.stat().st_size
    assert not marketo.arrivals
    assert run("export", "programs", "--out", unfinished, "--fresh").code == 0


def test_only_one_at_a_time(run: Callable[..., Ran], marketo: Sandbox, unfinished: Path) -> None:
    """Two exports into one file at once would spoil it: the second one is turned away."""
    names = Names(unfinished, str(unfinished))
    options = json.loads(names.journal.read_bytes().splitlines()[0])["options"]
    with staged(names, options, "resume"):
        for words in (["--resume"], ["--fresh"]):
            told = run("export", "programs", *OLD, "--out", unfinished, *words)
            assert (told.code, told.out) == (2, "")
            assert "is being written by another export at this moment" in told.err
    assert run("export", "programs", *OLD, "--out", unfinished, "--resume").code == 0
    del marketo


def test_no_secret_in_the_files(unfinished: Path, marketo: Sandbox) -> None:
    """Neither the secret nor the client id is in the journal."""
    journal = Names(unfinished, "x").journal.read_text()
    assert marketo.client_secret not in journal
    assert marketo.client_id not in journal
