"""The options that several commands share: one class per subject, which cyclopts spreads into options.

cyclopts reads the annotations and the docstrings when the program runs, so what they name is imported for real.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - cyclopts looks the annotation up
from typing import Annotated

import attrs
from cyclopts import Group, Parameter

FILTERS = Group.create_ordered("Which programs")
WHAT = Group.create_ordered("What is written")
INPUT = Group.create_ordered("Input and results")
GOING_ON = Group.create_ordered("Trying out and going on")
INSTANCE = Group.create_ordered("Which Marketo")
SANDBOX = Group.create_ordered("Sandbox")
LIMITS = Group.create_ordered("Limits")
SPEECH = Group.create_ordered("Messages")

DEMO_PROGRAMS, DEMO_LEADS, DEMO_SEED, DEMO_LATENCY = 16_000, 1_000, 1, 0.3
"""What the sandbox is unless it is told otherwise: 81 calls of 0.3 s, within one window of Marketo's limit."""

Switch = Parameter(negative=(), show_default=False)
"""An option that is given or not, without a `--no-` twin."""


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Connection:
    """Which Marketo, as whom, how fast."""

    base_url: Annotated[str | None, Parameter(group=INSTANCE)] = None
    """The address of the instance, instead of MARKETO_BASE_URL."""

    client_id: Annotated[str | None, Parameter(group=INSTANCE)] = None
    """The client id of the custom service, instead of MARKETO_CLIENT_ID."""

    client_secret_file: Annotated[Path | None, Parameter(group=INSTANCE)] = None
    """A file with the client secret, instead of MARKETO_CLIENT_SECRET. There is no option for the secret itself:
    everybody on this machine could read it in the list of processes."""

    sandbox: Annotated[bool, Parameter(group=SANDBOX), Switch] = False
    """Use the built-in Marketo of made-up data instead of a real one. Needs the extra `sandbox`."""

    sandbox_programs: Annotated[int | None, Parameter(group=SANDBOX)] = None
    """How many programs it has. 16,000 unless given."""

    sandbox_leads: Annotated[int | None, Parameter(group=SANDBOX)] = None
    """How many leads it has. 1,000 unless given."""

    seed: Annotated[int | None, Parameter(group=SANDBOX)] = None
    """The same seed makes the same data. 1 unless given."""

    latency: Annotated[float | None, Parameter(group=SANDBOX)] = None
    """How long it takes for a call on average, in seconds. 0.3 unless given."""

    batch: Annotated[bool, Parameter(group=LIMITS), Switch] = False
    """Take everything that Marketo's limits allow: for a job that has the instance to itself."""

    shared: Annotated[bool, Parameter(group=LIMITS), Switch] = False
    """Take half of the limits and leave the rest to other integrations, as Adobe advises."""

    deadline: Annotated[float | None, Parameter(group=LIMITS)] = None
    """Seconds for a single call, waiting and retries included. No end unless given."""


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Speech:
    """What is said beside the output, on standard error."""

    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], group=SPEECH), Switch] = False
    """Say nothing but errors."""

    debug: Annotated[bool, Parameter(group=SPEECH), Switch] = False
    """Log every call, and show the traceback of an error; MARKETO_ASYNC_DEBUG=1 does the same."""
