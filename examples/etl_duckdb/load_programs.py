"""An ETL worker: every program of an instance in a DuckDB table, then only what has changed since.

    pip install "marketo-async[sandbox]" duckdb
    marketo-async sandbox --port 8080              # in another terminal; prints what to export
    python examples/etl_duckdb/load_programs.py warehouse.duckdb             # all programs
    python examples/etl_duckdb/load_programs.py warehouse.duckdb             # only what has changed
    python examples/etl_duckdb/load_programs.py warehouse.duckdb --deleted   # and takes out what is gone

Run it as often as you like, and kill it when you like: rows are replaced by their ids, and each batch is committed
together with its watermark, from which the next run goes on.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from marketo_async import Limits, MarketoClient, Watermark

if TYPE_CHECKING:
    from marketo_async import ChangeBatch, Program

COLUMNS = {
    "id": "BIGINT",
    "name": "VARCHAR",
    "type": "VARCHAR",
    "channel": "VARCHAR",
    "status": "VARCHAR",
    "workspace": "VARCHAR",
    "folder_id": "BIGINT",
    "folder_type": "VARCHAR",
    "url": "VARCHAR",
    "created_at": "TIMESTAMPTZ",
    "updated_at": "TIMESTAMPTZ",
}

SCHEMA = f"""
    CREATE TABLE IF NOT EXISTS programs ({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())},
                                         PRIMARY KEY (id));
    CREATE TABLE IF NOT EXISTS watermark (only_row BOOLEAN PRIMARY KEY, text VARCHAR);
"""

ROWS = f"CAST($rows AS STRUCT({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})[])"


@dataclass(frozen=True)
class Loaded:
    """What one run did.

    Attributes:
        written: How many rows it wrote, new ones and replaced ones.
        deleted: How many rows it took out since their programs are gone.
    """

    written: int
    deleted: int


async def load(marketo: MarketoClient, warehouse: Path, *, deleted: bool = False) -> Loaded:
    """Bring the table up to date with the instance.

    Args:
        marketo: A client of the instance.
        warehouse: The database file; made where there is none.
        deleted: Whether to look for programs that are gone, which lists the whole instance.
    """
    with closing(await asyncio.to_thread(_opened, warehouse)) as database:
        written = 0
        async for batch in marketo.programs.changes(since=_watermark(database)).batches():
            # In a thread: DuckDB blocks, and the pages that are fetched ahead should go on arriving.
            await asyncio.to_thread(_store, database, batch)
            written += len(batch.items)
        gone: list[int] = []
        if deleted:
            known = [row[0] for row in database.execute("SELECT id FROM programs").fetchall()]
            gone = await marketo.programs.find_deleted(known).collect()
            database.execute("DELETE FROM programs WHERE id IN (SELECT unnest(CAST($ids AS BIGINT[])))", {"ids": gone})
    return Loaded(written, len(gone))


def _opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(warehouse)
    database.execute(SCHEMA)
    return database


def _watermark(database: duckdb.DuckDBPyConnection) -> Watermark | None:
    row = database.execute("SELECT text FROM watermark").fetchone()
    return None if row is None else Watermark.parse(row[0])


def _store(database: duckdb.DuckDBPyConnection, batch: ChangeBatch[Program]) -> None:
    """Write a batch and its watermark, both or neither."""
    with closing(database.cursor()) as cursor:
        cursor.begin()
        if batch.items:
            rows = [_row(program) for program in batch.items]
            cursor.execute(f"INSERT OR REPLACE INTO programs SELECT unnest({ROWS}, recursive := true)", {"rows": rows})
        cursor.execute("INSERT OR REPLACE INTO watermark VALUES (true, $text)", {"text": str(batch.watermark)})
        cursor.commit()


def _row(program: Program) -> dict[str, object]:
    folder = program.folder
    return {
        "id": program.id,
        "name": program.name,
        "type": program.type,
        "channel": program.channel,
        "status": program.status or None,
        "workspace": program.workspace,
        "folder_id": folder.id if folder else None,
        "folder_type": folder.type if folder else None,
        "url": program.url,
        "created_at": program.created_at,
        "updated_at": program.updated_at,
    }


async def main() -> None:
    """Load into the file that the command line names."""
    words = argparse.ArgumentParser(description="Load programs of Marketo into DuckDB.")
    words.add_argument("warehouse", type=Path)
    words.add_argument("--deleted", action="store_true", help="take out programs that are gone, too")
    given = words.parse_args()
    async with MarketoClient.from_env(limits=Limits.batch()) as marketo:
        loaded = await load(marketo, given.warehouse, deleted=given.deleted)
    print(f"{loaded.written} programs written, {loaded.deleted} deleted")


if __name__ == "__main__":
    asyncio.run(main())
