"""Two calls about one new lead at the same time make two leads, on calls that take their time; a write never does."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import attrs
import pytest
import virtual_time
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.sandbox import Clock, Latency, Sandbox
from marketo_async.sandbox.areas.leads import Leads
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from marketo_async import MarketoClient

SYNC = "/rest/v1/leads.json"
BATCH = 20

Record = dict[str, object]


@attrs.frozen
class Seen:
    """What a sandbox was left with.

    Attributes:
        scores: The scores of the leads that hold each address; more than one where it was made twice.
        most_at_once: Calls that were under way at the same time.
    """

    scores: dict[str, list[object]]
    most_at_once: int

    @property
    def twice(self) -> list[str]:
        """The addresses that were made more than once."""
        return [address for address, scores in self.scores.items() if len(scores) > 1]


def records_of(seed: int, size: int, people: int) -> list[Record]:
    """Return records of people who come again and again, in this spelling of their address or that."""
    rng = random.Random(seed)
    addresses = [f"p{rng.randrange(people)}@example.com" for _ in range(size)]
    return [
        {"email": address.upper() if rng.random() < 0.2 else address, "leadScore": number}
        for number, address in enumerate(addresses)
    ]


def written(write: Callable[[MarketoClient], Awaitable[object]], seed: int = 1) -> Seen:
    """Let a client write to a sandbox whose calls take a while, and look at the leads."""

    async def main() -> Seen:
        clock = Clock(monotonic=asyncio.get_running_loop().time)
        sandbox = Sandbox(0, limits=None, seed=seed, clock=clock, latency=Latency.spiky(longest=20.0))
        async with client_of(sandbox) as marketo:
            await write(marketo)
        scores: dict[str, list[object]] = {}
        for lead in sandbox.instance.state(Leads):
            scores.setdefault(str(lead.value("email")).lower(), []).append(lead.value("leadScore"))
        calls = sandbox.arrivals.to(SYNC)
        at_once = [sum(one.time <= call.time < (one.answered_at or call.time) for one in calls) for call in calls]
        return Seen(scores, max(at_once))

    return virtual_time.run(main())


@pytest.mark.parametrize("seed", range(2))
def test_gathered_batches_make_duplicates_and_a_write_does_not(seed: int) -> None:
    """Batches that are gathered make leads twice; as one write they do not, and still several travel at once."""
    records = records_of(seed, 300, 100)

    async def gathered(marketo: MarketoClient) -> None:
        batches = [records[start : start + BATCH] for start in range(0, len(records), BATCH)]
        await asyncio.gather(*(marketo.leads.sync(batch).collect() for batch in batches))

    async def as_one(marketo: MarketoClient) -> None:
        await marketo.leads.sync(records, batch_size=BATCH).collect()

    assert written(gathered, seed).twice
    seen = written(as_one, seed)
    assert seen.twice == []
    assert seen.most_at_once > 1


@given(st.integers(0, 10**6), st.integers(1, 200), st.integers(1, 60), st.integers(1, 40))
@settings(max_examples=10, deadline=None)
def test_one_write_makes_one_lead_of_each_address(seed: int, size: int, people: int, batch_size: int) -> None:
    """However slow its calls and however often an address comes, a write makes one lead, which holds what came last."""
    records = records_of(seed, size, people)
    seen = written(lambda marketo: marketo.leads.sync(records, batch_size=batch_size).collect(), seed)
    assert seen.scores == {str(record["email"]).lower(): [record["leadScore"]] for record in records}
