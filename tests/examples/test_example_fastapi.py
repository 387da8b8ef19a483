"""The web backend of `examples/fastapi_app`, driven in process on a clock that jumps."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from example_loading import example

from marketo_async.sandbox import Clock, Fault, Latency, Sandbox, SandboxLimits
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from fastapi import FastAPI

main = example("fastapi_app/main.py")


@asynccontextmanager
async def served(marketo_itself: Sandbox) -> AsyncGenerator[tuple[FastAPI, httpx.AsyncClient], None]:
    """Start the application on a sandbox, with the limits it uses in earnest, and open a browser for it."""
    app = main.create_app(lambda: client_of(marketo_itself, limits=main.WEB_LIMITS))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://backend") as browser,
    ):
        yield app, browser


def loop_clock() -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time)


@pytest.mark.virtual_time
async def test_endpoints_answer_within_a_second_while_a_listing_saturates_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the first second on, p99 is below 1 s beside a listing that takes every slot that it may take."""
    loop = asyncio.get_running_loop()
    rng = random.Random(7)
    monkeypatch.setattr(main, "PAGE", 50)  # as many calls, for a quarter of the work
    marketo_itself = Sandbox(
        7_500, leads=5, limits=SandboxLimits(), latency=Latency.uniform(0.2, 0.4), clock=loop_clock()
    )
    async with client_of(marketo_itself) as marketo:
        address = (await marketo.leads.get(3)).email
    marketo_itself.instance.clock.advance(60)
    times: list[float] = []
    in_use: list[int] = []
    began = loop.time()

    async def visit(browser: httpx.AsyncClient, path: str) -> None:
        asked = loop.time()
        answer = await browser.get(path)
        times.append(loop.time() - asked)
        assert answer.status_code == 200, answer.text

    async with served(marketo_itself) as (app, browser), asyncio.TaskGroup() as visits:
        while not (await browser.get("/channels")).json():
            visits.create_task(visit(browser, rng.choice(("/programs/1007", f"/leads?email={address}"))))
            await asyncio.sleep(rng.expovariate(1))
            if loop.time() - began > 20:
                in_use.append(app.state.marketo.limiter.stats().in_use)

    assert len(times) > 30
    assert sorted(times)[int(len(times) * 0.99)] < 1.0
    # The listing leaves no slot free but those of the reserve, until its last pages; one may be between two owners.
    assert sorted(in_use)[len(in_use) // 10] >= 100 - main.WEB_LIMITS.interactive_reserve - 1
    assert not marketo_itself.refusals


async def test_the_background_count_is_the_whole_instance() -> None:
    """/channels shows every program of the instance once the first count is done."""
    async with served(Sandbox(700)) as (_, browser):
        while not (counted := (await browser.get("/channels")).json()):  # noqa: ASYNC110 - visitors can only look again
            await asyncio.sleep(0)
        assert sum(counted.values()) == 700
        assert {"Webinar", "Email Blast"} <= set(counted)


async def test_what_goes_wrong_at_marketo_is_said_to_the_visitor() -> None:
    """What is not there is 404, a used-up day is 503 with Retry-After, a refusal for good is 502, nonsense is 422."""
    marketo_itself = Sandbox(10, leads=3)
    program = "/rest/asset/v1/program/{id}.json"
    async with served(marketo_itself) as (_, browser):
        missing = await browser.get("/programs/999999")
        assert missing.status_code == 404
        assert missing.json()["marketo_request_id"]
        assert (await browser.get("/leads", params={"email": "nobody@nowhere.example"})).status_code == 404
        assert (await browser.get("/programs/first")).status_code == 422
        assert (await browser.get("/programs/0")).status_code == 422

        marketo_itself.faults.add(Fault.error(603), path=program, times=1)
        assert (await browser.get("/programs/1001")).status_code == 502
        marketo_itself.faults.add(Fault.error(607), path=program, times=1)
        no_more_today = await browser.get("/programs/1001")
        assert no_more_today.status_code == 503
        assert 0 < int(no_more_today.headers["retry-after"]) <= 25 * 3600
        # The day is over for everybody: nobody knocks at a closed door.
        calls = len(marketo_itself.arrivals)
        assert (await browser.get("/programs/1001")).status_code == 503
        assert len(marketo_itself.arrivals) == calls


@pytest.mark.virtual_time
async def test_nobody_waits_longer_than_the_deadline() -> None:
    """An endpoint whose call takes too long says 504 after its deadline, however slow Marketo is."""
    loop = asyncio.get_running_loop()
    marketo_itself = Sandbox(10, limits=None, clock=loop_clock())
    marketo_itself.faults.add(Fault.delay(20), path="/rest/asset/v1/program/*")
    async with served(marketo_itself) as (_, browser):
        began = loop.time()
        assert (await browser.get("/programs/1001")).status_code == 504
        assert loop.time() - began == pytest.approx(main.PATIENCE, abs=0.1)
