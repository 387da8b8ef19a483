"""Programs: the two operations on a single tag of a program."""

from __future__ import annotations

from marketo_async.api._base import Group
from marketo_async.api._checks import check_id, check_text
from marketo_async.api.assets._arguments import patient
from marketo_async.errors import ArgumentError
from marketo_async.wire.call import POST


class ProgramTags(Group):
    """What can be done to one tag of a program while the others stay."""

    async def update_tag(self, program_id: int, tag_type: str, tag_value: str) -> int:
        """Give one tag of a program another value, leave the others, and return the program's id.

        Doing it twice is doing it once, so it is repeated when an answer gets lost.

        Args:
            program_id: The id of the program.
            tag_type: The tag type, as it stands in Admin > Tags.
            tag_value: One of its values.

        Raises:
            ArgumentError: an argument cannot be right.
            BusinessRuleError: there is no such tag type or value for that program.
            NotFoundError: no program has that id.

        Source: updateProgramTag
        """
        check_id("program_id", program_id)
        _check_tag_type(tag_type)
        check_text("tag_value", tag_value)
        call = POST("/rest/asset/v1/program/{id}/tag/{tagType}.json", id=program_id, tagType=tag_type)
        return await self._id(patient(call.query(tagValue=tag_value)).repeatable())

    async def delete_tag(self, program_id: int, tag_type: str) -> int:
        """Take a tag that is not required off a program, leave the others, and return the program's id.

        Args:
            program_id: The id of the program.
            tag_type: The tag type, as it stands in Admin > Tags.

        Raises:
            ArgumentError: an argument cannot be right.
            BusinessRuleError: the tag is required.
            NotFoundError: no program has that id, or it has no such tag.

        Source: deleteProgramTag
        """
        check_id("program_id", program_id)
        _check_tag_type(tag_type)
        call = POST("/rest/asset/v1/program/{id}/tag/{tagType}/delete.json", id=program_id, tagType=tag_type)
        return await self._id(patient(call))


def _check_tag_type(tag_type: object) -> None:
    check_text("tag_type", tag_type)
    if tag_type in {".", ".."}:
        raise ArgumentError("tag_type", tag_type, "a text that can stand in a path")
