"""Fills in what is written by the code itself: a line such as `% generated: errors` of a page becomes Markdown."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from typing import TYPE_CHECKING

import errors_table

from marketo_async.cli.app import app as command_line
from marketo_async.errors import MarketoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sphinx.application import Sphinx


def commands() -> str:
    """Return every command of the command line with its options, as `--help` shows them."""
    text = command_line().generate_docs(output_format="markdown", heading_level=1)
    # The page has a title and a list of contents of its own.
    text = "**Commands**:" + text.partition("**Commands**:")[2]
    text = re.sub(r"\n {8}", " ", text)
    return "".join(_marked(part) for part in re.split(r"(`[^`\n]+`)", text))


def _marked(text: str) -> str:
    """Mark options in prose as code: what is code already stays, and two hyphens would become a dash."""
    return text if text.startswith("`") else re.sub(r"(?<![\w-])--[a-z][a-z-]*", r"`\g<0>`", text)


def error_classes() -> str:
    """Return the entries of the reference for all errors, in the order of the tree."""
    options = "\n   :no-inherited-members:\n   :show-inheritance:"
    entries = [f".. autoexception:: marketo_async.{kind.__name__}{options}" for kind in _tree(MarketoError)]
    return "\n".join(("```{eval-rst}", *entries, "```"))


def _tree(root: type[MarketoError]) -> Iterator[type[MarketoError]]:
    seen: dict[type[MarketoError], None] = {}
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        seen.setdefault(kind)
        waiting += reversed([child for child in kind.__subclasses__() if child.__module__.startswith("marketo_async.")])
    return iter(seen)


def docstring(module: str) -> str:
    """Return what a module says about itself, and nothing of what is in it."""
    said = inspect.getdoc(import_module(module)) or ""
    return f"```{{eval-rst}}\n{said}\n```"


SOURCES: dict[str, Callable[..., str]] = {
    "docstring": docstring,
    "errors": errors_table.markdown,
    "commands": commands,
    "error_classes": error_classes,
}
_LINE = re.compile(r"^% generated: (\w+) ?(\S*)$", re.MULTILINE)


def fill_in(_: Sphinx, __: str, source: list[str]) -> None:
    """Replace the lines of one page."""
    source[0] = _LINE.sub(lambda found: SOURCES[found[1]](*filter(None, [found[2]])), source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True}
