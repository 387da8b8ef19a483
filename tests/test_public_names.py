"""The public names: what there is, where it comes from, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import marketo_async
from marketo_async import errors


def test_every_public_name_resolves() -> None:
    """Every name of `__all__` is there, and `dir()` shows it."""
    assert sorted(set(marketo_async.__all__)) == sorted(marketo_async.__all__)
    for name in marketo_async.__all__:
        value = getattr(marketo_async, name)
        if isinstance(value, type):
            assert value.__name__ == name
        assert name in dir(marketo_async)


def test_every_error_is_public() -> None:
    """Every exception class of the tree is a name of the package itself."""
    tree = {name for name in errors.__all__ if name.endswith("Error")}
    assert tree <= set(marketo_async.__all__)


def test_importing_the_package_imports_nothing_heavy() -> None:
    """`import marketo_async` loads none of the five dependencies; names resolve when they are first used."""
    code = (
        "import sys, marketo_async; heavy = {'httpx', 'anyio', 'attrs', 'cattrs', 'aiolimiter', 'asyncio'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as it would in any module, and the version is there."""
    with pytest.raises(AttributeError, match="MarketoKlient"):
        marketo_async.MarketoKlient  # type: ignore[attr-defined]  # noqa: B018
    assert marketo_async.__version__.count(".") == 2
