"""Leads read as the caller wants them: all fields, typed values, classes of their own; and what describes them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async.errors import ApiError, ArgumentError, DecodeError, NotFoundError
from marketo_async.records import Lead, NewField, ProgramLead, ProgramMembership, marketo_field
from marketo_async.wire.request import BODY_LIMIT, encode

if TYPE_CHECKING:
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

DESCRIBE2 = "/rest/v1/leads/describe2.json"
TYPES = {
    "id": "integer",
    "email": "email",
    "createdAt": "datetime",
    "leadScore": "score",
    "revenue_c": "currency",
    "renewalDate_c": "date",
    "lastLogin_c": "datetime",
    "newsletter_c": "boolean",
    "notes_c": "text",
    "gone_c": "date",
}
ROW: dict[str, object] = {
    "id": 7,
    "email": "ann@example.com",
    "createdAt": "2026-01-05T08:00:00Z",
    "leadScore": "5",
    "revenue_c": "12.5",
    "renewalDate_c": "2026-02-01",
    "lastLogin_c": "2026-01-05T08:00:00Z",
    "newsletter_c": "true",
    "notes_c": "2026-02-01",
    "gone_c": None,
    "young_c": "2026-02-01",
}


@attrs.frozen
class MyLead:
    """A class of somebody's own; it has no use for the id."""

    email: str
    score: int = attrs.field(default=0, metadata=marketo_field("leadScore"))


@attrs.frozen
class Member:
    """A class with a membership."""

    id: int
    membership: ProgramMembership | None = None


def description(types: dict[str, str]) -> dict[str, object]:
    """Return what describe2 answers with."""
    return {
        "name": "API Lead",
        "searchableFields": [["id"], ["email"]],
        "fields": [{"name": name, "displayName": name, "dataType": kind} for name, kind in types.items()],
    }


def marketo(*leads: dict[str, object]) -> RecordingTransport:
    """Return a Marketo of these leads, whoever is asked for."""

    def answer(call: Call) -> Envelope:
        return rows(description(TYPES)) if call.template == DESCRIBE2 else rows(*leads)

    return RecordingTransport(answer)


def fields_of(call: Call) -> list[str] | None:
    """Return the fields that a call asks for."""
    text = dict(call.query_pairs).get("fields")
    return None if text is None else text.split(",")


async def test_all_fields() -> None:
    """`fields="all"` asks for every field that describe lists, and asks for that list once a day."""
    transport = marketo(ROW)
    leads = groups_on(transport).leads
    await leads.get(7, fields="all")
    await leads.find("id", [7], fields="all").collect()
    await leads.find_by_program(1107, fields="all").collect()
    assert [call.template for call in transport.calls].count(DESCRIBE2) == 1
    assert transport.calls[0].template == DESCRIBE2
    assert [fields_of(call) for call in transport.calls[1:]] == [list(TYPES)] * 3


async def test_usual_fields() -> None:
    """Without `fields` Marketo chooses, and nothing else is asked."""
    transport = marketo(ROW)
    await groups_on(transport).leads.get(7)
    assert [fields_of(call) for call in transport.calls] == [None]


async def test_typed_values() -> None:
    """`typed=True` makes days, moments, numbers and booleans of what describe says they are; null stays None."""
    leads = groups_on(marketo(ROW)).leads
    lead = await leads.get(7, typed=True)
    assert dict(lead) == {
        "id": 7,
        "email": "ann@example.com",
        "createdAt": datetime(2026, 1, 5, 8, tzinfo=UTC),
        "leadScore": 5,
        "revenue_c": 12.5,
        "renewalDate_c": date(2026, 2, 1),
        "lastLogin_c": datetime(2026, 1, 5, 8, tzinfo=UTC),
        "newsletter_c": True,
        "notes_c": "2026-02-01",
        "gone_c": None,
        "young_c": "2026-02-01",
    }
    assert lead.to_dict() == ROW | {"leadScore": 5, "revenue_c": 12.5, "newsletter_c": True}
    (found,) = await leads.find("id", [7], typed=True).collect()
    assert found == lead
    raw = await leads.get(7)
    assert (raw["renewalDate_c"], raw["leadScore"]) == ("2026-02-01", "5")


@pytest.mark.parametrize(
    ("name", "sent", "became"),
    [
        ("leadScore", 5, 5),
        ("leadScore", 5.0, 5),
        ("leadScore", "-5", -5),
        ("revenue_c", 12, 12),
        ("revenue_c", "1e3", 1000.0),
        ("newsletter_c", False, False),
        ("newsletter_c", "0", False),
        ("newsletter_c", "True", True),
        ("renewalDate_c", "2026-02-01T23:00:00Z", date(2026, 2, 1)),
    ],
)
async def test_typed_spellings(name: str, sent: object, became: object) -> None:
    """A value is read whether it was sent as itself or as text."""
    lead = await groups_on(marketo({"id": 7, name: sent})).leads.get(7, typed=True)
    assert lead[name] == became
    assert type(lead[name]) is type(became)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("leadScore", "5 points"),
        ("leadScore", 5.5),
        ("leadScore", True),
        ("revenue_c", "12 EUR"),
        ("renewalDate_c", "soon"),
        ("lastLogin_c", 7),
        ("newsletter_c", "perhaps"),
        ("newsletter_c", 1),
    ],
)
async def test_typed_misfits(name: str, sent: object) -> None:
    """A value that is not what describe says ends the walk with its position, or is skipped and counted."""
    leads = groups_on(marketo({"id": 6}, {"id": 7, name: sent})).leads
    with pytest.raises(DecodeError) as caught:
        await leads.find("id", [6, 7], typed=True).collect()
    assert caught.value.path == f"$.result[1].{name}"
    pages = leads.find("id", [6, 7], typed=True).with_options(on_misfit="skip").pages()
    (page,) = [page async for page in pages]
    assert ([lead.id for lead in page.items], [error.path for error in page.misfits]) == ([6], [caught.value.path])


async def test_own_class() -> None:
    """`record=` reads into a class of one's own, for which exactly its fields are asked for."""
    transport = marketo(ROW | {"leadScore": 5}, ROW | {"leadScore": None})
    leads = groups_on(transport).leads
    assert await leads.get(7, record=MyLead) == MyLead("ann@example.com", 5)
    assert await leads.find("id", [7, 8], record=MyLead).collect() == [MyLead("ann@example.com", 5)]
    everybody = leads.find_by_program(1107, record=MyLead)
    assert await everybody.collect() == [MyLead("ann@example.com", 5), MyLead("ann@example.com", 0)]
    assert [fields_of(call) for call in transport.calls] == [["email", "leadScore"]] * 3
    await leads.get(7, fields=["email"], record=MyLead)
    assert fields_of(transport.calls[-1]) == ["email"]


async def test_own_class_misfits() -> None:
    """A row that does not fit one's own class has a position, and is skipped where the listing was told so."""
    leads = groups_on(marketo({"id": 6, "email": "a@example.com"}, {"id": 7, "email": None}, {"email": "b"})).leads
    with pytest.raises(DecodeError, match="expected a string, got null") as caught:
        await leads.find("id", [6, 7], record=MyLead).collect()
    assert caught.value.path == "$.result[1].email"
    pager = leads.find("id", [6, 7], record=MyLead).with_options(on_misfit="skip")
    (page,) = [page async for page in pager.pages()]
    assert page.items == (MyLead("a@example.com"),)
    assert [error.path for error in page.misfits] == ["$.result[1].email", "$.result[2].id"]


async def test_own_class_once() -> None:
    """A lead that is found by several values comes once, even into a class that has no id."""
    transport = RecordingTransport(lambda _: rows({"id": 7, "email": "a@example.com"}, {"id": 7, "email": "a"}))
    found = groups_on(transport).leads.find("cookies", [f"token:{number}" for number in range(301)], record=MyLead)
    assert await found.collect() == [MyLead("a@example.com")]


@pytest.mark.parametrize(
    ("arguments", "name", "words"),
    [
        ({"fields": "email"}, "fields", "a list of names"),
        ({"fields": []}, "fields", "at least one name"),
        ({"record": dict}, "record", "an attrs class or a dataclass"),
        ({"record": MyLead, "typed": True}, "typed", "annotations say the types"),
        ({"typed": 1}, "typed", "True or False"),
    ],
)
async def test_arguments(arguments: dict[str, Any], name: str, words: str) -> None:
    """What a lead cannot be read as is refused before anything is sent, by each of the operations."""
    transport = marketo(ROW)
    leads = groups_on(transport).leads
    with pytest.raises(ArgumentError, match=words) as caught:
        await leads.get(7, **arguments)
    assert caught.value.argument == name
    with pytest.raises(ArgumentError, match=words):
        leads.find("id", [7], **arguments)
    with pytest.raises(ArgumentError, match=words):
        leads.find_by_program(1107, **arguments)
    assert transport.calls == []


async def test_nobody() -> None:
    """An empty answer to `get` is NotFoundError; to a listing it is nothing (A16)."""
    leads = groups_on(marketo()).leads
    with pytest.raises(NotFoundError):
        await leads.get(7)
    assert await leads.find_by_program(1107).collect() == []


async def test_leads_of_a_program() -> None:
    """Leads of a program come with their membership, as an attribute and in the mapping."""
    membership = {"id": 28, "progressionStatus": "Attended", "acquiredBy": True, "reachedSuccess": False}
    leads = groups_on(marketo({"id": 7, "leadScore": 5, "membership": membership})).leads
    lead = await leads.find_by_program(1107).first()
    assert isinstance(lead, ProgramLead)
    assert lead.membership is not None
    assert (lead["leadScore"], lead.membership.progression_status) == (5, "Attended")
    assert lead["membership"] is lead.membership
    assert lead.to_dict()["membership"] == membership
    assert await leads.find_by_program(1107, record=Member).first() == Member(7, lead.membership)
    plain = await leads.find_by_program(1107, record=Lead).first()
    assert type(plain) is Lead


async def test_many_fields_and_values_fit_a_call() -> None:
    """However long the names of the fields are, values and names together stay within a body (A18)."""
    names = [f"field_{number}_{'x' * 200}_c" for number in range(2000)]
    transport = RecordingTransport(lambda _: rows())
    values = [f"{number:04}" + "ü" * 500 for number in range(600)]
    await groups_on(transport).leads.find("customField_c", values, fields=names).collect()
    assert len(transport.calls) > 2
    assert all(len(encode(call).body) <= BODY_LIMIT for call in transport.calls)
    with pytest.raises(ArgumentError, match="these alone fill a call"):
        await groups_on(transport).leads.find("id", [1], fields=[f"f{n}{'x' * 250}" for n in range(5000)]).collect()


async def test_describe_is_shared() -> None:
    """Twenty callers at once cost one call of describe; `refresh` asks again; the older describe is kept apart."""
    transport = marketo({"id": 2, "displayName": "Company Name", "dataType": "string"})
    leads = groups_on(transport).leads
    found = await asyncio.gather(*(leads.describe() for _ in range(20)))
    assert len(transport.calls) == 1
    assert found[0].field("leadScore") is not None
    assert found[0].filter_types == ("id", "email")
    await leads.describe(refresh=True)
    assert len(transport.calls) == 2
    old = await leads.describe_superseded()
    assert old == await leads.describe_superseded()
    assert (old[0].display_name, old[0].rest) == ("Company Name", None)
    assert len(transport.calls) == 3


async def test_partitions_and_types_are_kept() -> None:
    """Partitions and activity types are asked for once; a list that the caller changes is the caller's own."""
    transport = RecordingTransport(lambda _: rows({"id": 1, "name": "Default"}))
    groups = groups_on(transport)
    partitions = await groups.leads.partitions()
    partitions.clear()
    assert [partition.name for partition in await groups.leads.partitions()] == ["Default"]
    assert [kind.id for kind in await groups.activities.types()] == [1]
    await groups.activities.types()
    assert len(transport.calls) == 2


async def test_groups_with_options_share_what_is_kept() -> None:
    """Groups over one client have one cache, whatever their options."""
    transport = marketo(ROW)
    await groups_on(transport).leads.describe()
    await groups_on(transport).leads.describe()
    assert len(transport.calls) == 1


async def test_making_a_field_forgets_the_schema() -> None:
    """A field that was made or changed, successfully or not, makes describe ask again."""

    def answer(call: Call) -> Envelope:
        if call.template == DESCRIBE2:
            return rows(description(TYPES))
        if call.template.endswith("{fieldApiName}.json"):
            raise ApiError("no", code="1003")
        return rows({"name": "pets", "status": "created"})

    transport = RecordingTransport(answer)
    groups = groups_on(transport)
    await groups.leads.describe()
    (made,) = await groups.lead_fields.create([NewField(name="pets", display_name="Pets", data_type="integer")])
    assert (made.name, made.status) == ("pets", "created")
    await groups.leads.describe()
    with pytest.raises(ApiError):
        await groups.lead_fields.update("pets", is_hidden=True)
    await groups.leads.describe()
    assert [call.template for call in transport.calls].count(DESCRIBE2) == 3


@pytest.mark.parametrize("given", [0, "7", None, True])
async def test_memberships_check_their_arguments(given: Any) -> None:
    """An id that cannot be one is refused by each membership listing, and so are times in the wrong order."""
    leads = groups_on(RecordingTransport()).leads
    for listing in (leads.list_memberships, leads.program_memberships, leads.smart_campaign_memberships):
        with pytest.raises(ArgumentError, match="lead_id"):
            listing(given)
    early, late = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)
    with pytest.raises(ArgumentError, match="updated_from"):
        leads.smart_campaign_memberships(7, updated_from=late, updated_until=early)
    for ids in ([], range(1, 302), ["x"]):
        with pytest.raises(ArgumentError, match="program_ids"):
            leads.program_memberships(7, program_ids=ids)  # type: ignore[arg-type]
