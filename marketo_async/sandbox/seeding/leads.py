"""Seeds leads."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads.partitions import Partitions
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.seeding import vocabulary as words
from marketo_async.sandbox.seeding.programs import history

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from marketo_async.sandbox.instance import Instance

    Chance = Callable[[], float]

_EUROPE = frozenset({"Germany", "France", "United Kingdom", "Poland", "Spain"})


def seed_leads(instance: Instance, count: int) -> None:
    """Add `count` leads, of ids in the order in which they were created, and a partition for those in Europe."""
    if not count:
        return
    chance, put = instance.stream("seed leads").random, instance.state(Leads).put
    partitions = instance.state(Partitions)
    europe = partitions.add("EMEA", "Leads in Europe").id
    places = {country: europe if country in _EUROPE else partitions.default.id for country in words.COUNTRIES}
    begin, seconds = history(instance)
    for number, at in enumerate(sorted([int(chance() * seconds) for _ in range(count)])):
        created = begin + timedelta(seconds=at)
        updated = created + timedelta(seconds=int((seconds - at) * chance() ** 3))
        put(created, updated, _values(chance, created, number, places))


# A million times over, a call for every die would take longer than all the rest.


def _values(chance: Chance, created: datetime, number: int, places: dict[str, int]) -> dict[str, object]:
    first = words.FIRST_NAMES[int(chance() * len(words.FIRST_NAMES))]
    last = words.LAST_NAMES[int(chance() * len(words.LAST_NAMES))]
    company = words.COMPANIES[int(chance() * len(words.COMPANIES))]
    email = _email(chance, first, last, company, number)
    country = words.COUNTRIES[int(chance() * len(words.COUNTRIES))]
    values: dict[str, object] = {
        "firstName": first,
        "lastName": last,
        "company": company,
        "country": country,
        "leadPartitionId": places[country],
        "leadSource": words.SOURCES[int(chance() * len(words.SOURCES))],
        "leadScore": int(chance() * 120),
        "customField_c": _custom(int(chance() * 5000)),
    }
    if email is not None:
        values["email"] = email
    if chance() < 50 / 100:
        values["title"] = words.TITLES[int(chance() * len(words.TITLES))]
        values["loyaltyNumber_c"] = 10_000 + number
        values["newsletter_c"] = True
    if chance() < 30 / 100:
        values["unsubscribed"] = chance() < 50 / 100
        values["dateOfBirth"] = _birthday(int(chance() * 18_000))
        values["lifetimeValue_c"] = round(chance() * 50_000, 2)
        values["fitPercent_c"] = int(chance() * 101)
        color = words.COLORS[int(chance() * len(words.COLORS))]
        if color:
            values["favouriteColor_c"] = color
        values["lastLogin_c"] = created + timedelta(minutes=int(chance() * 1000))
    if chance() < 20 / 100:
        values["cookies"] = f"token:_mch-{_domain(company)}-{int(chance() * 10**9):09}"
    return values


def _email(chance: Chance, first: str, last: str, company: str, number: int) -> str | None:
    """Return an ASCII address: mostly a person's own, sometimes one that many share, sometimes none."""
    if chance() < 3 / 100:
        return None
    if chance() < 2 / 100:
        return f"info@{_domain(company)}"
    plus = "+news" if chance() < 5 / 100 else ""
    local = _local(first, last) if chance() < 15 / 100 else _local_in_lower_case(first, last)
    return f"{local}{number + 1}{plus}@{_domain(company)}"


# A million leads share a few thousand texts and days.


@cache
def _domain(company: str) -> str:
    return f"{''.join(filter(str.isalnum, company.lower()))}.example"


@cache
def _local(first: str, last: str) -> str:
    return "".join(letter for letter in f"{first}.{last}" if letter.isascii() and (letter.isalnum() or letter == "."))


@cache
def _local_in_lower_case(first: str, last: str) -> str:
    return _local(first, last).lower()


@cache
def _custom(number: int) -> str:
    return f"CF-{number:04}"


@cache
def _birthday(number: int) -> date:
    return date(1955, 1, 1) + timedelta(days=number)
