"""What the suite beside this file tests: a function of one's own that reads the scores of leads.

Run the suite::

    pip install "marketo-async[sandbox]" pytest pytest-asyncio
    cd examples/pytest_suite && pytest
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from marketo_async import DailyQuotaError, MarketoError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from marketo_async import MarketoClient


@dataclass
class Outcome:
    """What one run of the sync did.

    Attributes:
        scores: The score of each lead that was found, by its address.
        complete: Whether every address was asked for.
        again_at: When it is worth while to run again; None where nothing stands in the way.
    """

    scores: dict[str, object] = field(default_factory=dict)
    complete: bool = False
    again_at: datetime | None = None


async def sync_scores(marketo: MarketoClient, addresses: Iterable[str]) -> Outcome:
    """Read the scores of leads; what was read before Marketo said no is kept."""
    outcome = Outcome()
    try:
        async for lead in marketo.leads.find("email", addresses, fields=["email", "leadScore"]):
            outcome.scores[lead.email or ""] = lead["leadScore"]
        outcome.complete = True
    except DailyQuotaError as error:
        outcome.again_at = error.resets_at
    except MarketoError as error:
        if not error.retryable:
            raise
    return outcome
