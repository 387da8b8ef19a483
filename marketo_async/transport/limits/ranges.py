"""What the numbers of the limits may be: each check names the argument that is out of its range."""

from __future__ import annotations

import math

from marketo_async.errors import ArgumentError


def whole(name: str, given: object, *, least: int, below: int | None = None, total: str = "") -> None:
    """Require a whole number, `least` or more, and less than `below`, which is the number called `total`."""
    # `True` is an int to Python, but nobody who writes max_calls=True means one call.
    fits = (
        isinstance(given, int) and not isinstance(given, bool) and given >= least and (below is None or given < below)
    )
    if not fits:
        most = f", less than {total}={below}" if below is not None else ""
        raise ArgumentError(name, given, f"a whole number, {least} or more{most}")


def seconds(name: str, given: object, *, zero: bool) -> None:
    """Require a finite number of seconds, more than 0 or, where `zero`, 0 as well."""
    number(name, given, above=None if zero else 0.0, least=0.0, what="seconds")


def number(
    name: str,
    given: object,
    *,
    least: float = 0.0,
    above: float | None = None,
    below: float = math.inf,
    what: str = "a number",
) -> None:
    """Require a number of at least `least`, more than `above`, less than `below`."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        low = least <= given if above is None else above < given
        if low and given < below:
            return
    lower = f"{least:g} or more" if above is None else f"more than {above:g}"
    upper = "" if below == math.inf else f", less than {below:g}"
    raise ArgumentError(name, given, f"{what}, {lower}{upper}")


def one_of(name: str, given: object, allowed: tuple[str, ...]) -> None:
    """Require one of a few words."""
    if given not in allowed:
        raise ArgumentError(name, given, f"one of {', '.join(map(repr, allowed))}")
