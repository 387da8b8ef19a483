"""What becomes of a reply when something goes wrong on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.envelope import Reply, dropped, html, refusal
from marketo_async.sandbox.exchange import Refusal

if TYPE_CHECKING:
    from marketo_async.sandbox.call import Call


def spoil(reply: Reply, call: Call, request_id: str) -> Reply:
    """Return what the client gets instead of the right reply.

    Args:
        reply: The right reply; `dropped()` where the work was not done.
        call: The call, with its fault; without one the reply stays as it is.
        request_id: The id that an envelope of the fault's own carries.
    """
    fault = call.fault
    if fault is None or fault.kind == "delay":
        return reply
    if fault.kind == "code":
        return refusal(Refusal(fault.code, fault.message.replace("{method}", call.method)), call.family, request_id)
    if fault.kind == "status":
        return html(fault.status)
    if fault.kind == "dropped" or reply.body is None:
        return dropped()
    if fault.kind == "half JSON":
        return attrs.evolve(reply, body=reply.body[: len(reply.body) // 2])
    if fault.kind == "cut short":
        return attrs.evolve(reply, cut_short=True)
    return attrs.evolve(reply, trickle=fault.seconds)
