from __future__ import annotations

import asyncio
import json
import random

import httpx
import pytest
from sandbox_echo import GRANT, IDENTITY, THING, THINGS, echoing

from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.faults import MIX, Fault, Faults
from marketo_async.sandbox.words import WORDS


@pytest.mark.parametrize("code", sorted(WORDS))
async def test_every_code_can_be_injected(code: str) -> None:
    """Each of Marketo's codes comes with Marketo's words, once, and without any work done."""
    async with echoing(admission=Admission()) as marketo:
        rule = marketo.instance.faults.add(Fault.error(code), times=1)
        error = (await marketo.get(THINGS)).json()["errors"][0]
        assert error == {"code": code, "message": WORDS[code].replace("{method}", "GET")}
        assert (marketo.worked, rule.injected) == (0, 1)
        await marketo.log_in()
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.parametrize("code", ["604", "611", "713", "719"])
async def test_an_answer_may_be_lost_after_the_work(code: str) -> None:
    """Codes that promise nothing may come after the request was carried out (P5)."""
    async with echoing() as marketo:
        marketo.instance.faults.add(Fault.error(code, after_work=True))
        assert await marketo.code("POST", THING) == code
        assert marketo.worked == 1


@pytest.mark.parametrize("code", [600, 601, 602, 603, 605, 606, 607, 608, 609, 610, 612, 613, 615])
def test_codes_that_promise_that_nothing_was_done_keep_it(code: int) -> None:
    """Such a fault after the work would be a lie, and is refused."""
    with pytest.raises(ValueError, match="nothing was done"):
        Fault.error(code, after_work=True)


@pytest.mark.parametrize("status", [413, 414, 429, 500, 502, 503, 504])
async def test_the_web_server_may_answer_with_its_own_page(status: int) -> None:
    """HTTP errors are HTML, before the work or after it (P13)."""
    async with echoing() as marketo:
        marketo.instance.faults.add(Fault.page(status))
        reply = await marketo.get(THINGS)
        assert (reply.status_code, reply.headers["content-type"]) == (status, "text/html")
        assert reply.text.startswith("<html>")
        assert marketo.worked == 0
        if status in {413, 414}:
            with pytest.raises(ValueError, match="turns the request away"):
                Fault.page(status, after_work=True)
        else:
            marketo.instance.faults.clear()
            marketo.instance.faults.add(Fault.page(status, after_work=True))
            await marketo.get(THINGS)
            assert marketo.worked == 1


async def test_half_a_json() -> None:
    """The work is done, the status is 200, and the body ends in the middle."""
    async with echoing() as marketo:
        marketo.instance.faults.add(Fault.half_json())
        reply = await marketo.get(THINGS)
        assert reply.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            reply.json()
        assert marketo.worked == 1


@pytest.mark.parametrize(("fault", "worked"), [(fault, int(fault.after_work)) for fault in MIX if "d" in fault.kind])
async def test_a_fault_says_whether_the_work_is_done(fault: Fault, worked: int) -> None:
    """For each kind of the mix the work is done exactly where the fault says so."""
    async with echoing() as marketo:
        marketo.instance.faults.add(fault)
        try:
            await marketo.get(THINGS)
        except ConnectionResetError:
            assert fault.kind == "dropped"
        assert marketo.worked == worked


@pytest.mark.parametrize("fault", [Fault.dropped(), Fault.dropped(after_work=True), Fault.cut_short()])
async def test_a_lost_connection_is_an_exception_in_process(fault: Fault) -> None:
    """Without a socket to close, `ConnectionResetError` leaves the app."""
    async with echoing(admission=Admission(concurrency=1)) as marketo:
        marketo.instance.faults.add(fault, times=2)
        for _ in range(2):
            with pytest.raises(ConnectionResetError, match="as it was told to"):
                await marketo.get(THINGS)
        assert marketo.worked == 2 * fault.after_work
        assert await marketo.code("GET", THINGS) is None


@pytest.mark.virtual_time
async def test_slow_bodies_and_slow_work() -> None:
    """A body may trickle in, and the work may take its time: the place is held during the work."""
    loop = asyncio.get_running_loop()
    async with echoing(admission=Admission(concurrency=1)) as marketo:
        marketo.instance.faults.add(Fault.slow_body(8.0), path="/rest/v1/many.json")
        marketo.instance.faults.add(Fault.delay(5.0), path=THINGS)
        began = loop.time()
        assert len((await marketo.get("/rest/v1/many.json")).json()["result"]) == 200
        assert loop.time() - began == pytest.approx(8.0, abs=0.01)
        slow = asyncio.create_task(marketo.code("GET", THINGS))
        await asyncio.sleep(4.0)
        assert await marketo.code("GET", THING) == "615"
        assert await slow is None
        assert loop.time() - began == pytest.approx(13.0, abs=0.01)


async def test_a_602_kills_the_token() -> None:
    """An injected 601 or 602 is no mere word: the token is dead, and identity issues another."""
    async with echoing() as marketo:
        for code in ("601", "602"):
            before = marketo.headers["authorization"]
            marketo.instance.faults.add(Fault.error(code), times=1)
            assert [await marketo.code("GET", THINGS) for _ in range(2)] == [code, "601"]
            await marketo.log_in()
            assert marketo.headers["authorization"] != before


async def test_rules_choose_by_path_verb_and_number() -> None:
    """A fault strikes a path pattern or a template, a verb, and chosen calls, the first being 1."""
    async with echoing() as marketo:
        faults = marketo.instance.faults
        template = "/rest/asset/v1/thing/{id}.json"
        numbered = faults.add(Fault.error(713), path=template, method="POST", calls=[2, 4])
        first = faults.add(Fault.error(608), path="/rest/v1/*", calls=1)
        assert [await marketo.code("POST", THING) for _ in range(5)] == [None, "713", None, "713", None]
        assert await marketo.code("GET", THING) is None
        assert [await marketo.code("GET", THINGS) for _ in range(2)] == ["608", None]
        assert (numbered.seen, numbered.injected, first.seen) == (5, 2, 2)
        assert [call.fault for call in marketo.instance.arrivals.to(template)] == [None, "713", None, "713", None, None]
        faults.remove(numbered)
        faults.add(Fault.error(604))
        faults.clear()
        assert await marketo.code("POST", THING) is None


async def test_identity_goes_wrong_only_when_named() -> None:
    """Faults leave identity alone unless their path names it; then it answers the web server's page, too (P2)."""
    async with echoing() as marketo:
        marketo.instance.faults.add(Fault.page(502))
        assert (await marketo.post(IDENTITY, data=GRANT)).status_code == 200
        marketo.instance.faults.add(Fault.page(502), Fault.page(503), path="/identity/*", times=1)
        marketo.instance.faults.add(Fault.half_json(), path="/identity/*", calls=2)
        assert (await marketo.post(IDENTITY, data=GRANT)).status_code in {502, 503}
        assert (await marketo.post(IDENTITY, data=GRANT)).text.startswith('{"access_token":')
        assert (await marketo.post(IDENTITY, data=GRANT)).status_code == 200


@pytest.mark.virtual_time
async def test_random_faults_are_the_same_on_every_run() -> None:
    """One call in twelve goes wrong in a seeded way, and the rate is kept."""

    async def run() -> list[str | None]:
        seen: list[str | None] = []
        async with echoing() as marketo:
            marketo.instance.faults.at_random(1 / 12)
            for _ in range(600):
                await marketo.log_in()
                try:
                    reply = await marketo.get(THINGS)
                except ConnectionResetError:
                    seen.append("lost")
                else:
                    seen.append(None if reply.status_code == 200 and reply.text.endswith("true}") else reply.text[-40:])
            assert [call.fault is not None for call in marketo.instance.arrivals.to(THINGS)] == [
                text is not None for text in seen
            ]
        return [text and text.partition("#")[0] for text in seen]

    first, second = await run(), await run()
    assert [text is None for text in first] == [text is None for text in second]
    assert 30 <= sum(text is not None for text in first) <= 70


def test_a_rule_needs_a_fault_and_a_share() -> None:
    """A rule without fault, or with a rate that is no share, is a mistake of the test."""
    faults = Faults(random.Random(1))
    for arguments, rate in (((), 1.0), ((Fault.dropped(),), 1.5)):
        with pytest.raises(ValueError, match="A rule needs"):
            faults.add(*arguments, rate=rate)


async def test_httpx_reads_a_trickling_page() -> None:
    """A trickling answer without seconds between its pieces is the same answer."""
    async with echoing() as marketo:
        marketo.instance.faults.add(Fault.slow_body(0.000001))
        reply: httpx.Response = await marketo.get("/rest/v1/many.json")
        assert len(reply.json()["result"]) == 200
