from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cli_caller import command, environment

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("terminals of this kind are POSIX's", allow_module_level=True)

import pty

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def on_a_terminal(*words: str, **more: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit code and all it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*words),
        env=environment(TERM="xterm-256color", COLUMNS="120", **more),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other side is closed
            piece = b""
        if not piece:
            break
        shown += piece
    os.close(ours)
    return process.wait(10), CONTROL.sub("", shown.decode())


def test_gauge(tmp_path: Path) -> None:
    """On a terminal a live line shows how many, how fast, and the calls used of the limit; then it is gone."""
    words = ("export", "programs", "--sandbox", "--sandbox-programs", "800", "--latency", "0.1")
    code, shown = on_a_terminal(*words, "--out", str(tmp_path / "x.jsonl"))
    assert code == 0
    assert re.search(r"[\d,]+ programs +[\d,]+/s +limit .*\d+/100 calls", shown)
    assert shown.splitlines()[-1].startswith("800 programs in ")


def test_records_on_the_terminal() -> None:
    """Records that go to the terminal are not disturbed by a moving line."""
    code, shown = on_a_terminal("export", "programs", "--sandbox", "--sandbox-programs", "3", "--latency", "0.11")
    assert code == 0
    assert "limit" not in shown.replace("limits like Marketo's", "")
    assert sum(line.startswith('{"id":') for line in shown.splitlines()) == 3


def test_error_on_the_terminal() -> None:
    """An error is one line on a terminal, too."""
    code, shown = on_a_terminal("programs", "get", "1")
    assert code == 2
    assert shown.startswith("error: no Marketo to talk to")
    assert shown.count("\n") == 1
