"""Where telemetry goes in tests: the SDK's in-memory exporters, and what they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from marketo_async import RetryPolicy
from marketo_async.opentelemetry import OpenTelemetry
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    pass

READ = GET("/rest/asset/v1/program/{id}.json", id=1107)
NO_PAUSES = RetryPolicy(first_wait=0.0, longest_wait=0.0)
HIDDEN = "Zx9"
"""Begins everything that must not leave the process."""


class Backend:
    """Where telemetry goes in these tests."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.tracers = TracerProvider(shutdown_on_exit=False)
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider([self.reader], shutdown_on_exit=False)
        self.telemetry = OpenTelemetry(self.tracers, self.meters)

    @property
    def spans(self) -> list[ReadableSpan]:
        """What was exported, without identity's."""
        return [span for span in self.exporter.get_finished_spans() if "/identity/" not in span.name]

    def points(self) -> dict[str, list[HistogramDataPoint | NumberDataPoint]]:
        """Collect once, and return the data points by metric."""
        data = self.reader.get_metrics_data()
        found: dict[str, list[HistogramDataPoint | NumberDataPoint]] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    found[metric.name] = [
                        point
                        for point in metric.data.data_points
                        if isinstance(point, HistogramDataPoint | NumberDataPoint)
                    ]
        return found


def said(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def values(backend: Backend, name: str) -> dict[object, int | float]:
    return {
        next((value for key, value in (point.attributes or {}).items() if key != "server.address"), None): point.value
        for point in backend.points().get(f"marketo.limiter.{name}", ())
        if isinstance(point, NumberDataPoint)
    }
