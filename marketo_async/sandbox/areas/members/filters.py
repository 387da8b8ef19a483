"""Finding the members of a program by the values of a field, or by when they changed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import integers, required
from marketo_async.sandbox.areas.dates import read_instant, second_of
from marketo_async.sandbox.areas.members.record import NEVER
from marketo_async.sandbox.areas.members.schema import can_be_filtered_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from marketo_async.sandbox.areas.members.record import Kept
    from marketo_async.sandbox.areas.members.state import Members
    from marketo_async.sandbox.exchange import Request

VALUES_LIMIT = 300
MEMBERS_LIMIT = 100_000
"""Members through which a search by anything but `leadId` looks."""

_LONGEST = timedelta(days=7)
_MILLISECONDS = re.compile(r":\d\d[.,]\d")
_TRUTHS = {"true": True, "false": False}


@attrs.frozen
class Filter:
    """What members are searched for by.

    Attributes:
        search: What tells this search from others.
        accepts: Tells whether a member matches.
        lead_ids: The only leads that can match, ascending; None where any can.
    """

    search: tuple[object, ...]
    accepts: Callable[[int, Kept], bool]
    lead_ids: list[int] | None = None

    def members(self, members: Members, program_id: int, after: int = 0) -> Iterator[tuple[int, Kept]]:
        """Iterate over the members of a program that match and whose lead id is greater, by that id."""
        if self.lead_ids is None:
            return (one for one in members.of_program(program_id, after) if self.accepts(*one))
        looked_up = ((lead_id, members.kept(program_id, lead_id)) for lead_id in self.lead_ids if lead_id > after)
        return ((lead_id, kept) for lead_id, kept in looked_up if kept is not None)


def asked_filter(request: Request, members: Members, program_id: int) -> Filter:
    """Read `filterType` with `filterValues`, or with `startAt` and `endAt`.

    Raises:
        Refusal: 704, 1001, 1002, 1003 or 1011.
    """
    name = required(request.query, "filterType")
    if name == "updatedAt":
        return _changed(request)
    field = members.fields.get(name)
    if field is None or not can_be_filtered_by(field):
        raise refusals.field_not_supported(name)
    required(request.query, "filterValues")
    values = request.query.all("filterValues")
    if len(values) > VALUES_LIMIT:
        raise refusals.too_many_values(VALUES_LIMIT)
    search = (name, *values)
    match name:
        case "leadId":
            return Filter(search, lambda _, __: True, sorted(set(integers(values))))
        case "statusName":
            numbers = members.numbers_of(values)
            return Filter(search, lambda _, kept: kept.status in numbers)
        case "reachedSuccess":
            truths = {_truth(value) for value in values}
            return Filter(search, lambda _, kept: (kept.succeeded != NEVER) in truths)
        case _:
            wanted = {*integers(values)} if field.data_type == "integer" else {*values}
            return Filter(search, lambda lead_id, _: members.values_of(program_id, lead_id).get(name) in wanted)


def check_size(members: Members, program_id: int, wanted: Filter) -> None:
    """Refuse to search through more members than Marketo does.

    Raises:
        Refusal: 1003.
    """
    size = members.size(program_id)
    if wanted.lead_ids is not None or size <= MEMBERS_LIMIT:
        return
    if members.limit_counts == "all":
        raise refusals.too_many_members(size, MEMBERS_LIMIT)
    matching = sum(1 for _ in wanted.members(members, program_id))
    if matching > MEMBERS_LIMIT:
        raise refusals.too_many_matching_members(matching, MEMBERS_LIMIT)


def _changed(request: Request) -> Filter:
    zone = request.instance.settings.time_zone
    texts = {name: required(request.query, name) for name in ("startAt", "endAt")}
    for name, text in texts.items():
        if _MILLISECONDS.search(text):
            raise refusals.bad_date(name, text)
    start, end = (read_instant(name, text, zone) for name, text in texts.items())
    if not timedelta(0) <= end - start <= _LONGEST:
        raise refusals.bad_span(_LONGEST.days)
    first, last = second_of(start), second_of(end)
    return Filter(("updatedAt", first, last), lambda _, kept: first <= kept.updated <= last)


def _truth(text: str) -> bool:
    truth = _TRUTHS.get(text.lower())
    if truth is None:
        raise refusals.wrong_type(text, "Boolean")
    return truth
