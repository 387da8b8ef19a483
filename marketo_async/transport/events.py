"""What is told of every attempt to who asked for it: one immutable event each, and never a secret.

An event holds what tells attempts apart and how they went: the path as a template, numbers and names. It holds no
value of a query, a path or a body, no token and no secret, so that it may go into any log or metric.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import attrs

if TYPE_CHECKING:
    from datetime import datetime

    from marketo_async.wire.call import Api, Lane

CallOutcome = Literal["ok", "refused", "failed", "not sent", "unknown"]
"""How an attempt went, see `CallEvent.outcome`."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


@attrs.frozen(kw_only=True)
class CallEvent:
    """One attempt of one call, after it has ended.

    Attributes:
        operation: The verb and the path template, such as `"GET /rest/asset/v1/program/{id}.json"`.
        template: The path template alone: what stands in braces is not filled in.
        method: The verb that was sent; `"POST"` for a GET that was too long for a URI.
        api: `"asset"`, `"lead_database"`, `"bulk"`, `"user_management"`, or `"identity"` for asking for a token.
        lane: The limiter's lane it went through, `"interactive"` or `"bulk"`; None for identity, which has no limit.
        attempt: Which attempt of its call this was, from 1.
        outcome: `"ok"`; `"refused"`: Marketo said no, and `code` says why; `"failed"`: an answer that was not
            Marketo's, such as a proxy's page; `"not sent"`: nothing left this machine, for want of a token or a
            connection, or because its caller had gone; `"unknown"`: no answer came, and Marketo may have done what was
            asked.
        error: The name of the error's class, such as `"RateLimitError"`; None where it went well.
        code: As `MarketoError.code`: Marketo's, such as `"606"`, or the status where a proxy answered; None without.
        status: The HTTP status; None where no answer came.
        request_id: Marketo's `requestId`; None where it sent none.
        records: The rows of `result`; None unless it went well.
        waited: Seconds that it waited for the limiter.
        paused: Seconds that the call rested before it asked the limiter, after the attempt before; 0 for the first.
        after: The class name of the error that the attempt before ended with; None for the first. Whether an attempt is
            repeated is decided after its event, and not at all where the caller has gone: so the next event says it.
        seconds: From sending to the answer or the failure; 0 where sending did not begin.
        sent_at: When the request began to leave, in UTC; None where it did not, for want of a token.
        ended_at: When the attempt was over, in UTC.
        bytes_sent: The length of the request's body.
        bytes_received: The length of the answer's body, decompressed; 0 where no answer came.
        origin: Scheme, host and port, such as `"https://123-abc-456.mktorest.com"`.
    """

    operation: str
    template: str
    method: str
    api: Api
    lane: Lane | None
    attempt: int
    outcome: CallOutcome
    error: str | None
    code: str | None
    status: int | None
    request_id: str | None
    records: int | None
    waited: float
    paused: float
    after: str | None
    seconds: float
    sent_at: datetime | None
    ended_at: datetime
    bytes_sent: int
    bytes_received: int
    origin: str

    @property
    def host(self) -> str:
        """The host that was called, such as `"123-abc-456.mktorest.com"`."""
        return _address(self.origin)[0]

    @property
    def port(self) -> int:
        """The port that was called, 443 unless the address has another."""
        return _address(self.origin)[1]


@lru_cache(maxsize=64)
def _address(origin: str) -> tuple[str, int]:
    parts = urlsplit(origin)
    return parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
