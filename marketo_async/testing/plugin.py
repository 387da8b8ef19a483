"""A pytest fixture: put `pytest_plugins = ["marketo_async.testing.plugin"]` into your `conftest.py`.

Then::

    async def test_my_sync(marketo_sandbox):
        marketo, sandbox = marketo_sandbox
        sandbox.faults...

Needs pytest-asyncio (in either of its modes) or anyio's plugin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from marketo_async.client import MarketoClient
    from marketo_async.sandbox import Sandbox


def _async_fixture(function: Callable[[], AsyncIterator[tuple[MarketoClient, Sandbox]]]) -> object:
    """Make a fixture for whichever plugin runs the coroutines: anyio's takes plain fixtures."""
    try:
        from pytest_asyncio import fixture  # noqa: PLC0415 - it may not be there
    except ImportError:
        return pytest.fixture(function)
    return fixture(function)


@_async_fixture
async def marketo_sandbox() -> AsyncIterator[tuple[MarketoClient, Sandbox]]:
    """A client and the sandbox of 500 programs and 100 leads that it talks to; neither limits anything."""
    async with sandbox(programs=500, leads=100) as both:
        yield both
