from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketo_async.sandbox.areas.activities import Activities
from marketo_async.sandbox.areas.activities import state as activity_state
from marketo_async.sandbox.areas.leads import Leads

if TYPE_CHECKING:
    from sandbox_caller import Caller

LEADS = "/rest/v1/leads.json"


async def test_the_types_are_listed(marketo: Caller) -> None:
    """Activity types come by id, each with its attributes; New Lead alone has no primary one."""
    rows = (await marketo.get("/rest/v1/activities/types.json"))["result"]
    by_id = {row["id"]: row for row in rows}
    assert list(by_id) == sorted(by_id)
    assert {1, 2, 12, 13, 22, 24, 25, 32, 37, 46, 100, 104, 145} <= set(by_id)
    assert by_id[24] == {
        "id": 24, "name": "Add to List", "apiName": "addToList", "description": "Add a person/record to a list",
        "primaryAttribute": {"name": "List ID", "apiName": "listId", "dataType": "integer"},
        "attributes": [{"name": "Source", "apiName": "source", "dataType": "string"}],
    }  # fmt: skip
    assert [row["id"] for row in rows if "primaryAttribute" not in row] == [12]


async def test_what_syncing_writes(marketo: Caller) -> None:
    """A new lead is one activity, each changed value another with old and new; what stays the same is none."""
    log = marketo.instance.state(Activities)
    record: dict[str, object] = {"email": "ann@acme.example", "firstName": "Ann", "lastLogin_c": "2020-01-01T00:00:00Z"}
    (row,) = (await marketo.send("POST", LEADS, {"input": [record]}))["result"]
    (new,) = log
    assert (new.type_id, new.lead_id, new.attributes["Source Type"]) == (12, row["id"], "Web service API")
    await marketo.send("POST", LEADS, {"input": [record | {"firstName": None, "lastLogin_c": "2021-01-01T00:00:00Z"}]})
    first, second = log.of(row["id"], 13)
    assert (first.primary_value, first.attributes["Old Value"], first.attributes["New Value"]) == (
        "First Name",
        "Ann",
        None,
    )
    assert (second.attributes["Old Value"], second.attributes["New Value"]) == (
        "2020-01-01T00:00:00Z",
        "2021-01-01T00:00:00Z",
    )
    await marketo.send("POST", LEADS, {"input": [record | {"nonsense": 1}]})
    assert len(log) == 3
    assert [one.id for one in log] == [1, 2, 3]


async def test_what_deleting_writes(marketo: Caller) -> None:
    """Deleting leaves an activity with the name of who is gone."""
    leads = marketo.instance.state(Leads)
    ann, nobody = leads.add(firstName="Ann", lastName="B"), leads.add(email="x@acme.example")
    await marketo.send("POST", "/rest/v1/leads/delete.json", {"input": [{"id": ann.id}, {"id": nobody.id}]})
    log = marketo.instance.state(Activities)
    assert [(one.type_id, one.lead_id, one.primary_value) for one in log] == [
        (37, ann.id, "Ann B"),
        (37, nobody.id, "x@acme.example"),
    ]


async def test_the_log_is_bounded(marketo: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest activities are forgotten once there are too many."""
    monkeypatch.setattr(activity_state, "KEPT", 3)
    log = marketo.instance.state(Activities)
    for lead_id in range(5):
        log.log(1, lead_id)
    assert [one.lead_id for one in log] == [2, 3, 4]
    assert len(log) == 3
