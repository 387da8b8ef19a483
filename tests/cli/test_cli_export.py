from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

import pytest
from cli_caller import SECRET

from marketo_async.cli.connecting import limits_of
from marketo_async.cli.options import Connection
from marketo_async.sandbox import Fault
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.transport.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox

BROWSE = "/rest/asset/v1/programs.json"
DEMO = ("--sandbox", "--latency", "0", "--sandbox-leads", "0")
TINY = (*DEMO, "--sandbox-programs", "1")


def test_everything_once(run: Callable[..., Ran], tmp_path: Path) -> None:
    """The main job: every program of the sandbox, once, in a file, and one line that says what it took."""
    path = tmp_path / "programs.jsonl"
    told = run("export", "programs", *DEMO, "--sandbox-programs", 1234, "--out", path)
    assert told.code == 0
    assert told.out == ""
    rows = told._replace(out=path.read_text()).rows
    assert len({row["id"] for row in rows}) == len(rows) == 1234
    first, last = told.err.splitlines()
    assert first.startswith("The sandbox: made-up programs")
    assert last.startswith("1,234 programs in ")
    assert ", 0 refused · " in last
    assert {file.name for file in tmp_path.iterdir()} == {"programs.jsonl", "programs.jsonl.manifest.json"}


def test_standard_output_is_clean(run: Callable[..., Ran]) -> None:
    """Standard output has the records and nothing else; --quiet keeps standard error empty as well."""
    told = run("export", "programs", *DEMO, "--sandbox-programs", 300, "--quiet")
    assert (told.code, told.err) == (0, "")
    assert len(told.rows) == 300
    assert {"id", "name", "folder", "createdAt"} <= told.rows[0].keys()
    assert str(told.rows[0]["createdAt"]).endswith("Z+0000")


def test_csv_by_name(run: Callable[..., Ran], tmp_path: Path) -> None:
    """A file that is called .csv is one."""
    path = tmp_path / "programs.csv"
    assert run("export", "programs", *DEMO, "--sandbox-programs", 450, "-o", path).code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == 450
    assert all(row["createdAt"].endswith("Z") for row in rows)


def test_filters_reach_marketo(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """Filters are sent as Marketo spells them, and a shorter listing comes back."""
    told = run("export", "programs", "--filter-type", "id", "--filter-values", "1010, 1011", "--filter-values", 1012)
    assert {row["id"] for row in told.rows} == {1010, 1011, 1012}
    day = str(told.rows[0]["updatedAt"])[:10]
    told = run("export", "programs", "--updated-from", day, "--updated-until", day)
    assert {str(row["updatedAt"])[:10] for row in told.rows} == {day}
    told = run("export", "programs", "--status", "on", "--page-size", 50)
    assert {row["status"] for row in told.rows} == {"on"}
    told = run("export", "programs", "--filter-type", "workspace", "--filter-values", "Default")
    assert {row["workspace"] for row in told.rows} == {"Default"}
    assert run("export", "programs", "--filter-type", "id", "--filter-values", "1", "--format", "csv").code == 0
    assert not marketo.refusals


def test_start_goes_on(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """--start goes on where an earlier run stopped (A11)."""
    whole = run("export", "programs").rows
    marketo.arrivals.clear()
    assert run("export", "programs", "--start", 600).rows == whole[600:]
    assert {call.method for call in marketo.arrivals.to(BROWSE)} == {"GET"}
    assert run("export", "programs", "--filter-type", "id", "--filter-values", 1).err.startswith(
        "Marketo says: No assets"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "MARKETO_BASE_URL, MARKETO_CLIENT_ID, MARKETO_CLIENT_SECRET are not set in the environment"),
        (["--base-url", "https://x.example", "--client-id", "x"], "MARKETO_CLIENT_SECRET is not set"),
        (["--seed", 3], "--seed needs --sandbox"),
        (["--latency", 0], "--latency needs --sandbox"),
        ([*TINY, "--client-id", "x"], "--client-id does not go with --sandbox"),
        ([*TINY, "--batch", "--shared"], "--batch takes everything and --shared leaves half"),
        ([*TINY, "--page-size", 201], "--page-size: 201 is not allowed; an integer from 1 to 200"),
        ([*TINY, "--start", -1], "--start: -1 is not allowed"),
        ([*TINY, "--filter-type", "id"], "--filter-type and --filter-values go together"),
        ([*TINY, "--filter-values", "1"], "--filter-type and --filter-values go together"),
        ([*TINY, "--filter-type", "id", "--filter-values", "x"], "--filter-values 'x' is no id"),
        ([*TINY, "--updated-from", "soon"], "--updated-from 'soon' is no date"),
        ([*TINY, "--updated-from", "2026-02-01", "--updated-until", "2026-01-01"], "--updated-"),
        ([*TINY, "--format", "xml"], 'Invalid value "xml" for --format. Choose from: "jsonl", "csv", "parquet".'),
        ([*TINY, "--out", "--quiet"], "--out --quiet: name a file"),
        ([*TINY, "--out", "no/such/folder/x"], "there is no folder"),
        ([*TINY, "--out", "x.parquet.gz"], "Parquet is compressed within"),
        ([*TINY, "--resume"], "--resume needs a file"),
        ([*TINY, "--resume", "--fresh"], "choose one of the two"),
        ([*TINY, "--since", "soon"], "'soon' is no date: "),
        ([*TINY, "--since", "2026-01-01", "--updated-from", "2026-01-01"], "choose one of the two"),
        ([*TINY, "--deadline", 0], "--deadline is more than 0 seconds"),
        (["--sandbox", "--latency=-1"], "--latency is 0 or more seconds"),
        (["--sandbox", "--sandbox-programs=-1"], "0 or more programs"),
        (["--client-secret-file", "no/such/file"], "--client-secret-file no/such/file cannot be read: No such file"),
        (
            ["--unheard-of"],
            "Unknown option: --unheard-of. Did you mean --shared? Try: marketo-async export programs --help",
        ),
    ],
)
def test_what_cannot_be_is_refused(run: Callable[..., Ran], words: list[object], says: str) -> None:
    """Nothing is invented unasked, and nothing is sent, where command or configuration cannot be: exit code 2."""
    told = run("export", "programs", *words)
    assert told.code == 2
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert says in told.err
    assert told.err.count("\n") == 1


def test_secret_from_a_file(
    run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The secret may come from a file, never from an option that the list of processes would show."""
    monkeypatch.delenv("MARKETO_CLIENT_SECRET")
    path = tmp_path / "secret"
    path.write_text(f"{SECRET}\n")
    assert len(run("export", "programs", "--client-secret-file", path).rows) == 1000
    assert "--client-secret " not in run("export", "programs", "--help").out
    path.write_bytes(b"\xff")
    assert "it is not UTF-8 text" in run("export", "programs", "--client-secret-file", path).err
    del marketo


@pytest.mark.parametrize(
    ("fault", "code", "says"),
    [
        (Fault.error(607), 7, "607: Daily quota reached"),
        (Fault.error(603), 3, "603: Access denied"),
        (Fault.error(1003), 5, "1003: "),
        (Fault.error(709, "No."), 5, "709: No."),
    ],
)
def test_failing_half_way(
    run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path, *, fault: Fault, code: int, says: str
) -> None:
    """A refusal half way leaves the old file, and says how much was read, how to go on, and Marketo's words (A6)."""
    path = tmp_path / "programs.jsonl"
    path.write_text("old")
    marketo.faults.add(fault, path=BROWSE, calls=range(3, 100))
    told = run("export", "programs", "--out", path)
    assert told.code == code
    assert path.read_text() == "old"
    far, error = told.err.splitlines()
    read = int(far.split()[0])
    assert 200 <= read <= 400
    assert far == (
        f"{read} programs read, and kept in {path}.partial; {path} was not touched. To go on from there: the same "
        "command with --resume"
    )
    assert says in error
    assert " · GET /rest/asset/v1/programs.json · request " in error
    assert ("new calls from " in error) == (code == 7)
    assert "Traceback" not in told.err


def test_failing_at_once(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Before anything was read there is nothing to keep; what went to a pipe says where to go on."""
    rule = marketo.faults.add(Fault.error(607), path=BROWSE)
    assert run("export", "programs", "--out", tmp_path / "x.csv").code == 7
    assert not list(tmp_path.iterdir())
    marketo.faults.remove(rule)
    marketo.faults.add(Fault.error(607), path=BROWSE, calls=range(2, 100))
    told = run("export", "programs")
    assert (told.code, len(told.rows)) == (7, 200)
    assert told.err.startswith("200 programs read; they went to standard output. To go on from there: --start 200")


def test_unreadable_answers(run: Callable[..., Ran], marketo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where no Marketo lives is told as such."""
    monkeypatch.setenv("MARKETO_BASE_URL", os.environ["MARKETO_BASE_URL"] + "/rest")
    marketo.faults.add(Fault.page(404), path=BROWSE)
    told = run("export", "programs")
    assert told.code == 9
    assert "HTTP 404" in told.err


def test_deadline(run: Callable[..., Ran]) -> None:
    """A call that is not done within --deadline ends the export with its own exit code (A9)."""
    told = run("export", "programs", "--sandbox", "--sandbox-programs", 1, "--latency", 30, "--deadline", 0.05)
    assert told.code == 10
    assert "not done within 0.05 s" in told.err


def test_odd_records(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """An odd record ends the export, naming where it is odd, or is left out and counted when that is asked for."""
    marketo.instance.state(Programs)[1010].channel = None  # type: ignore[assignment] # what Marketo should never send
    told = run("export", "programs", "--filter-type", "id", "--filter-values", "1010,1011")
    assert told.code == 9
    assert "].channel: expected a string, got null" in told.err
    told = run("export", "programs", "--filter-type", "id", "--filter-values", "1010,1011", "--on-misfit", "skip")
    assert told.code == 0
    assert [row["id"] for row in told.rows] == [1011]
    assert told.err.splitlines()[0].startswith("left out: $.result[")
    assert "1 program left out" in told.err


def test_limits_of_choice() -> None:
    """--batch and --shared choose the limits that are kept; without them they are the library's own."""
    assert limits_of(Connection()) == Limits()
    assert limits_of(Connection(batch=True)) == Limits.batch()
    assert limits_of(Connection(shared=True)) == Limits.shared()


def test_within_the_limits(run: Callable[..., Ran]) -> None:
    """The sandbox enforces Marketo's limits, and the export is never refused, with its defaults and with --batch."""
    for words in ([], ["--batch"]):
        told = run("export", "programs", *DEMO, "--sandbox-programs", 1900, "--page-size", 30, *words)
        assert told.code == 0
        assert " calls, 0 refused" in told.err


def test_nothing_there(run: Callable[..., Ran], tmp_path: Path) -> None:
    """An instance without programs is an empty file, or a heading alone, and no error (A16)."""
    for name, content in (("x.jsonl", ""), ("x.csv", "id,name,")):
        told = run("export", "programs", *DEMO, "--sandbox-programs", 0, "--out", tmp_path / name)
        assert told.code == 0
        assert "0 programs in " in told.err
        assert (tmp_path / name).read_text().startswith(content)
