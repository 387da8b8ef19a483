"""One Marketo instance: its clock, its users, its limits, and the state of every area."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.arrivals import Arrivals
from marketo_async.sandbox.clock import CENTRAL, Clock, central_day
from marketo_async.sandbox.counters import Counters
from marketo_async.sandbox.faults import Faults
from marketo_async.sandbox.latency import Latency
from marketo_async.sandbox.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo

State = TypeVar("State")


@attrs.frozen
class Settings:
    """What an administrator sees.

    Attributes:
        munchkin_id: The account id.
        application_url: Where people log in; the `url` of every asset begins with it.
        time_zone: The instance's own time zone, for dates without an offset.
        workspace: The name of the default workspace.
    """

    munchkin_id: str = "123-ABC-456"
    application_url: str = "https://app-sj01.marketo.com"
    time_zone: tzinfo = CENTRAL
    workspace: str = "Default"


class Instance:
    """Everything that one Marketo knows. Areas keep their state in `state(...)`.

    Attributes:
        clock: The only clock.
        seed: What every random number derives from.
        rng: Random numbers for seeding the instance, drawn in a fixed order.
        settings: What an administrator sees.
        tokens: Clients and their tokens.
        admission: The limits.
        counters: Usage and errors.
        arrivals: The log of calls.
        faults: What goes wrong on purpose.
        latency: How long calls take.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        clock: Clock | None = None,
        settings: Settings | None = None,
        admission: Admission | None = None,
        latency: Latency | None = None,
        token_life: float = 3600,
    ) -> None:
        """Open an empty instance.

        Args:
            seed: The same seed makes the same instance, token by token.
            clock: Its clock; the machine's where it is None.
            settings: What an administrator sees.
            admission: Its limits; none where it is None.
            latency: How long calls take; no time where it is None.
            token_life: Seconds that an access token lives.
        """
        self.clock = clock or Clock()
        self.seed = seed
        self.rng = self.stream("instance")
        self.settings = settings or Settings()
        self.tokens = Tokens(self.clock, self.stream("tokens"), life=token_life)
        self.admission = admission or Admission(rate=None, concurrency=None, daily=None)
        self.counters = Counters()
        self.arrivals = Arrivals()
        self.faults = Faults(self.stream("faults"))
        self.latency = latency or Latency.none()
        self._latency_rng = self.stream("latency")
        self._requests = self.stream("requests")
        self._states: dict[object, object] = {}
        self._ids: defaultdict[str, itertools.count[int]] = defaultdict(lambda: itertools.count(1))

    def stream(self, name: str) -> random.Random:
        """Return fresh random numbers of the instance's seed; streams do not disturb one another."""
        return random.Random(f"{self.seed}:{name}")

    def state(self, kind: Callable[[Instance], State]) -> State:
        """Return the one `kind(instance)` of this instance, made at its first use."""
        found = self._states.get(kind)
        if found is None:
            found = self._states[kind] = kind(self)
        return cast("State", found)

    def now(self) -> datetime:
        """Return the date and time on the instance's clock, in UTC."""
        return self.clock.now()

    def today(self) -> date:
        """Return the day whose quota counts now: the one in US Central time."""
        return central_day(self.now())

    def request_id(self) -> str:
        """Return the id of an answer: `hex#hex`, the second half being epoch milliseconds."""
        return f"{self._requests.randrange(0x10, 0x20000):x}#{int(self.now().timestamp() * 1000):x}"

    def next_id(self, kind: str) -> int:
        """Return the next of the whole numbers 1, 2, 3 ... of one kind."""
        return next(self._ids[kind])

    def draw_latency(self) -> tuple[float, float]:
        """Return the seconds that the next call takes on its way here, and in the work."""
        return self.latency.there.draw(self._latency_rng), self.latency.work.draw(self._latency_rng)
