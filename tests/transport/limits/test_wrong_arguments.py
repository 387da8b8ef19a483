"""What is not a limiter, not limits and not a store: said where it is given, not where it is first used."""

from __future__ import annotations

from typing import cast

import pytest

from marketo_async import ArgumentError, Limiter, Limits, MarketoClient, RedisLimiter

SECRET = "made-up-secret"


@pytest.mark.parametrize("wrong", [50, {"max_calls": 50}, Limiter()])
def test_a_limiter_takes_limits(wrong: object) -> None:
    """Numbers, a dict or another limiter in the place of limits are an ArgumentError that names what belongs there."""
    with pytest.raises(ArgumentError, match=r"limits=.* is not allowed: Limits\(\.\.\.\)"):
        Limiter(cast("Limits", wrong))
    with pytest.raises(ArgumentError, match=r"limits=.* is not allowed: Limits\(\.\.\.\)"):
        RedisLimiter(cast("Limits", wrong), redis="redis://localhost:1", instance="x")
    with pytest.raises(ArgumentError, match=r"limits=.* is not allowed: Limits\(\.\.\.\)"):
        MarketoClient("https://123-abc-456.mktorest.com", "id", SECRET, limits=cast("Limits", wrong))


def test_a_path_is_no_budget_store() -> None:
    """Who gives the path itself is told of the store that takes it."""
    with pytest.raises(ArgumentError, match=r"budget_store='calls\.json'.*FileBudgetStore\(path\)"):
        Limiter(budget_store="calls.json")  # type: ignore[arg-type]


def test_limits_are_no_limiter() -> None:
    """Who gives limits as the limiter is told where they belong."""
    with pytest.raises(ArgumentError, match=r"limiter=.*limits go to `limits`"):
        MarketoClient("https://123-abc-456.mktorest.com", "id", SECRET, limiter=Limits())  # type: ignore[arg-type]


@pytest.mark.parametrize("instance", ["123-ABC-456", "https://123-abc-456.mktorest.com/rest", "production"])
def test_the_limits_of_another_instance_are_not_this_ones(instance: str) -> None:
    """A limiter of another Munchkin id than the address has is an ArgumentError; any other name may be of the same."""
    limiter = RedisLimiter(redis="redis://localhost:1", instance=instance)
    MarketoClient("https://123-ABC-456.mktorest.com/rest", "id", SECRET, limiter=limiter)
    if instance != "production":
        with pytest.raises(ArgumentError, match=r"a limiter of 123-abc-456.*one of 999-xyz-999"):
            MarketoClient("https://999-XYZ-999.mktorest.com", "id", SECRET, limiter=limiter)


def test_an_address_is_no_token_store() -> None:
    """Who gives the address of a Redis is told of the store that takes it, without the password that may be in it."""
    with pytest.raises(ArgumentError, match="RedisTokenStore") as caught:
        MarketoClient(
            "https://123-abc-456.mktorest.com",
            "id",
            SECRET,
            token_store="redis://:made-up-password@localhost",  # type: ignore[arg-type]
        )
    assert "made-up-password" not in str(caught.value)
