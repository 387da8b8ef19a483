"""How long a single attempt may wait for the network."""

from __future__ import annotations

import attrs

from marketo_async.errors import ArgumentError


@attrs.frozen(kw_only=True)
class Timeouts:
    """Seconds, each more than 0.

    Attributes:
        connect: To make a connection, TLS included.
        read: Between two pieces of an answer. Marketo gives most calls 30 s itself, so less than that only turns
            slow answers into unknown outcomes. Slow operations bring a longer one of their own.
        whole: For a whole answer, from sending to its last byte, so that one that drips for ever ends, too.
        write: Between two pieces of a request.
        pool: For a free connection; the limiter never grants more places than there are, so this one hardly matters.
        close: For calls that are still out when the client is closed.
    """

    connect: float = 10.0
    read: float = 60.0
    whole: float = 600.0
    write: float = 30.0
    pool: float = 10.0
    close: float = 10.0

    def __attrs_post_init__(self) -> None:
        for name in ("connect", "read", "whole", "write", "pool", "close"):
            seconds: float = getattr(self, name)
            if not 0 < seconds < float("inf"):
                raise ArgumentError(name, seconds, "more than 0 seconds, and not for ever")
