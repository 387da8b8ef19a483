"""The day's end through the whole client: listings stop with what they have, and go on tomorrow."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import attrs
import pytest

from marketo_async import DailyBudgetError, DailyQuotaError, Limiter, Limits
from marketo_async.sandbox import Clock, Sandbox, SandboxLimits
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from marketo_async.sandbox.admission import Admission

pytestmark = pytest.mark.virtual_time

NOON = datetime(2026, 7, 15, 17, tzinfo=UTC)
MIDNIGHT = datetime(2026, 7, 16, 5, tzinfo=UTC)
BROWSE = "/rest/asset/v1/programs.json"


def instance(*, daily: int = 50_000) -> tuple[Sandbox, Clock]:
    """Return a sandbox of 200 programs at noon, and its clock."""
    clock = Clock(monotonic=asyncio.get_running_loop().time, start=NOON)
    return Sandbox(200, limits=SandboxLimits(rate=None, concurrency=None, daily=daily), clock=clock), clock


def limiter_of(clock: Clock, **numbers: int) -> Limiter:
    """Return a limiter that waits for nothing but the day, and goes by the sandbox's clock."""
    limits = attrs.evolve(Limits.off(), max_concurrency=4, quota_closes=True, **numbers)  # type: ignore[arg-type]
    return Limiter(limits, wall_clock=lambda: clock.now().timestamp())


async def test_a_listing_stops_at_the_budget_and_goes_on_tomorrow() -> None:
    """A4, A6, A11: the error has the position and all that was read; the next day nothing is lost or doubled."""
    behind, clock = instance()
    limiter = limiter_of(clock, daily_budget=12, budget_reserve=2)
    async with client_of(behind, limiter=limiter) as marketo:
        listing = marketo.programs.browse(page_size=10)
        with pytest.raises(DailyBudgetError) as caught:
            await listing.collect()
        error = caught.value
        assert len(behind.arrivals.to(BROWSE)) == 10
        assert error.resets_at == MIDNIGHT
        assert error.operation == f"GET {BROWSE}"
        assert len(error.partial) >= 60
        await marketo.programs.get(error.partial[0].id)  # type: ignore[attr-defined]
        clock.advance((MIDNIGHT - NOON).total_seconds())
        seen = [program.id for program in error.partial]  # type: ignore[attr-defined]
        rest = marketo.programs.browse(page_size=50, start=error.position)
        seen += [program.id async for program in rest]
    assert sorted(set(seen)) == sorted(seen)
    assert len(seen) == 200


async def test_marketos_quota_closes_the_door_for_every_client_of_the_limiter() -> None:
    """A6: others use the day up; one client meets 607 once, both are told without a call, and tomorrow it works."""
    behind, clock = instance(daily=100)
    limiter = limiter_of(clock)
    async with client_of(behind, limiter=limiter) as one, client_of(behind, limiter=limiter) as two:
        use_up(behind.instance.admission, clock, 97)
        listing = one.programs.browse(page_size=10)
        with pytest.raises(DailyQuotaError) as caught:
            await listing.collect()
        assert caught.value.resets_at == MIDNIGHT
        assert caught.value.partial
        arrived = len(behind.arrivals.to(BROWSE))
        for client in (one, two):
            with pytest.raises(DailyQuotaError) as again:
                await client.programs.browse().collect()
            assert again.value.resets_at == MIDNIGHT
        assert len(behind.arrivals.to(BROWSE)) == arrived
        clock.advance((MIDNIGHT - NOON + timedelta(seconds=1)).total_seconds())
        assert len(await two.programs.browse().collect()) == 200


def use_up(admission: Admission, clock: Clock, calls: int) -> None:
    """Make another integration's calls."""
    day = (clock.now() - timedelta(hours=5)).date()
    for _ in range(calls):
        assert admission.arrive(clock.monotonic(), day) is None
        admission.leave(clock.monotonic())


async def test_the_budget_sees_the_rest_of_the_instance() -> None:
    """A5: sync_budget() counts what other API users did today, and says how many calls are left."""
    behind, clock = instance()
    async with client_of(behind, limits=Limits.off()) as other:
        for _ in range(30):
            await other.usage.daily()
    limiter = limiter_of(clock, daily_budget=100)
    async with client_of(behind, limiter=limiter) as marketo:
        left = await marketo.sync_budget()
        assert left is not None
        assert 68 <= left <= 70
        assert await marketo.sync_budget() == left - 1
