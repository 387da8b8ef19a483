"""The sandbox as users and tests hold it in their hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.sandbox.admission import Admission
from marketo_async.sandbox.app import Application
from marketo_async.sandbox.areas import ROUTES
from marketo_async.sandbox.instance import Instance
from marketo_async.sandbox.latency import Latency
from marketo_async.sandbox.routing import Router
from marketo_async.sandbox.seed import seed as fill

if TYPE_CHECKING:
    from collections import Counter

    from marketo_async.sandbox.arrivals import Arrivals
    from marketo_async.sandbox.clock import Clock
    from marketo_async.sandbox.faults import Faults


@attrs.frozen
class SandboxLimits:
    """What the sandbox enforces; the defaults are Marketo's.

    Attributes:
        rate: Counted calls in any window (606); None enforces nothing.
        window: Seconds.
        concurrency: Calls at once (615); None enforces nothing.
        daily: Counted calls a day, until midnight US Central (607); None enforces nothing.
        counts_refused: Whether a refused call counts too.
        counting: Whether a call counts when it arrives or when it is answered.
    """

    rate: int | None = 100
    window: float = 20.0
    concurrency: int | None = 10
    daily: int | None = 50_000
    counts_refused: bool = True
    counting: Literal["arrival", "completion"] = "arrival"

    def admission(self) -> Admission:
        """Return these limits at rest."""
        return Admission(
            rate=self.rate,
            window=self.window,
            concurrency=self.concurrency,
            daily=self.daily,
            counts_refused=self.counts_refused,
            counting=self.counting,
        )


class Sandbox:
    """A Marketo instance with real state, real limits and real errors.

    `app` is an ASGI application: give it to `httpx.ASGITransport`, or to a server.

    Attributes:
        app: The ASGI application. Mistakes in the sandbox leave it as exceptions, a dropped connection leaves it as
            `ConnectionResetError`.
        instance: The instance behind it.
        client_id: What a client logs in with.
        client_secret: What a client logs in with.
    """

    def __init__(
        self,
        programs: int = 500,
        leads: int = 0,
        *,
        seed: int = 1,
        client_id: str = "sandbox-client",
        client_secret: str = "sandbox-secret",  # noqa: S107 - a sandbox has no secrets
        limits: SandboxLimits | None = SandboxLimits(),
        token_life: float = 3600,
        latency: Latency = Latency.none(),  # noqa: B008 - frozen
        clock: Clock | None = None,
        raise_bugs: bool = True,
    ) -> None:
        """Open an instance and fill it.

        Args:
            programs: How many programs it has, with the channels, folders and tags they need.
            leads: How many leads it has.
            seed: The same seed makes the same instance and the same accidents.
            client_id: What a client logs in with.
            client_secret: What a client logs in with.
            limits: What is enforced; None enforces nothing.
            token_life: Seconds that an access token lives.
            latency: How long calls take.
            clock: Its clock; a test with virtual time passes `Clock(monotonic=loop.time)`.
            raise_bugs: Whether a mistake in the sandbox leaves `app` as an exception, or is logged and answered 611.
        """
        self.instance = Instance(
            seed=seed,
            clock=clock,
            admission=limits.admission() if limits is not None else None,
            latency=latency,
            token_life=token_life,
        )
        self.client_id = client_id
        self.client_secret = client_secret
        self.instance.tokens.add_client(client_id, client_secret)
        self._router = Router(ROUTES)
        self.app = self.application(raise_bugs=raise_bugs)
        fill(self.instance, programs=programs, leads=leads)

    def application(self, *, raise_bugs: bool) -> Application:
        """Return another ASGI application of the same instance.

        Args:
            raise_bugs: As for the constructor.
        """
        return Application(self.instance, self._router, raise_bugs=raise_bugs)

    @property
    def arrivals(self) -> Arrivals:
        """What arrived, and when."""
        return self.instance.arrivals

    @property
    def refusals(self) -> Counter[str]:
        """How often the answer was no: Marketo's codes, HTTP statuses as text, and "dropped"."""
        return self.instance.counters.refusals

    @property
    def faults(self) -> Faults:
        """The script of what goes wrong."""
        return self.instance.faults

    @property
    def munchkin_id(self) -> str:
        """The account id."""
        return self.instance.settings.munchkin_id
