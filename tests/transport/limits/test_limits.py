"""The numbers."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import attrs
import pytest

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping


def test_the_defaults_are_marketos() -> None:
    """Without arguments a limiter keeps 100 calls in 20 s and 10 at once, with a little held back for single calls."""
    assert Limits() == Limits(
        max_calls=100,
        window=20.0,
        window_margin=0.25,
        max_concurrency=10,
        interactive_reserve=5,
        concurrency_reserve=1,
        bulk_burst=10,
        pacing="auto",
        cold_start="trust",
    )


def test_batch_holds_nothing_back() -> None:
    """A job that has the instance to itself has no reserves, no margin and no pacing."""
    batch = Limits.batch()
    assert (batch.max_calls, batch.max_concurrency) == (100, 10)
    assert (batch.window_margin, batch.interactive_reserve, batch.concurrency_reserve, batch.pacing) == (0, 0, 0, "off")


def test_shared_is_adobes_advice() -> None:
    """Beside other integrations: 50 calls in 20 s, 5 at once."""
    assert (Limits.shared().max_calls, Limits.shared().max_concurrency) == (50, 5)


@pytest.mark.parametrize(
    ("calls", "at_once", "slots_kept", "places_kept"), [(100, 10, 5, 1), (20, 4, 2, 1), (5, 2, 0, 0), (1, 1, 0, 0)]
)
def test_reserves_shrink_with_the_limits(calls: int, at_once: int, slots_kept: int, places_kept: int) -> None:
    """Small limits need no reserves spelled out: bulk calls keep at least one slot and one place."""
    limits = Limits(max_calls=calls, max_concurrency=at_once)
    assert (limits.interactive_reserve, limits.concurrency_reserve) == (slots_kept, places_kept)


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("max_calls", {"max_calls": 0}),
        ("max_calls", {"max_calls": True}),
        ("max_calls", {"max_calls": 4.5}),
        ("window", {"window": 0}),
        ("window", {"window": -1.0}),
        ("window", {"window": float("nan")}),
        ("window", {"window": float("inf")}),
        ("window", {"window": "20"}),
        ("window_margin", {"window_margin": -0.1}),
        ("max_concurrency", {"max_concurrency": 0}),
        ("max_concurrency", {"max_concurrency": None}),
        ("interactive_reserve", {"interactive_reserve": -1}),
        ("interactive_reserve", {"interactive_reserve": 100}),
        ("concurrency_reserve", {"concurrency_reserve": 10}),
        ("concurrency_reserve", {"max_concurrency": 1, "concurrency_reserve": 1}),
        ("bulk_burst", {"bulk_burst": 0}),
        ("pacing", {"pacing": "always"}),
        ("pacing", {"pacing": True}),
        ("cold_start", {"cold_start": "hope"}),
    ],
)
def test_an_impossible_number_is_refused_by_name(argument: str, given: Mapping[str, object]) -> None:
    """A limit that cannot be kept, or that would let nothing through, is an ArgumentError that names it."""
    with pytest.raises(ArgumentError, match=argument) as caught:
        Limits(**given)  # type: ignore[arg-type]
    assert caught.value.argument == argument


def test_reserves_that_were_not_given_follow_the_totals() -> None:
    """A variant keeps what was given; what follows from a total follows from the variant's."""
    batch = attrs.evolve(Limits.batch(), daily_budget=20_000, max_calls=50)
    assert (batch.budget_reserve, batch.interactive_reserve, batch.concurrency_reserve) == (1_000, 0, 0)
    small = attrs.evolve(Limits(), max_calls=25, max_concurrency=1)
    assert (small.interactive_reserve, small.concurrency_reserve) == (2, 0)
    given = attrs.evolve(Limits(interactive_reserve=20, daily_budget=100, budget_reserve=1), daily_budget=200)
    assert (given.interactive_reserve, given.budget_reserve) == (20, 1)


def test_limits_show_the_numbers_that_are_kept() -> None:
    """What follows from a total shows, compares and hashes as if it had been given."""
    spelt_out = Limits(interactive_reserve=5, concurrency_reserve=1)
    assert Limits() == spelt_out
    assert hash(Limits()) == hash(spelt_out)
    assert Limits() != Limits(interactive_reserve=4)
    assert "max_concurrency=10, interactive_reserve=5, concurrency_reserve=1, bulk_burst=10" in repr(Limits())
    assert pickle.loads(pickle.dumps(Limits.batch())) == Limits.batch()  # noqa: S301 - our own bytes


def test_limits_are_values() -> None:
    """Limits compare, hash and change by copy; a copy is checked as well."""
    assert attrs.evolve(Limits.batch(), cold_start="ramp") != Limits.batch()
    assert len({Limits(), Limits(), Limits.off()}) == 2
    with pytest.raises(ArgumentError, match="max_calls"):
        attrs.evolve(Limits(), max_calls=-1)
