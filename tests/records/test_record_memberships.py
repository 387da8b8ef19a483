"""Members of programs, lists and their schema: what single names of theirs mean."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from marketo_async.errors import DecodeError
from marketo_async.records import (
    ListMembership,
    ListMemberStatus,
    NewField,
    ObjectDescription,
    ProgramMember,
    ProgramMembership,
    SchemaField,
    SmartCampaignMembership,
    StaticList,
    read,
    to_wire,
)

_HERE = Path(__file__).parent / "samples"
_MOMENT = datetime(2015, 8, 24, 20, 17, 23, tzinfo=UTC)


def _sample(family: str, name: str) -> dict[str, object]:
    row: dict[str, object] = json.loads((_HERE / f"{family}.json").read_text(encoding="utf-8"))[name]
    return row


def test_program_member() -> None:
    """A member of a program has the fields of every instance as attributes, with Python's names and types."""
    assert read(ProgramMember, _sample("program_member", "by default")) == ProgramMember(
        lead_id=1789,
        program_id=1044,
        reached_success=False,
        acquired_by=True,
        membership_date=_MOMENT,
        fields={"seq": 0},
    )


def test_program_member_is_a_mapping() -> None:
    """A member is a mapping of all that was read: null is in it, what was not asked for is not."""
    row = _sample("program_member", "its own fields, null and false")
    member = read(ProgramMember, row)
    assert (member.status_name, member.updated_at, member["waitlistPriority"]) == ("Attended", _MOMENT, 2)
    assert dict(member) == row | {"updatedAt": _MOMENT}
    assert list(member) == list(row)
    assert len(member) == len(row)
    assert "registrationCode" in member
    assert member["registrationCode"] is None
    assert "reachedSuccess" not in member
    with pytest.raises(KeyError) as caught:
        member["reachedSuccess"]
    assert "This ProgramMember was read without that field" in caught.value.__notes__[0]


def test_program_member_made_by_hand() -> None:
    """A member made by hand is a mapping of what it was given."""
    member = ProgramMember(lead_id=7, status_name="Attended", fields={"seat": "A1"})
    assert dict(member) == {"leadId": 7, "statusName": "Attended", "seat": "A1"}
    assert member == read(ProgramMember, member.to_dict())


def test_both_faces_of_a_program_membership() -> None:
    """A lead's program and the membership of a program's lead read into one kind of record."""
    assert read(
        ProgramMembership, _sample("program_membership", "of a lead, in a default program")
    ) == ProgramMembership(
        id=1044,
        progression_status="Member",
        progression_status_type="Member",
        is_exhausted=False,
        acquired_by=True,
        reached_success=False,
        membership_date=_MOMENT,
        updated_at=_MOMENT,
    )
    engaged = read(ProgramMembership, _sample("program_membership", "of a program's lead, in an engagement program"))
    assert (engaged.stream, engaged.nurture_cadence, engaged.is_exhausted) == ("Stream 1", "norm", True)


def test_memberships_of_a_lead() -> None:
    """Lists and smart campaigns of a lead are ids with two dates."""
    row = {"createdAt": "2015-08-24T20:17:23Z", "updatedAt": "2015-08-24T20:17:23Z"}
    assert read(ListMembership, {"listId": 5} | row) == ListMembership(
        list_id=5, created_at=_MOMENT, updated_at=_MOMENT
    )
    assert read(SmartCampaignMembership, {"smartCampaignId": 5} | row) == SmartCampaignMembership(
        smart_campaign_id=5, created_at=_MOMENT, updated_at=_MOMENT
    )
    with pytest.raises(DecodeError, match="listId"):
        read(ListMembership, row)


@pytest.mark.parametrize(("sample", "member"), [("member", True), ("no member", False), ("nobody", False)])
def test_list_member_status(sample: str, member: bool) -> None:
    """Only `memberof` is a member; why a lead was skipped stays readable."""
    status = read(ListMemberStatus, _sample("list_member_status", sample))
    assert status.is_member is member
    assert [reason.code for reason in status.reasons] == (["1004"] if sample == "nobody" else [])


def test_static_list() -> None:
    """A static list in no program and without description has neither."""
    row = _sample("static_list", "in no program")
    assert read(StaticList, row) == StaticList(
        id=1002,
        name="Press",
        workspace_name="Default",
        created_at=datetime(2014, 11, 13, 12, 43, 4, tzinfo=UTC),
        updated_at=datetime(2014, 11, 13, 12, 43, 4, tzinfo=UTC),
    )


def test_description() -> None:
    """A description tells by what can be searched, and finds a field by its exact name."""
    description = read(ObjectDescription, _sample("object_description", "members of programs"))
    assert description.filter_types == ("leadId", "reachedSuccess", "statusName")
    assert description.dedupe_fields == ("leadId", "programId")
    seat = description.field("seat")
    assert seat is not None
    assert (seat.data_type, seat.length, seat.updateable) == ("string", 255, True)
    assert description.field("Seat") is None
    superseded = read(ObjectDescription, _sample("object_description", "superseded"))
    assert (superseded.searchable_fields, superseded.filter_types, superseded.created_at) == ((), (), None)


def test_schema_field() -> None:
    """A field without description, or from before `isApiCreated`, has neither."""
    field = read(SchemaField, _sample("schema_field", "of a lead"))
    assert (field.name, field.description, field.length, field.is_api_created) == ("sfdcType", None, 50, None)
    assert field.was_sent("description")
    assert not field.was_sent("is_api_created")


def test_new_field() -> None:
    """A field to be made is sent under Marketo's names, with what was said about it, False included."""
    assert to_wire(NewField(name="seat", display_name="Seat", data_type="string", is_hidden=False)) == {
        "displayName": "Seat",
        "name": "seat",
        "dataType": "string",
        "isHidden": False,
    }
