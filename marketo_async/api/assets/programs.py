"""Programs: the operations that read them. `Programs` is these and those that change them, one file further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from marketo_async.api._base import ASSET_PAGE
from marketo_async.api._checks import (
    check_choice,
    check_flag,
    check_id,
    check_name,
    check_text,
    check_window,
    items_of,
)
from marketo_async.api.assets.program_changes import ProgramChanges
from marketo_async.api.assets.program_sync import ProgramSync, program_seam
from marketo_async.api.assets.program_tags import ProgramTags
from marketo_async.errors import ArgumentError
from marketo_async.records import Program, SmartList
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from marketo_async.transport.paging import Pager
    from marketo_async.wire.call import Call

ProgramFilter = Literal["id", "programId", "folderId", "workspace"]
ProgramStatus = Literal["on", "off", "unlocked", "locked", "completed"]

_BY_NAME = "/rest/asset/v1/program/byName.json"


class Programs(ProgramChanges, ProgramTags, ProgramSync):
    """Programs, with their tags and costs."""

    async def get(self, program_id: int) -> Program:
        """Return one program, with its tags and costs.

        Args:
            program_id: Its id.

        Raises:
            ArgumentError: the id cannot be one.
            NotFoundError: no program has that id.

        Source: getProgramByIdUsingGET
        """
        check_id("program_id", program_id)
        return await self._one(Program, GET("/rest/asset/v1/program/{id}.json", id=program_id))

    async def find_by_name(
        self, name: str, *, include_tags: bool = False, include_costs: bool = False
    ) -> Program | None:
        """Return the program of exactly that name, or None; of several, the one that Marketo names first.

        Programs in different folders may have the same name: `find_all_by_name` lists them all.

        Args:
            name: Up to 255 characters, no comma.
            include_tags: Whether to read its tags as well.
            include_costs: Whether to read its costs as well.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getProgramByNameUsingGET
        """
        check_name("name", name)
        check_flag("include_tags", include_tags)
        check_flag("include_costs", include_costs)
        call = GET(_BY_NAME).query(name=name, includeTags=include_tags, includeCosts=include_costs)
        return await self._find(Program, call)

    def find_all_by_name(
        self,
        name: str,
        *,
        include_tags: bool = False,
        include_costs: bool = False,
        page_size: int = ASSET_PAGE,
        start: int = 0,
    ) -> Pager[Program]:
        """List all programs of exactly that name; usually one call.

        Args:
            name: Up to 255 characters, no comma.
            include_tags: Whether to read their tags as well.
            include_costs: Whether to read their costs as well.
            page_size: Programs a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getProgramByNameUsingGET
        """
        check_name("name", name)
        check_flag("include_tags", include_tags)
        check_flag("include_costs", include_costs)
        call = GET(_BY_NAME).query(name=name, includeTags=include_tags, includeCosts=include_costs)
        return self._offset_pages(Program, call, program_seam, page_size=page_size, start=start)

    def find_by_tag(self, tag_type: str, tag_value: str, *, page_size: int = ASSET_PAGE) -> Pager[Program]:
        """List the programs with a tag, each once.

        Marketo orders this listing anew for every call. One that fits into a call is complete; a longer one is read in
        passes until a whole pass brings nothing new, and a warning on its last page says how sure that is. It has no
        positions: it cannot be resumed.

        Args:
            tag_type: The tag type, as it stands in Admin > Tags.
            tag_value: One of its values.
            page_size: Programs a call, 1 to 200; a smaller one takes more passes.

        Raises:
            ArgumentError: an argument cannot be right.

        Source: getProgramListByTagUsingGET
        """
        check_text("tag_type", tag_type)
        check_text("tag_value", tag_value)
        call = GET("/rest/asset/v1/program/byTag.json").query(tagType=tag_type, tagValue=tag_value)
        return self._unordered_pages(Program, call, lambda program: program.id, page_size=page_size)

    def browse(
        self,
        *,
        filter_type: ProgramFilter | None = None,
        filter_values: Iterable[int | str] | None = None,
        updated_from: datetime | None = None,
        updated_until: datetime | None = None,
        status: ProgramStatus | None = None,
        page_size: int = ASSET_PAGE,
        start: int = 0,
    ) -> Pager[Program]:
        """List programs, by name, without tags and costs; all of them, unless filtered.

        However much the instance changes meanwhile, every program that is there from the first call to the last is
        yielded exactly once; what is created, deleted or renamed meanwhile may or may not be.

        Args:
            filter_type: What `filter_values` are: `"id"` and `"programId"` for ids of programs, `"folderId"` for ids of
                the folders that they lie in directly, `"workspace"` for names of workspaces.
            filter_values: Ids as integers, or names without commas; at least one.
            updated_from: Only programs changed at or after this moment, with a time zone.
            updated_until: Only programs changed at or before this moment, with a time zone.
            status: Only programs of this status: `"on"` or `"off"` for engagement programs, `"unlocked"` (documented),
                `"locked"` or `"completed"` for e-mail programs. Others have none.
            page_size: Programs a call, 1 to 200.
            start: The offset to begin at, such as a `page.position`.

        Raises:
            ArgumentError: an argument cannot be right; raised before anything is sent.
            ListingUnstableError: while iterating, where the instance changes faster than it can be read.

        Source: browseProgramsUsingGET
        """
        check_window("updated_from", updated_from, "updated_until", updated_until)
        check_choice("status", status, get_args(ProgramStatus), optional=True)
        values = _filter_values(filter_type, filter_values)

        def call_from(moment: datetime | None) -> Call:
            return GET("/rest/asset/v1/programs.json").query(
                filterType=filter_type,
                filterValues=values,
                earliestUpdatedAt=moment,
                latestUpdatedAt=updated_until,
                status=status,
            )

        def look(since: datetime) -> Call | None:
            if updated_until is not None and updated_until < since:
                return None  # what changes now changes its way out of this listing
            return call_from(since if updated_from is None else max(since, updated_from))

        return self._offset_pages(
            Program, call_from(updated_from), program_seam, page_size=page_size, start=start, look=look
        )

    async def smart_list(self, program_id: int, *, include_rules: bool = False) -> SmartList:
        """Return the smart list of an e-mail program: who will get the e-mail.

        Args:
            program_id: The id of the program.
            include_rules: Whether to read its triggers and filters as well.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: there is no such program, or it has no smart list of its own: only e-mail programs do.

        Source: getSmartListByProgramIdUsingGET
        """
        check_id("program_id", program_id)
        check_flag("include_rules", include_rules)
        call = GET("/rest/asset/v1/program/{programId}/smartList.json", programId=program_id)
        return await self._one(SmartList, call.query(includeRules=include_rules))


def _filter_values(filter_type: object, filter_values: object) -> list[object] | None:
    """Return the values of a filter; neither goes without the other."""
    check_choice("filter_type", filter_type, get_args(ProgramFilter), optional=True)
    if filter_type is None and filter_values is None:
        return None
    if filter_type is None:
        raise ArgumentError("filter_type", None, "what filter_values are: " + ", ".join(get_args(ProgramFilter)))
    if filter_values is None:
        raise ArgumentError("filter_values", None, f"the values for filter_type={filter_type!r}")
    values = items_of("filter_values", filter_values, "ids or names")
    for index, value in enumerate(values):
        if filter_type == "workspace":
            check_name(f"filter_values[{index}]", value)
        else:
            check_id(f"filter_values[{index}]", value)
    if not values:
        raise ArgumentError("filter_values", values, "at least one value: an empty filter would list everything")
    return values
