"""How one tests code that talks to Marketo: no mocks, no sleeping, no socket."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from lead_sync import sync_scores

from marketo_async import AccessDeniedError, Limits
from marketo_async.sandbox import Fault, SandboxLimits
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.sandbox import Sandbox

LEADS = "/rest/v1/leads.json"

Both = tuple["MarketoClient", "Sandbox"]


async def addresses_of(marketo: MarketoClient, count: int) -> list[str]:
    """Return the addresses of the first leads."""
    return [lead.email async for lead in marketo.leads.find("id", range(1, count + 1)) if lead.email]


async def test_every_score_is_read(marketo_sandbox: Both) -> None:
    """Everything that is there is found, and what is not there is left out."""
    marketo, _ = marketo_sandbox
    known = await addresses_of(marketo, 100)
    outcome = await sync_scores(marketo, [*known, "nobody@nowhere.example"])
    assert outcome.complete
    assert outcome.scores.keys() == set(known)


async def test_a_bad_gateway_is_no_news(marketo_sandbox: Both) -> None:
    """A web server's page instead of an answer, once: the library repeats the call, the sync does not notice."""
    marketo, marketo_itself = marketo_sandbox
    known = await addresses_of(marketo, 10)
    bad_gateway = marketo_itself.faults.add(Fault.page(502), path=LEADS, times=1)
    assert (await sync_scores(marketo, known)).complete
    assert bad_gateway.injected == 1


async def test_a_used_up_day_says_when_to_come_back(marketo_sandbox: Both) -> None:
    """607 ends the run without an exception, and the outcome says when the next day begins."""
    marketo, marketo_itself = marketo_sandbox
    known = await addresses_of(marketo, 10)
    marketo_itself.faults.add(Fault.error(607), path=LEADS)
    outcome = await sync_scores(marketo, known)
    assert not outcome.complete
    assert outcome.again_at is not None
    assert outcome.again_at > datetime.now(UTC)


async def test_a_missing_permission_is_an_error(marketo_sandbox: Both) -> None:
    """What no repeating can cure is raised: somebody has to look at it."""
    marketo, marketo_itself = marketo_sandbox
    marketo_itself.faults.add(Fault.error(603), path=LEADS)
    with pytest.raises(AccessDeniedError):
        await sync_scores(marketo, ["somebody@somewhere.example"])


async def test_the_sync_keeps_marketos_limits() -> None:
    """Counted where it matters, at the server: never more than 100 calls in 20 s, 10 at once, and nothing refused."""
    async with sandbox(0, leads=2_000, limits=Limits(), sandbox_limits=SandboxLimits()) as (marketo, marketo_itself):
        known = await addresses_of(marketo, 2_000)
        assert (await sync_scores(marketo, known)).complete
        assert len(marketo_itself.arrivals.to(LEADS)) < 20
        assert marketo_itself.arrivals.most_in_window(20.0) <= 100
        assert not marketo_itself.refusals
