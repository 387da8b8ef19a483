"""What the documentation shows is run: each Python block and each command of ours, page by page, on a sandbox.

A block that cannot be run stands behind `<!-- not run: reason -->`. The blocks of a page share their names, in order.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import logging
import re
import shlex
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cli_caller import access, reachable

from marketo_async import MarketoClient
from marketo_async.cli import main
from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if "_build" not in page.parts and page.name != "design.md"  # the plan of the house: what it shows is abridged
)
_FENCE = re.compile(
    r"(?:^<!-- not run: (?P<why>[^>]+) -->\n)?^```(?P<language>python|console)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """One block that can be run."""

    language: str
    body: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    for found in _FENCE.finditer(text):
        if found["why"] is None:
            yield Block(found["language"], found["body"], text.count("\n", 0, found.start("body")))


def runnable(page: str) -> list[Block]:
    return list(blocks((ROOT / page).read_text(encoding="utf-8")))


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A page shows how to turn logging on: that is over with the page."""
    root, ours = logging.getLogger(), logging.getLogger("marketo_async")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page)])
def test_what_a_page_shows_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every block of the page does without an error what it shows, with nothing but the environment set."""
    marketo_itself = Sandbox(2_000, leads=100, limits=None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    names: dict[str, object] = {"__name__": "a_page_of_the_documentation"}
    if page == "README.md":
        names |= what_the_readme_takes_for_granted(marketo_itself)
    with reachable(marketo_itself) as url, asyncio.Runner() as runner:
        for variable, value in access(marketo_itself, url).items():
            monkeypatch.setenv(variable, value)
        for block in runnable(page):
            if block.language == "python" and page == "README.md":
                with open_client(runner) as names["marketo"]:
                    run_python(runner, block, page, names)
            elif block.language == "python":
                run_python(runner, block, page, names)
            else:
                run_commands(block, page)


def what_the_readme_takes_for_granted(marketo_itself: Sandbox) -> dict[str, object]:
    """Return the names that it uses without making them, and make the folder that it puts a program into."""
    folders = marketo_itself.instance.state(Folders)
    folders._next_id = 1035
    folders.add("Webinars", folders.marketing().ref)

    stored: list[str] = []

    async def my_sync(marketo: MarketoClient) -> None:
        await marketo.programs.browse().collect()

    return {
        "addresses": ["somebody@somewhere.example"],
        "my_sync": my_sync,
        "load": lambda: stored[-1] if stored else None,
        "save": stored.append,
        "upsert_by_id": len,
        "known_ids": range(1001, 1100),
    }


@contextmanager
def open_client(runner: asyncio.Runner) -> Generator[MarketoClient, None, None]:
    """Open the client that the README's shorter blocks take for granted, on the loop that they run on."""
    marketo = MarketoClient.from_env()
    runner.run(marketo.__aenter__())
    try:
        yield marketo
    finally:
        runner.run(marketo.aclose())


def run_python(runner: asyncio.Runner, block: Block, page: str, names: dict[str, object]) -> None:
    """Run a block, with `await` where it likes, and the tests in it that ask for our fixture."""
    before = set(names)
    source = "\n" * block.line + block.body
    code = compile(source, page, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    assert isinstance(code, CodeType)
    outcome = FunctionType(code, names)()
    if inspect.iscoroutine(outcome):
        runner.run(outcome)
    for name in set(names) - before:
        made = names[name]
        if inspect.iscoroutinefunction(made) and list(inspect.signature(made).parameters) == ["marketo_sandbox"]:

            async def with_fixture(test: object = made) -> None:
                async with sandbox(500, 100) as both:
                    await test(both)  # type: ignore[operator]

            runner.run(with_fixture())


def run_commands(block: Block, page: str) -> None:
    """Run the commands of ours; installing, exporting and activating is what the test has done."""
    for line in block.body.splitlines():
        if line.startswith("$ marketo-async "):
            words = shlex.split(line.removeprefix("$ marketo-async "), comments=True)
            assert main(words) == 0, f"{page}: {line}"


def test_a_block_that_fails_fails_its_page() -> None:
    """The collector sees what it should: code, commands, line numbers, and what is not to be run."""
    page = "a\n```python\nawait nothing()\n```\n\n<!-- not run: why -->\n```python\n1/0\n```\n```console\n$ ls\n```\n"
    found = list(blocks(page))
    assert [(block.language, block.line) for block in found] == [("python", 2), ("console", 10)]
    with asyncio.Runner() as runner, pytest.raises(NameError) as caught:
        run_python(runner, found[0], "page.md", {})
    assert caught.traceback[-1].lineno == 2
    assert str(caught.traceback[-1].path).endswith("page.md")


def test_nothing_is_called_not_run_without_a_reason() -> None:
    """Each block that is not run says why; there are few of them."""
    reasons = [
        found["why"]
        for page in PAGES
        for found in _FENCE.finditer((ROOT / page).read_text(encoding="utf-8"))
        if found["why"] is not None
    ]
    assert all(len(why) > 10 for why in reasons)
    assert len(reasons) <= 5
