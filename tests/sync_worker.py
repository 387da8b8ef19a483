"""A worker process that syncs programs into a folder, for a test that kills it: it asks before each step.

A step is half a line, the other half, or the watermark. It says on standard output that it would take one, and waits
for a line on standard input before it does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marketo_async import Limits, MarketoClient, Watermark

if TYPE_CHECKING:
    from typing import TextIO


def ask() -> None:
    """Wait until the next step is allowed."""
    sys.stdout.write("step\n")
    sys.stdout.flush()
    sys.stdin.readline()


def append(file: TextIO, text: str) -> None:
    """Write for good."""
    file.write(text)
    file.flush()


async def main(url: str, folder: Path) -> None:
    """Bring the folder up to date."""
    kept = folder / "watermark"
    since = Watermark.parse(kept.read_text("utf-8")) if kept.exists() else None
    async with MarketoClient(url, "sandbox-client", "sandbox-secret", limits=Limits.off()) as marketo:
        with (folder / "copy.jsonl").open("a", encoding="utf-8") as file:
            if file.tell():
                append(file, "\n")  # ends a line that the one before died in
            async for batch in marketo.programs.changes(since, page_size=4).batches():
                for program in batch.items:
                    line = json.dumps({"id": program.id, "name": program.name}) + "\n"
                    ask()
                    append(file, line[:9])
                    ask()
                    append(file, line[9:])
                ask()
                new = kept.with_suffix(".new")
                new.write_text(str(batch.watermark), "utf-8")
                os.replace(new, kept)  # noqa: PTH105 - whole or not at all


asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
