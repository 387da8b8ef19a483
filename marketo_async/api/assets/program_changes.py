"""Programs: the operations that change them.

Which of them may be repeated when an answer gets lost:

| operation | repeated | why |
|---|---|---|
| update that appends costs | no | it would book them twice |
| any other update; setting a tag | yes | it sets things: done twice is done once |
| create, clone | no | there would be two, or the second would be refused for the name that the first one took |
| approve, unapprove, delete; deleting a tag | no | done twice it fails, which would hide that the first try worked |

Where one is not repeated, the error says `outcome_unknown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from marketo_async.api._base import Group
from marketo_async.api._checks import check_choice, check_flag, check_id, check_name, check_text, check_window
from marketo_async.api.assets._arguments import costs_argument, folder_argument, patient, tags_argument
from marketo_async.errors import ArgumentError
from marketo_async.records import Program
from marketo_async.wire.call import POST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from marketo_async.api.assets._arguments import AnyFolder
    from marketo_async.records import Cost, Folder, FolderId, FolderRef, Tag

ProgramType = Literal["Default", "Event", "Event with Webinar", "Engagement", "Email"]


class ProgramChanges(Group):
    """What can be done to programs."""

    async def create(
        self,
        name: str,
        *,
        folder: AnyFolder,
        type: ProgramType,  # noqa: A002 - Marketo's name
        channel: str,
        description: str | None = None,
        costs: Iterable[Cost] | None = None,
        tags: Iterable[Tag] | None = None,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        head_start: bool | None = None,
    ) -> Program:
        """Make a program and return it; its `tags` and `costs` may be null in this answer although they are there.

        It is never repeated when an answer gets lost: the error says `outcome_unknown`, and a look by name tells.

        Args:
            name: Up to 255 characters, no comma.
            folder: Where to put it: `FolderId(n)`, `ProgramId(n)` to nest it, or a folder or program read before.
            type: Its type, which cannot be changed later.
            channel: The name of a channel for that type, which cannot be changed later.
            description: Any text.
            costs: Period costs.
            tags: Tags; those that Admin > Tags says are required for this type must be there.
            start_date: When it starts, with a time zone (e-mail programs and events).
            end_date: When it ends, with a time zone (e-mail programs and events).
            head_start: Whether Marketo prepares the run ahead of its start (e-mail programs).

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: there is no such folder.
            BusinessRuleError: the name is taken, the channel is not for that type, a required tag is missing, or the
                folder cannot hold such a program.

        Source: createProgramUsingPOST
        """
        check_name("name", name)
        check_choice("type", type, get_args(ProgramType))
        check_text("channel", channel)
        _check_metadata(description, start_date, end_date, head_start)
        call = POST("/rest/asset/v1/programs.json").form(
            name=name,
            folder=folder_argument("folder", folder),
            type=type,
            channel=channel,
            description=description,
            costs=costs_argument(costs),
            tags=tags_argument(tags),
            startDate=start_date,
            endDate=end_date,
            headStart=head_start,
        )
        return await self._one(Program, patient(call))

    async def update(
        self,
        program_id: int,
        *,
        name: str | None = None,
        description: str | None = None,
        costs: Iterable[Cost] | None = None,
        costs_destructive_update: bool | None = None,
        tags: Iterable[Tag] | None = None,
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        head_start: bool | None = None,
    ) -> Program:
        """Change a program and return it as it is then, with tags and costs; None leaves things as they are.

        An update that only sets things is repeated when an answer gets lost; one that appends costs is not, for it
        would book them twice: then the error says `outcome_unknown`.

        Args:
            program_id: The id of the program.
            name: The new name, up to 255 characters, no comma.
            description: The new description; `""` empties it.
            costs: Period costs, appended to those that are there.
            costs_destructive_update: True makes `costs` replace all that are there; without `costs` it clears them.
            tags: All the tags that it should have: others are dropped, but for required ones.
            start_date: When it starts, with a time zone (e-mail programs and events).
            end_date: When it ends, with a time zone (e-mail programs and events).
            head_start: Whether Marketo prepares the run ahead of its start (e-mail programs).

        Raises:
            ArgumentError: an argument cannot be right, or there is nothing to change.
            NotFoundError: no program has that id.
            BusinessRuleError: the name is taken, or a tag is not allowed.

        Source: updateProgramUsingPOST
        """
        check_id("program_id", program_id)
        check_name("name", name, optional=True)
        _check_metadata(description, start_date, end_date, head_start)
        check_flag("costs_destructive_update", costs_destructive_update)
        new_costs = costs_argument(costs)
        call = POST("/rest/asset/v1/program/{id}.json", id=program_id).form(
            name=name,
            description=description,
            costs=new_costs,
            costsDestructiveUpdate=costs_destructive_update,
            tags=tags_argument(tags),
            startDate=start_date,
            endDate=end_date,
            headStart=head_start,
        )
        if not call.form_pairs:
            raise ArgumentError("changes", None, "at least one thing to change, such as name, description, costs, tags")
        call = patient(call)
        appends = bool(new_costs) and not costs_destructive_update
        return await self._one(Program, call if appends else call.repeatable())

    async def approve(self, program_id: int) -> int:
        """Approve an e-mail program, so that it runs at its start date; return its id.

        It must be unlocked and have both dates, an approved e-mail and a smart list.

        Args:
            program_id: The id of the program.

        Raises:
            ArgumentError: the id cannot be one.
            BusinessRuleError: Marketo will not approve it (709).
            NotFoundError: no program has that id.

        Source: approveProgramUsingPOST
        """
        check_id("program_id", program_id)
        return await self._id(patient(POST("/rest/asset/v1/program/{id}/approve.json", id=program_id)))

    async def unapprove(self, program_id: int) -> int:
        """Take the approval of an e-mail program back, so that it does not run; return its id.

        Args:
            program_id: The id of the program.

        Raises:
            ArgumentError: the id cannot be one.
            BusinessRuleError: it is not approved, or no e-mail program (709).
            NotFoundError: no program has that id.

        Source: unapproveProgramUsingPOST
        """
        check_id("program_id", program_id)
        return await self._id(patient(POST("/rest/asset/v1/program/{id}/unapprove.json", id=program_id)))

    async def clone(
        self, program_id: int, *, name: str, folder: FolderId | Folder | FolderRef, description: str | None = None
    ) -> Program:
        """Copy a program with its content and return the copy, whose `tags` and `costs` are null in this answer.

        Members are not copied, and copied triggers are not active. It may take up to 300 s. After a `LockTimeoutError`
        or an error with `outcome_unknown`, look for the copy by its name before cloning again.

        Args:
            program_id: The id of the program to copy.
            name: The name of the copy, up to 255 characters, no comma; unique in the whole instance.
            folder: Where to put it: a folder of the same workspace, not a program.
            description: The description of the copy.

        Raises:
            ArgumentError: an argument cannot be right.
            BusinessRuleError: the name is taken, or something in the program cannot be copied (709).
            NotFoundError: there is no such program or folder.
            LockTimeoutError: Marketo waited too long for a lock (719).
            SystemFailureError: the folder is in another workspace, among other causes (611).

        Source: cloneProgramUsingPOST
        """
        check_id("program_id", program_id)
        check_name("name", name)
        check_text("description", description, blank=True, optional=True)
        place = folder_argument("folder", folder, programs=False)
        call = POST("/rest/asset/v1/program/{id}/clone.json", id=program_id)
        return await self._one(Program, patient(call.form(name=name, folder=place, description=description)))

    async def delete(self, program_id: int) -> int:
        """Delete a program with all its content and return its id.

        Args:
            program_id: The id of the program.

        Raises:
            ArgumentError: the id cannot be one.
            BusinessRuleError: something in it is used elsewhere, or it is approved or shared (709).
            NotFoundError: no program has that id.

        Source: deleteProgramUsingPOST
        """
        check_id("program_id", program_id)
        return await self._id(patient(POST("/rest/asset/v1/program/{id}/delete.json", id=program_id)))


def _check_metadata(description: object, start: datetime | None, end: datetime | None, head_start: object) -> None:
    check_text("description", description, blank=True, optional=True)
    check_window("start_date", start, "end_date", end)
    check_flag("head_start", head_start)
