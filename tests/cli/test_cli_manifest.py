from __future__ import annotations

import csv
import gzip
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from marketo_async.cli.exports.manifest import read_manifest
from marketo_async.sandbox import Fault, Sandbox
from marketo_async.sandbox.areas.programs import Programs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

BROWSE = "/rest/asset/v1/programs.json"


def test_what_a_manifest_says(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """The manifest has what a job needs to trust a file: counts, cost, SHA-256, watermark, and what it is of."""
    path = tmp_path / "p.csv.gz"
    assert run("export", "programs", "--out", path, "--updated-from", "2000-01-01").code == 0
    manifest = json.loads(path.with_name("p.csv.gz.manifest.json").read_bytes())
    assert (manifest["manifest"], manifest["file"], manifest["records"], manifest["misfits"]) == (
        1,
        "p.csv.gz",
        1000,
        0,
    )
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest["size"] == path.stat().st_size
    assert manifest["calls"] == len([call for call in marketo.arrivals if call.path.startswith("/rest/")])
    assert (manifest["refusals"], manifest["runs"]) == ({}, 1)
    assert 0 < manifest["seconds"] < 60
    watermark = datetime.fromisoformat(manifest["watermark"])
    assert timedelta(0) < marketo.instance.now() - watermark < timedelta(seconds=30)
    options = manifest["options"]
    assert (options["format"], options["gzip"]) == ("csv", True)
    assert options["updated-from"] == "2000-01-01T00:00:00Z"
    assert marketo.client_id not in json.dumps(manifest)
    with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 1000


def test_verify(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """`export verify` vouches for a file, and tells one that was cut off or changed from the one that was written."""
    path = tmp_path / "p.jsonl"
    run("export", "programs", "--out", path)
    told = run("export", "verify", path)
    assert told.code == 0
    assert told.out.startswith(f"{path} is as it was exported: 1,000 programs, ")
    assert run("export", "verify", path, "--quiet").out == ""
    content = path.read_bytes()
    for changed, says in ((content[:-1], f"{len(content) - 1:,} bytes in place of"), (content[:-1] + b" ", "SHA-256 ")):
        path.write_bytes(changed)
        told = run("export", "verify", path)
        assert told.code == 1
        assert says in told.out
        assert " is NOT as it was exported " in told.out
    path.unlink()
    assert run("export", "verify", path).code == 2
    manifest = path.with_name("p.jsonl.manifest.json")
    for garbage in (
        b"",
        b"[]",
        b"{}",
        b'{"manifest": 2}',
        manifest.read_bytes().replace(b'"records": 1', b'"records": -1'),
    ):
        manifest.write_bytes(garbage)
        told = run("export", "verify", path)
        assert told.code == 2
        assert "is no manifest" in told.err
    manifest.unlink()
    assert "cannot be read: No such file" in run("export", "verify", path).err
    del marketo


def test_a_file_takes_its_manifest_along(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A symbolic link leads to the file and to its manifest."""
    (tmp_path / "real").mkdir()
    (tmp_path / "latest.csv").symlink_to(tmp_path / "real" / "today.csv")
    assert run("export", "programs", "--out", tmp_path / "latest.csv").code == 0
    assert {path.name for path in (tmp_path / "real").iterdir()} == {"today.csv", "today.csv.manifest.json"}
    assert run("export", "verify", tmp_path / "latest.csv").code == 0
    del marketo


def test_since(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """--since takes an export, its manifest or a moment, and brings what changed since it began."""
    path, changes = tmp_path / "all.jsonl", tmp_path / "changes.parquet"
    run("export", "programs", "--out", path)
    marketo.instance.clock.advance(3600)
    programs = marketo.instance.state(Programs)
    programs.rename(1010, "renamed")
    new = programs.add("new").id
    manifest = path.with_name("all.jsonl.manifest.json")
    watermark = json.loads(manifest.read_bytes())["watermark"]
    for since in (path, manifest, watermark):
        assert run("export", "programs", "--since", since, "--out", changes).code == 0
        assert set(pq.read_table(changes)["id"].to_pylist()) == {1010, new}
    later = json.loads(changes.with_name("changes.parquet.manifest.json").read_bytes())["watermark"]
    assert later > watermark
    told = run("export", "programs", "--since", manifest, "--sandbox", "--latency", 0)
    assert told.code == 2
    assert "is of another instance: http://127.0.0.1:" in told.err
    told = run("export", "programs", "--since", tmp_path / "nothing.json")
    assert told.code == 2
    assert "is no date: a day such as 2026-01-31" in told.err
    assert "or the manifest of an earlier export" in told.err


def test_watermarks_are_safe(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A watermark never lies after what was read: not after --updated-until, and none where --start left some out."""
    path = tmp_path / "p.jsonl"
    manifest = path.with_name("p.jsonl.manifest.json")
    run("export", "programs", "--updated-until", "2020-06-01T12:00:00Z", "--out", path)
    assert json.loads(manifest.read_bytes())["watermark"] == "2020-06-01T12:00:00Z"
    run("export", "programs", "--start", 500, "--out", path)
    assert json.loads(manifest.read_bytes())["watermark"] is None
    assert "has no watermark" in run("export", "programs", "--since", path).err
    del marketo


def test_a_watermark_of_two_runs_is_the_first_one_s(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """An export that is gone on with the next day has read what it has read the day before."""
    path = tmp_path / "p.jsonl"
    rule = marketo.faults.add(Fault.error(607), path=BROWSE, calls=range(3, 100))
    began = datetime.now(UTC)
    run("export", "programs", "--out", path)
    marketo.faults.remove(rule)
    marketo.instance.clock.advance(86_400)
    assert run("export", "programs", "--out", path, "--resume").code == 0
    watermark = read_manifest(path.with_name("p.jsonl.manifest.json"), "x").watermark
    assert watermark is not None
    assert watermark < began + timedelta(seconds=30)
