"""Seeds leads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.seeding import vocabulary as words
from marketo_async.sandbox.seeding.names import Dice
from marketo_async.sandbox.seeding.programs import history

if TYPE_CHECKING:
    from datetime import datetime

    from marketo_async.sandbox.instance import Instance


def seed_leads(instance: Instance, count: int) -> None:
    """Add `count` leads, of ids in the order in which they were created."""
    leads = instance.state(Leads)
    dice = Dice(instance.stream("seed leads"))
    begin, seconds = history(instance)
    for at in sorted(dice.below(seconds) for _ in range(count)):
        created = begin + timedelta(seconds=at)
        updated = created + timedelta(seconds=int((seconds - at) * dice.chance() ** 3))
        leads.add(created_at=created, updated_at=updated, **_values(dice, created, len(leads)))


def _values(dice: Dice, created: datetime, number: int) -> dict[str, object]:
    first, last = dice.pick(words.FIRST_NAMES), dice.pick(words.LAST_NAMES)
    company = dice.pick(words.COMPANIES)
    values: dict[str, object] = {
        "firstName": first,
        "lastName": last,
        "email": _email(dice, first, last, company, number),
        "company": company,
        "country": dice.pick(words.COUNTRIES),
        "leadPartitionId": 1,
        "leadSource": dice.pick(words.SOURCES),
        "leadScore": dice.below(120),
        "customField_c": f"CF-{dice.below(5000):04}",
    }
    if dice.happens(50):
        values |= {"title": dice.pick(words.TITLES), "loyaltyNumber_c": 10_000 + number, "newsletter_c": True}
    if dice.happens(30):
        values |= {
            "unsubscribed": dice.happens(50),
            "dateOfBirth": date(1955, 1, 1) + timedelta(days=dice.below(18_000)),
            "lifetimeValue_c": round(dice.chance() * 50_000, 2),
            "fitPercent_c": dice.below(101),
            "favouriteColor_c": dice.pick(words.COLORS),
            "lastLogin_c": created + timedelta(minutes=dice.below(1000)),
        }
    if dice.happens(20):
        letters = f"{dice.below(10**9):09}"
        values["cookies"] = f"token:_mch-{company.split()[0].lower()}.example-{letters}"
    return values


def _email(dice: Dice, first: str, last: str, company: str, number: int) -> str | None:
    """Return an ASCII address: mostly a person's own, sometimes one that many share, sometimes none."""
    domain = f"{''.join(filter(str.isalnum, company.lower()))}.example"
    if dice.happens(3):
        return None
    if dice.happens(2):
        return f"info@{domain}"
    local = "".join(letter for letter in f"{first}.{last}" if letter.isascii() and (letter.isalnum() or letter == "."))
    plus = "+news" if dice.happens(5) else ""
    address = f"{local}{number + 1}{plus}@{domain}"
    return address if dice.happens(15) else address.lower()
