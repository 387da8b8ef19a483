"""A sandbox and a client on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox import Sandbox
from marketo_async.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from marketo_async import MarketoClient


@pytest.fixture
def sandbox() -> Sandbox:
    """Return a small Marketo that does not limit: 120 programs, 1,500 leads."""
    return Sandbox(programs=120, leads=1500, limits=None)


@pytest.fixture
async def marketo(sandbox: Sandbox) -> AsyncIterator[MarketoClient]:
    """Yield a client of that Marketo."""
    async with client_of(sandbox) as client:
        yield client
