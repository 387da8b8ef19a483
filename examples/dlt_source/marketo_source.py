"""A dlt source: programs, incremental by `updatedAt`, into whatever dlt can write to.

    pip install "marketo-async[sandbox]" "dlt[duckdb]"
    marketo-async sandbox --port 8080              # in another terminal; prints what to export
    RUNTIME__DLTHUB_TELEMETRY=false python examples/dlt_source/marketo_source.py

The first run reads the whole instance, every further one what has changed since; dlt stores the watermark together with
the data and merges by `id`. Resources are async generators: dlt runs them on an event loop of its own, so the client is
opened inside.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import dlt

from marketo_async import Limits, MarketoClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from contextlib import AbstractAsyncContextManager

    from dlt.extract import DltResource

OVERLAP = 300.0
"""Seconds that each run looks back behind the watermark: room for two clocks that differ."""

BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
"""Before Marketo existed."""


def from_environment() -> MarketoClient:
    """Return the client of the instance that the environment names, for a job that has it to itself."""
    return MarketoClient.from_env(limits=Limits.batch())


@dlt.source(name="marketo")
def marketo_source(
    connect: Callable[[], AbstractAsyncContextManager[MarketoClient]] = from_environment,
) -> Iterable[DltResource]:
    """Return the resources of a Marketo instance; tests hand in a `connect` that leads to a sandbox."""

    @dlt.resource(name="programs", primary_key="id", write_disposition="merge")
    async def programs(
        updated_at: dlt.sources.incremental[datetime] = dlt.sources.incremental(  # noqa: B008 - how dlt declares a cursor
            "updatedAt", initial_value=BEGINNING, lag=OVERLAP
        ),
    ) -> AsyncIterator[list[dict[str, object]]]:
        # What changes while we read is left to the next run: the watermark, the newest date that was delivered, must
        # have everything before it delivered too.
        until = datetime.now(UTC)
        since = updated_at.start_value
        async with connect() as marketo:
            listing = marketo.programs.browse(updated_from=since, updated_until=until)
            async for page in listing.pages():
                # Dates as dates, and not as Marketo's text: dlt makes typed columns of them, and compares them.
                yield [
                    program.to_dict() | {"createdAt": program.created_at, "updatedAt": program.updated_at}
                    for program in page.items
                ]

    return (programs,)


def main() -> None:
    """Load into `marketo_to_duckdb.duckdb` of this folder and say what was loaded."""
    pipeline = dlt.pipeline("marketo_to_duckdb", destination="duckdb", dataset_name="marketo")
    print(pipeline.run(marketo_source()))
    if pipeline.last_trace is not None:
        print(pipeline.last_trace.last_normalize_info)


if __name__ == "__main__":
    main()
