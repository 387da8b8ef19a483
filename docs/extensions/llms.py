"""The documentation for coding agents: `llms.txt`, `llms-full.txt`, and each page as plain text beside its HTML.

Rendered from the pages as Sphinx resolved them, so that docstrings and generated tables are in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes  # type: ignore[import-untyped]  # its stubs are a package of their own
from sphinx.builders.text import TextBuilder
from sphinx.writers import text as text_writer

if TYPE_CHECKING:
    from sphinx.application import Sphinx


_WIDTH = 200
"""Characters a line: tables must not break names apart."""


def write(app: Sphinx, error: Exception | None) -> None:
    """Write the files when the HTML has been written."""
    if error is not None or app.builder.name != "html":
        return
    out = Path(app.outdir)
    text_writer.MAXWIDTH = _WIDTH
    builder = TextBuilder(app, app.env)
    builder.init()
    index = [f"# {app.config.html_title}", "", f"> {app.config.llms_summary}", ""]
    whole: list[str] = []
    for heading, pages in _sections(app):
        index += [f"## {heading}", ""]
        for page in pages:
            doctree = app.env.get_and_resolve_doctree(page, builder)
            visitor = builder.create_translator(doctree, builder)
            doctree.walkabout(visitor)
            text = visitor.body
            target = out / f"{page}.txt"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            index.append(f"- [{app.env.titles[page].astext()}]({page}.txt): {_first_paragraph(doctree)}")
            whole.append(text)
        index.append("")
    (out / "llms.txt").write_text("\n".join(index), encoding="utf-8")
    (out / "llms-full.txt").write_text("\n\n".join(whole), encoding="utf-8")


def _sections(app: Sphinx) -> list[tuple[str, list[str]]]:
    """Return the captions of the index page's lists of contents, with the pages of each."""
    from sphinx.addnodes import toctree  # noqa: PLC0415 - a node, not a function: named like one

    root = app.env.get_doctree(app.config.root_doc)
    return [(str(tree["caption"]), [page for _, page in tree["entries"]]) for tree in root.findall(toctree)]


def _first_paragraph(doctree: nodes.document) -> str:
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None)
    return "" if paragraph is None else " ".join(paragraph.astext().split())


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_config_value("llms_summary", "", "html")
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
