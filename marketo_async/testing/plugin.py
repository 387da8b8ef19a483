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

try:
    from pytest_asyncio import fixture as _async_fixture
except ImportError:  # anyio's plugin takes plain fixtures
    _async_fixture = pytest.fixture

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from marketo_async.client import MarketoClient
    from marketo_async.sandbox import Sandbox


@_async_fixture
async def marketo_sandbox() -> AsyncIterator[tuple[MarketoClient, Sandbox]]:
    """A client and the sandbox of 500 programs and 100 leads that it talks to; neither limits anything."""
    async with sandbox(programs=500, leads=100) as both:
        yield both
