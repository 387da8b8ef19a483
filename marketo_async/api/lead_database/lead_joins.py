"""Single leads, written: a form submitted, a cookie associated, several leads merged into one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from marketo_async.api._base import Group
from marketo_async.api._checks import check_flag, check_id, check_text, is_integer, items_of
from marketo_async.errors import ArgumentError
from marketo_async.records.own_class import lead_values
from marketo_async.transport.writing.answers import results_of
from marketo_async.transport.writing.plan import Item, WritePlan
from marketo_async.wire.call import POST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.records import RecordResult

MOST_LOSERS = 25
"""Leads that can be merged into another one by a call."""


class LeadJoins(Group):
    """The operations that write a single lead."""

    async def submit_form(
        self,
        form_id: int,
        lead_fields: Mapping[str, object],
        *,
        page_url: str | None = None,
        query_string: str | None = None,
        ip_address: str | None = None,
        user_agent: str | None = None,
        cookie: str | None = None,
        program_id: int | None = None,
    ) -> RecordResult[Mapping[str, object]]:
        """Fill out a form for somebody, as a visitor of its page would; return what became of the lead.

        Not repeated when its outcome is unknown: the form would be filled out twice.

        Args:
            form_id: The id of the form.
            lead_fields: What is filled in, by the REST names of the form's fields; `email` must be there. None is no
                value here: Marketo skips the whole form then (1003).
            page_url: The address of the page with the form.
            query_string: The query of that address.
            ip_address: The visitor's IPv4 address.
            user_agent: The visitor's browser.
            cookie: The visitor's Munchkin cookie, whose activities become the lead's.
            program_id: The program that the lead becomes a member of.

        Returns:
            A result with status `"created"`, `"updated"` or `"skipped"`.

        Raises:
            ArgumentError: an argument cannot be right.
            MarketoError: `outcome_unknown` says whether it may have been filled out.

        Source: SubmitFormUsingPOST
        """
        check_id("form_id", form_id)
        _check_filled("lead_fields", lead_fields)
        check_text("page_url", page_url, optional=True)
        check_text("query_string", query_string, blank=True, optional=True)
        check_text("ip_address", ip_address, optional=True)
        check_text("user_agent", user_agent, optional=True)
        check_text("cookie", cookie, optional=True)
        visit = {
            "pageURL": page_url,
            "queryString": query_string,
            "leadClientIpAddress": ip_address,
            "userAgentString": user_agent,
        }
        if program_id is not None:
            check_id("program_id", program_id)
        submission: dict[str, object] = {"leadFormFields": lead_values(lead_fields, argument="lead_fields")}
        if visitor := {name: text for name, text in visit.items() if text is not None}:
            submission["visitorData"] = visitor
        if cookie is not None:
            submission["cookie"] = cookie
        body: dict[str, object] = {"formId": form_id, "input": [submission]}
        if program_id is not None:
            body["programId"] = program_id
        call = POST("/rest/v1/leads/submitForm.json")
        plan: WritePlan[Mapping[str, object]] = WritePlan(call=call, values=lambda fields, _: fields, key_field=None)
        envelope = await self._transport.send(call.json(body))
        return results_of(plan, [Item(0, lead_fields, None, b"")], envelope, unsure=False)[0]

    async def associate(self, lead_id: int, cookie: str) -> None:
        """Make a visitor's cookie a lead's: what the anonymous visitor did becomes the lead's activities.

        Repeated when its outcome is unknown: the cookie is then the lead's already.

        Args:
            lead_id: The id of the lead.
            cookie: The value of the cookie `_mkto_trk`, with or without `id:...&` in front.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: no lead has that id (1004).
            ValidationError: it is no such cookie (1012).

        Source: associateLeadUsingPOST
        """
        check_id("lead_id", lead_id)
        check_text("cookie", cookie)
        call = POST("/rest/v1/leads/{leadId}/associate.json", leadId=lead_id).query(cookie=cookie)
        await self._transport.send(call.slow(read_timeout=95.0, server_limit=60.0).repeatable())

    async def merge(self, winner_id: int, loser_ids: int | Iterable[int], *, merge_in_crm: bool | None = None) -> None:
        """Merge up to 25 leads into another one. There is no way back.

        The winner keeps its values, and takes those that it lacks from the losers; their activities, memberships and
        lists move to it, and they are gone. Marketo takes up to three minutes. Not repeated when its outcome is
        unknown: whether the losers are still there says what happened.

        Args:
            winner_id: The id of the lead that stays.
            loser_ids: The id of the lead that is merged into it, or up to 25 of them.
            merge_in_crm: Whether the leads are merged in Salesforce as well.

        Raises:
            ArgumentError: an argument cannot be right, such as 26 losers, or a winner that is one of them.
            NotFoundError: there is no such lead (1004).
            MergeError: these leads cannot be merged.

        Source: mergeLeadsUsingPOST
        """
        check_id("winner_id", winner_id)
        check_flag("merge_in_crm", merge_in_crm)
        losers = _distinct_ids("loser_ids", loser_ids)
        if not 1 <= len(losers) <= MOST_LOSERS:
            raise ArgumentError("loser_ids", f"{len(losers)} ids", f"1 to {MOST_LOSERS} leads")
        if winner_id in losers:
            raise ArgumentError("loser_ids", winner_id, "other leads than the winner")
        call = POST("/rest/v1/leads/{leadId}/merge.json", leadId=winner_id)
        call = call.query(leadId=losers[0]) if len(losers) == 1 else call.query(leadIds=losers)
        await self._transport.send(call.query(mergeInCRM=merge_in_crm).slow(read_timeout=190.0, server_limit=180.0))


def _check_filled(argument: str, given: object) -> None:
    if not isinstance(given, Mapping):
        raise ArgumentError(argument, given, "a mapping of REST names to values")
    check_text(f"{argument}['email']", given.get("email"))


def _distinct_ids(argument: str, given: object) -> list[int]:
    """Return one id or several, each once."""
    if is_integer(given):
        check_id(argument, given)
        return [given]
    ids: dict[int, None] = {}
    for index, item in enumerate(items_of(argument, given, "ids")):
        check_id(f"{argument}[{index}]", item)
        if is_integer(item):
            ids[item] = None
    return list(ids)
