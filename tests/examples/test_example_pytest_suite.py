"""The test suite of `examples/pytest_suite`, run as its owner runs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from example_loading import EXAMPLES

if TYPE_CHECKING:
    from pathlib import Path


def test_the_suite_of_a_users_own_project_passes(tmp_path: Path) -> None:
    """A31: a project that is not ours tests its sync with our fixture, with faults and with limits, in a second."""
    project = shutil.copytree(EXAMPLES / "pytest_suite", tmp_path / "project", ignore=shutil.ignore_patterns("__*"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout
