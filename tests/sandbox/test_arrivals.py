from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marketo_async.sandbox.arrivals import Arrival, Arrivals
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.latency import Latency, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable


def log(times: Iterable[float]) -> Arrivals:
    arrivals = Arrivals()
    for time in times:
        arrivals.record(Arrival(time, "GET", "/rest/v1/leads.json", counted=True))
    return arrivals


@example([0, 20])
@example([0, 21])
@given(st.lists(st.integers(min_value=0, max_value=200), max_size=50))
def test_the_most_in_any_window(times: list[int]) -> None:
    """The largest count over closed windows is that of a count by hand, for whole seconds."""
    times.sort()
    by_hand = max((sum(0 <= end - start <= 20 for start in times) for end in times), default=0)
    assert log(times).most_in_window(20.0) == by_hand


def test_the_log_forgets_the_oldest() -> None:
    """A long run does not fill the memory: the oldest calls are forgotten."""
    arrivals = Arrivals(keep=3)
    for time in range(5):
        arrivals.record(Arrival(float(time), "GET", "/"))
    assert [call.time for call in arrivals] == [2.0, 3.0, 4.0]
    assert (len(arrivals), arrivals[0].time, [call.time for call in arrivals[1:]]) == (3, 2.0, [3.0, 4.0])
    arrivals.clear()
    assert len(arrivals) == 0


def test_calls_to_one_route() -> None:
    """Calls are found by template, by path and by verb."""
    arrivals = Arrivals()
    arrivals.record(Arrival(0.0, "GET", "/a/1.json", "/a/{id}.json"))
    arrivals.record(Arrival(1.0, "POST", "/a/2.json", "/a/{id}.json", code="709"))
    assert [call.time for call in arrivals.to("/a/{id}.json")] == [0.0, 1.0]
    assert [call.time for call in arrivals.to("/a/{id}.json", "POST")] == [1.0]
    assert [call.time for call in arrivals.to("/a/1.json")] == [0.0]
    assert arrivals.codes() == {"709": 1}


@pytest.mark.parametrize(
    ("latency", "way", "work"),
    [
        (Latency.none(), (0, 0), (0, 0)),
        (Latency.fixed(0.3), (0, 0), (0.3, 0.3)),
        (Latency.uniform(0.1, 0.5), (0.01, 0.05), (0.09, 0.45)),
        (Latency.spiky(), (0, 3.0), (0.15, 3.0)),
    ],
)
def test_latency_keeps_its_bounds(latency: Latency, way: tuple[float, float], work: tuple[float, float]) -> None:
    """Every way there and every piece of work lies within what was asked for."""
    instance = Instance(latency=latency)
    drawn = [instance.draw_latency() for _ in range(2000)]
    assert all(way[0] <= there <= way[1] and work[0] <= inside <= work[1] for there, inside in drawn)


def test_spikes_are_rare_and_seeded() -> None:
    """About one call in fifty is a spike, and the same seed draws the same spikes."""
    spread = Spread(0.1, 0.2, spikes=0.02, longest=3.0)
    first, second = ([spread.draw(rng) for _ in range(5000)] for rng in (random.Random(3), random.Random(3)))
    assert first == second
    assert 50 <= sum(seconds > 0.2 for seconds in first) <= 150


@pytest.mark.parametrize("wrong", [(2, 1, 0, 0), (-1, 1, 0, 0), (0, 1, 2, 9), (0, 1, 0.1, 0.5)])
def test_a_spread_must_be_one(wrong: tuple[float, float, float, float]) -> None:
    """Bounds the wrong way round, negative seconds and impossible shares are refused."""
    with pytest.raises(ValueError, match="is no spread"):
        Spread(*wrong)


def test_an_instance_is_made_of_its_seed() -> None:
    """The same seed gives the same streams, request ids and tokens; streams and counters do not disturb one another."""

    def draw(seed: int) -> list[object]:
        instance = Instance(seed=seed)
        instance.tokens.add_client("id", "secret")
        issued = instance.tokens.issue("id", "secret")
        assert issued is not None
        ids = [instance.next_id("program"), instance.next_id("folder"), instance.next_id("program")]
        return [issued[0].text, instance.request_id().partition("#")[0], instance.rng.random(), ids]

    assert draw(1) == draw(1) != draw(2)
    assert draw(1)[3] == [1, 1, 2]
