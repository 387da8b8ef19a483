"""One law for all operations that write many records, held against what the server receives."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
import virtual_time
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stub_marketo import StubMarketo, client_of, success

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx
    from stub_marketo import Answer

    from marketo_async import MarketoClient, RecordResult, Writing

RECORDS = 300
MEGABYTE = 1_048_576
URI = 8_000

LETTERS = ["x", "ü", "\U0001f600", '"', "\\", "\n", "\x00"]
"""Each takes another number of bytes in JSON than it has characters, or Python has for it."""


def email(number: int) -> dict[str, object]:
    return {"email": f"P{number}@example.com"}


def lead_id(number: int) -> dict[str, object]:
    return {"leadId": number + 1}


OPERATIONS: dict[str, Callable[[MarketoClient, Sequence[Any], int], Writing[Any]]] = {
    "sync": lambda to, records, size: to.leads.sync(records, batch_size=size),
    "createOnly": lambda to, records, size: to.leads.sync(records, action="createOnly", batch_size=size),
    "push": lambda to, records, size: to.leads.push(records, program_name="Ünal's", batch_size=size),
    "delete": lambda to, ids, size: to.leads.delete(ids, batch_size=size),
    "partitions": lambda to, ids, size: to.leads.update_partitions(ids, partition_name="EMEA", batch_size=size),
    "old status": lambda to, ids, size: to.leads.change_program_status(1, ids, status="Attended", batch_size=size),
    "list add": lambda to, ids, size: to.lists.add(1, ids, batch_size=size),
    "list remove": lambda to, ids, size: to.lists.remove(1, ids, batch_size=size),
    "status": lambda to, ids, size: to.program_members.sync_status(1, ids, status_name="Attended", batch_size=size),
    "data": lambda to, records, size: to.program_members.sync_data(1, records, batch_size=size),
    "remove": lambda to, ids, size: to.program_members.delete(1, ids, batch_size=size),
}
KEYS = {"sync": email, "createOnly": email, "push": email, "data": lead_id}
"""What the record of an operation begins with; for all others a record is the id of a lead."""


class Server:
    """Measures what arrives, and does it after a while.

    Attributes:
        batches: The records of every call, in the order of arrival, and the bytes that counted for its limit.
        done: The keys of all records, in the order in which they were done.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._under_way: list[str] = []
        self.batches: list[tuple[list[dict[str, Any]], int]] = []
        self.done: list[dict[str, Any]] = []

    async def answer(self, request: httpx.Request, _: object) -> Answer:
        if request.content:
            records: list[dict[str, Any]] = json.loads(request.content)["input"]
            size, limit = len(request.content), MEGABYTE
        else:
            records = [{"id": int(value)} for value in request.url.params.get_list("id")]
            size, limit = len(request.url.raw_path), URI
        assert 1 <= len(records) <= RECORDS
        assert size <= limit
        keys = [key_of(record) for record in records]
        assert len(set(keys)) == len(keys), "a key twice in a call"
        assert not set(keys) & set(self._under_way), "a key in two calls at once"
        self._under_way += keys
        self.batches.append((records, size))
        await asyncio.sleep(self._rng.uniform(0.1, 2.0))
        self._under_way = [key for key in self._under_way if key not in keys]
        self.done += records
        return success(*({"status": "updated", "echo": key} for key in keys))


def key_of(record: dict[str, Any]) -> str:
    return str(record.get("email", record.get("leadId", record.get("id")))).lower()


def given_records(operation: str, rng: random.Random, count: int, people: int, longest: int) -> list[Any]:
    """Return that many records about so many people; only as many long ones as a test has time for."""
    numbers = [number % people for number in range(min(count, 10_000_000 // max(longest, 1)))]
    rng.shuffle(numbers)
    if operation not in KEYS:
        return [number + 1 for number in numbers]
    return [
        {**KEYS[operation](number), "n": n, "x": rng.choice(LETTERS) * rng.randint(0, longest // 6)}
        for n, number in enumerate(numbers)
    ]


def sent_form(record: Any) -> str:
    return key_of(record) if isinstance(record, dict) else str(record)


@given(
    operation=st.sampled_from([*OPERATIONS]),
    seed=st.integers(0, 10**6),
    count=st.integers(0, 2000),
    twice=st.booleans(),
    longest=st.sampled_from([0, 300, 8_000, 20_000, 900_000]),
    batch_size=st.sampled_from([1, 50, 299, 300]),
)
@example(operation="sync", seed=1, count=900, twice=False, longest=20_000, batch_size=300)
@settings(max_examples=40, deadline=None)
def test_every_operation(*, operation: str, seed: int, count: int, twice: bool, longest: int, batch_size: int) -> None:
    """Whatever is written and however large: each record once, in the order of its lead, its result beside it, within
    300 records and 1 MB (or 8 KB of URI) a call, and in no more calls than that takes (A18, A19).
    """
    rng = random.Random(seed)
    count = min(count, 40 * batch_size)
    people = max(1, count // 2 if twice else count)
    records = given_records(operation, rng, count, people, longest)
    server = Server(rng)

    async def main() -> list[RecordResult[Any]]:
        async with client_of(StubMarketo(server.answer)) as marketo:
            return await OPERATIONS[operation](marketo, records, batch_size).collect()

    results = virtual_time.run(main())
    assert [result.index for result in results] == [*range(len(records))]
    for record, result in zip(records, results, strict=True):
        assert result.input is record
        assert (result.status, result.extra["echo"]) == ("updated", sent_form(record))
    assert all(len(batch) <= batch_size for batch, _ in server.batches)
    by_lead: defaultdict[str, list[object]] = defaultdict(list)
    for record in server.done:
        by_lead[key_of(record)].append(record.get("n"))
    expected: defaultdict[str, list[object]] = defaultdict(list)
    for record in records:
        expected[sent_form(record)].append(record["n"] if isinstance(record, dict) else None)
    assert by_lead == expected
    if operation in KEYS:
        assert sorted(server.done, key=lambda record: record["n"]) == records
    if not twice:
        assert_filled(server, records, batch_size)


def assert_filled(server: Server, records: list[Any], batch_size: int) -> None:
    """Hold that every call but the last was full: the first record of the next one would not have fitted."""
    places = {sent_form(record): place for place, record in enumerate(records)}
    calls = sorted(server.batches, key=lambda call: places[key_of(call[0][0])])
    assert [key_of(record) for batch, _ in calls for record in batch] == [*places]
    for (batch, size), (following, _) in itertools.pairwise(calls):
        more = len(json.dumps(following[0], ensure_ascii=False, separators=(",", ":")).encode()) + 1
        assert len(batch) == batch_size or size + more > MEGABYTE


@pytest.mark.virtual_time
@pytest.mark.parametrize("operation", KEYS)
async def test_to_the_last_byte(operation: str) -> None:
    """A call is filled to the last byte that Marketo takes, and one byte more makes two calls (A19)."""
    sizes: list[list[int]] = []
    padding = 0
    for more in (0, 0, 1):
        server = Server(random.Random(1))
        records = [{**KEYS[operation](number), "x": "x" * (padding + more) * number} for number in range(2)]
        async with client_of(StubMarketo(server.answer)) as marketo:
            await OPERATIONS[operation](marketo, records, RECORDS).collect()
        sizes.append([size for _, size in server.batches])
        padding = padding or MEGABYTE - sizes[0][0]
    assert sizes[1] == [MEGABYTE]
    assert len(sizes[2]) == 2
