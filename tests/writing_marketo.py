"""A Marketo that is written to: it checks what it is sent, remembers what it did, and fails as it is told to."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import httpx
from stub_marketo import StubMarketo, failure, success

from marketo_async.wire.request import BODY_LIMIT

if TYPE_CHECKING:
    from stub_marketo import Answer

Fault: TypeAlias = str
"""`""` for none, a code, or what breaks once the work is done: `"lost"`, `"timeout"`, `"gateway"`, `"broken"`, `"604"`;
with `" before"` behind it nothing was done. `"running"`: the connection breaks, and the work is done a minute later."""


class WritingMarketo(StubMarketo):
    """Upserts leads by e-mail, or does whatever is done to ids.

    Attributes:
        done: Which input every record was that was written, in order: its member `n`, or its id.
        batches: The members of every body, and how many records it had.
        broken: What should never have arrived.
        stored: The value that each key has at the end.
        skip: The records that it skips.
        work_left: Seconds for which it goes on with a call whose connection is gone.
        takes: Bytes of body that the gateway before it takes.
        refused: How many calls were larger than that.
        late: How long after the first refusal further calls came, in seconds.
    """

    def __init__(
        self,
        fault: Callable[[int], Fault] = lambda _: "",
        *,
        key: str = "email",
        latency: Callable[[], float] = lambda: 0.3,
    ) -> None:
        super().__init__(self._write)
        self._fault = fault
        self._key = key
        self._latency = latency
        self._in_flight: Counter[str] = Counter()
        self.done: list[object] = []
        self.batches: list[tuple[dict[str, object], int]] = []
        self.broken: list[str] = []
        self.stored: dict[str, object] = {}
        self.skip: set[object] = set()
        self.work_left = 80.0
        self.takes = BODY_LIMIT
        self.refused_at: float | None = None
        self.late: list[float] = []
        self.refused = 0
        self._running: set[asyncio.Task[None]] = set()

    async def _write(self, request: httpx.Request, _: dict[str, str]) -> Answer:
        fault = self._fault(len(self.calls) - 1)
        if len(request.content) > self.takes:
            self.refused += 1
            await asyncio.sleep(self._latency())
            return httpx.Response(413, text="<html>Request Entity Too Large</html>")
        if self.refused_at is not None and asyncio.get_running_loop().time() > self.refused_at + 0.01:
            self.late.append(asyncio.get_running_loop().time() - self.refused_at)
        records = self._records(request)
        keys = [str(record.get(self._key, "")).lower() for record in records]
        known = [key for key in keys if key]
        if any(self._in_flight[key] for key in known):
            self.broken.append("a key in two batches at once")
        if len(set(known)) < len(known):
            self.broken.append("a key twice in a batch")
        self._in_flight.update(known)
        if fault == "running":
            self._running.add(asyncio.get_running_loop().create_task(self._go_on(records, keys)))
            return httpx.ReadError("gone")
        try:
            await asyncio.sleep(self._latency())
            if fault.endswith(" before") or (fault.isdigit() and fault != "604"):
                self.refused_at = self.refused_at or asyncio.get_running_loop().time()
                return _failure_of(fault.removesuffix(" before"))
            rows = [self._do(record, key) for record, key in zip(records, keys, strict=True)]
        finally:
            self._in_flight.subtract(known)
        return _failure_of(fault) if fault else success(*rows)

    async def _go_on(self, records: list[dict[str, object]], keys: list[str]) -> None:
        await asyncio.sleep(self.work_left)
        for record, key in zip(records, keys, strict=True):
            self._do(record, key)
        self._in_flight.subtract(key for key in keys if key)

    def _records(self, request: httpx.Request) -> list[dict[str, object]]:
        body = request.content
        if not body:
            records: list[dict[str, object]] = [{"id": int(value)} for _, value in request.url.params.multi_items()]
            members: dict[str, object] = {}
        else:
            members = json.loads(body)
            records = members.pop("input")  # type: ignore[assignment] # the stub's own callers send lists
        self.batches.append((members, len(records)))
        if not 1 <= len(records) <= 300 or len(body) > BODY_LIMIT or len(request.url.raw_path) > 8000:
            self.broken.append(f"{len(records)} records in {len(body)} bytes")
        return records

    def _do(self, record: dict[str, object], key: str) -> dict[str, object]:
        number = record.get("n", record.get("id"))
        if number in self.skip:
            return {"status": "skipped", "reasons": [{"code": "1003", "message": "Invalid value"}]}
        self.done.append(number)
        created = key not in self.stored
        self.stored[key] = number
        return {"id": len(self.done), "status": "created" if created else "updated"}


def _failure_of(fault: Fault) -> Answer:
    if fault == "lost":
        return httpx.ReadError("gone")
    if fault == "timeout":
        return httpx.ReadTimeout("late")
    if fault == "gateway":
        return httpx.Response(502, text="<html>Bad Gateway</html>")
    if fault == "broken":
        return httpx.Response(200, text='{"success": tr')
    return failure(fault)


def at_random(rng: random.Random, faults: list[Fault], share: float) -> Callable[[int], Fault]:
    """Return faults that come to a share of the calls."""
    return lambda _: rng.choice(faults) if rng.random() < share else ""


def people(count: int, *, same: bool = False) -> list[dict[str, object]]:
    """Return records of different people, or of one and the same."""
    return [{"n": n, "email": f"p{0 if same else n}@example.com"} for n in range(count)]
