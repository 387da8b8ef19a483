"""What passes between a worker and the book in Redis, as values: the numbers that all agree on, and what Redis says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import attrs

from marketo_async.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.transport.limits.ledger import Lane
    from marketo_async.transport.limits.limits import Limits

MICROSECONDS = 1_000_000

GRAIN = 0.0001
"""Seconds that turn "at least a window apart" into "more than a window", on a clock of whole microseconds."""

KEYS = (
    "state", "slots", "places", "held", "workers", "waiting", "coming",
    "promised:interactive", "promised:bulk", "queue:interactive", "queue:bulk",
    "woken:interactive", "woken:bulk", "unsure:interactive", "unsure:bulk",
)  # fmt: skip
"""The keys of one instance, in the order in which the script takes them."""

_INSTANCE = re.compile(r"[\w.:-]+")
_MARKETO = ".mktorest.com"


def instance_name(instance: str) -> str:
    """Return the one name of an instance that its Munchkin id and its addresses have in common.

    Raises:
        ArgumentError: it is no name of an instance.
    """
    text = instance.strip().lower()
    host = text
    if "/" in text:
        try:
            host = urlsplit(text if "://" in text else f"https://{text}").netloc
        except ValueError:
            host = ""
    name = host.removesuffix(_MARKETO)
    if not _INSTANCE.fullmatch(name):
        shown = re.sub(r".*@", "…@", re.split(r"[?#]", instance, maxsplit=1)[0], flags=re.DOTALL)
        raise ArgumentError("instance", shown, "a Munchkin id such as 123-ABC-456, or the address of the instance")
    return name


def keys_of(namespace: str, instance: str) -> tuple[str, ...]:
    """Return the keys of one instance; the braces keep them in one slot of a cluster."""
    return tuple(f"{{{namespaced(namespace)}:{instance_name(instance)}}}:{key}" for key in KEYS)


def namespaced(namespace: str) -> str:
    """Return what names of keys begin with, as given.

    Raises:
        ArgumentError: it holds something that would break a name.
    """
    if not _INSTANCE.fullmatch(namespace):
        raise ArgumentError("namespace", namespace, "letters, digits and any of . : - _")
    return namespace


EDITION = 4
"""Counts up when the script keeps its book in another way: two editions at work on one book would break the limit."""


def numbers(limits: Limits, *, lease_ttl: float, grace: float) -> str:
    """Return what all workers of an instance must agree on, as text: times in microseconds."""
    spread = limits.window + limits.window_margin
    given: dict[str, object] = {
        "edition": EDITION,
        "max_calls": limits.max_calls,
        "window": _us(limits.window),
        "spread": _us(spread),
        "cool": _us(spread + GRAIN),
        "max_concurrency": limits.max_concurrency,
        "interactive_reserve": limits.interactive_reserve,
        "concurrency_reserve": limits.concurrency_reserve,
        "bulk_burst": limits.bulk_burst,
        "pacing": limits.pacing,
        "daily_budget": limits.daily_budget,
        "budget_reserve": limits.budget_reserve,
        "quota_closes": limits.quota_closes,
        "lease": _us(lease_ttl),
        "grace": _us(grace),
    }
    if limits.adaptive is not None:
        adaptive: dict[str, object] = dict(attrs.asdict(limits.adaptive))
        adaptive["concurrency_step"] = _us(limits.adaptive.concurrency_step)
        given["adaptive"] = adaptive
    return as_text(given)


def differing(ours: str, theirs: str) -> tuple[str, str]:
    """Return which numbers differ, and what they are in the fleet, as they are given to `RedisLimiter`."""
    known = cast("dict[str, object]", json.loads(theirs))
    wanted = cast("dict[str, object]", json.loads(ours))
    if known["edition"] == wanted["edition"]:
        known, wanted = _as_given(known), _as_given(wanted)
        names = [name for name in {**wanted, **known} if known.get(name) != wanted.get(name)]
    else:
        names = ["edition"]  # of this package: whatever else the others have is said in another way
    return ", ".join(f"{name}={wanted.get(name)!r}" for name in names), ", ".join(
        f"{name}={known.get(name)!r}" for name in names
    )


def _as_given(agreed: dict[str, object]) -> dict[str, object]:
    """Return numbers by the names under which they are given, without those that follow from others."""
    times = {name: cast("int", agreed.pop(name)) for name in ("window", "spread", "cool", "lease", "grace")}
    adaptive = cast("dict[str, object] | None", agreed.pop("adaptive", None))
    agreed |= {
        "window": times["window"] / MICROSECONDS,
        "window_margin": (times["spread"] - times["window"]) / MICROSECONDS,
        "lease_ttl": times["lease"] / MICROSECONDS,
        "adaptive": None if adaptive is None else ...,
    }
    for name, number in (adaptive or {}).items():
        seconds = name == "concurrency_step"
        agreed[f"adaptive.{name}"] = cast("int", number) / MICROSECONDS if seconds else number
    return agreed


def as_text(request: dict[str, object]) -> str:
    """Return a request as the script reads it: what is None is left out, for null is something there to Lua."""
    return json.dumps({name: value for name, value in request.items() if value is not None}, sort_keys=True)


def _us(seconds: float) -> int:
    return round(seconds * MICROSECONDS)


@attrs.frozen(kw_only=True)
class Word:
    """What Redis says after each script: an answer, and how everything stands.

    Attributes:
        status: "granted", "booked", "no slot", "no place", "closed", "spent" or "ok"; "epoch" where this worker's
            memory is wanted first; "numbers" where the fleet has agreed on others; "stale" where the question was
            too old to be done.
        wait: Seconds after which to come back.
        ticket: The call's place in a queue.
        epoch: Which book it is: another one where Redis lost the last.
        now: Microseconds on Redis' clock.
        heard: Loop time at which it arrived.
        limit: Slots per window; None where calls are not counted.
        places: Calls at once.
        in_use: Slots not free.
        in_flight: Places not free.
        held: Places held for calls of unknown outcome.
        seen: When an interactive call was seen last; 0: never.
        paced: Whether bulk calls are spread.
        share: Slots that bulk calls may use.
        room: Calls that could start at once, per lane.
        day_ends: The next midnight US Central, in microseconds; 0 where no day was begun.
        calls_today: Calls of the fleet.
        others_today: Calls of other integrations, as far as known.
        budget_left: Calls left today; None without a budget.
        closed_until: Microseconds; 0 where Marketo's quota is not used up.
        workers: Workers heard of lately.
        profile: Slots still taken after each eighth of the time that a slot cools, beginning with now.
        detail: What "numbers" says instead of all this.
    """

    status: str
    wait: float = 0.0
    ticket: int = 0
    epoch: str = ""
    now: int = 0
    heard: float = 0.0
    limit: int | None = None
    places: int = 0
    in_use: int = 0
    in_flight: int = 0
    held: int = 0
    seen: int = 0
    paced: bool = False
    share: int | None = None
    room: dict[Lane, int] = attrs.field(factory=dict["Lane", int])
    day_ends: int = 0
    calls_today: int = 0
    others_today: int = 0
    budget_left: int | None = None
    closed_until: int = 0
    workers: int = 0
    profile: tuple[int, ...] = ()
    detail: str = ""

    @classmethod
    def read(cls, reply: Sequence[object], *, heard: float) -> Word:
        """Read what the script returned, whether or not the connection decodes texts."""
        status = text_of(reply[0])
        if len(reply) < _WHOLE:
            detail = "".join(map(text_of, reply[1:]))
            return cls(status=status, heard=heard, detail=detail, now=int(detail) if status == "stale" else 0)
        whole = [0 if at == _EPOCH else int(text_of(value)) for at, value in enumerate(reply[1:-1], 1)]
        profile = cast("Sequence[int]", reply[-1])
        return cls(
            status=status,
            wait=whole[0] / MICROSECONDS,
            ticket=whole[1],
            epoch=text_of(reply[_EPOCH]),
            now=whole[3],
            heard=heard,
            limit=_counted(whole[4]),
            places=whole[5],
            in_use=whole[6],
            in_flight=whole[7],
            held=whole[8],
            seen=whole[9],
            paced=bool(whole[10]),
            share=_counted(whole[11]),
            room={"interactive": whole[12], "bulk": whole[13]},
            day_ends=whole[14],
            calls_today=whole[15],
            others_today=whole[16],
            budget_left=_counted(whole[17]),
            closed_until=whole[18],
            workers=whole[19],
            profile=tuple(profile),
        )

    @property
    def cooling(self) -> int:
        """Slots whose call has ended."""
        return 0 if self.limit is None else max(0, self.in_use - self.in_flight)


_EPOCH = 3
_WHOLE = 22


def _counted(value: int) -> int | None:
    return None if value < 0 else value


def text_of(value: object) -> str:
    """Return a text, decoded where the connection has not done so."""
    return value.decode() if isinstance(value, bytes) else str(value)
