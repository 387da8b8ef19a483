"""Listeners: they are told in the context of who called, and nothing that they do hurts a call."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
from typing import TYPE_CHECKING

import pytest

from marketo_async import (
    ArgumentError,
    CallEvent,
    Limiter,
    Limits,
    MarketoClient,
    NotSentError,
    RetryPolicy,
)
from marketo_async.testing import client_of as client_of_sandbox
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

HIDDEN = "Zx9"
"""Stands in what a listener says when it fails."""


async def test_a_listener_that_raises_hurts_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """What a listener raises is logged once for each kind, without its words, and the next listener is told."""
    events: list[CallEvent] = []
    turn = 0

    def broken(event: CallEvent) -> None:
        nonlocal turn
        turn += 1
        raise (KeyError, asyncio.CancelledError)[turn % 2](f"{HIDDEN} {event.operation}")

    with caplog.at_level(logging.WARNING, "marketo_async"):
        async with sandbox(5, on_call=[broken, events.append]) as (marketo, _):
            for _ in range(4):
                assert (await marketo.programs.get(1001)).id == 1001
    assert len(events) == turn == 5
    said = [record.getMessage() for record in caplog.records]
    assert [line.partition(" at ")[0].rpartition(".")[2] for line in said] == [
        "broken raised CancelledError",
        "broken raised KeyError",
    ]
    assert all(__file__ in line and HIDDEN not in line for line in said)


async def test_a_listener_is_no_coroutine_function(caplog: pytest.LogCaptureFixture) -> None:
    """A function that somebody would have to await is refused, and one that hides it is complained of."""

    async def waits(event: CallEvent) -> None: ...

    class Waits:
        async def __call__(self, event: CallEvent) -> None: ...

    async def yields(event: CallEvent) -> AsyncGenerator[CallEvent]:
        yield event

    for wrong in (waits, Waits(), [print, functools.partial(waits)], yields, [3], 3):
        with pytest.raises(ArgumentError, match="on_call"):
            MarketoClient("http://localhost", "me", "made-up", on_call=wrong)  # type: ignore[arg-type]

    def hides_it(event: CallEvent) -> object:
        return waits(event)

    async with sandbox(5, on_call=hides_it) as (marketo, _):
        await marketo.programs.get(1001)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage().count("TypeError") for record in warnings] == [1]


async def test_clients_tell_their_own_listeners_and_of_the_environment_too() -> None:
    """Several clients share a limiter, not their listeners; `from_env` and `with_options` keep them."""
    first: list[CallEvent] = []
    second: list[CallEvent] = []
    limiter = Limiter(Limits.off())
    async with (
        sandbox(5) as (_, itself),
        client_of_sandbox(itself, limiter=limiter, on_call=first.append) as one,
        client_of_sandbox(itself, limiter=limiter, on_call=(second.append,)) as other,
    ):
        await one.programs.get(1001)
        await other.with_options(deadline=5).programs.get(1001)
        await other.programs.get(1001)
    assert (len(first), len(second)) == (2, 3)
    environ = {
        "MARKETO_BASE_URL": "http://127.0.0.1:9",
        "MARKETO_CLIENT_ID": "me",
        "MARKETO_CLIENT_SECRET": "made-up",
    }
    third: list[CallEvent] = []
    async with MarketoClient.from_env(environ=environ, retries=RetryPolicy.never(), on_call=third.append) as marketo:
        with pytest.raises(NotSentError):
            await marketo.programs.get(1001)
    assert [event.outcome for event in third] == ["not sent", "not sent"]


async def test_a_listener_runs_in_the_context_of_who_called() -> None:
    """A listener sees the context variables of the task that made the call, so that traces can tell whose it was."""
    asked_by: contextvars.ContextVar[str] = contextvars.ContextVar("asked_by", default="nobody")
    seen: list[str] = []
    async with sandbox(5, on_call=lambda _: seen.append(asked_by.get())) as (marketo, _):

        async def ask(name: str) -> None:
            asked_by.set(name)
            await marketo.programs.get(1001)

        await asyncio.gather(ask("a"), ask("b"))
    assert sorted(seen[1:]) == ["a", "b"]
