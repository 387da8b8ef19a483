"""Answers that are kept for a day: one call for everybody, never an old answer over a newer one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import AccessDeniedError, ClientStateError, DeadlineError
from marketo_async.transport.day_cache import DAY, DayCache, Key

if TYPE_CHECKING:
    from collections.abc import Coroutine

pytestmark = pytest.mark.virtual_time

KEY: Key[str] = Key("the schema")
OTHER: Key[str] = Key("the partitions")


class Marketo:
    """Answers with how often it was asked, after as many seconds as it is told."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds)
        self.calls = 0
        self.errors: list[Exception] = []
        self.tasks: list[asyncio.Task[object]] = []
        self.cache = DayCache(self._spawn)

    def _spawn(self, coroutine: Coroutine[object, object, object]) -> asyncio.Task[object]:
        self.tasks.append(asyncio.create_task(coroutine))
        return self.tasks[-1]

    async def ask(self) -> str:
        self.calls += 1
        answer = f"answer {self.calls}"
        await asyncio.sleep(self.seconds.pop(0) if self.seconds else 1.0)
        if self.errors:
            raise self.errors.pop(0)
        return answer

    async def get(self, *, refresh: bool = False, deadline: float | None = None) -> str:
        return await self.cache.get(KEY, self.ask, refresh=refresh, deadline=deadline)


async def test_one_call_a_day() -> None:
    """An answer is good for a day, and no longer."""
    marketo = Marketo()
    assert marketo.cache.peek(KEY) is None
    assert await marketo.get() == "answer 1"
    await asyncio.sleep(DAY - 2)
    assert await marketo.get() == "answer 1"
    assert (marketo.cache.peek(KEY), marketo.cache.peek(KEY, younger_than=600)) == ("answer 1", None)
    await asyncio.sleep(2)
    assert marketo.cache.peek(KEY) is None
    assert await marketo.get() == "answer 2"
    assert await marketo.cache.get(OTHER, marketo.ask) == "answer 3"


async def test_callers_share_a_call() -> None:
    """Any number of callers at once cost one call; one who is cancelled takes nobody with him."""
    marketo = Marketo()
    impatient = asyncio.create_task(marketo.get())
    callers = [asyncio.create_task(marketo.get()) for _ in range(20)]
    await asyncio.sleep(0.5)
    impatient.cancel()
    assert await asyncio.gather(*callers) == ["answer 1"] * 20
    assert marketo.calls == 1


async def test_refresh_asks_anew() -> None:
    """`refresh` asks even where an answer is kept or on its way, and everybody has the newer one from then on."""
    marketo = Marketo()
    assert await marketo.get() == "answer 1"
    assert await marketo.get(refresh=True) == "answer 2"
    assert await marketo.get() == "answer 2"


async def test_an_old_answer_never_replaces_a_newer_one() -> None:
    """An answer that was asked for earlier and comes later is not kept."""
    marketo = Marketo(5.0, 1.0)
    slow = asyncio.create_task(marketo.get())
    await asyncio.sleep(0.1)
    assert await marketo.get(refresh=True) == "answer 2"
    assert await slow == "answer 1"
    assert await marketo.get() == "answer 2"


async def test_forgetting_reaches_what_is_on_its_way() -> None:
    """What was asked for before a change is not kept after it."""
    marketo = Marketo()
    early = asyncio.create_task(marketo.get())
    await asyncio.sleep(0.5)
    marketo.cache.forget(KEY)
    late = asyncio.create_task(marketo.get())
    assert await early == "answer 1"
    assert marketo.cache.peek(KEY) is None
    assert await late == "answer 2"
    assert await marketo.get() == "answer 2"


async def test_failures_are_not_kept() -> None:
    """All who wait for a call that fails have its error, each one of their own, and the next caller asks again."""
    marketo = Marketo()
    marketo.errors = [AccessDeniedError("Access denied", code="603")]
    failed = await asyncio.gather(*(marketo.get() for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in failed] == [AccessDeniedError] * 3
    assert len({id(error) for error in failed}) == 3
    assert marketo.calls == 1
    assert await marketo.get() == "answer 2"


async def test_deadlines_are_everybodys_own() -> None:
    """A caller waits no longer than his own deadline, and does not fail for somebody else's."""
    marketo = Marketo(10.0)
    patient = asyncio.create_task(marketo.get())
    await asyncio.sleep(0)
    with pytest.raises(DeadlineError, match="the schema not there within 2 s"):
        await marketo.get(deadline=2.0)
    assert await patient == "answer 1"

    hasty = Marketo(1.0, 1.0)
    hasty.errors = [DeadlineError("not done within 1 s")]
    first = asyncio.create_task(hasty.get())
    await asyncio.sleep(0)
    assert await hasty.get() == "answer 2"
    with pytest.raises(DeadlineError):
        await first


async def test_a_client_that_closes_meanwhile() -> None:
    """Who waits while the client is closed is told so."""
    marketo = Marketo()
    waiting = asyncio.create_task(marketo.get())
    await asyncio.sleep(0.5)
    marketo.tasks[0].cancel()
    with pytest.raises(ClientStateError, match="closed"):
        await waiting


async def test_an_error_of_ours_is_not_swallowed() -> None:
    """A mistake in the asking itself comes out as it is."""
    marketo = Marketo()
    marketo.errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await marketo.get()
