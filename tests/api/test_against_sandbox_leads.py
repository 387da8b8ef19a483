"""Leads and usage through the public client, against the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import NotFoundError, UnknownFieldError, ValidationError
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from marketo_async import MarketoClient
    from marketo_async.sandbox import Sandbox

FIND = "/rest/v1/leads.json"


@pytest.fixture
def leads(sandbox: Sandbox) -> Leads:
    """Return the sandbox's own leads."""
    return sandbox.instance.state(Leads)


async def test_get(marketo: MarketoClient, leads: Leads) -> None:
    """A lead is read by its id, with Marketo's own choice of fields or with the ones that were asked for."""
    truth = next(iter(leads))
    lead = await marketo.leads.get(truth.id)
    assert (lead.id, lead.email, lead.first_name) == (truth.id, truth.value("email"), truth.value("firstName"))
    assert lead.created_at == truth.created_at.replace(microsecond=0)
    assert "leadScore" not in lead
    some = await marketo.leads.get(truth.id, fields=["leadScore", "customField_c", "unsubscribed"])
    assert (some["leadScore"], some["customField_c"]) == (truth.value("leadScore"), truth.value("customField_c"))
    assert "email" not in some


async def test_get_of_nobody(marketo: MarketoClient) -> None:
    """An unknown id is not found, an unknown field is named (1004, 1006)."""
    with pytest.raises(NotFoundError, match="Lead '999999' not found") as nobody:
        await marketo.leads.get(999_999)
    assert nobody.value.code == "1004"
    with pytest.raises(UnknownFieldError, match="nonsense"):
        await marketo.leads.get(1, fields=["nonsense"])


async def test_find_a_thousand(marketo: MarketoClient, leads: Leads, sandbox: Sandbox) -> None:
    """A thousand addresses cost four calls; every lead that has one comes once, in the order of the chunks (A19)."""
    addresses = (str(lead.value("email")).lower() for lead in leads if lead.value("email") is not None)
    emails = [*dict.fromkeys(addresses)][1000:0:-1]
    found = await marketo.leads.find("email", emails, fields=["email", "leadScore"]).collect()
    wanted = {lead.id for lead in leads if str(lead.value("email")).lower() in emails}
    assert {lead.id for lead in found} == wanted
    assert len(found) == len(wanted)
    chunks = [emails.index(str(lead["email"]).lower()) // 300 for lead in found]
    assert chunks == sorted(chunks)
    assert len(emails) == 1000
    assert len(sandbox.arrivals.to(FIND)) == sum(-(-chunks.count(chunk) // 300) for chunk in range(4))
    assert all(isinstance(lead["leadScore"], int) for lead in found)


async def test_find_by_ids_in_pages(marketo: MarketoClient, leads: Leads) -> None:
    """Pages of any size give the same leads; ids for which there is nobody are no error."""
    ids = [*range(1, len(leads) + 50)]
    for page_size in (300, 37):
        found = [lead.id async for lead in marketo.leads.find("id", ids, page_size=page_size)]
        assert found == [lead.id for lead in leads]


async def test_find_goes_on(marketo: MarketoClient, leads: Leads) -> None:
    """A search goes on tomorrow from where it stood, in the middle of a chunk as well (A11)."""
    ids = [lead.id for lead in leads]
    pages = [page async for page in marketo.leads.find("id", ids, page_size=100).pages()]
    assert [lead.id for page in pages for lead in page.items] == ids
    for number in (1, 3, 7):
        rest = marketo.leads.find("id", ids, page_size=100, start=pages[number].position)
        assert [lead.id async for lead in rest] == ids[100 * number :]


async def test_find_more_than_marketo_gives(marketo: MarketoClient, leads: Leads) -> None:
    """Values that together match more than 1,000 leads are asked for in smaller portions; one alone is refused."""
    scores = sorted({str(lead.value("customField_c")) for lead in leads})
    found = {lead.id async for lead in marketo.leads.find("customField_c", scores)}
    assert found == {lead.id for lead in leads}
    for lead in leads:
        leads.change(lead.id, customField_c="same")
    with pytest.raises(ValidationError, match="Too many results match the filter"):
        await marketo.leads.find("customField_c", ["other", "same"]).collect()


async def test_find_by_what_cannot_be_searched(marketo: MarketoClient) -> None:
    """A field that Marketo cannot search by is refused in its words (1011)."""
    with pytest.raises(ValidationError, match="Field 'firstName' not supported"):
        await marketo.leads.find("firstName", ["Ann"]).collect()


async def test_usage(marketo: MarketoClient, sandbox: Sandbox) -> None:
    """Usage and errors of the day and of seven days count what was called and what went wrong (A5)."""
    before = await marketo.usage.daily()
    for _ in range(3):
        with pytest.raises(NotFoundError):
            await marketo.leads.get(999_999)
    day = await marketo.usage.daily()
    assert day.total == before.total + 4
    assert sum(user.count for user in day.users) == day.total
    week = await marketo.usage.last_7_days()
    assert (len(week), week[-1].date) == (7, day.date)
    errors = await marketo.usage.daily_errors()
    assert errors is not None
    assert {each.error_code: each.count for each in errors.errors} == {"1004": 3}
    assert (await marketo.usage.errors_last_7_days())[-1] == errors
    assert sandbox.refusals["1004"] == 3
