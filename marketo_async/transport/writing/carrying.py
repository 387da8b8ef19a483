"""One batch on its way. A batch that is out is never given up: whoever stops waits to hear what became of it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import attrs

from marketo_async.errors import ClientStateError, MarketoError, RequestTooLargeError
from marketo_async.transport.attempts import Failure
from marketo_async.transport.retry import leaves_open

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.transport.transport import Journey, Transport
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope


@attrs.frozen
class Ending:
    """How the way of a batch ended. Without any of these: it was stopped before it was sent, nothing was written.

    Attributes:
        envelope: Marketo's answer.
        error: What it failed with.
        unknown: Whether the records may have been written all the same.
        fatal: Whether further batches would fail as well: Marketo, or this machine, said no for good.
    """

    envelope: Envelope | None = None
    error: Exception | None = None
    unknown: bool = False
    fatal: bool = False

    @property
    def too_large(self) -> bool:
        """Whether something on the way takes less than Marketo does; nothing was done."""
        return isinstance(self.error, RequestTooLargeError) and not self.unknown


async def carry(
    transport: Transport, call: Call, journey: Journey, departs: Callable[[], object] | None = None
) -> Ending:
    """Send a batch and return how that ended; being cancelled means: send nothing more, but hear the attempt out.

    `departs` is called first; where it raises, nothing is sent.
    """
    try:
        if departs is not None:
            departs()
        return Ending(await transport.send(call, journey))
    except asyncio.CancelledError:
        return await _heard_out(call, journey)
    except MarketoError as error:
        open_now = journey.left_open or journey.out  # or: its deadline passed while it was out
        return Ending(error=error, unknown=journey.unsure or open_now, fatal=not open_now)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must reach the one who walks
        return Ending(error=error, unknown=journey.unsure or journey.out, fatal=True)


async def _heard_out(call: Call, journey: Journey) -> Ending:
    attempt = journey.attempt
    if attempt is None:
        return Ending(error=journey.last_error, unknown=journey.unsure)
    while not attempt.done():
        with contextlib.suppress(asyncio.CancelledError):  # only the client ends attempts, when it is closed
            await asyncio.wait((attempt,))
    if attempt.cancelled():
        closed = ClientStateError("the client was closed while the call was out", operation=call.operation)
        return Ending(error=closed, unknown=journey.unsure or journey.out)
    if (defect := attempt.exception()) is not None:
        return Ending(error=MarketoError(f"{type(defect).__name__}: {defect}", operation=call.operation), unknown=True)
    outcome = attempt.result()
    if isinstance(outcome, Failure):
        left_open = outcome.sent and leaves_open(outcome.error)
        return Ending(error=outcome.error, unknown=journey.unsure or left_open)
    return Ending(outcome)
