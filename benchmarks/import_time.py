"""How long importing takes, against importing the five dependencies, each in a fresh interpreter.

python benchmarks/import_time.py [--check 1.25]

Prints medians of 21 interleaved rounds of CPU time, and the ratios. For an honest number run it where only the core is
installed (`nox -s import_time` does): some dependencies import more when they find more.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys

from table import print_table

ROUNDS = 21
CASES = {
    "the five dependencies": "import httpx, anyio, attrs, cattrs, aiolimiter",
    "import marketo_async": "import marketo_async",
    "the client, too": "import httpx, anyio, attrs, cattrs, aiolimiter; from marketo_async import MarketoClient",
    "nothing at all": "pass",
}


def seconds(code: str) -> float:
    """Return the CPU seconds of a fresh interpreter that runs this code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-I", "-c", code], check=True)  # noqa: S603 - our own code
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    """Measure and print; with --check, fail above that ratio."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--check", type=float, help="fail where `import marketo_async` takes longer than this ratio")
    limit: float | None = arguments.parse_args().check
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, code in CASES.items():
            times[name].append(seconds(code))
    floor = statistics.median(times["the five dependencies"])
    print_table(
        "Import, in a fresh interpreter",
        ["what", "CPU ms", "x the five"],
        [
            [name, f"{statistics.median(taken) * 1000:.1f}", f"{statistics.median(taken) / floor:.2f}"]
            for name, taken in times.items()
        ],
    )
    ratio = statistics.median(times["import marketo_async"]) / floor
    return int(limit is not None and ratio > limit)


if __name__ == "__main__":
    sys.exit(main())
