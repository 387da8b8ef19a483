"""Which calls may be repeated when an answer gets lost, and how long each one waits for its answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from recording_transport import NoAnswerError, RecordingTransport, groups_on
from spec.samples import SAMPLES

from marketo_async.records import Cost
from marketo_async.transport.paging import Pager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from marketo_async.client import Groups
    from marketo_async.wire.call import Call

REPEATABLE_WRITES = {
    "POST /rest/asset/v1/program/{id}.json",  # an update that sets; one that appends costs is tested below
    "POST /rest/asset/v1/program/{id}/tag/{tagType}.json",
    "POST /rest/asset/v1/folder/{id}.json",
    "POST /rest/asset/v1/folder/{id}/tokens.json",
}


async def call_of(use: Callable[[Groups], Any]) -> Call:
    """Return the first call that a use makes."""
    transport = RecordingTransport()
    made: Pager[object] | Awaitable[object] = use(groups_on(transport))
    with pytest.raises(NoAnswerError):
        await (made.first() if isinstance(made, Pager) else made)
    return transport.calls[0]


ALL = [pytest.param(use, id=f"{name}-{i}") for name, uses in SAMPLES.items() for i, use in enumerate(uses)]


@pytest.mark.parametrize("use", ALL)
async def test_only_what_is_done_twice_as_once_is_repeatable(use: Callable[[Groups], object]) -> None:
    """Reads may be repeated; of the writes only those that set something, so that nothing is doubled (P5)."""
    call = await call_of(use)
    assert call.idempotent is (call.method == "GET" or call.operation in REPEATABLE_WRITES)


@pytest.mark.parametrize("use", ALL)
async def test_asset_writes_outwait_marketo(use: Callable[[Groups], object]) -> None:
    """A write to the Asset API waits longer than Marketo's own 300 s, so that no outcome is left open (P11)."""
    call = await call_of(use)
    if call.api == "asset" and call.method == "POST":
        assert (call.read_timeout, call.server_limit) == (310.0, 300.0)
    elif call.template == "/rest/v1/leads.json":
        assert (call.read_timeout, call.server_limit) == (70.0, 60.0)
    else:
        assert call.read_timeout is None


COST = Cost(start_date=date(2026, 1, 1), cost=1)


@pytest.mark.parametrize(
    ("changes", "repeatable"),
    [
        ({"costs": [COST]}, False),
        ({"costs": [COST], "name": "x"}, False),
        ({"costs": iter([COST])}, False),
        ({"costs": [COST], "costs_destructive_update": False}, False),
        ({"costs": [COST], "costs_destructive_update": True}, True),
        ({"costs_destructive_update": True}, True),
        ({"costs": [], "name": "x"}, True),
        ({"tags": []}, True),
    ],
)
async def test_update_that_appends_costs_is_not_repeated(changes: dict[str, Any], repeatable: bool) -> None:
    """An update that appends costs is never repeated: they would be booked twice (P5)."""
    call = await call_of(lambda m: m.programs.update(1107, **changes))
    assert call.idempotent is repeatable
