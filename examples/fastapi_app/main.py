"""A web backend: one client for the life of the application, and endpoints that await it.

    pip install "marketo-async[sandbox]" fastapi
    marketo-async sandbox --port 8080              # in another terminal; prints what to export
    uvicorn --app-dir examples/fastapi_app main:app --port 8000
    curl localhost:8000/programs/1001

The application counts programs by channel in the background, again and again: a listing of the whole instance, which
takes every call that Marketo's limits allow. The endpoints answer as if it were not there, since single calls ride a
lane of their own and `pacing="on"` never lets the listing use the calls of a window up at once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse

from marketo_async import (
    ArgumentError,
    DailyQuotaError,
    DeadlineError,
    Limits,
    MarketoClient,
    MarketoError,
    NotFoundError,
    RateLimitError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

WEB_LIMITS = Limits(pacing="on", interactive_reserve=20)
"""Marketo's limits, with listings spread evenly over the window from the first call on."""

PATIENCE = 5.0
"""Seconds that an endpoint waits for Marketo, its place in the queue and retries included."""

COUNT_EVERY = 600.0
"""Seconds between two counts of all programs."""

PAGE = 200
"""Programs that a call of the count brings: as many as Marketo allows."""


def from_environment() -> MarketoClient:
    """Return the client of the instance that the environment names."""
    return MarketoClient.from_env(limits=WEB_LIMITS)


def create_app(connect: Callable[[], AbstractAsyncContextManager[MarketoClient]] = from_environment) -> FastAPI:
    """Return the application; tests hand in a `connect` that leads to a sandbox."""

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncGenerator[None, None]:
        async with connect() as marketo:
            application.state.marketo = marketo
            application.state.by_channel = {}
            counting = asyncio.create_task(keep_counting(application))
            try:
                yield
            finally:
                counting.cancel()
                with suppress(asyncio.CancelledError):
                    await counting

    application = FastAPI(title="Programs and leads", lifespan=lifespan)
    application.exception_handler(MarketoError)(answer_for)
    application.get("/programs/{program_id}")(get_program)
    application.get("/leads")(find_lead)
    application.get("/channels")(count_channels)
    return application


async def keep_counting(application: FastAPI) -> None:
    """Count the programs of each channel, rest, and begin anew; a count that fails leaves the last one in place."""
    marketo: MarketoClient = application.state.marketo
    while True:
        with suppress(MarketoError):
            counted: Counter[str] = Counter()
            async for program in marketo.programs.browse(page_size=PAGE):
                counted[program.channel] += 1
            application.state.by_channel = dict(counted)
        await asyncio.sleep(COUNT_EVERY)


def the_client(request: Request) -> MarketoClient:
    """Return the client that the lifespan opened."""
    marketo: MarketoClient = request.app.state.marketo
    return marketo


Marketo = Annotated[MarketoClient, Depends(the_client)]


async def get_program(program_id: int, marketo: Marketo) -> dict[str, object]:
    """Return a program under Marketo's own names."""
    program = await marketo.with_options(deadline=PATIENCE).programs.get(program_id)
    return program.to_dict()


async def find_lead(email: Annotated[str, Query(min_length=3)], marketo: Marketo) -> dict[str, object]:
    """Return the first lead with an address."""
    lead = await marketo.with_options(deadline=PATIENCE).leads.find("email", [email]).first()
    if lead is None:
        raise HTTPException(404, "no lead has that address")
    return lead.to_dict()


async def count_channels(request: Request) -> dict[str, int]:
    """Return how many programs each channel had at the last count."""
    counted: dict[str, int] = request.app.state.by_channel
    return counted


async def answer_for(_: Request, error: MarketoError) -> JSONResponse:
    """Say what an error of Marketo's means to whoever called us."""
    headers: dict[str, str] = {}
    match error:
        case NotFoundError():
            status = 404
        case ArgumentError():
            status = 422
        case DeadlineError():
            status = 504
        case DailyQuotaError(resets_at=datetime() as moment):
            status = 503
            headers["Retry-After"] = str(max(1, round((moment - datetime.now(UTC)).total_seconds())))
        case RateLimitError():
            status = 503
            headers["Retry-After"] = "20"
        case _:
            status = 503 if error.retryable else 502
    return JSONResponse({"detail": str(error), "marketo_request_id": error.request_id}, status, headers)


app = create_app()
