"""A hundred thousand programs, one change per page: the long run, on the smallest Marketo that can move."""

from __future__ import annotations

import asyncio
import json
import random
from bisect import bisect_left, insort
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from stub_marketo import Answer, StubMarketo, client_of

from marketo_async import Limits
from marketo_async.api._base import Group
from marketo_async.records import IdResult
from marketo_async.wire.call import GET, Call

SIZE = 100_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class MovingList:
    """A list sorted by name, in which something is made, deleted or renamed at every call."""

    def __init__(self) -> None:
        self.rng = random.Random(11)
        self.rows = sorted((self._name(), number) for number in range(SIZE))
        self.names = {number: name for name, number in self.rows}
        self.changed: dict[int, datetime] = {}
        self.throughout = set(self.names)
        self.next_id = SIZE

    def _name(self) -> str:
        return f"{self.rng.random():.12f}"

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=asyncio.get_running_loop().time())

    def change(self) -> None:
        """Insert (40 %), delete or rename (30 % each) somewhere."""
        kind = self.rng.choices("idr", (40, 30, 30))[0]
        if kind == "i":
            number, self.next_id = self.next_id, self.next_id + 1
        else:
            name, number = self.rows[self.rng.randrange(len(self.rows))]
            del self.rows[bisect_left(self.rows, (name, number))]
            del self.names[number]
        if kind == "d":
            self.throughout.discard(number)
            self.changed.pop(number, None)
            return
        self.names[number] = self._name()
        insort(self.rows, (self.names[number], number))
        self.changed[number] = self.now()

    async def answer(self, _request: httpx.Request, query: dict[str, str]) -> Answer:
        await asyncio.sleep(self.rng.uniform(0.1, 0.5))
        self.change()
        rows = self.rows
        if "earliestUpdatedAt" in query:
            since = datetime.fromisoformat(query["earliestUpdatedAt"])
            rows = sorted((self.names[number], number) for number, when in self.changed.items() if when >= since)
        offset, count = int(query["offset"]), int(query["maxReturn"])
        page = [{"id": number, "name": name} for name, number in rows[offset : offset + count]]
        body = json.dumps({"requestId": "a#1", "success": True, "result": page}).encode()
        return httpx.Response(200, content=body, headers={"date": format_datetime(self.now(), usegmt=True)})


@pytest.mark.virtual_time
async def test_a_hundred_thousand_programs_with_one_change_per_page() -> None:
    """Nothing that stays is lost, nothing is doubled, and it costs a tenth more calls than a list that stands still."""
    moving = MovingList()
    stub = StubMarketo(moving.answer)
    call = GET("/rest/asset/v1/programs.json")

    def look(since: datetime) -> Call:
        return call.query(earliestUpdatedAt=since)

    async with client_of(stub, limits=Limits()) as marketo:
        listing = Group(marketo._transport)._offset_pages(
            IdResult, call, lambda row: (row.id, row.extra["name"]), page_size=200, start=0, look=look
        )
        seen = Counter([row.id async for row in listing])
    assert set(seen.values()) == {1}
    assert moving.throughout <= set(seen)
    assert len(stub.calls) <= 500 * 1.1
