from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cli_caller import VARIABLES, command, environment

from marketo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")

BROWSE = "/rest/asset/v1/programs.json"


def access() -> dict[str, str]:
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def stopped(marketo: Sandbox, path: Path, number: signal.Signals) -> tuple[int, str]:
    """Export from a sandbox whose fifth page never comes, and send a signal when it was asked for and some are kept."""
    rule = marketo.faults.add(Fault.delay(3600), path=BROWSE, calls=range(5, 100))
    process = subprocess.Popen(
        command("export", "programs", "--page-size", "100", "--out", str(path)),
        env=environment(**access()),
        stderr=subprocess.PIPE,
    )
    try:
        while not (rule.injected and path.with_name(f"{path.name}.partial").stat().st_size):
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"ended with {process.wait(0.02)}")
        process.send_signal(number)
    finally:
        _, said = process.communicate(timeout=20)
    return process.returncode, said.decode()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=str)
def test_stopped(
    marketo: Sandbox, run: Callable[..., Ran], tmp_path: Path, *, number: signal.Signals, code: int
) -> None:
    """After Ctrl-C and its relatives, which end with 128 + their number, --resume makes the file as if nothing was."""
    path, whole = tmp_path / "programs.jsonl", tmp_path / "whole.jsonl"
    path.write_text("old")
    ended, said = stopped(marketo, path, number)
    assert ended == code
    assert path.read_text() == "old"
    first, kept = said.splitlines()
    assert first == "Stopped."
    assert f" programs read, and kept in {path}.partial; {path} was not touched. To go on" in kept
    marketo.faults.clear()
    told = run("export", "programs", "--page-size", 100, "--resume", "--out", path)
    assert told.code == 0
    assert told.err.splitlines()[0] == f"{kept.split()[0]} programs were read before; going on after them."
    assert run("export", "programs", "--out", whole).code == 0
    assert path.read_bytes() == whole.read_bytes()


KILL = "os.kill(os.getpid(), signal.SIGKILL)"
MOMENTS = {
    "page written, not journaled": f"stage.Stage._append = nth(4, stage.Stage._append, lambda: {KILL})",
    "half of a journal line": (
        "stage.mark_line = nth(5, stage.mark_line, lambda: None, then=lambda line: line[:20]); "
        f"pouring.calls = nth(6, pouring.calls, lambda: {KILL})"
    ),
    "half of the file": f"finishing._programs = nth(2, finishing._programs, lambda: {KILL})",
    "file there, not its manifest": f"manifest.Manifest.write = nth(1, manifest.Manifest.write, lambda: {KILL})",
}
SCRIPT = """
import os, signal, sys
from marketo_async.cli import main
from marketo_async.cli.exports import finishing, manifest, pouring, stage

def nth(wanted, function, strike, then=lambda outcome: outcome):
    calls = []
    def counting(*args, **kwargs):
        calls.append(None)
        if len(calls) == wanted:
            strike()
            return then(function(*args, **kwargs))
        return function(*args, **kwargs)
    return counting

finishing._BATCH = 300
"""


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("page written, not journaled", "p.jsonl"),
        ("half of a journal line", "p.csv.gz"),
        ("half of the file", "p.parquet"),
        ("file there, not its manifest", "p.csv"),
    ],
)
def test_killed(marketo: Sandbox, run: Callable[..., Ran], tmp_path: Path, *, moment: str, name: str) -> None:
    """After kill -9 at any moment the file is the one of before or whole, and --resume makes it as if nothing was."""
    path, whole = tmp_path / name, tmp_path / f"whole-{name}"
    path.write_text("old")
    words = ["export", "programs", "--page-size", "100", "--out", str(path)]
    script = f"{SCRIPT}\n{MOMENTS[moment]}\nsys.exit(main({words!r}))"
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment(**access()), capture_output=True, timeout=30, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert run("export", "programs", "--out", whole).code == 0
    assert path.read_bytes() in {b"old", whole.read_bytes()}
    assert (path.read_bytes() != b"old") == (moment == "file there, not its manifest")
    marketo.arrivals.clear()
    told = run(*words, "--resume")
    assert told.code == 0, told.err
    assert " programs were " in told.err
    assert path.read_bytes() == whole.read_bytes()
    assert ("file" in moment) == (not marketo.arrivals.to(BROWSE))
    assert run("export", "verify", path).code == 0
    assert {file.name.removeprefix("whole-") for file in tmp_path.iterdir()} == {name, f"{name}.manifest.json"}
