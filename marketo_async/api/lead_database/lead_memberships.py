"""What a lead belongs to: static lists, programs, smart campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.api._base import Group
from marketo_async.api._checks import check_id, check_window
from marketo_async.api.lead_database._values import distinct_ids
from marketo_async.errors import ArgumentError
from marketo_async.records import ListMembership, ProgramMembership, SmartCampaignMembership
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from marketo_async.transport.paging import Pager
    from marketo_async.wire.call import Call

MEMBERSHIP_PAGE = 300
"""Memberships, and ids of programs, that a call takes at most."""


class LeadMemberships(Group):
    """The memberships of one lead. They need the permission to read assets, not leads."""

    def list_memberships(
        self, lead_id: int, *, page_size: int = MEMBERSHIP_PAGE, start: str | None = None
    ) -> Pager[ListMembership]:
        """List the static lists that a lead is on.

        Args:
            lead_id: The id of the lead.
            page_size: Memberships a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: while iterating, where no lead has that id (1004).

        Source: getListMembershipUsingGET
        """
        check_id("lead_id", lead_id)
        call = GET("/rest/v1/leads/{leadId}/listMembership.json", leadId=lead_id)
        return self._token_pages(ListMembership, call, page_size=page_size, most=MEMBERSHIP_PAGE, start=start)

    def program_memberships(
        self,
        lead_id: int,
        *,
        program_ids: Iterable[int] | None = None,
        updated_from: datetime | None = None,
        updated_until: datetime | None = None,
        page_size: int = MEMBERSHIP_PAGE,
        start: str | None = None,
    ) -> Pager[ProgramMembership]:
        """List the programs that a lead is a member of; the `id` of each is the program's.

        Args:
            lead_id: The id of the lead.
            program_ids: Only these programs, 1 to 300.
            updated_from: Only memberships changed at or after this moment, with a time zone.
            updated_until: Only memberships changed at or before this moment, with a time zone.
            page_size: Memberships a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: while iterating, where no lead has that id (1004).

        Source: getProgramMembershipUsingGET
        """
        check_id("lead_id", lead_id)
        call = GET("/rest/v1/leads/{leadId}/programMembership.json", leadId=lead_id)
        if program_ids is not None:
            ids = distinct_ids("program_ids", program_ids)
            if not 1 <= len(ids) <= MEMBERSHIP_PAGE:
                raise ArgumentError("program_ids", f"{len(ids)} ids", "1 to 300 ids of programs, or None for all")
            call = call.query(filterType="programId", filterValues=ids)
        call = _updated(call, updated_from, updated_until)
        return self._token_pages(ProgramMembership, call, page_size=page_size, most=MEMBERSHIP_PAGE, start=start)

    def smart_campaign_memberships(
        self,
        lead_id: int,
        *,
        updated_from: datetime | None = None,
        updated_until: datetime | None = None,
        page_size: int = MEMBERSHIP_PAGE,
        start: str | None = None,
    ) -> Pager[SmartCampaignMembership]:
        """List the smart campaigns that a lead went through.

        Args:
            lead_id: The id of the lead.
            updated_from: Only memberships changed at or after this moment, with a time zone.
            updated_until: Only memberships changed at or before this moment, with a time zone.
            page_size: Memberships a call, 1 to 300.
            start: Where to go on: a `page.next_page_token`, or the `position` of an error.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: while iterating, where no lead has that id (1004).

        Source: getSmartCampaignMembershipUsingGET
        """
        check_id("lead_id", lead_id)
        call = GET("/rest/v1/leads/{leadId}/smartCampaignMembership.json", leadId=lead_id)
        call = _updated(call, updated_from, updated_until)
        return self._token_pages(SmartCampaignMembership, call, page_size=page_size, most=MEMBERSHIP_PAGE, start=start)


def _updated(call: Call, updated_from: datetime | None, updated_until: datetime | None) -> Call:
    """Return a call for what changed between two moments.

    Raises:
        ArgumentError: a moment has no time zone, or they are in the wrong order.
    """
    check_window("updated_from", updated_from, "updated_until", updated_until)
    return call.query(earliestUpdatedAt=updated_from, latestUpdatedAt=updated_until)
