"""What every ledger does, done by the ledger of one process, on a virtual clock."""

from __future__ import annotations

import pytest
from ledger_worlds import InMemory, World

pytest.register_assert_rewrite("ledger_behaviour", "ledger_behaviour_under_stress")

from ledger_behaviour import *  # noqa: E402, F403 - the tests, which are rewritten first, run here as they are
from ledger_behaviour_under_stress import *  # noqa: E402, F403 - as above

pytestmark = pytest.mark.virtual_time


@pytest.fixture
def world() -> World:
    """Run each test in memory."""
    return InMemory()
