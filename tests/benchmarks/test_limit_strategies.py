"""The benchmark of limit strategies: it measures what it says it does, and writes what it measured."""

from __future__ import annotations

from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent.parent / "benchmarks"
if not BENCHMARKS.exists():
    pytest.skip("a source distribution comes without benchmarks", allow_module_level=True)


@pytest.fixture(autouse=True)
def _benchmarks_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_every_strategy_gets_something_done_alone() -> None:
    """Alone, refused calls not counted, each strategy makes calls; ours and sequential ones are never refused."""
    from limits.scenes import SCENES, Run, play
    from limits.strategies import STRATEGIES

    for name in STRATEGIES:
        outcome = play(Run(name, SCENES[0], counted=False, seed=1, minutes=2))
        assert outcome.goodput > 0.35, name
        if name.startswith(("ours", "one by one")):
            assert outcome.refused == outcome.given_up == 0, name
        assert len(outcome.waits) > 30, name
        assert outcome.theirs is None


def test_ours_and_a_static_limit_beside_a_neighbour() -> None:
    """Where refused calls are counted, ours gets most of what a steady 50 leaves, a limit that never gives way none."""
    from limits.scenes import SCENES, Run, play
    from limits.strategies import OURS

    steady = SCENES[1]
    ours = play(Run(OURS, steady, counted=True, seed=1, minutes=5))
    assert ours.goodput > 0.75
    assert ours.wasted < 0.03
    assert ours.wait_p99 < 10
    static = play(Run("ours, Limits(adaptive=None)", steady, counted=True, seed=1, minutes=2))
    assert static.goodput < 0.02
    assert static.wasted > 0.95
    assert static.theirs is not None
    assert static.theirs > 0.9


def test_four_processes() -> None:
    """One ledger for four processes is as good as one process; four that know nothing of each other still share."""
    from limits.scenes import SCENES, Run, play
    from limits.strategies import FLEET, OURS

    four = SCENES[3]
    assert FLEET in four.strategies
    shared, local = (play(Run(name, four, counted=True, seed=1, minutes=2)) for name in (FLEET, OURS))
    assert shared.refused == 0
    assert shared.goodput > 0.9
    assert shared.wait_p99 < 0.1
    assert local.goodput > 0.8
    assert 0 < local.refused_per_10_minutes < 80


def test_the_same_seed_makes_the_same_numbers() -> None:
    """The numbers of the documentation can be had again: they depend on the seed, not on the machine."""
    from limits.scenes import SCENES, Run, play

    first, again, other = (
        play(Run("no limiter, full jitter", SCENES[2], counted=True, seed=seed, minutes=1)) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_tables_and_plot_are_written_from_the_outcomes(tmp_path: Path) -> None:
    """The page keeps its words and gets the tables of this run, once; the plot is an SVG with a bar for each."""
    from limits.outcome import Outcome, together
    from limits.report import BEGIN, END, write_markdown
    from limits.scenes import SCENES
    from limits.strategies_plot import draw_strategies

    outcome = Outcome(
        seconds=600,
        per_second=2.5,
        leaves=5.0,
        done=1500,
        refused=500,
        given_up=7,
        waits=[1.0, float("inf")],
        theirs=0.5,
    )
    both = together([outcome, outcome])
    assert (both.goodput, both.wasted, both.refused_per_10_minutes) == (0.5, 0.25, 500)
    outcomes = {
        (scene.name, name, counted): both for scene in SCENES for name in scene.strategies for counted in (True, False)
    }
    page = tmp_path / "page.md"
    page.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    for _ in range(2):
        write_markdown(page, SCENES, outcomes, "Seeds 1, 2.")
    written = page.read_text(encoding="utf-8")
    assert written.startswith("before\n\n")
    assert written.endswith("\n\nafter\n")
    assert "old" not in written
    assert written.count("Seeds 1, 2.") == 1
    assert "| 50% | 500 | 25% | 7 | given up | 50% | 50% / 500 / given up / 50% |" in written
    page.write_text("no place for it", encoding="utf-8")
    with pytest.raises(SystemExit, match="benchmarks/limits"):
        write_markdown(page, SCENES, outcomes, "")
    draw_strategies(tmp_path / "plot.svg", SCENES, outcomes, "Seeds 1, 2.")
    assert (tmp_path / "plot.svg").read_text(encoding="utf-8").count("25%") == sum(
        len(scene.strategies) for scene in SCENES
    )
