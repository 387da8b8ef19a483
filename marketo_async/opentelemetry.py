"""OpenTelemetry: a span and a duration for every attempt, and the limiter as gauges.

It reads::

    from marketo_async.opentelemetry import OpenTelemetry

    telemetry = OpenTelemetry()
    async with MarketoClient.from_env(on_call=telemetry) as marketo:
        telemetry.watch(marketo)

Names are those of the semantic conventions for HTTP clients; what only Marketo has begins with `marketo.`. Nothing that
a caller gave leaves the process: addresses hold the path as a template and no query.

Needs the extra `otel`, which is OpenTelemetry's API; your program brings the SDK and says where to export.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from concurrent.futures import Future
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from marketo_async import __version__

try:
    from opentelemetry import metrics, trace
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "opentelemetry":
        raise
    raise ModuleNotFoundError(
        "marketo_async.opentelemetry needs the extra `otel`: pip install 'marketo-async[otel]'", name=missing.name
    ) from missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from typing import TypeAlias

    from opentelemetry.util.types import AttributeValue

    from marketo_async.client import MarketoClient
    from marketo_async.transport.events import CallEvent
    from marketo_async.transport.limits import Lane, Limiter, LimiterStats

    Said: TypeAlias = dict[str, AttributeValue]
    Read: TypeAlias = Callable[[LimiterStats], Iterable[tuple[int | None, Said]]]

SCOPE = "marketo_async"
SCHEMA = "https://opentelemetry.io/schemas/1.33.0"

_DURATIONS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
"""The bounds that the conventions advise for `http.client.request.duration`."""

_WAITS = (0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120)
"""Bounds for waits: a window of Marketo's is 20 s."""

_FRESH = 0.5
"""Seconds for which what a limiter said is not asked again."""

_PATIENCE = 0.5
"""Seconds that the collecting thread waits for a loop that is busy."""


class OpenTelemetry:
    """Makes spans and metrics of a client's attempts: give it as `on_call=`, to any number of clients.

    Args:
        tracer_provider: Where spans go; the global provider unless given.
        meter_provider: Where metrics go; the global provider unless given.
    """

    def __init__(
        self,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        self._tracer = trace.get_tracer(SCOPE, __version__, tracer_provider, SCHEMA)
        meter = metrics.get_meter(SCOPE, __version__, meter_provider, SCHEMA)
        self._watched: list[_Watched] = []
        for name, about, read in _GAUGES:
            meter.create_observable_gauge(name, [self._observed(read)], unit="{call}", description=about)
        for name, about, read in _COUNTERS:
            meter.create_observable_counter(name, [self._observed(read)], unit="{call}", description=about)
        self._durations = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_DURATIONS,
        )
        self._waits = meter.create_histogram(
            "marketo.limiter.wait.duration",
            unit="s",
            description="How long attempts waited for the limiter.",
            explicit_bucket_boundaries_advisory=_WAITS,
        )

    def __call__(self, event: CallEvent) -> None:
        """Make the span of an attempt, a child of the span that its caller was in, and count it."""
        both = _both(event)
        try:
            self._count(event, both)
        finally:  # a processor that raises must not take the other half with it
            self._trace(event, both)

    def _count(self, event: CallEvent, both: Said) -> None:
        if event.sent_at is not None:
            self._durations.record(event.seconds, both)
        if event.lane is not None:
            self._waits.record(event.waited, {"marketo.lane": event.lane, "server.address": event.host})

    def _trace(self, event: CallEvent, both: Said) -> None:
        span = self._tracer.start_span(
            # The task of an attempt runs in the context of who asked for it, so its parent is the current span.
            f"{event.method} {event.template}",
            kind=trace.SpanKind.CLIENT,
            attributes={**both, **_only_of_spans(event)},
            start_time=_nanoseconds(event.sent_at or event.ended_at),
        )
        if event.error is not None:
            span.set_status(trace.StatusCode.ERROR)
        span.end(_nanoseconds(event.ended_at))

    def watch(self, marketo: MarketoClient) -> None:
        """Export what the limiter of a client does, for as long as the client is there.

        Call it inside `async with`. Of clients that share a limiter, one is enough.
        """
        alive = [watched for watched in self._watched if watched.limiter() not in {None, marketo.limiter}]
        self._watched = [*alive, _Watched(marketo)]

    def _observed(self, read: Read) -> Callable[[metrics.CallbackOptions], Iterator[metrics.Observation]]:
        def observe(_: metrics.CallbackOptions) -> Iterator[metrics.Observation]:
            for watched in self._watched:
                stats = watched.stats()
                for value, said in () if stats is None else read(stats):
                    if value is not None:
                        yield metrics.Observation(value, {"server.address": watched.host, **said})

        return observe


class _Watched:
    """A limiter that is asked on its own loop: metrics are collected in a thread, and a limiter is not made for two.

    Attributes:
        limiter: Returns it; None once nobody has it any more.
        host: The host whose limits it keeps.
    """

    def __init__(self, marketo: MarketoClient) -> None:
        self.limiter: weakref.ref[Limiter] = weakref.ref(marketo.limiter)
        self.host = urlsplit(marketo.base_url).hostname or ""
        self._loop = asyncio.get_running_loop()
        self._known: tuple[float, LimiterStats | None] = (-_FRESH, None)

    def stats(self) -> LimiterStats | None:
        """Return what it is doing; None where it is gone, or its loop too busy to say."""
        limiter = self.limiter()
        if limiter is None:
            return None
        if asyncio._get_running_loop() is self._loop:  # noqa: SLF001 - as `get_running_loop`, without an error elsewhere
            return limiter.stats()
        if time.monotonic() - self._known[0] >= _FRESH:  # one question for all instruments of a collection
            said = self._asked(limiter)
            self._known = (time.monotonic(), said)  # not the time of asking: a loop that is busy was waited for
        return self._known[1]

    def _asked(self, limiter: Limiter) -> LimiterStats | None:
        answer: Future[LimiterStats] = Future()

        def say() -> None:
            if answer.set_running_or_notify_cancel():
                answer.set_result(limiter.stats())

        try:
            self._loop.call_soon_threadsafe(say)
            return answer.result(_PATIENCE)
        except (RuntimeError, TimeoutError):  # the loop is closed, or busy
            answer.cancel()
            return None


def _per_lane(calls: Mapping[Lane, int]) -> Iterator[tuple[int, Said]]:
    return ((number, {"marketo.lane": lane}) for lane, number in calls.items())


_GAUGES: tuple[tuple[str, str, Read], ...] = (
    ("marketo.limiter.limit", "Calls per window that are allowed now.", lambda stats: [(stats.limit, {})]),
    ("marketo.limiter.in_use", "Calls that Marketo may still count in its window.", lambda stats: [(stats.in_use, {})]),
    ("marketo.limiter.places", "Calls at once that are allowed now.", lambda stats: [(stats.places, {})]),
    ("marketo.limiter.in_flight", "Places that are taken.", lambda stats: [(stats.in_flight, {})]),
    ("marketo.limiter.held", "Places held for calls of unknown outcome.", lambda stats: [(stats.held, {})]),
    ("marketo.limiter.waiting", "Callers that wait, per lane.", lambda stats: _per_lane(stats.waiting)),
    ("marketo.limiter.calls_today", "Calls of this US Central day.", lambda stats: [(stats.calls_today, {})]),
    ("marketo.limiter.budget_left", "Calls that the day's budget has left.", lambda stats: [(stats.budget_left, {})]),
)
_COUNTERS: tuple[tuple[str, str, Read], ...] = (
    ("marketo.limiter.granted", "Calls let through, per lane.", lambda stats: _per_lane(stats.granted)),
    (
        "marketo.limiter.refusals",
        "Calls that Marketo refused for a limit.",
        lambda stats: ((number, {"marketo.error.code": code}) for code, number in stats.refusals.items()),
    ),
)


def _both(event: CallEvent) -> Said:
    """Return what a span and a metric say of an attempt: few different values each."""
    said: Said = {
        "http.request.method": event.method,
        "url.template": event.template,
        "server.address": event.host,
        "server.port": event.port,
    }
    if event.status is not None:
        said["http.response.status_code"] = event.status
    if event.error is not None:
        said["error.type"] = event.error
    if event.code is not None:  # Marketo says no with HTTP 200
        said["marketo.error.code"] = event.code
    return said


def _only_of_spans(event: CallEvent) -> Said:
    said: Said = {
        "url.full": f"{event.origin}{event.template}",
        "marketo.api": event.api,
        "marketo.outcome": event.outcome,
        "marketo.limiter.waited": event.waited,
    }
    if event.attempt > 1:
        said["http.request.resend_count"] = event.attempt - 1
        said["marketo.paused"] = event.paused
    optional = {"lane": event.lane, "request_id": event.request_id, "records": event.records}
    said.update({f"marketo.{name}": value for name, value in optional.items() if value is not None})
    return said


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000) * 1_000
