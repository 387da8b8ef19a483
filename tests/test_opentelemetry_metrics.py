"""OpenTelemetry: durations, waits and the limiter, as the SDK's in-memory exporters see them."""

from __future__ import annotations

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from stub_marketo import Answer, StubMarketo, answering, client_of, failure, success
from telemetry import Backend, said, values

from marketo_async import AuthenticationError, Limits, MarketoClient, MarketoError, RetryPolicy, opentelemetry
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
NO_PAUSES = RetryPolicy(first_wait=0.0, longest_wait=0.0)
HIDDEN = "Zx9"
"""Begins everything that must not leave the process."""


@pytest.fixture
def backend() -> Iterator[Backend]:
    made = Backend()
    yield made
    made.tracers.shutdown()
    made.meters.shutdown()


# ---------------------------------------------------------------- metrics


async def test_durations_are_counted_by_operation_and_outcome(backend: Backend) -> None:
    """`http.client.request.duration` is in seconds, with the bounds that the conventions advise, by few attributes."""
    stub = answering(success(), success(), failure("610"))
    async with client_of(stub, on_call=backend.telemetry) as marketo:
        for _ in range(2):
            await marketo._transport.send(READ)
        with pytest.raises(MarketoError):
            await marketo._transport.send(READ)
    points = [
        point
        for point in backend.points()["http.client.request.duration"]
        if "/identity/" not in str((point.attributes or {})["url.template"])
    ]
    common = {
        "http.request.method": "GET",
        "url.template": READ.template,
        "server.address": "localhost",
        "server.port": 80,
        "http.response.status_code": 200,
    }
    good, bad = points
    assert isinstance(good, HistogramDataPoint)
    assert isinstance(bad, HistogramDataPoint)
    assert (good.count, bad.count) == (2, 1)
    assert dict(good.attributes or {}) == common
    assert dict(bad.attributes or {}) == {
        **common,
        "error.type": "UnknownResourceError",
        "marketo.error.code": "610",
    }
    assert tuple(good.explicit_bounds[:3]) == (0.005, 0.01, 0.025)
    assert 0 < good.sum < 1


async def test_what_was_never_sent_has_no_duration(backend: Backend) -> None:
    """An attempt that got no token is a span of its own, and no request whose duration counts."""

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"error": "invalid_client"})

    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(handle)) as http_client,
        MarketoClient(
            "http://localhost", "me", "made-up", http_client=http_client, on_call=backend.telemetry
        ) as marketo,
    ):
        with pytest.raises(AuthenticationError):
            await marketo._transport.send(READ)
    (span,) = backend.spans
    assert (said(span)["marketo.outcome"], said(span)["error.type"]) == ("not sent", "AuthenticationError")
    (point,) = backend.points()["http.client.request.duration"]
    assert (point.attributes or {})["url.template"] == "/identity/oauth/token"


@pytest.mark.virtual_time
async def test_waits_are_counted_per_lane(backend: Backend) -> None:
    """`marketo.limiter.wait.duration` has what each lane waited; identity, which has no limit, is not in it."""
    limits = Limits(max_calls=1, window=20, window_margin=0, interactive_reserve=0, concurrency_reserve=0)
    async with client_of(answering(success()), limits=limits, on_call=backend.telemetry) as marketo:
        await marketo._transport.send(READ)
        await marketo._transport.send(READ.in_lane("bulk"))
    sums = {
        (point.attributes or {})["marketo.lane"]: point.sum
        for point in backend.points()["marketo.limiter.wait.duration"]
        if isinstance(point, HistogramDataPoint)
    }
    assert sums == {"interactive": pytest.approx(0, abs=0.1), "bulk": pytest.approx(20, abs=0.1)}


async def test_the_limiter_is_exported(backend: Backend) -> None:
    """Limit, calls in the window, places, callers waiting, refusals, calls of the day and budget left are gauges."""
    released, both_out = asyncio.Event(), asyncio.Event()

    async def answer(_request: httpx.Request, _query: dict[str, str]) -> Answer:
        if len(stub.calls) == 2:
            both_out.set()
        await released.wait()
        return failure("606")

    limits = Limits(max_concurrency=2, concurrency_reserve=1, daily_budget=1_000)
    stub = StubMarketo(answer)
    async with client_of(stub, limits=limits, retries=RetryPolicy.never(), on_call=backend.telemetry) as marketo:
        backend.telemetry.watch(marketo)
        calls = [asyncio.ensure_future(marketo._transport.send(READ)) for _ in range(5)]
        await both_out.wait()
        assert values(backend, "limit") == {None: 100}
        assert values(backend, "in_use") == {None: 3}  # the third has a slot, and waits for a place
        assert values(backend, "places") == values(backend, "in_flight") == {None: 2}
        assert values(backend, "held") == {None: 0}
        assert values(backend, "waiting") == {"interactive": 3, "bulk": 0}
        assert values(backend, "budget_left") == {None: 998}
        released.set()
        await asyncio.gather(*calls, return_exceptions=True)
        assert values(backend, "refusals") == {"606": 5}
        assert values(backend, "granted") == {"interactive": 5, "bulk": 0}
        assert values(backend, "calls_today") == {None: 5}
        assert values(backend, "budget_left") == {None: 995}


async def test_a_limiter_without_limits_has_no_gauge_for_them(backend: Backend) -> None:
    """What is not counted is not exported as a number."""
    async with client_of(answering(success())) as marketo:
        backend.telemetry.watch(marketo)
        assert values(backend, "limit") == values(backend, "budget_left") == {}
        assert values(backend, "in_flight") == {None: 0}


async def test_another_thread_may_collect(backend: Backend) -> None:
    """An exporter's thread asks the limiter on its own loop, once for all gauges of a collection."""
    asked = 0
    async with client_of(answering(success())) as marketo:
        backend.telemetry.watch(marketo)
        await marketo._transport.send(READ)
        original = marketo.limiter.stats
        loop = asyncio.get_running_loop()

        def stats() -> object:
            nonlocal asked
            assert asyncio.get_running_loop() is loop
            asked += 1
            return original()

        marketo.limiter.stats = stats  # type: ignore[method-assign, assignment]
        assert await asyncio.to_thread(values, backend, "calls_today") == {None: 1}
        assert asked == 1


async def test_a_loop_that_is_busy_or_closed_keeps_nobody(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    """A collection that a busy loop does not answer goes without, and so does one after the loop has ended."""
    monkeypatch.setattr("marketo_async.opentelemetry._PATIENCE", 0.01)
    monkeypatch.setattr("marketo_async.opentelemetry._FRESH", 0.0)
    async with client_of(answering(success())) as marketo:
        backend.telemetry.watch(marketo)
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(values, backend, "in_flight").result() == {}  # the loop waits here
        assert await asyncio.to_thread(values, backend, "in_flight") == {None: 0}

    kept: list[object] = []

    async def elsewhere() -> None:
        async with client_of(answering(success())) as marketo:
            kept.append(marketo)
            backend.telemetry.watch(marketo)

    await asyncio.to_thread(asyncio.run, elsewhere())
    assert len(kept) == 1
    assert await asyncio.to_thread(values, backend, "in_flight") == {None: 0}


async def test_a_busy_loop_is_waited_for_once_a_collection(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    """All gauges of a collection wait for a busy loop together, not one after the other: an exporter must end."""
    now, asked = 100.0, 0

    def nobody_answers(_watched: object, _limiter: object) -> None:
        nonlocal now, asked
        now, asked = now + opentelemetry._PATIENCE, asked + 1

    monkeypatch.setattr(opentelemetry, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(opentelemetry._Watched, "_asked", nobody_answers)
    async with client_of(answering(success())) as marketo:
        backend.telemetry.watch(marketo)
        assert await asyncio.to_thread(values, backend, "in_flight") == {}
        assert asked == 1
        now += opentelemetry._FRESH
        await asyncio.to_thread(values, backend, "in_flight")
        assert asked == 2


async def test_a_processor_that_raises_takes_no_duration_with_it(backend: Backend) -> None:
    """Where the program's own processor of spans raises, calls and metrics go on as they were."""

    class Broken(SpanProcessor):
        def on_end(self, span: ReadableSpan) -> None:
            raise ZeroDivisionError(span.name)

    backend.tracers.add_span_processor(Broken())
    async with client_of(answering(success()), on_call=backend.telemetry) as marketo:
        for _ in range(2):
            await marketo._transport.send(READ)
    counts = [p.count for p in backend.points()["http.client.request.duration"] if isinstance(p, HistogramDataPoint)]
    assert sum(counts) == 3, "two calls, and identity's"


async def test_a_client_that_is_gone_is_no_longer_exported(backend: Backend) -> None:
    """Watching keeps nobody alive, and a limiter that is watched twice is exported once."""
    async with client_of(answering(success())) as marketo:
        backend.telemetry.watch(marketo)
        backend.telemetry.watch(marketo)
        assert len(backend.telemetry._watched) == 1
        assert values(backend, "in_flight") == {None: 0}
    del marketo
    gc.collect()
    assert values(backend, "in_flight") == {}
