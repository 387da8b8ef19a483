from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime

import pytest
from sandbox_echo import GRANT, IDENTITY, THING, THINGS, echoing

from marketo_async.sandbox import Fault, Latency, Sandbox, SandboxLimits
from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.areas.usage import ROUTES
from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.exchange import Parameters, Request
from marketo_async.sandbox.instance import Instance


@pytest.mark.virtual_time
async def test_calls_hold_their_place_while_marketo_works() -> None:
    """Ten calls in flight fill the instance; the eleventh is 615 at once, and the next is let in once they are done."""
    loop = asyncio.get_running_loop()
    async with echoing(admission=Admission(), clock=Clock(monotonic=loop.time), latency=Latency.fixed(2.0)) as marketo:
        began = loop.time()
        codes = await asyncio.gather(*(marketo.code("GET", THINGS) for _ in range(11)))
        assert sorted(codes, key=str) == ["615"] + [None] * 10
        assert loop.time() - began == pytest.approx(2.0, abs=0.01)
        assert await marketo.code("GET", THINGS) is None
        assert marketo.instance.admission.most_at_once == 10


@pytest.mark.virtual_time
async def test_a_client_that_walks_away_does_not_free_its_place() -> None:
    """A call that its client gave up on is worked on to the end, and holds its place until then."""
    loop = asyncio.get_running_loop()
    async with echoing(
        admission=Admission(concurrency=1), clock=Clock(monotonic=loop.time), latency=Latency.fixed(10.0)
    ) as marketo:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await marketo.get(THINGS)
        assert await marketo.code("GET", THINGS) == "615"
        await asyncio.sleep(9.5)
        assert marketo.worked == 1
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.virtual_time
async def test_the_rate_is_counted_on_arrival_by_the_sandboxs_clock() -> None:
    """100 calls pass, the next is 606 with Marketo's words, and 20 s later the door is open again."""
    loop = asyncio.get_running_loop()
    async with echoing(admission=Admission(), clock=Clock(monotonic=loop.time)) as marketo:
        assert [await marketo.code("GET", THINGS) for _ in range(100)] == [None] * 100
        reply = await marketo.get(THINGS)
        assert reply.json()["errors"] == [{"code": "606", "message": "Max rate limit '100' exceeded with in '20' secs"}]
        assert marketo.instance.arrivals.most_in_window() == 101
        await asyncio.sleep(20.1)
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.virtual_time
async def test_the_way_there_squeezes_calls_together() -> None:
    """Arrivals are counted after the way there, so calls sent evenly arrive unevenly, the same on every run."""
    loop = asyncio.get_running_loop()
    gaps: list[list[float]] = []
    for _ in range(2):
        async with echoing(clock=Clock(monotonic=loop.time), latency=Latency.spiky(spikes=0.2)) as marketo:
            sending = []
            for _ in range(50):
                sending.append(asyncio.create_task(marketo.code("GET", THINGS)))
                await asyncio.sleep(0.25)
            assert await asyncio.gather(*sending) == [None] * 50
            times = [call.time for call in marketo.instance.arrivals.to(THINGS)]
            gaps.append([round(after - before, 4) for before, after in itertools.pairwise(times)])
    assert min(gaps[0]) < 0.05
    assert max(gaps[0]) > 0.5
    assert gaps[0] == pytest.approx(gaps[1], abs=0.001)


async def test_the_quota_ends_at_midnight_in_chicago() -> None:
    """607 until midnight US Central by the sandbox's clock, then calls pass again."""
    clock = Clock(monotonic=lambda: 0.0, start=datetime(2026, 7, 1, 4, 0, tzinfo=UTC))
    async with echoing(admission=Admission(daily=2), clock=clock, token_life=90_000) as marketo:
        assert [await marketo.code("GET", THINGS) for _ in range(3)] == [None, None, "607"]
        clock.advance(3599)
        reply = await marketo.get(THINGS)
        assert reply.json()["errors"] == [{"code": "607", "message": "Daily quota reached"}]
        clock.advance(1)
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.parametrize("code", ["600", "601", "602", "604", "605", "608", "611"])
async def test_free_answers_cost_neither_quota_nor_rate(code: str) -> None:
    """The starred codes of Marketo's table leave no trace in the counts."""
    async with echoing(admission=Admission(rate=1, daily=1)) as marketo:
        marketo.instance.faults.add(Fault.error(code), times=1)
        assert await marketo.code("GET", THINGS) == code
        assert marketo.instance.counters.calls(marketo.instance.today()) == {}
        assert marketo.instance.arrivals.most_in_window() == 0
        await marketo.log_in()
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.parametrize("code", ["606", "607", "615", "609", "610", "713", "502"])
async def test_other_answers_are_counted(code: str) -> None:
    """Refusals by the limits and every other error count against quota and rate."""
    async with echoing(admission=Admission(rate=1)) as marketo:
        marketo.instance.faults.add(Fault.error(code), times=1)
        assert await marketo.code("GET", THINGS) == code
        assert marketo.instance.counters.calls(marketo.instance.today()) == {"api@sandbox.example": 1}
        assert await marketo.code("GET", THINGS) == "606"


@pytest.mark.parametrize(("counts_refused", "counted"), [(True, 3), (False, 1)])
async def test_refused_calls_show_in_the_usage_only_where_they_count(counts_refused: bool, counted: int) -> None:
    """Usage, the arrival log and the limits agree on whether a refused call was counted."""
    async with echoing(admission=Admission(rate=1, counts_refused=counts_refused)) as marketo:
        assert [await marketo.code("GET", THINGS) for _ in range(3)] == [None, "606", "606"]
        assert marketo.instance.counters.calls(marketo.instance.today()) == {"api@sandbox.example": counted}
        assert marketo.instance.arrivals.most_in_window() == counted
        assert marketo.instance.admission.counted_today == counted


async def test_a_missing_permission_is_counted() -> None:
    """603 with a valid token is not free, though it comes before the limits."""
    async with echoing(admission=Admission(rate=1), permissions=["Read-Only Lead"]) as marketo:
        assert await marketo.code("GET", THING) == "603"
        assert await marketo.code("GET", THINGS) == "606"
        assert await marketo.code("GET", THING) == "603"
        assert marketo.instance.counters.calls(marketo.instance.today()) == {"api@sandbox.example": 3}


@pytest.mark.virtual_time
async def test_usage_and_errors_derive_from_what_was_counted() -> None:
    """The four statistics say the calls by user and the errors by code of each US Central day, themselves included."""
    loop = asyncio.get_running_loop()
    clock = Clock(monotonic=loop.time, start=datetime(2026, 3, 2, 5, 0, tzinfo=UTC))
    instance = Instance(clock=clock)
    today = {route.template: route.answer for route in ROUTES}

    def statistics(path: str) -> list[object]:
        request = Request(instance, "GET", path, {}, Parameters(), Parameters(), None, "a@x.example")
        return list(today[f"/rest/v1/stats/{path}.json"](request).result or ())

    instance.counters.call(instance.today(), "b@x.example")
    instance.counters.error(instance.today(), "606")
    clock.advance(3600)
    for user in ("b@x.example", "a@x.example", "a@x.example"):
        instance.counters.call(instance.today(), user)
    for code in ("1003", "610", "610"):
        instance.counters.error(instance.today(), code)
    users = [{"userId": "a@x.example", "count": 2}, {"userId": "b@x.example", "count": 1}]
    assert statistics("usage") == [{"date": "2026-03-02", "total": 3, "users": users}]
    errors = [{"errorCode": "610", "count": 2}, {"errorCode": "1003", "count": 1}]
    assert statistics("errors") == [{"date": "2026-03-02", "total": 3, "errors": errors}]
    week = statistics("usage/last7days")
    assert len(week) == 7
    assert week[0] == {"date": "2026-02-24", "total": 0, "users": []}
    assert week[5] == {"date": "2026-03-01", "total": 1, "users": [{"userId": "b@x.example", "count": 1}]}
    assert statistics("errors/last7days")[5:] == [
        {"date": "2026-03-01", "total": 1, "errors": [{"errorCode": "606", "count": 1}]},
        {"date": "2026-03-02", "total": 3, "errors": errors},
    ]


async def test_a_usage_call_counts_itself() -> None:
    """Over HTTP the first question for usage already shows one call, and a refused one adds to the errors."""
    import httpx

    sandbox = Sandbox(programs=0, client_id="id", client_secret="secret", limits=SandboxLimits(rate=3))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.app), base_url="https://x.example") as marketo:
        token = (await marketo.get(IDENTITY, params=GRANT)).json()["access_token"]
        marketo.headers["authorization"] = f"Bearer {token}"
        first = (await marketo.get("/rest/v1/stats/usage.json")).json()["result"][0]
        assert (first["total"], first["users"]) == (1, [{"userId": "api@sandbox.example", "count": 1}])
        await marketo.get("/rest/v1/nowhere.json")
        errors = (await marketo.get("/rest/v1/stats/errors.json")).json()["result"][0]
        assert (errors["total"], errors["errors"]) == (1, [{"errorCode": "610", "count": 1}])
        await marketo.get("/rest/v1/stats/usage.json")
        assert sandbox.refusals == {"610": 1, "606": 1}
        assert sandbox.arrivals.codes() == {"610": 1, "606": 1}
        assert [call.code for call in sandbox.arrivals] == [None, None, "610", None, "606"]


async def test_a_sandbox_may_enforce_nothing() -> None:
    """With `limits=None` any number of calls passes."""
    async with echoing(admission=Sandbox(programs=0, limits=None).instance.admission) as marketo:
        assert [await marketo.code("GET", THINGS) for _ in range(150)] == [None] * 150
