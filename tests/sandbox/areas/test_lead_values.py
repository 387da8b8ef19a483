from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox.areas.leads import Leads

if TYPE_CHECKING:
    from sandbox_caller import Caller

LEADS = "/rest/v1/leads.json"


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("lastLogin_c", "2020-08-30T05:49:48.000Z", "2020-08-30T05:49:48Z"),
        ("lastLogin_c", "2020-08-30T05:49:48+0200", "2020-08-30T03:49:48Z"),
        ("lastLogin_c", "2020-01-30T05:49:48", "2020-01-30T11:49:48Z"),
        ("renewalDate_c", "2020-08-30", "2020-08-30"),
        ("renewalDate_c", "2020-08-30T03:00:00Z", "2020-08-29"),
        ("leadScore", "12", 12),
        ("leadScore", -12.0, -12),
        ("loyaltyNumber_c", 2_147_483_647, 2_147_483_647),
        ("percent_field", 100, 100),
        ("lifetimeValue_c", "12.50", 12.5),
        ("lifetimeValue_c", 3, 3),
        ("float_field", "-1e3", -1000.0),
        ("newsletter_c", "TRUE", True),
        ("newsletter_c", 0, False),
        ("newsletter_c", None, False),
        ("firstName", 12, "12"),
        ("firstName", True, "true"),
        ("firstName", "  x\n", "  x\n"),
        ("firstName", "é" * 255, "é" * 255),
        ("firstName", "", None),
        ("firstName", None, None),
        ("phone", "+1 (555) 0100", "+1 (555) 0100"),
        ("email", " Ann+x@Acme.example ", "Ann+x@Acme.example"),
        ("secondEmail_c", "", None),
        ("profile_c", "acme.example/ann", "acme.example/ann"),
        ("notes_c", "x" * 30_000, "x" * 30_000),
    ],
)
async def test_values_are_kept_in_one_form(marketo: Caller, field: str, value: object, shown: object) -> None:
    """Values come back in the form of their type, however they were written; null and "" clear."""
    lead = marketo.instance.state(Leads).add(
        email="ann@acme.example", firstName="Old", newsletter_c=True, secondEmail_c="old@b.example"
    )
    body = {"action": "updateOnly", "lookupField": "id", "input": [{"id": lead.id, field: value}]}
    reply = await marketo.send("POST", LEADS, body)
    assert reply["result"] == [{"id": lead.id, "status": "updated"}]
    (row,) = (await marketo.get(f"/rest/v1/lead/{lead.id}.json", fields=field))["result"]
    assert (row[field], type(row[field])) == (shown, type(shown))


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("percent_field", "100%", "100%"),
        ("email", "bademail", "bademail"),
        ("email", "ann@ácme.example", "ann@ácme.example"),
        ("email", "ann@acme", "ann@acme"),
        ("loyaltyNumber_c", 14.1, "14.1"),
        ("loyaltyNumber_c", "14.1", "14.1"),
        ("loyaltyNumber_c", True, "true"),
        ("loyaltyNumber_c", 2_147_483_648, "2147483648"),
        ("float_field", "14c", "14c"),
        ("float_field", "inf", "inf"),
        ("float_field", "1e999", "1e999"),
        ("lifetimeValue_c", "$5", "$5"),
        ("lastLogin_c", "yesterday", "yesterday"),
        ("lastLogin_c", 1598766588, "1598766588"),
        ("renewalDate_c", "30/08/2020", "30/08/2020"),
        ("renewalDate_c", "2020-02-30", "2020-02-30"),
        ("newsletter_c", "maybe", "maybe"),
        ("firstName", "x" * 256, "x" * 256),
        ("firstName", {"a": [1]}, '{"a": [1]}'),
        ("notes_c", "é" * 15_001, "é" * 15_001),
    ],
)
async def test_values_of_the_wrong_type(marketo: Caller, field: str, value: object, shown: str) -> None:
    """A value that is not of its field's type skips the record with 1003, which names field and value."""
    lead = marketo.instance.state(Leads).add(email="ann@acme.example")
    body = {"action": "updateOnly", "lookupField": "id", "input": [{"id": lead.id, "lastName": "A", field: value}]}
    (row,) = (await marketo.send("POST", LEADS, body))["result"]
    message = f"Invalid value for field '{field}' and value '{shown}'"
    assert row["reasons"] == [{"code": "1003", "message": message}]
    assert dict(lead.values) == {"email": "ann@acme.example"}


async def test_leads_keep_python_values(marketo: Caller) -> None:
    """Inside the sandbox dates are dates and moments are moments."""
    record = {"email": "ann@acme.example", "renewalDate_c": "2020-08-30", "lastLogin_c": "2020-08-30T05:49:48Z"}
    await marketo.send("POST", LEADS, {"input": [record]})
    (lead,) = marketo.instance.state(Leads)
    assert lead.value("renewalDate_c") == date(2020, 8, 30)
    assert lead.value("lastLogin_c") == datetime(2020, 8, 30, 5, 49, 48, tzinfo=UTC)
