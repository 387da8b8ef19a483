"""Warns, which is an error here, where a public name of the package is not in the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util import logging

import marketo_async

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def check(_: Sphinx, env: BuildEnvironment) -> None:
    """Compare the names of `marketo_async.__all__` with what the reference documents, wherever it is defined."""
    documented = {name.rpartition(".")[2] for name in env.domains.python_domain.objects}
    for name in sorted(set(marketo_async.__all__) - documented):
        logging.getLogger(__name__).warning("marketo_async.%s is not in the reference", name)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("env-check-consistency", check)
    return {"parallel_read_safe": True}
