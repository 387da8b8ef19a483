"""Tokens in the links of e-mails, which say who clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from marketo_async.sandbox.areas.leads.record import Lead
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance

TOKEN = "mktToken"  # noqa: S105 - the name of a member


class EmailClicks:
    """Whose click each token stands for."""

    def __init__(self, instance: Instance) -> None:
        self._rng = instance.stream("e-mail clicks")
        self._lead_ids: dict[str, int] = {}
        instance.state(Leads).when_merged(self._merge)

    def click(self, lead_id: int) -> str:
        """Let a lead click a link in an e-mail, and return the token that the link's page gets."""
        token = f"{self._rng.getrandbits(160):040x}"
        self._lead_ids[token] = lead_id
        return token

    def lead_id(self, token: object) -> int | None:
        """Return whose click a token stands for, or None."""
        return self._lead_ids.get(token) if isinstance(token, str) else None

    def _merge(self, winner_id: int, loser_ids: Sequence[int]) -> None:
        for token, lead_id in self._lead_ids.items():
            if lead_id in loser_ids:
                self._lead_ids[token] = winner_id


class ClickLookup:
    """Finds a record's lead by the token of a click; whom no token stands for cannot be made."""

    finds_only = True

    def __init__(self, request: Request) -> None:
        self._leads = request.instance.state(Leads)
        self._clicks = request.instance.state(EmailClicks)

    def matches(self, record: Mapping[str, object]) -> list[Lead]:
        """Return the lead who clicked."""
        token = record.get(TOKEN)
        if token is None or token == "":
            raise refusals.no_lookup_value(TOKEN)
        lead_id = self._clicks.lead_id(token)
        lead = None if lead_id is None else self._leads.get(lead_id)
        return [] if lead is None else [lead]

    def id_in(self, record: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG002 - as other look-ups have it
        """Return nothing: a token says no id."""
        return {}
