"""What the operations that write leads, lists and members send, and what they refuse to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from recording_transport import RecordingTransport, groups_on, rows

from marketo_async.errors import ArgumentError
from marketo_async.records import Lead
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async import Writing
    from marketo_async.api.groups import Groups
    from marketo_async.wire.call import Call
    from marketo_async.wire.envelope import Envelope

ANN = Lead(id=7, email="ann@example.com", first_name="Ann", fields={"leadScore": 3})


def all_updated(call: Call) -> Envelope:
    """Answer with a row for each record."""
    body = encode(call).body
    count = len(call.json_body["input"]) if body else len(call.query_pairs)  # type: ignore[index]
    return rows(*({"status": "updated"} for _ in range(count)))


WRITES: list[tuple[Callable[[Groups], Writing[object]], str, str, str]] = [
    (
        lambda m: m.leads.sync([{"email": "a@b.c", "x": None}], action="createOnly", partition_name="EMEA"),
        "POST",
        "/rest/v1/leads.json",
        '{"action":"createOnly","partitionName":"EMEA","input":[{"email":"a@b.c","x":null}]}',
    ),
    (
        lambda m: m.leads.sync([ANN]),
        "POST",
        "/rest/v1/leads.json",
        '{"input":[{"email":"ann@example.com","firstName":"Ann","leadScore":3}]}',
    ),
    (
        lambda m: m.leads.sync([ANN], action="updateOnly", lookup_field="id"),
        "POST",
        "/rest/v1/leads.json",
        (
            '{"action":"updateOnly","lookupField":"id",'
            '"input":[{"id":7,"email":"ann@example.com","firstName":"Ann","leadScore":3}]}'
        ),
    ),
    (
        lambda m: m.leads.push([{"email": "Zoë"}], program_name="W", source="s", reason="r"),
        "POST",
        "/rest/v1/leads/push.json",
        '{"programName":"W","source":"s","reason":"r","input":[{"email":"Zoë"}]}',
    ),
    (
        lambda m: m.leads.delete([8, ANN, {"id": 9}]),
        "POST",
        "/rest/v1/leads/delete.json",
        '{"input":[{"id":8},{"id":7},{"id":9}]}',
    ),
    (
        lambda m: m.leads.update_partitions([ANN, {"id": 8, "partitionName": "US"}], partition_name="EMEA"),
        "POST",
        "/rest/v1/leads/partitions.json",
        '{"input":[{"id":7,"partitionName":"EMEA"},{"id":8,"partitionName":"US"}]}',
    ),
    (
        lambda m: m.leads.change_program_status(1107, [7], status="Attended"),
        "POST",
        "/rest/v1/leads/programs/1107/status.json",
        '{"status":"Attended","input":[{"id":7}]}',
    ),
    (lambda m: m.lists.add(1, [7, 8]), "POST", "/rest/v1/lists/1/leads.json", '{"input":[{"id":7},{"id":8}]}'),
    (lambda m: m.lists.remove(1, [7, 8]), "DELETE", "/rest/v1/lists/1/leads.json?id=7&id=8", ""),
    (
        lambda m: m.program_members.sync_status(1, [7, {"leadId": 8}, {"id": 9}], status_name="Attended"),
        "POST",
        "/rest/v1/programs/1/members/status.json",
        '{"statusName":"Attended","input":[{"leadId":7},{"leadId":8},{"leadId":9}]}',
    ),
    (
        lambda m: m.program_members.sync_data(1, [{"leadId": 7, "registrationCode": "a"}]),
        "POST",
        "/rest/v1/programs/1/members.json",
        '{"input":[{"leadId":7,"registrationCode":"a"}]}',
    ),
    (
        lambda m: m.program_members.delete(1, [ANN]),
        "POST",
        "/rest/v1/programs/1/members/delete.json",
        '{"input":[{"leadId":7}]}',
    ),
]


@pytest.mark.parametrize(("write", "method", "target", "body"), WRITES)
async def test_what_is_sent(write: Callable[[Groups], Writing[object]], method: str, target: str, body: str) -> None:
    """Each operation sends its records in Marketo's shape, ids and leads alike."""
    transport = RecordingTransport(all_updated)
    await write(groups_on(transport)).collect()
    request = encode(transport.calls[0])
    assert (request.method, request.target, request.body.decode()) == (method, target, body)
    assert len(transport.calls) == 1


async def test_a_write_that_takes_long_is_waited_for() -> None:
    """Operations that Marketo gives more time are waited for longer than that (P11)."""
    transport = RecordingTransport(all_updated)
    marketo = groups_on(transport)
    await marketo.leads.sync([{"email": "a"}]).collect()
    await marketo.leads.push([{"email": "a"}], program_name="W").collect()
    await marketo.leads.update_partitions([7], partition_name="EMEA").collect()
    await marketo.leads.associate(7, "token:x")
    await marketo.leads.merge(7, 8)
    times = [(call.read_timeout, call.server_limit) for call in transport.calls]
    assert times == [(95.0, 90.0), (95.0, 90.0), (95.0, 60.0), (95.0, 60.0), (190.0, 180.0)]


async def test_removals_fit_into_a_uri() -> None:
    """Ids that travel in the query are cut by the length of the URI as well (A18)."""
    transport = RecordingTransport(all_updated)
    ids = [10**18 + number for number in range(1000)]
    await groups_on(transport).lists.remove(10**9, [*ids, *(10**30 + number for number in range(300))]).collect()
    assert all(len(encode(call).target) <= 8000 for call in transport.calls)
    assert [sum(1 for _ in call.query_pairs) for call in transport.calls[:3]] == [300, 300, 300]


async def test_merge() -> None:
    """One loser travels as `leadId`, several as `leadIds`; a write that is never done twice."""
    transport = RecordingTransport(lambda _: rows())
    leads = groups_on(transport).leads
    await leads.merge(7, 8)
    await leads.merge(7, [8, 9, 8], merge_in_crm=True)
    assert [encode(call).target for call in transport.calls] == [
        "/rest/v1/leads/7/merge.json?leadId=8",
        "/rest/v1/leads/7/merge.json?leadIds=8%2C9&mergeInCRM=true",
    ]
    assert not any(call.idempotent for call in transport.calls)


async def test_associate() -> None:
    """The `&` of a cookie is encoded (P10)."""
    transport = RecordingTransport(lambda _: rows())
    await groups_on(transport).leads.associate(7, "id:287-GTJ-838&token:_mch-a+b")
    assert encode(transport.calls[0]).target.endswith("?cookie=id%3A287-GTJ-838%26token%3A_mch-a%2Bb")
    assert transport.calls[0].idempotent


async def test_submit_form() -> None:
    """A form is one submission, with the visit beside the fields; what became of the lead comes back (A27)."""
    transport = RecordingTransport(lambda _: rows({"id": 5, "status": "created"}))
    leads = groups_on(transport).leads
    result = await leads.submit_form(
        1, {"email": "a@b.c"}, page_url="https://x/", user_agent="M", cookie="token:x", program_id=2
    )
    assert (result.id, result.status, result.input) == (5, "created", {"email": "a@b.c"})
    assert encode(transport.calls[0]).body.decode() == (
        '{"formId":1,"input":[{"leadFormFields":{"email":"a@b.c"},'
        '"visitorData":{"pageURL":"https://x/","userAgentString":"M"},"cookie":"token:x"}],"programId":2}'
    )
    assert not transport.calls[0].idempotent
    await leads.submit_form(1, {"email": "a@b.c"})
    assert encode(transport.calls[1]).body.decode() == '{"formId":1,"input":[{"leadFormFields":{"email":"a@b.c"}}]}'


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda m: m.leads.sync({"email": "a"}), "records="),
        (lambda m: m.leads.sync("abc"), "records="),
        (lambda m: m.leads.sync(7), "records="),
        (lambda m: m.leads.sync([], action="upsert"), "action="),
        (lambda m: m.leads.sync([], lookup_field=" "), "lookup_field="),
        (lambda m: m.leads.sync([], partition_name=""), "partition_name="),
        (lambda m: m.leads.sync([], async_processing="yes"), "async_processing="),
        (lambda m: m.leads.sync([], batch_size=301), "batch_size="),
        (lambda m: m.leads.sync([], batch_size=0), "batch_size="),
        (lambda m: m.leads.push([], program_name=""), "program_name="),
        (lambda m: m.leads.change_program_status(0, [], status="x"), "program_id="),
        (lambda m: m.leads.change_program_status(1, [], status=""), "status="),
        (lambda m: m.lists.add("1", []), "list_id="),
        (lambda m: m.program_members.sync_status(1, [], status_name=None), "status_name="),
        (lambda m: m.leads.sync([]).with_options(in_flight=11), "in_flight="),
        (lambda m: m.leads.sync([]).with_options(most_unknown=0), "most_unknown="),
        (lambda m: m.leads.sync([]).with_options(on_misfit="drop"), "on_misfit="),
    ],
)
def test_refused_at_once(write: Callable[[Groups], object], words: str) -> None:
    """What cannot be right is refused where it is written, before anything is read or sent."""
    with pytest.raises(ArgumentError, match=words):
        write(groups_on(RecordingTransport()))


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda m: m.leads.delete([7, "8"]).collect(), r"leads\[1\]="),
        (lambda m: m.leads.delete([{"email": "a"}]).collect(), r"leads\[0\]="),
        (lambda m: m.leads.delete([True]).collect(), r"leads\[0\]="),
        (lambda m: m.leads.delete([0]).collect(), r"leads\[0\]="),
        (lambda m: m.leads.update_partitions([7]).collect(), r"leads\[0\]\['partitionName'\]"),
        (lambda m: m.leads.sync([7]).collect(), r"records\[0\]="),
        (lambda m: m.leads.merge(7, range(100, 126)), "26 ids"),
        (lambda m: m.leads.merge(7, []), "0 ids"),
        (lambda m: m.leads.merge(7, [8, 7]), "other leads than the winner"),
        (lambda m: m.leads.merge(7, "8"), "loser_ids="),
        (lambda m: m.leads.associate(7, " "), "cookie="),
        (lambda m: m.leads.submit_form(1, {"firstName": "Ann"}), "email"),
        (lambda m: m.leads.submit_form(1, [("email", "a")]), "lead_fields="),
        (lambda m: m.leads.submit_form(1, {"email": "a"}, page_url=7), "page_url="),
    ],
)
async def test_refused_unsent(write: Callable[[Groups], object], words: str) -> None:
    """A record or argument that cannot be right is named, and nothing is sent."""
    transport = RecordingTransport()
    with pytest.raises(ArgumentError, match=words):
        await write(groups_on(transport))  # type: ignore[misc]
    assert transport.calls == []
