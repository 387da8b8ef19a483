from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from marketo_async.cli.exit_codes import OutputError, UsageError
from marketo_async.cli.output.target import opened

POSIX = pytest.mark.skipif(os.name != "posix", reason="files of this kind are POSIX's")


def test_nothing_is_seen_until_it_is_whole(tmp_path: Path) -> None:
    """A file keeps its old content until the new one is complete, and no other file is left."""
    path = tmp_path / "programs.jsonl"
    path.write_bytes(b"old")
    with opened(str(path)) as target:
        target.write(b"new " * 100_000)
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new " * 100_000
    assert target.written == 400_000
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt()])
@pytest.mark.parametrize("existed", [True, False])
def test_failing_leaves_no_trace(tmp_path: Path, error: BaseException, existed: bool) -> None:
    """An error or Ctrl-C leaves the file of before, or none, and no temporary file."""
    path = tmp_path / "programs.jsonl"
    if existed:
        path.write_bytes(b"old")

    def half() -> None:
        with opened(str(path)) as target:
            target.write(b"half")
            raise error

    with pytest.raises(type(error)):
        half()
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"old"] * existed


def test_place_is_checked_first(tmp_path: Path) -> None:
    """A folder that is not there, or a folder in place of a file, is said before anything is read."""
    with pytest.raises(UsageError, match="there is no folder"), opened(str(tmp_path / "no" / "x")):
        pytest.fail("opened")
    with pytest.raises(UsageError, match="that is a folder"), opened(str(tmp_path)):
        pytest.fail("opened")


@POSIX
def test_permissions(tmp_path: Path) -> None:
    """A new file has the permissions that any new file gets here; one that is replaced keeps its own."""
    plain, ours, kept = tmp_path / "plain", tmp_path / "ours", tmp_path / "kept"
    plain.touch()
    kept.touch()
    kept.chmod(0o640)
    for path in (ours, kept):
        with opened(str(path)) as target:
            target.write(b"x")
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


@POSIX
def test_links_and_devices(tmp_path: Path) -> None:
    """Through a symbolic link its target is replaced; a device is written to and stays what it is."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.touch()
    link.symlink_to(real)
    with opened(str(link)) as target:
        target.write(b"x")
    assert link.is_symlink()
    assert real.read_bytes() == b"x"
    with opened(os.devnull) as target:
        target.write(b"x")
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_full_disk() -> None:
    """What cannot be written is an error that names the file and the reason."""

    def fill() -> None:
        with opened("/dev/full") as target:
            target.write(b"x" * 1_000_000)

    with pytest.raises(OutputError, match="/dev/full cannot be written: No space left on device"):
        fill()


@POSIX
def test_broken_pipe_stays_one(tmp_path: Path) -> None:
    """A reader that went away is told apart from a file that cannot be written."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def write() -> None:
        with opened(str(pipe)) as target:
            os.close(reader)
            target.write(b"x" * 1_000_000)

    with pytest.raises(BrokenPipeError):
        write()
