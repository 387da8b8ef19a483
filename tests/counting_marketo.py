"""Marketo as a fleet meets it: a door on a unix socket that counts the calls of all processes.

The door is the sandbox's own `Admission`, with a closed window. One connection carries one call at a time: a line with
who asks comes in, a line with the code of the refusal, or `ok`, goes out when the work is done.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

from marketo_async.sandbox.admission import Admission

if TYPE_CHECKING:
    from types import TracebackType


class CountingMarketo:
    """An instance of Marketo that many processes call.

    Attributes:
        admission: The door.
        address: The path of its socket.
        calls: Calls let in, per worker.
        arrivals: When each call arrived, in loop time.
    """

    def __init__(self, *, rate: int, window: float, concurrency: int, work: float = 0.005) -> None:
        self.admission = Admission(rate=rate, window=window, concurrency=concurrency, daily=None)
        self.calls: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.work = work
        self._folder = Path(tempfile.mkdtemp(prefix="marketo-"))
        self.address = str(self._folder / "s")
        self._server: asyncio.Server | None = None

    @property
    def refused(self) -> dict[str, int]:
        """Refusals so far, by code."""
        return dict(self.admission.refused)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._serve, self.address)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        now = asyncio.get_running_loop().time
        try:
            while worker := (await reader.readline()).decode().strip():
                self.arrivals.append(now())
                refusal = self.admission.arrive(now())
                if refusal is None:
                    self.calls[worker] += 1
                    try:
                        await asyncio.sleep(self.work)
                    finally:
                        self.admission.leave(now())
                writer.write(b"ok\n" if refusal is None else f"{refusal[0]}\n".encode())
                await writer.drain()
        except OSError:
            pass  # the worker was killed
        finally:
            writer.close()
