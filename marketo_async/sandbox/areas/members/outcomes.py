"""What the writes of the Program Members API share: an outcome for each record, with its place in the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import integer
from marketo_async.sandbox.areas.leads.batch import records_of, skipped
from marketo_async.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketo_async.sandbox.exchange import Request


def each_member(request: Request, act: Callable[[int, Mapping[str, object]], str]) -> Answer:
    """Do something with each record under `input`, and answer the word for what was done.

    Args:
        request: The call.
        act: Takes the id of the lead and the record; returns the word. A refusal skips the record, whose answer then
            does not say which lead it was.

    Raises:
        Refusal: 609, 1001, 1002 or 1003 where the call cannot be read.
    """
    records = records_of(request)
    rows: list[object] = []
    for seq, (lead_id, record) in enumerate(zip(map(_lead_id, records), records, strict=True)):
        try:
            rows.append({"seq": seq, "status": act(lead_id, record), "leadId": lead_id})
        except Refusal as refused:
            rows.append(skipped(refused.code, refused.message, seq=seq))
    return Answer(rows)


def _lead_id(record: Mapping[str, object]) -> int:
    if record.get("leadId") is None:
        raise refusals.missing("leadId")
    return integer(record["leadId"])
