"""The dlt source of `examples/dlt_source`, into DuckDB."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import duckdb
import pytest
from example_loading import example

from marketo_async import FolderId
from marketo_async.sandbox import Sandbox
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BROWSE = "/rest/asset/v1/programs.json"


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep dlt in a folder of its own and off the network: it would count its users otherwise."""
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def refuse(*address: object) -> None:
        raise AssertionError(f"dlt looks for {address}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def load(at_home: None, tmp_path: Path) -> Callable[[Sandbox], int]:
    """Return what runs the pipeline once and returns how many programs it loaded."""
    import dlt  # after the environment is set: it reads that when it is imported

    source = example("dlt_source/marketo_source.py")

    def run(marketo_itself: Sandbox) -> int:
        pipeline = dlt.pipeline(
            "marketo_to_duckdb",
            destination=dlt.destinations.duckdb(str(tmp_path / "warehouse.duckdb")),
            dataset_name="marketo",
            pipelines_dir=str(tmp_path / "pipelines"),
        )
        pipeline.run(source.marketo_source(lambda: client_of(marketo_itself)))
        assert pipeline.last_trace is not None
        assert pipeline.last_trace.last_normalize_info is not None
        return int(pipeline.last_trace.last_normalize_info.row_counts.get("programs", 0))

    return run


def test_a_second_run_merges_what_has_changed(load: Callable[[Sandbox], int], tmp_path: Path) -> None:
    """All programs are loaded once, then in one call those changed since, merged by id, with dates as dates."""
    marketo_itself = Sandbox(450, limits=None)
    assert load(marketo_itself) == 450

    async def change() -> dict[int, str]:
        async with client_of(marketo_itself) as marketo:
            one = await marketo.programs.get(1007)
            assert one.folder is not None
            await marketo.programs.update(1007, name="Renamed meanwhile")
            await marketo.programs.create("Made", folder=FolderId(one.folder.id), type="Default", channel="Content")
            return {program.id: program.name async for program in marketo.programs.browse()}

    expected = asyncio.run(change())
    marketo_itself.arrivals.clear()
    assert load(marketo_itself) <= 3  # the two, and the newest of the first run once more: dlt looks back a little
    assert len(marketo_itself.arrivals.to(BROWSE)) <= 2
    with duckdb.connect(tmp_path / "warehouse.duckdb") as database:
        assert dict(database.execute("SELECT id, name FROM marketo.programs").fetchall()) == expected
        columns = dict(database.execute("SELECT column_name, data_type FROM duckdb_columns()").fetchall())
        assert columns["updated_at"] == columns["created_at"] == "TIMESTAMP WITH TIME ZONE"
