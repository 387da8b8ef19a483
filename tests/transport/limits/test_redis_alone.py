"""A worker's own part while Redis is away: when each of its slots comes free. Pure."""

from __future__ import annotations

import pytest

from marketo_async.transport.limits import Limits
from marketo_async.transport.limits.redis_alone import own_share
from marketo_async.transport.limits.redis_word import GRAIN, Word

LIMITS = Limits(max_calls=20, window=8.0, window_margin=0.0)
COOL = 8.0 + GRAIN


def word(*profile: int) -> Word:
    """Return the last word, heard at 100 s, by how many slots were taken after each eighth of the time they cool."""
    return Word(status="ok", heard=100.0, limit=20, places=10, profile=profile)


def parts(last: Word | None, *, workers: int, now: float = 100.0) -> list[float]:
    """Return after how many seconds each slot of one worker comes free."""
    limits, free_at = own_share(LIMITS, last, workers=workers, now=now)
    assert limits.max_calls == len(free_at) == 20 // workers
    return free_at


def test_what_was_taken_comes_free_when_redis_said() -> None:
    """A full window that comes free at once does so for a worker on its own, however long ago that was said."""
    full = word(20, 20, 20, 20, 0, 0, 0, 0)
    assert parts(full, workers=2) == pytest.approx([COOL / 2] * 10)
    assert parts(full, workers=2, now=101.0) == pytest.approx([COOL / 2 - 1.0] * 10)
    assert parts(word(20, 20, 20, 20, 20, 20, 20, 20), workers=4) == pytest.approx([COOL] * 5)


def test_what_was_free_may_have_been_used_since() -> None:
    """Slots that nobody had, or that have come free since, come free evenly over a window: others may have them."""
    evenly = [COOL * (at + 1) / 20 for at in range(20)]
    assert parts(None, workers=1) == pytest.approx(evenly)
    assert parts(word(0, 0, 0, 0, 0, 0, 0, 0), workers=1) == pytest.approx(evenly)
    assert parts(word(20, 20, 20, 20, 0, 0, 0, 0), workers=1, now=100.0 + COOL) == pytest.approx(evenly)
    half = parts(word(10, 10, 10, 10, 0, 0, 0, 0), workers=1)
    assert half == pytest.approx(sorted([COOL / 2] * 10 + [COOL * (at + 1) / 10 for at in range(10)]))


@pytest.mark.parametrize("workers", [1, 3, 4, 7, 20])
def test_the_parts_of_all_workers_are_no_more_than_the_whole(workers: int) -> None:
    """At no time do all workers together have more slots than had come free."""
    last = word(17, 15, 11, 11, 8, 3, 1, 0)
    whole = own_share(LIMITS, last, workers=1, now=102.0)[1]
    for free_at in parts(last, workers=workers, now=102.0):
        theirs = workers * sum(slot <= free_at for slot in parts(last, workers=workers, now=102.0))
        assert theirs <= sum(slot <= free_at for slot in whole)
