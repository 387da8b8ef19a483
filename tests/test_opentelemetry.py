"""OpenTelemetry: what an attempt is as a span, as the SDK's in-memory exporters see them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry import trace
from stub_marketo import answering, client_of, failure, success
from telemetry import Backend, said

from marketo_async import Limits, MarketoError, RetryPolicy
from marketo_async.opentelemetry import OpenTelemetry
from marketo_async.testing import sandbox
from marketo_async.wire.call import GET, POST

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


# ---------------------------------------------------------------- spans


async def test_an_attempt_is_a_client_span_of_the_conventions(backend: Backend) -> None:
    """A span has kind CLIENT, verb and template as its name, and the attributes that the conventions ask for."""
    async with client_of(answering(success({}, {})), on_call=backend.telemetry) as marketo:
        await marketo._transport.send(READ)
    identity, span = backend.exporter.get_finished_spans()
    assert identity.name == "POST /identity/oauth/token"
    assert span.name == "GET /rest/asset/v1/program/{id}.json"
    assert span.kind is trace.SpanKind.CLIENT
    assert span.status.status_code is trace.StatusCode.UNSET
    waited = said(span).pop("marketo.limiter.waited")
    assert isinstance(waited, float)
    assert said(span) == {
        "http.request.method": "GET",
        "url.template": "/rest/asset/v1/program/{id}.json",
        "url.full": "http://localhost/rest/asset/v1/program/{id}.json",
        "server.address": "localhost",
        "server.port": 80,
        "http.response.status_code": 200,
        "marketo.api": "asset",
        "marketo.outcome": "ok",
        "marketo.lane": "interactive",
        "marketo.request_id": "1a2b#14d9bd96352",
        "marketo.records": 2,
        "marketo.limiter.waited": waited,
    }
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "marketo_async"


@pytest.mark.virtual_time
async def test_a_span_lasts_as_long_as_the_call(backend: Backend) -> None:
    """A span goes from sending to the answer: the wait for the limiter is an attribute and no part of it."""
    limits = Limits(max_calls=1, window=20, window_margin=0, interactive_reserve=0, concurrency_reserve=0)
    async with client_of(answering(success(), seconds=0.3), limits=limits, on_call=backend.telemetry) as marketo:
        for _ in range(2):
            await marketo._transport.send(READ)
    for span, waited in zip(backend.spans, (0, 20), strict=True):
        assert span.start_time is not None
        assert span.end_time is not None
        assert (span.end_time - span.start_time) / 1e9 == pytest.approx(0.3, abs=0.01)
        assert said(span)["marketo.limiter.waited"] == pytest.approx(waited, abs=0.1)


async def test_a_span_is_a_child_of_its_callers_span(backend: Backend) -> None:
    """Calls of several tasks at once, and pages fetched ahead, belong to the span that asked for each."""
    tracer = backend.tracers.get_tracer("a program")

    async with sandbox(400, on_call=backend.telemetry) as (marketo, _):

        async def job(name: str) -> None:
            with tracer.start_as_current_span(name):
                await marketo.programs.get(1001)
                await marketo.programs.browse(page_size=50).collect()

        await asyncio.gather(job("first"), job("second"))
        await marketo.programs.get(1001)
    parents = {span.context.span_id: span.name for span in backend.spans if span.kind is trace.SpanKind.INTERNAL}
    calls = [span for span in backend.spans if span.kind is trace.SpanKind.CLIENT]
    owners = [None if span.parent is None else parents[span.parent.span_id] for span in calls]
    assert set(owners) == {"first", "second", None}
    assert owners.count(None) == 1
    assert min(owners.count("first"), owners.count("second")) >= 1 + 400 // 50


async def test_every_attempt_is_a_span_and_says_which(backend: Backend) -> None:
    """A refused attempt is an error with Marketo's code, the next one counts as resent; a page has its status."""
    stub = answering(failure("601"), httpx.Response(502), httpx.ReadError("gone"), success())
    async with client_of(stub, retries=NO_PAUSES, on_call=backend.telemetry) as marketo:
        await marketo._transport.send(READ)
    rows = [
        tuple(
            said(span).get(name)
            for name in (
                "http.request.resend_count",
                "error.type",
                "marketo.error.code",
                "http.response.status_code",
                "marketo.outcome",
            )
        )
        for span in backend.spans
    ]
    assert rows == [
        (None, "InvalidTokenError", "601", 200, "refused"),
        (1, "ServerError", "502", 502, "failed"),
        (2, "ConnectionLostError", None, None, "unknown"),
        (3, None, None, 200, "ok"),
    ]
    codes = [span.status.status_code for span in backend.spans]
    assert codes == [trace.StatusCode.ERROR] * 3 + [trace.StatusCode.UNSET]
    assert all(span.status.description is None for span in backend.spans)


async def test_a_caller_that_went_away_leaves_a_span(backend: Backend) -> None:
    """P12: the span of a cancelled caller's attempt ends when the attempt does, and keeps its parent."""
    tracer = backend.tracers.get_tracer("a program")
    async with client_of(answering(success(), seconds=0.02), on_call=backend.telemetry) as marketo:
        with tracer.start_as_current_span("request") as parent, pytest.raises(TimeoutError):
            await marketo.with_options(deadline=0.005)._transport.send(READ)
    (span,) = (span for span in backend.spans if span.kind is trace.SpanKind.CLIENT)
    assert span.parent is not None
    assert span.parent.span_id == parent.get_span_context().span_id


# ---------------------------------------------------------------- nothing else


async def test_nothing_that_a_caller_gave_leaves_the_process(backend: Backend) -> None:
    """P15: neither spans nor metrics hold a secret, a token, or a value of a path, a query or a body."""
    refusal = {"success": False, "errors": [{"code": "1003", "message": f"{HIDDEN} is odd"}]}
    stub = answering(success({"email": HIDDEN}), refusal)
    async with client_of(stub, on_call=backend.telemetry) as marketo:
        backend.telemetry.watch(marketo)
        await marketo._transport.send(GET("/rest/v1/lead/{id}.json", id=f"{HIDDEN}1").query(fields=HIDDEN))
        with pytest.raises(MarketoError):
            await marketo._transport.send(POST("/rest/v1/leads.json").json({"input": [HIDDEN]}))
        data = backend.reader.get_metrics_data()
    texts = [span.to_json() for span in backend.exporter.get_finished_spans()]
    assert data is not None
    texts.append(data.to_json())
    for trace_of_it in (HIDDEN, "stub-secret", "stub-client", "token-1"):
        assert all(trace_of_it not in text for text in texts)


async def test_without_providers_it_is_the_global_ones_and_does_nothing() -> None:
    """Where the program has set up no SDK, the API's no-ops make it cost little and harm nothing."""
    telemetry = OpenTelemetry()
    async with client_of(answering(success()), on_call=telemetry) as marketo:
        telemetry.watch(marketo)
        await marketo._transport.send(READ)


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout.strip()


def test_a_missing_extra_is_said_with_its_command() -> None:
    """Without OpenTelemetry's API the import fails with the pip command that helps."""
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "try:\n    import marketo_async.opentelemetry\n"
        "except ModuleNotFoundError as error:\n    print(error)"
    )
    assert python(code) == "marketo_async.opentelemetry needs the extra `otel`: pip install 'marketo-async[otel]'"


def test_the_client_does_not_import_it() -> None:
    """OpenTelemetry is loaded by who asks for it, and by nothing else of the package."""
    code = "import sys, marketo_async; marketo_async.MarketoClient; print('opentelemetry' in sys.modules)"
    assert python(code) == "False"
