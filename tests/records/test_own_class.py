"""Leads as users' own classes: mapped by metadata, read as strictly as our records, and written back."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Any, Literal, NewType, Optional

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import ArgumentError, DecodeError
from marketo_async.records import Lead, Program, ProgramMembership, marketo_field, read
from marketo_async.records.own_class import lead_values, own_class, write_own

_PATH = "$.result[3]"


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Level(IntEnum):
    ONE = 1


Score = NewType("Score", int)


@attrs.frozen
class Customer:
    """A class with every kind of field."""

    id: int
    email: str | None
    first_name: str = "nobody"
    score: Score | None = attrs.field(default=None, metadata=marketo_field("leadScore"))
    renewal: date | None = attrs.field(default=None, metadata=marketo_field("renewalDate_c", none_clears=True))
    updated_at: datetime | None = None
    revenue: Decimal | None = attrs.field(default=None, metadata=marketo_field("annualRevenue"))
    urgency: Optional[float] = None  # noqa: UP045 - as older code writes it
    unsubscribed: bool = False
    colour: Colour | None = attrs.field(default=None, metadata=marketo_field("favouriteColor_c"))
    level: Level | None = None
    rating: Literal["hot", "cold"] | None = None
    notes: object = None
    company: str | None = attrs.field(default=None, metadata=marketo_field(read_only=True))
    membership: ProgramMembership | None = None
    _secret: str | None = None
    made: str = attrs.field(init=False, default="here")


_ROW: dict[str, object] = {
    "id": 7,
    "email": None,
    "firstName": None,
    "leadScore": 5,
    "renewalDate_c": "2026-02-01",
    "updatedAt": "2026-01-05T08:00:00Z",
    "annualRevenue": 1604.47,
    "urgency": 2,
    "unsubscribed": True,
    "favouriteColor_c": "blue",
    "level": 1,
    "rating": "hot",
    "notes": [1, None],
    "company": "Acme",
    "membership": {"id": 1, "progressionStatus": "Attended"},
    "secret": "s",
    "unknown": "is left out",
}


def test_every_kind_of_field_reads() -> None:
    """Each field is read by its annotation, under the name that metadata or camelCase gives it."""
    customer = own_class(Customer).read(_ROW, path=_PATH)
    assert customer == Customer(
        id=7,
        email=None,
        first_name="nobody",
        score=Score(5),
        renewal=date(2026, 2, 1),
        updated_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
        revenue=Decimal("1604.47"),
        urgency=2,
        unsubscribed=True,
        colour=Colour.BLUE,
        level=Level.ONE,
        rating="hot",
        notes=[1, None],
        company="Acme",
        membership=ProgramMembership(id=1, progression_status="Attended"),
        secret="s",
    )
    assert isinstance(customer.level, Level)


def test_fields_to_ask_for() -> None:
    """Exactly the lead fields that the constructor takes are asked for; the membership is none of them."""
    assert own_class(Customer).names == (
        *("id", "email", "firstName", "leadScore", "renewalDate_c", "updatedAt", "annualRevenue", "urgency"),
        *("unsubscribed", "favouriteColor_c", "level", "rating", "notes", "company", "secret"),
    )


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"id": "7"}, "id", "expected an integer, got a string"),
        ({"id": True}, "id", "expected an integer, got a boolean"),
        ({"id": None}, "id", "expected an integer, got null"),
        ({"email": 5}, "email", "expected a string, got an integer"),
        ({"leadScore": 5.5}, "leadScore", "expected an integer, got a number"),
        ({"renewalDate_c": "tomorrow"}, "renewalDate_c", "no date"),
        ({"annualRevenue": "12 EUR"}, "annualRevenue", "expected a number, got a string"),
        ({"annualRevenue": "NaN"}, "annualRevenue", "expected a number, got a string"),
        ({"urgency": "2"}, "urgency", "expected a number, got a string"),
        ({"unsubscribed": "false"}, "unsubscribed", "expected a boolean, got a string"),
        ({"favouriteColor_c": "green"}, "favouriteColor_c", "expected one of 'red', 'blue'"),
        ({"level": True}, "level", "expected one of 1"),
        ({"rating": "warm"}, "rating", "expected one of 'hot', 'cold'"),
        ({"membership": {"progressionStatus": 1}}, "membership.progressionStatus", "expected a string"),
    ],
)
def test_misfits_say_where(change: dict[str, object], where: str, words: str) -> None:
    """What does not fit is a DecodeError with its position and the row, never a value that was bent into shape."""
    row = _ROW | change
    with pytest.raises(DecodeError, match=words) as caught:
        own_class(Customer).read(row, path=_PATH)
    assert caught.value.path == f"{_PATH}.{where}"
    assert caught.value.raw == row


def test_missing_fields() -> None:
    """A field that was not sent takes the default, or None where it may be None; else the row does not fit."""
    customer = own_class(Customer).read({"id": 7}, path=_PATH)
    assert (customer.email, customer.first_name) == (None, "nobody")
    with pytest.raises(DecodeError, match="is missing") as caught:
        own_class(Customer).read({"email": "a@example.com"}, path=_PATH)
    assert caught.value.path == f"{_PATH}.id"
    with pytest.raises(DecodeError, match="expected an object"):
        own_class(Customer).read("row", path=_PATH)


def test_decimals_are_exact() -> None:
    """A Decimal is what Marketo wrote, as number or as text, not the nearest binary fraction of it."""

    @attrs.define
    class Money:
        amount: Any = attrs.field(default=None)

    kind = own_class(Customer)
    for sent, read_as in ((0.1, "0.1"), ("1604.47", "1604.47"), (12, "12")):
        assert kind.read({"id": 1, "annualRevenue": sent}, path=_PATH).revenue == Decimal(read_as)
    assert own_class(Money).read({"amount": {"any": 1}}, path=_PATH).amount == {"any": 1}


def _split(text: str) -> list[str]:
    return text.split(";")


def test_converters_and_validators_of_the_class() -> None:
    """A field with a converter of its own gets what Marketo sent; what the class refuses is a DecodeError."""

    @attrs.frozen
    class Tagged:
        id: int = attrs.field(validator=attrs.validators.lt(100))
        tags: list[str] = attrs.field(converter=_split, metadata=marketo_field("tags_c"))

    kind = own_class(Tagged)
    assert kind.read({"id": 1, "tags_c": "a;b"}, path=_PATH).tags == ["a", "b"]
    with pytest.raises(DecodeError, match="Tagged refuses it") as caught:
        kind.read({"id": 100, "tags_c": "a"}, path=_PATH)
    assert caught.value.path == _PATH
    assert isinstance(caught.value.__cause__, ValueError)


@dataclasses.dataclass
class Person:
    """A dataclass."""

    email: str
    city: str | None = dataclasses.field(default=None, metadata=marketo_field("billingCity"))
    scores: float = dataclasses.field(default_factory=lambda: 1.5)


def test_dataclasses() -> None:
    """Dataclasses work as attrs classes do."""
    kind = own_class(Person)
    assert kind.names == ("email", "billingCity", "scores")
    person = kind.read({"email": "a@example.com", "billingCity": "Bonn", "scores": None}, path=_PATH)
    assert person == Person("a@example.com", "Bonn", 1.5)
    assert write_own(person) == {"email": "a@example.com", "billingCity": "Bonn", "scores": 1.5}


class Plain:
    """A class that says nothing."""


def _bad_classes() -> list[tuple[object, str]]:
    @attrs.define
    class Twice:
        email: str
        mail: str = attrs.field(metadata=marketo_field("email"))

    @attrs.define
    class Odd:
        email: set[str]

    @attrs.define
    class Either:
        email: int | str

    @attrs.define
    class Nothing:
        membership: ProgramMembership

    return [
        (Plain, "an attrs class or a dataclass"),
        (dict, "an attrs class or a dataclass"),
        ("Customer", "an attrs class or a dataclass"),
        (Program, "an attrs class or a dataclass"),
        (Twice, "email and mail are both email"),
        (Odd, "email of another type"),
        (Either, "email of another type"),
        (Nothing, "at least one field"),
    ]


@pytest.mark.parametrize(("kind", "words"), _bad_classes())
def test_bad_classes_are_refused(kind: Any, words: str) -> None:
    """A class that no lead can be read into is refused at once, by a sentence that says why."""
    with pytest.raises(ArgumentError, match=words) as caught:
        own_class(kind)
    assert caught.value.argument == "record"


def test_annotations_that_cannot_be_looked_up() -> None:
    """A type that only type checkers import is named, instead of a NameError from nowhere."""
    kind = attrs.make_class("Lazy", {"email": attrs.field()})
    kind.__annotations__ = {"email": "Unseen"}
    with pytest.raises(ArgumentError, match=r"annotations can be looked up .*Unseen"):
        own_class(kind)


@pytest.mark.parametrize("name", ["", "  ", "a,b", 5])
def test_names_are_checked(name: Any) -> None:
    """A blank name, or one with a comma, is no REST name."""
    with pytest.raises(ArgumentError, match="a REST name"):
        marketo_field(name)


# ---------------------------------------------------------------- writing


def test_writing_leaves_out_what_is_read_only_or_none() -> None:
    """Written is what is set and may be written; None clears only where the class says so."""
    row = _ROW | {"renewalDate_c": None, "leadScore": None, "notes": "n"}
    customer = own_class(Customer).read(row, path=_PATH)
    written: dict[str, object] = {
        "firstName": "nobody",
        "renewalDate_c": None,
        "annualRevenue": 1604.47,
        "urgency": 2,
        "unsubscribed": True,
        "favouriteColor_c": "blue",
        "level": 1,
        "rating": "hot",
        "notes": "n",
        "secret": "s",
    }
    assert write_own(customer) == written
    assert type(write_own(customer)["level"]) is int
    assert write_own(customer, lookup_field="id") == {"id": 7} | written
    assert write_own(customer, lookup_field="company") == written | {"company": "Acme"}


def test_values_that_cannot_be_sent() -> None:
    """A moment without zone, a number that JSON would round and a value of no kind of Marketo's are refused by name."""
    for changes, words in (
        ({"renewal": datetime(2026, 1, 5)}, r"records\[3\].renewal=.* with a time zone"),  # noqa: DTZ001
        ({"revenue": Decimal("0.12345678901234567891")}, r"records\[3\].revenue=.* JSON would round it"),
        ({"revenue": Decimal("nan")}, r"records\[3\].revenue=.* finite"),
        ({"notes": {"a": 1}}, r"records\[3\].notes=.*this is a dict"),
    ):
        customer = attrs.evolve(Customer(7, None), **changes)
        with pytest.raises(ArgumentError, match=words):
            write_own(customer, argument="records[3]")
    assert write_own(Customer(7, None, revenue=Decimal("12.00")))["annualRevenue"] == 12


def test_values_of_leads_and_mappings() -> None:
    """A `Lead` leaves out what Marketo makes, a mapping is taken at its word, anything else is refused."""
    lead = read(Lead, {"id": 7, "email": "a@example.com", "leadScore": None, "createdAt": "2026-01-05T08:00:00Z"})
    assert lead_values(lead) == {"email": "a@example.com", "leadScore": None}
    assert lead_values(lead, lookup_field="id") == {"id": 7, "email": "a@example.com", "leadScore": None}
    mapping = {"id": 7, "createdAt": None, "colour": Colour.RED, "on": date(2026, 1, 5)}
    assert lead_values(mapping) == {"id": 7, "createdAt": None, "colour": "red", "on": date(2026, 1, 5)}
    assert lead_values(Customer(7, "a@example.com"))["email"] == "a@example.com"
    for wrong in (7, "email", None, Customer, [("email", "a")], object()):
        with pytest.raises(ArgumentError, match="a mapping of names to values"):
            lead_values(wrong)
    for name in (5, "", None):
        with pytest.raises(ArgumentError, match="REST names"):
            lead_values({name: 1})


@given(
    st.builds(
        Person,
        email=st.text(),
        city=st.none() | st.text(),
        scores=st.floats(allow_nan=False, allow_infinity=False) | st.integers(),
    )
)
def test_written_and_read_back(person: Person) -> None:
    """What is written of an instance reads back into an equal one."""
    assert own_class(Person).read(write_own(person), path=_PATH) == person
