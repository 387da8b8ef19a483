"""The outcomes as tables: plain for a terminal, Markdown for the documentation, from one and the same rows."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from limits.outcome import LONG
from limits.strategies import FLEET, LIKE, STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from limits.outcome import Outcome
    from limits.scenes import Scene

BEGIN, END = "<!-- written by benchmarks/limits: begin -->", "<!-- written by benchmarks/limits: end -->"


def columns(scene: Scene) -> list[str]:
    """Return the names of a table's columns."""
    theirs, theirs_too = (["theirs refused"], " / theirs refused") if scene.neighbour else ([], "")
    return [
        scene.name,
        *("goodput", "refused", "wasted", "given up", "p99 wait"),
        *theirs,
        f"not counted: goodput / refused / p99 wait{theirs_too}",
    ]


def rows(scene: Scene, outcomes: Mapping[tuple[str, str, bool], Outcome]) -> list[list[str]]:
    """Return a table's rows, a strategy each."""
    return [
        [name, *_cells(outcomes[scene.name, name, True]), _in_short(outcomes[scene.name, name, False])]
        for name in scene.strategies
    ]


def _cells(outcome: Outcome) -> list[str]:
    return [
        f"{outcome.goodput:.0%}",
        f"{outcome.refused_per_10_minutes:,.0f}",
        f"{outcome.wasted:.1%}" if 0 < outcome.wasted < 0.1 else f"{outcome.wasted:.0%}",
        f"{outcome.given_up_per_10_minutes:,.0f}",
        _wait(outcome.wait_p99),
        *_theirs(outcome),
    ]


def _in_short(outcome: Outcome) -> str:
    refused = f"{outcome.refused_per_10_minutes:,.0f}"
    return " / ".join([f"{outcome.goodput:.0%}", refused, _wait(outcome.wait_p99), *_theirs(outcome)])


def _theirs(outcome: Outcome) -> list[str]:
    return [] if outcome.theirs is None else [f"{outcome.theirs:.0%}"]


def _wait(seconds: float) -> str:
    if seconds == float("inf"):
        return "given up"
    return f"> {LONG:.0f} s" if seconds > LONG else f"{seconds:.1f} s"


def made_with(seeds: Sequence[int], minutes: float) -> str:
    """Return what a reader needs to get the same numbers."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("marketo-async", "aiolimiter"))
    return (
        f"Seeds {', '.join(map(str, seeds))}, {minutes:g} virtual minutes each; "
        f"Python {platform.python_version()}, {packages}."
    )


def write_markdown(
    page: Path, scenes: Sequence[Scene], outcomes: Mapping[tuple[str, str, bool], Outcome], footnote: str
) -> None:
    """Write the tables into a page, in the place of those that an earlier run wrote."""
    before, found, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise SystemExit(f"{page} has no {BEGIN} ... {END}")
    parts = [_markdown(columns(scene), rows(scene, outcomes)) for scene in scenes]
    page.write_text("\n\n".join([before + BEGIN, *parts, footnote, END + after]), encoding="utf-8")


def _markdown(names: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    cells = [
        [f"*{names[0]}*", *names[1:]],
        ["---", *["---:"] * (len(names) - 1)],
        *([_name(name), *values] for name, *values in lines),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _name(strategy: str) -> str:
    words = f"{strategy} ({LIKE[strategy]})" if strategy in LIKE else strategy
    return f"**{words}**" if strategy in OURS_TOO else words


OURS_TOO = {FLEET, *(name for name in STRATEGIES if name.startswith("ours"))}
