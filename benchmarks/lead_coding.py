"""Leads to bytes and back: our ways against `json` and plain dicts.

python benchmarks/lead_coding.py [--rounds 15]

CPU time of one process, interleaved rounds, medians: the ratios count, the milliseconds depend on the machine. What
`json` leaves out. Writing: cutting by bytes, keeping records of one lead apart, naming the field that cannot be sent.
Results: laying each row beside its record. Reading: refusing what is of the wrong type and saying where it stood.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
from rounds import cpu_seconds
from table import print_table

from marketo_async import Lead, marketo_field, records
from marketo_async.records._typed_values import readers_for, typed_row
from marketo_async.records.own_class import lead_values, own_class
from marketo_async.transport.writing.answers import results_of
from marketo_async.transport.writing.cutter import Cutter
from marketo_async.transport.writing.plan import Item, WritePlan
from marketo_async.wire.call import POST
from marketo_async.wire.envelope import Envelope
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEADS = 3000
"""Leads a measurement: some ten milliseconds, far above what the clock can tell apart."""

BATCH = 300

DATA_TYPES = {
    "phone": "phone",
    "country": "string",
    "leadScore": "score",
    "unsubscribed": "boolean",
    "dateOfBirth": "date",
    "acquisitionDate": "datetime",
}


@attrs.frozen
class Person:
    """A lead, as a user of attrs would write it."""

    id: int
    email: str
    first_name: str
    last_name: str
    created_at: datetime
    updated_at: datetime
    phone: str | None
    country: str
    score: int = attrs.field(metadata=marketo_field("leadScore"))
    unsubscribed: bool
    date_of_birth: str | None
    acquisition_date: datetime


def row(number: int) -> dict[str, object]:
    """Return a lead as Marketo sends it."""
    return {
        "id": number + 1,
        "email": f"person-{number:07}@example.com",
        "firstName": "Zoë",
        "lastName": f"Number {number}",
        "createdAt": "2024-03-01T08:15:30Z",
        "updatedAt": "2025-03-01T08:15:30Z",
        "phone": None if number % 3 else "+31 20 555 0100",
        "country": "Netherlands",
        "leadScore": number % 100,
        "unsubscribed": number % 7 == 0,
        "dateOfBirth": None if number % 2 else "1985-07-04",
        "acquisitionDate": "2024-03-01T08:15:30Z",
    }


ROWS = [row(number) for number in range(LEADS)]


def batches(things: Sequence[Any]) -> list[Sequence[Any]]:
    """Cut into calls."""
    return [things[first : first + BATCH] for first in range(0, len(things), BATCH)]


def compact(document: object) -> bytes:
    """Return JSON as everybody writes it who looks at its length."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


# ---------------------------------------------------------------- writing


def plan() -> WritePlan[Any]:
    """Return what `leads.sync` gives the engine."""
    return WritePlan(
        call=POST("/rest/v1/leads.json"),
        values=lambda record, argument: lead_values(record, lookup_field="email", argument=argument),
        key_field="email",
    )


def bodies(people: Sequence[object]) -> list[bytes]:
    """Return the bodies that `leads.sync` sends, cut as it cuts them."""
    write = plan()
    cutter: Cutter[object] = Cutter(write.batch_size, write.most_bytes)
    made: list[bytes] = []
    for index, person in enumerate(people):
        item = write.item(index, person)
        assert isinstance(item, Item)
        cutter.add(item)
        if cutter.full and (batch := cutter.take(flush=False)):
            made.append(encode(write.call_for(batch)).body)
            cutter.release(batch)
    return made


def writers() -> dict[str, Callable[[], list[bytes]]]:
    """Return the ways to write the leads."""
    dicts = [
        {name: value for name, value in row.items() if name not in {"id", "createdAt", "updatedAt"}} for row in ROWS
    ]
    leads = records.read_all(Lead, ROWS)
    own = own_class(Person)
    people = [own.read(row, path="$") for row in ROWS]
    return {
        "json.dumps, dicts": lambda: [compact({"input": batch}) for batch in batches(dicts)],
        "ours, dicts": lambda: bodies(dicts),
        "ours, a class of one's own": lambda: bodies(people),
        "ours, Lead": lambda: bodies(leads),
    }


# ---------------------------------------------------------------- results


def results() -> dict[str, Callable[[], list[Any]]]:
    """Return the ways to read what became of the leads."""
    write = plan()
    items = [item for index, row in enumerate(ROWS) if isinstance(item := write.item(index, row), Item)]
    answers = [
        compact({"requestId": "1a2b#14d9bd96352", "success": True, "result": batch})
        for batch in batches([{"id": row["id"], "status": "created"} for row in ROWS])
    ]

    def ours() -> list[Any]:
        found: list[Any] = []
        for batch, answer in zip(batches(items), answers, strict=True):
            found += results_of(write, batch, Envelope(result=json.loads(answer)["result"]), unsure=False)
        return found

    return {
        "json.loads, dicts": lambda: [row for answer in answers for row in json.loads(answer)["result"]],
        "ours, RecordResult": ours,
    }


# ---------------------------------------------------------------- reading


def readers() -> dict[str, Callable[[], list[Any]]]:
    """Return the ways to read the leads."""
    pages = [compact({"result": batch}) for batch in batches(ROWS)]
    own, typed = own_class(Person), readers_for(DATA_TYPES)
    usual = ("id", "email", "firstName", "lastName", "createdAt", "updatedAt")
    short = [compact({"result": [{name: row[name] for name in usual} for row in batch]}) for batch in batches(ROWS)]

    def read(pages: list[bytes], made: Callable[[list[Any]], list[Any]]) -> list[Any]:
        return [one for page in pages for one in made(json.loads(page)["result"])]

    return {
        "json.loads, dicts": lambda: read(pages, list),
        "ours, Lead": lambda: read(pages, lambda rows: records.read_all(Lead, rows)),
        "ours, typed=True": lambda: read(
            pages, lambda rows: [records.read(Lead, typed_row(row, typed, path="$"), path="$") for row in rows]
        ),
        "ours, a class of one's own": lambda: read(pages, lambda rows: [own.read(row, path="$") for row in rows]),
        "json.loads, dicts, six fields": lambda: read(short, list),
        "ours, Lead, six fields": lambda: read(short, lambda rows: records.read_all(Lead, rows)),
    }


def check() -> None:
    """See to it that all do the same."""
    first, *others = [[json.loads(body)["input"] for body in write()] for write in writers().values()]
    assert [len(batch) for batch in first] == [BATCH] * (LEADS // BATCH)
    for other in others:  # an instance of a class leaves None out, where dicts clear
        assert [[{k: v for k, v in one.items() if v is not None} for one in batch] for batch in other] == [
            [{k: v for k, v in one.items() if v is not None} for one in batch] for batch in first
        ]
    ways = readers()
    assert all(len(way()) == LEADS for way in (*ways.values(), *results().values()))
    assert ways["ours, typed=True"]()[0]["acquisitionDate"] == datetime(2024, 3, 1, 8, 15, 30, tzinfo=UTC)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=15)
    given = arguments.parse_args()
    check()
    for what, rivals in (
        ("nine fields a lead, to the bodies of calls", writers()),
        ("the answer to a write, to results", results()),
        ("twelve fields a lead, from the bodies of answers", readers()),
    ):
        taken = cpu_seconds(rivals, rounds=given.rounds)
        with_json = taken[next(iter(rivals))]
        print_table(
            f"{LEADS:,} leads, {what}",
            ["", "records/s", "ms for 300", "x json"],
            [
                [name, f"{LEADS / seconds:,.0f}", f"{BATCH / LEADS * 1000 * seconds:.2f}", f"{seconds / with_json:.2f}"]
                for name, seconds in taken.items()
            ],
        )


if __name__ == "__main__":
    main()
