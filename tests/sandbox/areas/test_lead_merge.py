from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.leads import Leads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox_caller import Caller


async def merge(marketo: Caller, winner_id: object, **query: object) -> dict[str, Any]:
    return await marketo.send("POST", f"/rest/v1/leads/{winner_id}/merge.json", None, **query)


async def refused(marketo: Caller, winner_id: object, **query: object) -> tuple[str, str]:
    reply = await merge(marketo, winner_id, **query)
    assert not reply["success"], reply
    (error,) = reply["errors"]
    return error["code"], error["message"]


async def test_the_winner_keeps_what_it_has(marketo: Caller) -> None:
    """The winner's values win unless empty, earlier losers before later ones; the losers are gone; no result (C8)."""
    leads = marketo.instance.state(Leads)
    told: list[tuple[int, list[int]]] = []

    def note(winner_id: int, loser_ids: Sequence[int]) -> None:
        assert all(leads.get(loser_id) is None for loser_id in loser_ids)
        told.append((winner_id, list(loser_ids)))

    leads.when_merged(note)
    winner = leads.add(email="w@acme.example", firstName="W")
    first = leads.add(email="one@acme.example", firstName="1", lastName="One", cookies="token:_mch-a.example-1")
    second = leads.add(email="two@acme.example", lastName="Two", phone="2", customField_c="x")
    activity = marketo.instance.state(Activities).log(1, second.id)
    before = winner.updated_at
    reply = await merge(marketo, winner.id, leadIds=f"{first.id},{second.id},{first.id}", mergeInCRM=False)
    assert list(reply) == ["requestId", "success"]
    assert dict(winner.values) == {
        "email": "w@acme.example", "firstName": "W", "lastName": "One", "phone": "2", "customField_c": "x",
        "cookies": "token:_mch-a.example-1",
    }  # fmt: skip
    assert winner.updated_at > before
    assert [lead.id for lead in leads] == [winner.id]
    assert leads.with_emails(["one@acme.example"]) == []
    assert leads.holding(leads.fields["customField_c"], ["x"]) == [winner]
    assert told == [(winner.id, [first.id, second.id])]
    assert [one.id for one in marketo.instance.state(Activities).of(winner.id, 1)] == [activity.id]
    (merged,) = marketo.instance.state(Activities).of(winner.id, 32)
    assert merged.attributes["Merge IDs"] == [first.id, second.id]
    again = await refused(marketo, winner.id, leadId=first.id)
    assert again == ("1004", f"Lead '{first.id}' not found")


async def test_the_record_of_the_crm_that_counts_most(marketo: Caller) -> None:
    """A contact of the CRM beats a lead of the CRM, which beats a record of Marketo alone."""
    leads = marketo.instance.state(Leads)
    winner = leads.add(firstName="W")
    crm_lead = leads.add(sfdcType="Lead", sfdcLeadId="00Q")
    contact = leads.add(sfdcType="Contact", sfdcContactId="003", sfdcAccountId="001")
    await merge(marketo, winner.id, leadId=crm_lead.id)
    assert winner.value("sfdcLeadId") == "00Q"
    await merge(marketo, winner.id, leadId=contact.id)
    assert dict(winner.values) == {
        "firstName": "W", "sfdcType": "Contact", "sfdcContactId": "003", "sfdcAccountId": "001",
    }  # fmt: skip
    other = leads.add(sfdcType="Lead", sfdcLeadId="00Z")
    await merge(marketo, winner.id, leadId=other.id)
    assert winner.value("sfdcLeadId") is None


async def test_merges_that_cannot_be(marketo: Caller) -> None:
    """Unknown leads are 1004, the winner among the losers 1003, more than 25 of them 1080; then nothing is merged."""
    leads = marketo.instance.state(Leads)
    winner, *others = (leads.add().id for _ in range(27))
    assert await refused(marketo, 99, leadId=winner) == ("1004", "Lead '99' not found")
    assert await refused(marketo, winner, leadIds=f"{others[0]},99") == ("1004", "Lead '99' not found")
    assert (await refused(marketo, winner, leadIds=f"{others[0]},{winner}"))[0] == "1003"
    assert (await refused(marketo, winner, leadIds=",".join(map(str, others))))[0] == "1080"
    assert (await refused(marketo, winner))[0] == "1002"
    assert (await refused(marketo, "x", leadId=1))[0] == "1001"
    assert (await refused(marketo, winner, leadId="x"))[0] == "1001"
    assert (await refused(marketo, winner, leadId=others[0], mergeInCRM="maybe"))[0] == "1001"
    assert len(leads) == 27
    assert (await merge(marketo, winner, leadIds=",".join(map(str, others[1:]))))["success"]
    assert [lead.id for lead in leads] == [winner, others[0]]
