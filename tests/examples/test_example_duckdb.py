"""The ETL worker of `examples/etl_duckdb`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from example_loading import example

from marketo_async import AccessDeniedError, FolderId
from marketo_async.sandbox import Fault
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from pathlib import Path

BROWSE = "/rest/asset/v1/programs.json"

load_programs = example("etl_duckdb/load_programs.py")


def table(warehouse: Path) -> dict[int, str]:
    with duckdb.connect(warehouse) as database:
        return dict(database.execute("SELECT id, name FROM programs").fetchall())


async def test_the_table_is_the_instance_whatever_happens_between_two_runs(tmp_path: Path) -> None:
    """New, renamed and, when asked for, deleted programs are in the table as in the instance, for a call or two."""
    warehouse = tmp_path / "warehouse.duckdb"
    async with sandbox(900) as (marketo, marketo_itself):
        first = await load_programs.load(marketo, warehouse)
        assert (first.written, first.deleted) == (900, 0)

        one = await marketo.programs.get(1007)
        assert one.folder is not None
        await marketo.programs.update(one.id, name="Renamed meanwhile")
        made = await marketo.programs.create("Made", folder=FolderId(one.folder.id), type="Default", channel="Content")
        marketo_itself.instance.clock.advance(10)  # what is younger than three seconds comes with the next run
        marketo_itself.arrivals.clear()
        second = await load_programs.load(marketo, warehouse)
        assert (second.written, second.deleted) == (2, 0)
        assert len(marketo_itself.arrivals.to(BROWSE)) == 1
        rows = table(warehouse)
        assert (len(rows), rows[one.id], rows[made.id]) == (901, "Renamed meanwhile", "Made")

        await marketo.programs.delete(made.id)
        third = await load_programs.load(marketo, warehouse, deleted=True)
        assert third.deleted == 1
        assert table(warehouse) == {program.id: program.name async for program in marketo.programs.browse()}


async def test_a_run_that_fails_half_way_is_made_good_by_the_next(tmp_path: Path) -> None:
    """Rows of a run that failed stay, and the next run delivers what is missing."""
    warehouse = tmp_path / "warehouse.duckdb"
    async with sandbox(900) as (marketo, marketo_itself):
        marketo_itself.faults.add(Fault.error(603), path=BROWSE, calls=4)
        with pytest.raises(AccessDeniedError):
            await load_programs.load(marketo, warehouse)
        assert 0 < len(table(warehouse)) < 900
        await load_programs.load(marketo, warehouse)
        assert len(table(warehouse)) == 900


async def test_a_batch_is_stored_with_its_watermark_or_not_at_all(tmp_path: Path) -> None:
    """A batch that cannot be written leaves neither rows nor a watermark that claims them."""
    database = load_programs._opened(tmp_path / "warehouse.duckdb")
    async with sandbox(50) as (marketo, _):
        batches = marketo.programs.changes().batches()
        batch = await anext(batches)
        database.execute("DROP TABLE watermark")
        with pytest.raises(duckdb.CatalogException):
            load_programs._store(database, batch)
        assert database.execute("SELECT count(*) FROM programs").fetchone() == (0,)
        await batches.aclose()
    database.close()
