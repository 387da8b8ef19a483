"""What being watched costs: CPU per attempt to tell nobody, one listener, and OpenTelemetry.

python benchmarks/on_call.py [--rounds 15]

Measured alone, without the call that is told of, which costs a hundred times as much (`call_cost.py`): telling is
what a client does after an attempt. `nobody` is a client without listener; `a listener` keeps each event; `API alone`
is OpenTelemetry in a program that set up no SDK; `spans and metrics` has the SDK, whose exporter throws away what it
is given. CPU time, interleaved rounds, medians.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import deque
from typing import TYPE_CHECKING

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from rounds import cpu_seconds_of_calls
from table import print_table

from marketo_async import CallEvent, Limiter
from marketo_async.opentelemetry import OpenTelemetry
from marketo_async.transport.listeners import Before, Listeners
from marketo_async.wire.call import GET
from marketo_async.wire.envelope import Envelope, HttpAnswer
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

TIMES = 5_000


class Nowhere(SpanExporter):
    """Throws spans away."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Do nothing."""
        del spans
        return SpanExportResult.SUCCESS


async def measure(rounds: int) -> list[list[object]]:
    """Return a row per kind of listener."""
    kept: deque[CallEvent] = deque(maxlen=1_000)
    tracers, meters = TracerProvider(), MeterProvider([InMemoryMetricReader()])
    tracers.add_span_processor(SimpleSpanProcessor(Nowhere()))
    listeners: dict[str, Callable[[CallEvent], object] | None] = {
        "nobody": None,
        "a listener": kept.append,
        "OpenTelemetry, API alone": OpenTelemetry(),
        "OpenTelemetry, spans and metrics": OpenTelemetry(tracers, meters),
    }
    call = GET("/rest/asset/v1/program/{id}.json", id=1001)
    request, answer, envelope = encode(call), HttpAnswer(200, {}, b"{}" * 200), Envelope([{}], "1a2b#14d9bd96352")
    lease = await Limiter().acquire()
    before = Before()

    def telling(told: Listeners) -> Callable[[], Awaitable[None]]:
        async def tell() -> None:
            for _ in range(TIMES):
                if told:
                    told.tell(call, request, before, envelope, lease=lease, sent_at=lease.sent_at, answer=answer)

        return tell

    taken = await cpu_seconds_of_calls(
        {
            name: telling(Listeners(listener, "https://123-abc-456.mktorest.com"))
            for name, listener in listeners.items()
        },
        rounds=rounds,
    )
    return [[name, f"{1e6 * seconds / TIMES:.2f}"] for name, seconds in taken.items()]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=15)
    rows = asyncio.run(measure(arguments.parse_args().rounds))
    print_table("CPU per attempt, in microseconds", ["told", "telling"], rows)


if __name__ == "__main__":
    main()
