"""Help from the schema: before a call where it is known, beside Marketo's refusal where it is not (A24, A28)."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import attrs
import pytest
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async.api.lead_database.schema_help import SchemaHelp
from marketo_async.errors import AccessDeniedError, ArgumentError, MarketoError, UnknownFieldError, ValidationError
from marketo_async.records import DescribedField, ObjectDescription, marketo_field

if TYPE_CHECKING:
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

DESCRIBE2 = "/rest/v1/leads/describe2.json"
_FIELDS: list[tuple[str, str, str, bool, int | None]] = [
    ("id", "Id", "integer", False, None),
    ("email", "Email Address", "email", True, 40),
    ("firstName", "First Name", "string", True, 10),
    ("leadScore", "Person Score", "score", True, None),
    ("annualRevenue", "Annual Revenue", "currency", True, None),
    ("dateOfBirth", "Date of Birth", "date", True, None),
    ("lastLogin_c", "Last Login", "datetime", True, None),
    ("newsletter_c", "Newsletter", "boolean", True, None),
    ("loyaltyNumber_c", "Loyalty Number", "integer", True, None),
    ("createdAt", "Created At", "datetime", False, None),
    ("urgency", "Urgency", "float", False, None),
]
HELP = SchemaHelp(
    ObjectDescription(
        name="API Lead",
        searchable_fields=(("id",), ("email",), ("loyaltyNumber_c",)),
        fields=tuple(
            DescribedField(name=name, display_name=shown, data_type=kind, updateable=can, length=length)
            for name, shown, kind, can, length in _FIELDS
        ),
    )
)


@attrs.frozen
class Misspelt:
    """A class with a field that no instance has."""

    id: int
    score: int | None = attrs.field(default=None, metadata=marketo_field("leadScor"))


class Instance:
    """A Marketo whose fields may become more, and that may refuse."""

    def __init__(self) -> None:
        self.fields = list(HELP.schema.fields)
        self.refusal: MarketoError | None = None
        self.describe_refusal: MarketoError | None = None
        self.transport = RecordingTransport(self.answer)
        self.leads = groups_on(self.transport).leads

    def answer(self, call: Call) -> Envelope:
        refusal = self.describe_refusal if call.template == DESCRIBE2 else self.refusal
        if refusal is not None:
            raise refusal
        if call.template == DESCRIBE2:
            return rows(attrs.evolve(HELP.schema, fields=tuple(self.fields)).to_dict())
        return rows({"id": 7})

    @property
    def described(self) -> int:
        return [call.template for call in self.transport.calls].count(DESCRIBE2)

    @property
    def others(self) -> int:
        return len(self.transport.calls) - self.described


# ---------------------------------------------------------------- what was meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("firstname", "firstName"),
        ("first_name", "firstName"),
        ("First Name", "firstName"),
        ("frstName", "firstName"),
        ("Email Address", "email"),
        ("Person Score", "leadScore"),
        ("lastLogin", "lastLogin_c"),
        ("xyzzy", None),
        ("", None),
    ],
)
def test_nearest(written: str, meant: str | None) -> None:
    """A name that is nearly right, in snake case, or as the user interface shows it is recognised."""
    assert HELP.nearest(written) == meant


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("email", "bademail", "an e-mail address in ASCII"),
        ("email", "jürgen@example.com", "an e-mail address in ASCII"),
        ("email", 5, "an e-mail address"),
        ("leadScore", 14.1, "an integer"),
        ("leadScore", "14.1", "an integer"),
        ("leadScore", True, "an integer"),
        ("leadScore", "many", "an integer"),
        ("annualRevenue", "14c", "a number"),
        ("annualRevenue", "100%", "a number"),
        ("dateOfBirth", "yesterday", "a date, such as"),
        ("dateOfBirth", "2026-02-30", "a day that there is"),
        ("lastLogin_c", "yesterday", "a date, such as"),
        ("lastLogin_c", False, "a date, such as"),
        ("firstName", "a" * 11, r"at most 10 characters \(these are 11\)"),
        ("firstName", ["a"], "a text, number, boolean, date or None"),
        ("newsletter_c", {"a": 1}, "a text, number, boolean, date or None"),
        ("urgency", 1.5, "describes urgency as read-only"),
        ("createdAt", "2026-01-01", "describes createdAt as read-only"),
        ("firstname", "a", "the nearest is 'firstName'"),
        ("xyzzy", "a", r"`leads.describe\(\)` lists them"),
    ],
)
def test_impossible_values(name: str, value: object, words: str) -> None:
    """What Marketo was seen to refuse is refused with the record, the field and what it takes."""
    with pytest.raises(ArgumentError, match=words) as caught:
        HELP.check_values("records[3]", {"id": 7, name: value})
    assert caught.value.argument == f"records[3][{name!r}]"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, None) for name in ("email", "leadScore", "firstName", "dateOfBirth")),
        *((name, "") for name in ("email", "leadScore", "dateOfBirth")),
        ("email", "ann+b@example.com"),
        ("leadScore", 14),
        ("leadScore", "14"),
        ("leadScore", 14.0),
        ("annualRevenue", "1604.47"),
        ("annualRevenue", 1604.47),
        ("dateOfBirth", date(2026, 1, 5)),
        ("dateOfBirth", "2026-01-05"),
        ("dateOfBirth", "01/05/2026"),
        ("lastLogin_c", datetime(2026, 1, 5, tzinfo=UTC)),
        ("lastLogin_c", "2026-01-05T08:00:00.000Z"),
        ("newsletter_c", True),
        ("newsletter_c", "yes"),
        ("newsletter_c", 1),
        ("firstName", "a" * 10),
        ("firstName", 5),
        ("cookies", "x"),
        ("mktToken", "x"),
        ("id", 7),
    ],
)
def test_possible_values(name: str, value: object) -> None:
    """What Marketo may take is never refused here: null and the empty text clear, texts may be numbers."""
    HELP.check_values("records[0]", {name: value})


def test_the_lookup_field_may_be_read_only() -> None:
    """What leads are looked up by is written even where it is read-only."""
    HELP.check_values("records[0]", {"urgency": 1.5}, lookup_field="urgency")


# ---------------------------------------------------------------- before a call


async def test_unknown_fields_cost_no_call() -> None:
    """With the schema at hand a misspelt field is named, with the nearest, and nothing is sent."""
    instance = Instance()
    await instance.leads.describe()
    with pytest.raises(ArgumentError, match="the nearest is 'firstName'") as caught:
        await instance.leads.get(7, fields=["email", "firstname"])
    assert caught.value.argument == "fields[1]"
    for listing in (
        instance.leads.find("id", [7], fields=["firstname"]),
        instance.leads.find_by_program(1107, fields=["firstname"]),
    ):
        with pytest.raises(ArgumentError, match="the nearest is 'firstName'"):
            await listing.collect()
    with pytest.raises(ArgumentError, match="the nearest is 'leadScore'") as caught:
        await instance.leads.get(7, record=Misspelt)
    assert caught.value.argument == "Misspelt.score"
    assert (instance.described, instance.others) == (1, 0)
    await instance.leads.get(7, fields=["id", "cookies", "leadPartitionId", "ecids", "createdAt", "updatedAt"])
    assert instance.others == 1


@pytest.mark.parametrize(
    ("filter_type", "values", "words"),
    [
        ("createdAt", ["2026-01-01"], "bulk extract"),
        ("updatedAt", ["2026-01-01"], "bulk extract"),
        ("firstName", ["Ann"], "can search by: cookies, email, id, loyaltyNumber_c"),
        ("Email", ["a@example.com"], "the nearest is 'email'"),
        ("loyaltyNumber", [5], "the nearest is 'loyaltyNumber_c'"),
        ("loyaltyNumber_c", [5, "five"], "loyaltyNumber_c has no other values"),
        ("id", ["5a"], "id has no other values"),
    ],
)
async def test_impossible_searches_cost_no_call(filter_type: str, values: list[str | int], words: str) -> None:
    """With the schema at hand a search that Marketo would refuse is explained, and nothing is sent."""
    instance = Instance()
    await instance.leads.describe()
    with pytest.raises(ArgumentError, match=words):
        await instance.leads.find(filter_type, values).collect()
    assert instance.others == 0


async def test_dirty_values_are_searched_for() -> None:
    """Values that find nobody are no mistake: an address that is none does not spoil a search for ten thousand."""
    instance = Instance()
    await instance.leads.describe()
    await instance.leads.find("email", ["n/a", "ann@example.com"]).collect()
    assert instance.others == 1


@pytest.mark.virtual_time
async def test_a_field_may_be_younger_than_the_schema() -> None:
    """A field that was made after the schema was read is believed: an old schema is read again before it is."""
    instance = Instance()
    await instance.leads.describe()
    instance.fields.append(DescribedField(name="pets_c", display_name="Pets", data_type="integer", updateable=True))
    with pytest.raises(ArgumentError):
        await instance.leads.get(7, fields=["pets_c"])
    await asyncio.sleep(601)
    await instance.leads.get(7, fields=["pets_c"])
    assert (instance.described, instance.others) == (2, 1)
    with pytest.raises(ArgumentError):
        await instance.leads.get(7, fields=["petz_c"])
    await asyncio.sleep(601)
    instance.describe_refusal = AccessDeniedError("Access denied", code="603")
    await instance.leads.get(7, fields=["petz_c"])  # nobody knows better: Marketo decides
    assert instance.others == 2


async def test_without_schema_nothing_is_refused() -> None:
    """Without the schema Marketo decides, and no call is spent on asking for it."""
    instance = Instance()
    await instance.leads.find("firstname", ["Ann"], fields=["firstname"]).collect()
    assert (instance.described, instance.others) == (0, 1)


# ---------------------------------------------------------------- after one


@pytest.mark.parametrize(
    ("refusal", "note"),
    [
        (UnknownFieldError("Field 'firstname' not found", code="1006"), "the nearest is 'firstName'"),
        (ValidationError("Field 'firstName' not supported", code="1011"), "loyaltyNumber_c"),
        (
            ValidationError("Invalid value for field 'firstName' and value 'x'", code="1003"),
            "of type string, at most 10",
        ),
        (ValidationError("Invalid value for field 'leadScore' and value 'x'", code="1003"), "of type score."),
    ],
)
async def test_refusals_get_the_same_help(refusal: MarketoError, note: str) -> None:
    """Marketo's own refusal is passed on with a note that says what was probably meant; its words stay its own."""
    instance = Instance()
    instance.refusal = refusal
    for use in (
        lambda: instance.leads.get(7, fields=["firstname"]),
        lambda: instance.leads.find("id", [7]).collect(),
        lambda: instance.leads.find_by_program(1107).collect(),
    ):
        with pytest.raises(type(refusal)) as caught:
            await use()
        assert caught.value.message == refusal.message
        (said,) = caught.value.__notes__
        assert note in said
        refusal.__notes__ = []
        instance.transport.kept.forget(type(instance.leads).SCHEMA)


async def test_searching_by_time_is_explained() -> None:
    """A search by `createdAt`, which Marketo refuses without a word, says what to do instead (A28)."""
    instance = Instance()
    instance.refusal = ValidationError("Field 'createdAt' not supported", code="1011")
    with pytest.raises(ValidationError) as caught:
        await instance.leads.find("createdAt", ["2026-01-01"]).collect()
    assert "bulk extract" in caught.value.__notes__[0]
    assert instance.described == 0


@pytest.mark.parametrize(
    "refusal",
    [
        UnknownFieldError("Field 'firstname' not found", code="1006"),
        ValidationError("Too many results match the filter", code="1003"),
        ValidationError("Field 'x' not something", code="1002"),
        AccessDeniedError("Access denied", code="603"),
    ],
)
async def test_no_help_no_harm(refusal: MarketoError) -> None:
    """Where there is nothing to say, or describe is refused as well, the error is Marketo's alone."""
    instance = Instance()
    instance.refusal = refusal
    instance.describe_refusal = AccessDeniedError("Access denied", code="603")
    with pytest.raises(type(refusal)) as caught:
        await instance.leads.get(7, fields=["firstname"])
    assert not getattr(caught.value, "__notes__", [])
    assert instance.others == 1


def test_advice_is_silent_about_the_rest() -> None:
    """Words that name no field, or a field that nobody knows, get no advice."""
    assert HELP.advice("1003", "Invalid request. Please check and try again.") is None
    assert HELP.advice("1003", "Invalid value for field 'xyzzy' and value '1'") is None
    assert HELP.advice("1004", "Field 'email' not found") is None
