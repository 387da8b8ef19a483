"""Which leads went through which smart campaigns, which are mere numbers here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.dates import at_second, moment, second_of
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.rolls import Rolls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from marketo_async.sandbox.instance import Instance


@attrs.frozen
class CampaignMember:
    """A lead that went through a smart campaign.

    Attributes:
        created_at: The first time.
        updated_at: The last time.
    """

    campaign_id: int
    created_at: datetime
    updated_at: datetime


class CampaignMembers:
    """Who went through which smart campaign."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._leads = instance.state(Leads)
        self._rolls = Rolls("qq")
        self._leads.when_removed(self._forget)
        self._leads.when_merged(self._merge)

    def pass_through(self, campaign_id: int, lead_id: int, *, at: datetime | None = None) -> None:
        """Let a lead go through a smart campaign, for the first time or again.

        Args:
            campaign_id: Any number from 1 on.
            lead_id: The lead.
            at: Aware; now where it is None.

        Raises:
            KeyError: there is no such lead.
        """
        if lead_id not in self._leads:
            raise KeyError(lead_id)
        now = second_of(at or moment(self._instance))
        first, _ = self._rolls.get(campaign_id, lead_id) or (now, now)
        self._rolls.put(campaign_id, lead_id, first, now)

    def fill(self, campaign_id: int, lead_ids: Iterable[int], *columns: Iterable[int]) -> None:
        """Let many leads go through a campaign at once; campaigns are filled by id, then comes `settle`.

        Args:
            campaign_id: A campaign.
            lead_ids: Leads that exist, ascending.
            columns: When they did for the first and for the last time, as `second_of` counts.
        """
        self._rolls.fill(campaign_id, lead_ids, *columns)

    def settle(self) -> None:
        """Let the campaigns of every lead be found, after `fill`."""
        self._rolls.settle()

    def of_lead(self, lead_id: int, after: int = 0) -> Iterator[CampaignMember]:
        """Iterate over the campaigns of a lead whose id is greater, by id."""
        for campaign_id in self._rolls.things(lead_id, after):
            first, last = self._rolls.get(campaign_id, lead_id) or (0, 0)
            yield CampaignMember(campaign_id, at_second(first), at_second(last))

    def _forget(self, lead_id: int) -> None:
        for campaign_id in self._rolls.things(lead_id):
            self._rolls.discard(campaign_id, lead_id)

    def _merge(self, winner_id: int, loser_ids: Sequence[int]) -> None:
        for loser_id in loser_ids:
            for campaign_id in self._rolls.things(loser_id):
                both = [self._rolls.get(campaign_id, lead_id) for lead_id in (winner_id, loser_id)]
                known = [one for one in both if one is not None]
                self._rolls.put(
                    campaign_id, winner_id, min(first for first, _ in known), max(last for _, last in known)
                )
            self._forget(loser_id)
