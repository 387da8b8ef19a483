from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.channels import Channels, ProgressionStatus
from marketo_async.sandbox.areas.tags import TagTypes

if TYPE_CHECKING:
    from sandbox_caller import Caller

CHANNELS, CHANNEL = "/rest/asset/v1/channels.json", "/rest/asset/v1/channel/byName.json"
TYPES, TYPE = "/rest/asset/v1/tagTypes.json", "/rest/asset/v1/tagType/byName.json"


async def test_channels_of_a_new_instance(marketo: Caller) -> None:
    """There is a channel for each type of program, and `Not in Program` is step 0 of every one."""
    rows = await marketo.rows(CHANNELS, maxReturn=200)
    assert {row["applicableProgramType"] for row in rows} == {"program", "event", "webinar", "nurture", "email_batch"}
    assert all(row["progressionStatuses"][0]["step"] == 0 for row in rows)
    assert all(row["createdAt"].endswith("Z+0000") for row in rows)
    assert await marketo.rows(CHANNELS, offset=len(rows)) == []
    assert [row["name"] for row in await marketo.rows(CHANNELS, offset=1, maxReturn=1)] == [rows[1]["name"]]


async def test_a_channel_by_name_in_either_case(marketo: Caller) -> None:
    """A channel is found by `name` and by `Name`, with its statuses (B17)."""
    made = marketo.instance.state(Channels).add("Ours", "event", [ProgressionStatus("Came", 10, success=True)])
    for parameter in ("name", "Name"):
        (row,) = await marketo.rows(CHANNEL, **{parameter: "Ours"})
        assert row == {
            "id": made.id,
            "name": "Ours",
            "applicableProgramType": "event",
            "progressionStatuses": [
                {"name": "Not in Program", "step": 0, "description": None, "hidden": False, "success": False},
                {"name": "Came", "step": 10, "description": None, "hidden": False, "success": True},
            ],
            "createdAt": "2013-02-26T00:37:37Z+0000",
            "updatedAt": "2013-02-26T00:37:37Z+0000",
        }
    assert await marketo.rows(CHANNEL, name="ours?") == []
    assert await marketo.not_read(CHANNEL) == ("1002", "Missing value for required parameter 'name'")


async def test_tag_types_hold_lists_as_texts(marketo: Caller) -> None:
    """The lists of a tag type are texts in brackets, and only the look-up by name shows the values (B18)."""
    marketo.instance.state(TagTypes).add("AAA1 Required Tag Type", ["AAA1 RT1", "AAA1 RT2"], required=True)
    row = {
        "tagType": "AAA1 Required Tag Type",
        "applicableProgramTypes": "[program,email_batch,nurture,event,webinar]",
        "required": True,
    }
    assert (await marketo.rows(TYPES))[0] == row
    (found,) = await marketo.rows(TYPE, name="AAA1 Required Tag Type")
    assert found == row | {"allowableValues": "[AAA1 RT1, AAA1 RT2]"}
    assert await marketo.rows(TYPE, name="None such") == []
    assert (await marketo.not_read(TYPE))[0] == "1002"
    assert (await marketo.not_read(TYPES, maxReturn=500))[0] == "1003"
