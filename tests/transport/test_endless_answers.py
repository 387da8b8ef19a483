"""Answers that do not end: a place is not held for ever, and a machine's memory is not used up."""

from __future__ import annotations

import asyncio
import zlib

import httpx
import pytest
from stub_marketo import StubMarketo, answering, client_of, success

import marketo_async.transport.http as http_module
from marketo_async import ArgumentError, Limits, ProtocolError, ReadTimeoutError, RetryPolicy, Timeouts
from marketo_async.wire.call import GET, POST

pytestmark = pytest.mark.virtual_time

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
WRITE = POST("/rest/asset/v1/programs.json").form(name="Webinar 7")


class Drip(httpx.AsyncByteStream):
    """A body of one space every ten seconds, for ever."""

    def __init__(self) -> None:
        self.closed = False

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        while True:
            await asyncio.sleep(10)
            yield b" "

    async def aclose(self) -> None:
        """Note that whoever read has let go."""
        self.closed = True


async def test_an_answer_that_drips_for_ever_ends() -> None:
    """A server that sends a byte now and then meets no read time-out: `Timeouts.whole` ends it, and frees its place."""
    drip = Drip()
    stub = answering(httpx.Response(200, stream=drip))
    async with client_of(stub, limits=Limits(), retries=RetryPolicy.never(), timeout=Timeouts(whole=120)) as marketo:
        with pytest.raises(ReadTimeoutError, match="no whole answer within 120 s") as caught:
            await marketo._transport.send(WRITE)
        assert caught.value.outcome_unknown
        assert caught.value.elapsed == pytest.approx(120, abs=0.1)
        assert drip.closed
        await asyncio.sleep(READ.server_limit)
        assert marketo.limiter.stats().in_flight == 0


async def test_an_operation_with_a_longer_time_of_its_own_has_it() -> None:
    """What an operation may take until its first byte is never cut short by the time for a whole answer."""
    stub = answering(success({"id": 1}), seconds=250)
    async with client_of(stub, timeout=Timeouts(whole=10)) as marketo:
        envelope = await marketo._transport.send(READ.slow(read_timeout=300))
    assert envelope.result == [{"id": 1}]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
async def test_a_body_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    """More than Marketo ever sends, also where a little of it unpacks to a lot, is an answer that is not Marketo's."""
    monkeypatch.setattr(http_module, "_MOST_BYTES", 100_000)

    async def answer(_request: httpx.Request, query: dict[str, str]) -> httpx.Response:
        body = b" " * (100_000 if query.get("name") == "just" else 100_001)
        headers = {"Content-Encoding": "deflate"} if packed else {}
        return httpx.Response(200, content=zlib.compress(body) if packed else body, headers=headers)

    async with client_of(StubMarketo(answer), limits=Limits(), retries=RetryPolicy.never()) as marketo:
        with pytest.raises(ProtocolError, match="does not end") as caught:
            await marketo._transport.send(WRITE)
        assert caught.value.outcome_unknown
        assert marketo.limiter.stats().in_flight == 0
        with pytest.raises(ProtocolError) as fits:
            await marketo._transport.send(POST("/rest/asset/v1/programs.json").form(name="just"))
        assert "does not end" not in str(fits.value)


@pytest.mark.parametrize("seconds", [0.0, float("inf")])
def test_the_time_for_a_whole_answer_is_a_time(seconds: float) -> None:
    """A time that cannot be one is refused with its name."""
    with pytest.raises(ArgumentError, match="whole"):
        Timeouts(whole=seconds)
