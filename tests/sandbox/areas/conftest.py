"""An empty instance to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sandbox_caller import calling

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sandbox_caller import Caller


@pytest.fixture
async def marketo() -> AsyncGenerator[Caller]:
    """An instance without programs and leads."""
    async with calling() as caller:
        yield caller
