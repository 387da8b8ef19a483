"""What the writes send: exact form fields, and the bytes that they become."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_transport import NoAnswerError, RecordingTransport, groups_on

from marketo_async.records import Cost, FolderId, ProgramId, Tag
from marketo_async.wire.request import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from marketo_async.api.groups import Groups
    from marketo_async.wire.call import Call

TOKYO = timezone(timedelta(hours=9))


async def sent(use: Callable[[Groups], Coroutine[object, object, object]]) -> Call:
    """Return the one call that a use of the groups makes."""
    transport = RecordingTransport()
    with pytest.raises(NoAnswerError):
        await use(groups_on(transport))
    (call,) = transport.calls
    return call


async def test_create_sends_exactly_these_fields() -> None:
    """A created program is an ordinary form with JSON inside its fields, dates in UTC, and false as false (P10)."""
    call = await sent(
        lambda m: m.programs.create(
            "Größe & +100 %",
            folder=ProgramId(1107),
            type="Email",
            channel="Email Send",
            description='say "hi", then = & ?',
            costs=[
                Cost(start_date=date(2026, 1, 1), cost=0),
                Cost(start_date=date(2026, 2, 1), cost=2000, note='a, "b"'),
            ],
            tags=[Tag(type="Région", value="EMEA, mostly")],
            start_date=datetime(2026, 1, 5, 8, tzinfo=TOKYO),
            end_date=datetime(2026, 1, 5, 8, 0, 0, 250_000, tzinfo=UTC),
            head_start=False,
        )
    )
    assert call.form_pairs == (
        ("name", "Größe & +100 %"),
        ("folder", '{"id":1107,"type":"Program"}'),
        ("type", "Email"),
        ("channel", "Email Send"),
        ("description", 'say "hi", then = & ?'),
        ("costs", '[{"startDate":"2026-01-01","cost":0},{"startDate":"2026-02-01","cost":2000,"note":"a, \\"b\\""}]'),
        ("tags", '[{"tagType":"Région","tagValue":"EMEA, mostly"}]'),
        ("startDate", "2026-01-04T23:00:00Z"),
        ("endDate", "2026-01-05T08:00:00.250Z"),
        ("headStart", "false"),
    )
    request = encode(call)
    assert (request.method, request.target) == ("POST", "/rest/asset/v1/programs.json")
    assert request.content_type == "application/x-www-form-urlencoded"
    assert request.body.startswith(b"name=Gr%C3%B6%C3%9Fe%20%26%20%2B100%20%25&folder=%7B%22id%22%3A1107%2C")


async def test_none_is_not_sent() -> None:
    """What is None is not in the request at all: no empty field, no null, no word None (P10)."""
    call = await sent(lambda m: m.programs.create("A", folder=FolderId(1), type="Default", channel="Blog"))
    assert [name for name, _ in call.form_pairs or ()] == ["name", "folder", "type", "channel"]


async def test_update_sends_the_empty_and_the_false() -> None:
    """An empty description, no costs, no tags and false are changes like others: they are sent (P10)."""
    call = await sent(
        lambda m: m.programs.update(
            1107, description="", costs=[], costs_destructive_update=True, tags=[], head_start=False
        )
    )
    assert call.form_pairs == (
        ("description", ""),
        ("costs", "[]"),
        ("costsDestructiveUpdate", "true"),
        ("tags", "[]"),
        ("headStart", "false"),
    )
    assert encode(call).target == "/rest/asset/v1/program/1107.json"


async def test_tag_type_is_one_path_segment() -> None:
    """A tag type with blanks, slashes and plus signs stays one segment of the path, and its value is in the query."""
    call = await sent(lambda m: m.programs.update_tag(1107, "Sales Région/A+B?", "50 % & more"))
    assert encode(call).target == (
        "/rest/asset/v1/program/1107/tag/Sales%20R%C3%A9gion%2FA%2BB%3F.json?tagValue=50%20%25%20%26%20more"
    )


async def test_clone_sends_a_folder_as_json() -> None:
    """A clone names its folder as JSON text with the type Folder."""
    call = await sent(lambda m: m.programs.clone(1107, name="Copy", folder=FolderId(1035), description="x"))
    assert call.form_pairs == (("name", "Copy"), ("folder", '{"id":1035,"type":"Folder"}'), ("description", "x"))


async def test_writes_without_fields_have_no_body() -> None:
    """Approve, unapprove and delete send nothing but their path."""
    for verb in ("approve", "unapprove", "delete"):
        request = encode(await sent(lambda m, verb=verb: getattr(m.programs, verb)(1107)))  # type: ignore[misc]
        assert (request.target, request.body) == (f"/rest/asset/v1/program/1107/{verb}.json", b"")


async def test_browse_sends_filters_as_marketo_names_them() -> None:
    """Filters travel under Marketo's names: values joined by commas, moments in UTC with nothing left to misread."""
    transport = RecordingTransport()
    pager = groups_on(transport).programs.browse(
        filter_type="folderId",
        filter_values=[14, 15],
        updated_from=datetime(2026, 1, 5, 8, tzinfo=TOKYO),
        updated_until=datetime(2026, 1, 6, tzinfo=UTC),
        status="off",
        page_size=20,
        start=40,
    )
    with pytest.raises(NoAnswerError):
        await pager.first()
    assert encode(transport.calls[0]).target == (
        "/rest/asset/v1/programs.json?filterType=folderId&filterValues=14%2C15"
        "&earliestUpdatedAt=2026-01-04T23%3A00%3A00Z&latestUpdatedAt=2026-01-06T00%3A00%3A00Z"
        "&status=off&maxReturn=20&offset=40"
    )


async def test_search_by_name_sends_its_flags() -> None:
    """Both flags of a search by name are sent, as true and as false (P10)."""
    call = await sent(lambda m: m.programs.find_by_name("50 % off + more", include_costs=True))
    assert encode(call).target == (
        "/rest/asset/v1/program/byName.json?name=50%20%25%20off%20%2B%20more&includeTags=false&includeCosts=true"
    )


async def test_folder_forms() -> None:
    """Folders are made, changed and deleted by forms, with the parent as JSON text and the type as its own field."""
    made = await sent(lambda m: m.folders.create("A, B", parent=FolderId(14), description="ü"))
    assert made.form_pairs == (("name", "A, B"), ("parent", '{"id":14,"type":"Folder"}'), ("description", "ü"))
    changed = await sent(lambda m: m.folders.update(FolderId(15), is_archive=False))
    assert changed.form_pairs == (("type", "Folder"), ("isArchive", "false"))
    gone = await sent(lambda m: m.folders.delete(FolderId(15)))
    assert gone.form_pairs == (("type", "Folder"),)
    assert encode(gone).target == "/rest/asset/v1/folder/15/delete.json"


async def test_root_alone_looks_for_folders() -> None:
    """Marketo takes no root without a type, so a search below a root looks for folders unless told otherwise."""
    call = await sent(lambda m: m.folders.find_by_name("Webinars", root=FolderId(14)))
    assert call.query_pairs == (("name", "Webinars"), ("type", "Folder"), ("root", '{"id":14,"type":"Folder"}'))


async def test_token_values_are_text() -> None:
    """A token's value is sent as the text that its type wants, from a day, a number or a text."""
    values = {
        ("date", date(2026, 4, 1)): "2026-04-01",
        ("date", "2026-04-01"): "2026-04-01",
        ("number", 1.5): "1.5",
        ("number", 0): "0",
        ("score", -5): "-5",
        ("score", "+5"): "+5",
        ("rich text", "<a href='x?a=1&b=2'>ü, +</a>"): "<a href='x?a=1&b=2'>ü, +</a>",
    }
    for (kind, value), text in values.items():
        call = await sent(
            lambda m, kind=kind, value=value: m.tokens.create(  # type: ignore[misc]
                "T", folder=ProgramId(7), type=kind, value=value
            )
        )
        assert call.form_pairs == (("name", "T"), ("type", kind), ("value", text), ("folderType", "Program"))


TEXT = st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "," not in text)


@settings(max_examples=60, deadline=None)
@given(name=TEXT, description=st.text(max_size=80), tag=TEXT, note=st.text(max_size=40))
async def test_every_text_arrives_as_it_was(name: str, description: str, tag: str, note: str) -> None:
    """Whatever a text holds, a form parser that is not ours reads back the very same text (P10)."""
    call = await sent(
        lambda m: m.programs.create(
            name,
            folder=FolderId(1),
            type="Event",
            channel="Webinar",
            description=description,
            tags=[Tag(type="Region", value=tag)],
            costs=[Cost(start_date=date(2026, 1, 1), cost=1, note=note)],
        )
    )
    read_back = tuple(parse_qsl(encode(call).body.decode("ascii"), keep_blank_values=True, strict_parsing=True))
    assert read_back == call.form_pairs
