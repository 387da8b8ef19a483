"""Every strategy against Marketo's limits: alone, beside other integrations, and as four processes.

python benchmarks/limits [--minutes 15] [--seeds 3] [--plot docs/plots/strategies.svg] [--page docs/benchmarks.md]

On a virtual clock, in as many processes as there are cores; the numbers depend on seeds and versions alone.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from table import print_table

from limits.outcome import Outcome, together
from limits.report import columns, made_with, rows, write_markdown
from limits.scenes import SCENES, Run, play
from limits.strategies_plot import draw_strategies


def main() -> None:
    """Measure, print, and write where asked to."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--minutes", type=float, default=15, help="virtual minutes of one run; whole fives are best")
    arguments.add_argument("--seeds", type=int, default=3, help="runs of each strategy in each scene")
    arguments.add_argument("--plot", type=Path, help="draw the bars here")
    arguments.add_argument("--page", type=Path, help="write the tables into this page")
    given = arguments.parse_args()

    seeds = range(1, given.seeds + 1)
    runs = [
        Run(name, scene, counted, seed, given.minutes)
        for scene in SCENES
        for name in scene.strategies
        for counted in (True, False)
        for seed in seeds
    ]
    with ProcessPoolExecutor() as processes:
        played = zip(runs, processes.map(play, runs), strict=True)
        outcomes: dict[tuple[str, str, bool], Outcome] = {
            cell: together([outcome for _, outcome in group])
            for cell, group in itertools.groupby(played, lambda each: each[0].cell)
        }
    footnote = made_with(seeds, given.minutes)
    for scene in SCENES:
        print_table(
            f"{scene.name}: a listing of 20 tasks and a single call every 2 s, 10 calls at once",
            columns(scene),
            rows(scene, outcomes),
        )
    print(
        "Goodput: calls that succeeded, of what the others leave. Refused (606, 615) and given up: per 10 min. Wasted: "
        "refused calls\nof all calls, as they count against the quota. p99 wait: of single calls, retries included.",
        footnote,
        sep="\n",
    )
    if given.plot:
        draw_strategies(given.plot, SCENES, outcomes, footnote)
    if given.page:
        write_markdown(given.page, SCENES, outcomes, footnote)


if __name__ == "__main__":
    main()
