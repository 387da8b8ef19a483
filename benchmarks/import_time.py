"""How long importing takes, against importing the five dependencies, each in a fresh interpreter.

python benchmarks/import_time.py [--check 1.25]

Prints medians of 21 interleaved rounds and the ratios. For an honest number run it where only the core is installed
(`nox -s import_time` does): some dependencies import more when they find more.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

ROUNDS = 21
CASES = {
    "the five dependencies": "import httpx, anyio, attrs, cattrs, aiolimiter",
    "import marketo_async": "import marketo_async",
    "the client, too": "import httpx, anyio, attrs, cattrs, aiolimiter; from marketo_async import MarketoClient",
    "nothing at all": "pass",
}


def seconds(code: str) -> float:
    """Return the wall seconds of a fresh interpreter that runs this code."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], check=True)  # noqa: S603 - our own code
    return time.perf_counter() - began


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
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:24} {middle * 1000:7.1f} ms   {middle / floor:5.2f} x the five dependencies")
    ratio = statistics.median(times["import marketo_async"]) / floor
    return int(limit is not None and ratio > limit)


if __name__ == "__main__":
    sys.exit(main())
