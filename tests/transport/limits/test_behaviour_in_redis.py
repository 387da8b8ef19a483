"""What every ledger does, done by the ledger of a fleet, over a real Valkey."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
from ledger_worlds import InValkey, World
from valkey_server import ValkeyServer, valkey

pytest.register_assert_rewrite("ledger_behaviour", "ledger_behaviour_under_stress")

from ledger_behaviour import *  # noqa: E402, F403 - the tests, which are rewritten first, run here as they are
from ledger_behaviour_under_stress import *  # noqa: E402, F403 - as above

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["valkey"]


@pytest.fixture
async def world(valkey: ValkeyServer) -> AsyncIterator[World]:
    """Run each test over Valkey."""
    async with AsyncExitStack() as opened:
        yield InValkey(valkey, opened)
