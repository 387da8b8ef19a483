"""A transport that sends nothing: it keeps the calls and answers with prepared envelopes, or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar, cast

from marketo_async.api.groups import Groups
from marketo_async.transport.day_cache import DayCache
from marketo_async.wire.envelope import Envelope

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from marketo_async.transport.transport import Transport
    from marketo_async.wire.call import Call

T = TypeVar("T")


class NoAnswerError(Exception):
    """Nothing was prepared for a call: it was recorded, and that is all."""


class RecordingTransport:
    """Stands where a `Transport` stands.

    Args:
        answer: Returns what a call is answered with, or raises; without it every call ends in `NoAnswerError`.
    """

    def __init__(self, answer: Callable[[Call], Envelope] | None = None) -> None:
        self.calls: list[Call] = []
        self.kept = DayCache(self.walk)
        self._answer = answer

    async def send(self, call: Call, journey: object = None) -> Envelope:
        """Keep the call and answer it."""
        self.calls.append(call)
        if self._answer is None:
            raise NoAnswerError
        return self._answer(call)

    # What a walk asks of a transport: to be all three is enough for it.

    @property
    def attempts(self) -> RecordingTransport:
        return self

    @property
    def limiter(self) -> RecordingTransport:
        return self

    @property
    def deadline(self) -> None:
        return None

    def check_usable(self) -> None:
        """Be usable."""

    def headroom(self) -> int:
        """Return how many calls may start at once."""
        return 8

    def walk(self, coroutine: Coroutine[object, object, T]) -> asyncio.Task[T]:
        """Start a task."""
        return asyncio.get_running_loop().create_task(coroutine)


def groups_on(transport: RecordingTransport) -> Groups:
    """Return the public groups over a recording transport."""
    return Groups(cast("Transport", transport))


def answering(*envelopes: Envelope | Exception) -> RecordingTransport:
    """Return a transport that gives these answers one after the other."""
    left = list(envelopes)

    def answer(_: Call) -> Envelope:
        following = left.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    return RecordingTransport(answer)


def rows(*result: object, warnings: Sequence[str] = (), token: str | None = None) -> Envelope:
    """Return a successful answer with these rows."""
    return Envelope(list(result), request_id="a1b2#18c", warnings=tuple(warnings), next_page_token=token)


NOTHING = rows(warnings=["No assets found for the given search criteria."])
"""What the Asset API answers where it finds nothing."""
