from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cli_caller import command, environment

from marketo_async.sandbox import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from marketo_async.sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of this kind are POSIX's")

BROWSE = "/rest/asset/v1/programs.json"


def stopped(marketo: Sandbox, path: Path, number: signal.Signals) -> tuple[int, str]:
    """Export from a sandbox whose fifth page never comes, and send a signal when it was asked for."""
    rule = marketo.faults.add(Fault.delay(3600), path=BROWSE, calls=range(5, 100))
    access = {name: value for name, value in os.environ.items() if name.startswith("MARKETO_")}
    process = subprocess.Popen(
        command("export", "programs", "--page-size", "100", "--out", str(path)),
        env=environment(**access),
        stderr=subprocess.PIPE,
    )
    try:
        while not rule.injected:
            with suppress(subprocess.TimeoutExpired):
                pytest.fail(f"ended with {process.wait(0.02)}")
        # The pages before were answered; whether they were written already is the process's affair.
        process.send_signal(number)
    finally:
        _, said = process.communicate(timeout=20)
    return process.returncode, said.decode()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=str)
def test_stopped(marketo: Sandbox, tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Ctrl-C and its relatives leave no half file, say how far it was, and end with 128 + their number."""
    path = tmp_path / "programs.jsonl"
    path.write_text("old")
    ended, said = stopped(marketo, path, number)
    assert ended == code
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    first, *rest = said.splitlines()
    assert first == "Stopped."
    assert all("was not touched. To go on from there: --start " in line for line in rest)


def test_killed(marketo: Sandbox, tmp_path: Path) -> None:
    """Even kill -9 leaves the file of before, whole."""
    path = tmp_path / "programs.jsonl"
    path.write_text("old")
    ended, _ = stopped(marketo, path, signal.SIGKILL)
    assert ended == -signal.SIGKILL
    assert path.read_text() == "old"
