"""Members of programs by their schema: all fields, typed values, classes of one's own, help with names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import attrs
import pytest
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async import marketo_field
from marketo_async.errors import ArgumentError, DecodeError, UnknownFieldError, ValidationError
from marketo_async.records import NewField

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

DESCRIBE = "/rest/v1/programs/members/describe.json"
FIELDS = "/rest/v1/programs/members/schema/fields.json"


def described(name: str, kind: str) -> dict[str, object]:
    """Return a field as describe shows it."""
    return {"name": name, "displayName": name.title(), "dataType": kind, "updateable": True, "crmManaged": False}


DESCRIPTION = {
    "name": "API Program Membership",
    "searchableFields": [["leadId"], ["reachedSuccess"], ["statusName"], ["seat"]],
    "fields": [
        described("leadId", "integer"),
        described("statusName", "string"),
        described("reachedSuccessDate", "datetime"),
        described("arrival", "date"),
        described("seat", "integer"),
    ],
}

ROW: dict[str, object] = {
    "seq": 0,
    "leadId": 7,
    "statusName": "Attended",
    "reachedSuccessDate": "2026-01-05T08:00:00Z",
    "arrival": "2026-01-05",
    "seat": "12",
}


def marketo(answer: Callable[[Call], Envelope] | None = None) -> RecordingTransport:
    """Return a Marketo that describes members, has one of them, and answers other searches as told."""

    def answers(call: Call) -> Envelope:
        if call.template == DESCRIBE:
            return rows(DESCRIPTION)
        if call.template == FIELDS:
            return rows({"name": "row", "status": "created"})
        return rows(ROW) if answer is None else answer(call)

    return RecordingTransport(answers)


def fields_asked(transport: RecordingTransport) -> str | None:
    """Return the fields that the last call asked for."""
    return dict(transport.calls[-1].query_pairs).get("fields")


async def test_described_once_a_day() -> None:
    """The schema is asked for once for all groups, again where that is asked for, and after it was changed."""
    transport = marketo()
    groups = groups_on(transport)
    first = await groups.program_members.describe()
    assert await groups_on(transport).program_members.describe() is first
    assert first.filter_types == ("leadId", "reachedSuccess", "statusName", "seat")
    assert len(transport.calls) == 1
    await groups.program_members.describe(refresh=True)
    assert len(transport.calls) == 2
    await groups.program_member_fields.create([NewField(name="row", display_name="Row", data_type="string")])
    await groups.program_members.describe()
    assert [call.template for call in transport.calls] == [DESCRIBE, DESCRIBE, FIELDS, DESCRIBE]


async def test_the_superseded_description_is_kept_apart() -> None:
    """The older description is asked for by its own path, and once a day as well."""
    transport = RecordingTransport(lambda _: rows({"name": "API Program Membership", "fields": []}))
    members = groups_on(transport).program_members
    assert (await members.describe_superseded()).fields == ()
    await members.describe_superseded()
    assert [call.template for call in transport.calls] == ["/rest/v1/program/members/describe.json"]


async def test_all_fields() -> None:
    """`fields="all"` asks for every field that describe lists."""
    transport = marketo()
    (member,) = await groups_on(transport).program_members.browse(1044, fields="all").collect()
    assert fields_asked(transport) == "leadId,statusName,reachedSuccessDate,arrival,seat"
    assert member["reachedSuccessDate"] == "2026-01-05T08:00:00Z"


async def test_typed_values() -> None:
    """`typed=True` reads values by the types of the schema; without it they are as Marketo sent them."""
    transport = marketo()
    members = groups_on(transport).program_members
    (typed,) = await members.find(1044, "leadId", [7], typed=True).collect()
    assert (typed["reachedSuccessDate"], typed["arrival"], typed["seat"]) == (
        datetime(2026, 1, 5, 8, tzinfo=UTC),
        date(2026, 1, 5),
        12,
    )
    (raw,) = await members.find(1044, "leadId", [7]).collect()
    assert (raw["arrival"], raw["seat"]) == ("2026-01-05", "12")
    assert typed.to_dict() == ROW | {"seat": 12}


@attrs.frozen
class Guest:
    """A class of one's own."""

    status: str = attrs.field(metadata=marketo_field("statusName"))
    arrival: date


async def test_class_of_ones_own() -> None:
    """Members are read into a class of one's own; the lead's id is asked for although the class has no use for it."""
    transport = marketo()
    pager = groups_on(transport).program_members.find_updated(
        1044, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC), record=Guest
    )
    assert await pager.collect() == [Guest(status="Attended", arrival=date(2026, 1, 5))]
    assert fields_asked(transport) == "leadId,statusName,arrival"


async def test_a_member_that_does_not_fit() -> None:
    """A member that does not fit ends the walk or, where that is asked for, is skipped with its error."""
    transport = marketo(
        lambda _: rows(ROW | {"arrival": "soon"}, {"leadId": 8, "statusName": "Invited", "arrival": "2026-01-06"})
    )
    pager = groups_on(transport).program_members.find(1044, "leadId", [7, 8], record=Guest)
    with pytest.raises(DecodeError, match=r"\$\.result\[0\]\.arrival"):
        await pager.collect()
    (page,) = [page async for page in pager.with_options(on_misfit="skip").pages()]
    assert [guest.status for guest in page.items] == ["Invited"]
    assert [misfit.path for misfit in page.misfits] == ["$.result[0].arrival"]


@pytest.mark.parametrize(
    ("filter_type", "values", "fields", "said"),
    [
        ("statusname", ["x"], None, "the nearest is 'statusName'"),
        ("arrival", ["x"], None, "leadId, reachedSuccess, seat, statusName"),
        ("createdAt", ["x"], None, "find_updated"),
        ("seat", ["front"], None, "an integer"),
        ("leadId", [7], ["Status Name"], "the nearest is 'statusName'"),
        ("leadId", [7], ["nonsense"], "program_members.describe"),
    ],
)
async def test_help_before_a_call(filter_type: str, values: list[str], fields: list[str] | None, said: str) -> None:
    """With the schema at hand, what Marketo would refuse is refused before a call is spent, and why (A24)."""
    transport = marketo()
    members = groups_on(transport).program_members
    await members.describe()
    with pytest.raises(ArgumentError, match=said):
        await members.find(1044, filter_type, values, fields=fields).collect()
    assert len(transport.calls) == 1


async def test_help_after_a_refusal() -> None:
    """Without the schema Marketo decides, and its refusal comes with the same help (A28)."""

    def refuse(call: Call) -> Envelope:
        if "fields" in dict(call.query_pairs):
            raise UnknownFieldError("Field 'statusNam' not found", code="1006")
        raise ValidationError("Field 'arrival' not supported", code="1011")

    members = groups_on(marketo(refuse)).program_members
    with pytest.raises(UnknownFieldError) as unknown:
        await members.find(1044, "leadId", [7], fields=["statusNam"]).collect()
    assert "'statusName'" in unknown.value.__notes__[0]


async def test_help_with_a_filter_after_a_refusal() -> None:
    """A field that cannot be searched by is refused with those that can (A28)."""

    def refuse(_: Call) -> Envelope:
        raise ValidationError("Field 'arrival' not supported", code="1011")

    with pytest.raises(ValidationError) as caught:
        await groups_on(marketo(refuse)).program_members.find(1044, "arrival", ["2026-01-05"]).collect()
    assert "leadId, reachedSuccess, seat, statusName" in caught.value.__notes__[0]


async def test_own_class_refusals() -> None:
    """What is neither a class of one's own nor a `ProgramMember`, and types said twice, are refused."""
    members = groups_on(RecordingTransport()).program_members
    for record in (dict, str, 5):
        with pytest.raises(ArgumentError):
            members.browse(1044, record=record)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="its annotations say the types"):
        members.browse(1044, record=Guest, typed=True)  # type: ignore[call-overload]
