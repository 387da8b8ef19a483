"""Marketo's limits, kept: `Limits` are the numbers, `Limiter` the front end, `Ledger` what lies under it."""

from marketo_async.transport.limits.adaptive import Adaptive
from marketo_async.transport.limits.budget_store import BudgetStore, DayCalls, FileBudgetStore
from marketo_async.transport.limits.lease import Lease
from marketo_async.transport.limits.ledger import Answered, Booking, Ending, Lane, Ledger, Unknown, Unsent, Usage
from marketo_async.transport.limits.limiter import Limiter
from marketo_async.transport.limits.limits import Limits
from marketo_async.transport.limits.local import LocalLedger
from marketo_async.transport.limits.stats import LimiterStats

__all__ = [
    "Adaptive",
    "Answered",
    "Booking",
    "BudgetStore",
    "DayCalls",
    "Ending",
    "FileBudgetStore",
    "Lane",
    "Lease",
    "Ledger",
    "Limiter",
    "LimiterStats",
    "Limits",
    "LocalLedger",
    "Unknown",
    "Unsent",
    "Usage",
]
