"""For tests of the command line: what a command left behind, processes of it, and a sandbox that they can reach."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from marketo_async.sandbox.server import served

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from marketo_async.sandbox import Sandbox

SECRET = "made-up-secret-4711"
VARIABLES = ("MARKETO_BASE_URL", "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET", "MARKETO_ASYNC_DEBUG")


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, object]]:
        """The lines of its output, read as JSON."""
        return [json.loads(line) for line in self.out.split("\n") if line]


def command(*words: str) -> list[str]:
    """Return what starts the command line in a process of its own."""
    return [sys.executable, "-m", "marketo_async.cli", *words]


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without credentials, and with what is given."""
    ours = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return ours | {"COLUMNS": "160", "PYTHONUNBUFFERED": "1"} | more


def ran(*words: str, program: Sequence[str] = (), **more: str) -> Ran:
    """Run a command in a process of its own, or another program."""
    called = [*program, *words] if program else command(*words)
    done = subprocess.run(called, env=environment(**more), capture_output=True, timeout=30, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def access(sandbox: Sandbox, url: str) -> dict[str, str]:
    """Return the environment that leads to a sandbox."""
    return {
        "MARKETO_BASE_URL": url,
        "MARKETO_CLIENT_ID": sandbox.client_id,
        "MARKETO_CLIENT_SECRET": sandbox.client_secret,
    }


@contextmanager
def reachable(sandbox: Sandbox) -> Generator[str, None, None]:
    """Serve a sandbox on a free port from a thread of its own; yields its address."""
    ready, done = threading.Event(), threading.Event()
    found: list[str] = []

    async def serve() -> None:
        async with served(sandbox) as url:
            found.append(url)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield found[0]
    finally:
        done.set()
        thread.join()
