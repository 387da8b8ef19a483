from __future__ import annotations

import asyncio
import tracemalloc
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_caller import Caller

from marketo_async.sandbox import Latency, Sandbox
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.seeding.leads import seed_leads

LEADS = "/rest/v1/leads.json"
EMAILS = st.sampled_from(["a@x.example", "A@x.example", "b@x.example", None])
WORDS = st.sampled_from(["one", "two", None])
COOKIES = st.sampled_from(["token:_mch-1", "token:_mch-1,token:_mch-2", "token:_mch-2", None])
VALUES = st.fixed_dictionaries({"email": EMAILS, "customField_c": WORDS, "cookies": COOKIES})
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), VALUES),
        st.tuples(st.just("change"), st.integers(1, 8), VALUES),
        st.tuples(st.just("remove"), st.integers(1, 8)),
        st.tuples(st.just("merge"), st.integers(1, 8), st.integers(1, 8)),
        st.tuples(st.just("look"), st.sampled_from(["email", "customField_c", "cookies"])),
    ),
    max_size=25,
)


@given(STEPS)
def test_the_indexes_find_what_a_scan_finds(steps: list[tuple[Any, ...]]) -> None:
    """Whenever a field is first searched and whatever happens to leads, an index finds what looking at all finds."""
    leads = Instance().state(Leads)
    for step, *arguments in steps:
        match step:
            case "add":
                leads.add(**arguments[0])
            case "change" if arguments[0] in leads:
                leads.change(arguments[0], **arguments[1])
            case "remove" if arguments[0] in leads:
                leads.remove(arguments[0])
            case "merge" if arguments[0] != arguments[1] and {*arguments} <= {lead.id for lead in leads}:
                leads.absorb(arguments[0], [arguments[1]])
            case "look":
                _compare(leads, arguments[0])
    for name in ("email", "customField_c", "cookies"):
        _compare(leads, name)


def _compare(leads: Leads, name: str) -> None:
    field = leads.fields[name]
    for value in ("a@X.example", "b@x.example", "one", "two", "token:_mch-1", "token:_mch-2"):
        held = [(lead, str(lead.value(name) or "").casefold().split(",")) for lead in leads]
        expected = [lead.id for lead, texts in held if value.casefold() in texts]
        assert [lead.id for lead in leads.holding(field, [value])] == expected


def test_a_million_leads_fit_into_memory() -> None:
    """A seeded lead takes less than 1.5 KB with two indexes, and so a million less than 1.5 GB."""
    instance = Instance()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        seed_leads(instance, 4_000)
        leads = instance.state(Leads)
        assert leads.holding(leads.fields["customField_c"], [next(iter(leads)).value("customField_c")])
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / 4_000 < 1500


@pytest.mark.virtual_time
async def test_one_address_sent_twice_at_once_makes_two_leads() -> None:
    """A call cannot find what another made while it was under way: keys must not travel in two calls at once."""
    clock = Clock(monotonic=asyncio.get_running_loop().time)
    sandbox = Sandbox(0, limits=None, latency=Latency.fixed(1.0), clock=clock)
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="https://123-abc-456.mktorest.com") as http:
        token, _ = sandbox.instance.tokens.issue(sandbox.client_id, sandbox.client_secret) or (None, 0)
        assert token is not None
        http.headers["authorization"] = f"Bearer {token.text}"
        marketo = Caller(http, sandbox.instance)

        async def send(email: str) -> str:
            reply = await marketo.send("POST", LEADS, {"input": [{"email": email}, {"email": email}]})
            first, second = reply["result"]
            assert second == {"id": first["id"], "status": "updated"}
            return str(first["status"])

        assert set(await asyncio.gather(send("a@x.example"), send("a@x.example"))) == {"created"}
        assert await send("b@x.example") == "created"
        assert await send("b@x.example") == "updated"
        found = sandbox.instance.state(Leads).with_emails(["a@x.example", "b@x.example"])
        assert len(found) == 3
