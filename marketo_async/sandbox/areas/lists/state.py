"""Static lists, and which leads are on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import ADD_TO_LIST, REMOVE_FROM_LIST
from marketo_async.sandbox.areas.dates import at_second, moment, second_of
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.rolls import Rolls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from marketo_async.sandbox.areas.folders.state import Folder
    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.instance import Instance

FIRST_ID = 1001
HOME = "Group Lists"
"""The system folder of each workspace for lists that are local to no program."""


@attrs.define(eq=False)
class StaticList:
    """One static list.

    Attributes:
        folder: The program it is local to, or its folder in the lead database.
    """

    id: int
    name: str
    folder: FolderRef
    workspace: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None

    @property
    def program_id(self) -> int | None:
        """The program it is local to; None for one of the lead database."""
        return self.folder.id if self.folder.type == "Program" else None

    @property
    def key(self) -> tuple[str, int]:
        """Where it stands in the listings of the Asset API: by name without regard to case, then by id."""
        return (self.name.casefold(), self.id)


class Lists:
    """The static lists, by id.

    `add_list`, `add` and `remove` change the database as a colleague in the user interface would: they write
    activities, and check nothing but that what they name exists. A list goes with the program that it is local to.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._programs = instance.state(Programs)
        self._folders = instance.state(Folders)
        self._leads = instance.state(Leads)
        self._lists: dict[int, StaticList] = {}
        self._homes: dict[str, Folder] = {}
        self._rolls = Rolls("q")
        self._next_id = FIRST_ID
        self._folders.keep_while(self._fills)
        self._leads.when_removed(self._forget)
        self._leads.when_merged(self._merge)

    def __iter__(self) -> Iterator[StaticList]:
        """Iterate by id."""
        return (found for found in self._lists.values() if self._stands(found))

    def get(self, list_id: int) -> StaticList | None:
        """Return a list, or None."""
        found = self._lists.get(list_id)
        return found if found is not None and self._stands(found) else None

    def program_name(self, static_list: StaticList) -> str | None:
        """Return the name of the program that a list is local to; None for one of the lead database."""
        return None if static_list.program_id is None else self._programs[static_list.program_id].name

    def add_list(
        self,
        name: str,
        *,
        description: str | None = None,
        program_id: int | None = None,
        folder_id: int | None = None,
        workspace: str | None = None,
        created_at: datetime | None = None,
    ) -> StaticList:
        """Make a list, with nobody on it.

        Args:
            name: Its name.
            description: Free text; None leaves it out of replies.
            program_id: The program it is local to; None for one of the lead database.
            folder_id: The folder, for a list without program; the one for lists of the workspace where it is None.
            workspace: The workspace, for a list without either; the default one where it is None.
            created_at: Aware; now where it is None.

        Raises:
            KeyError: there is no such program, folder or workspace.
        """
        instant = created_at or moment(self._instance)
        if program_id is not None:
            place: Node = self._programs[program_id]
        elif folder_id is not None:
            place = self._folders[folder_id]
        else:
            place = self._home(workspace or self._instance.settings.workspace)
        made = StaticList(self._next_id, name, place.ref, place.workspace, instant, instant, description)
        self._next_id += 1
        self._lists[made.id] = made
        return made

    def change(self, list_id: int, **changes: str) -> None:
        """Set the name or the description of a list, and its `updatedAt`."""
        found = self._lists[list_id]
        for name, value in changes.items():
            setattr(found, name, value)
        found.updated_at = moment(self._instance)

    def remove_list(self, list_id: int) -> None:
        """Delete a list; its leads stay."""
        # What its roll holds may stay too: its number is never given again.
        del self._lists[list_id]

    def add(self, list_id: int, lead_ids: Iterable[int], *, at: datetime | None = None) -> None:
        """Put leads on a list; who is on it already stays as he is.

        Args:
            list_id: The list.
            lead_ids: The leads.
            at: Aware; now where it is None.

        Raises:
            KeyError: there is no such list or lead.
        """
        name = self._lists[list_id].name
        second = second_of(at or moment(self._instance))
        log = self._instance.state(Activities).log
        for lead_id in lead_ids:
            if self._leads.get(lead_id) is None:
                raise KeyError(lead_id)
            if not self.holds(list_id, lead_id):
                self._rolls.put(list_id, lead_id, second)
                log(ADD_TO_LIST, lead_id, primary_id=list_id, primary_value=name)

    def remove(self, list_id: int, lead_ids: Iterable[int]) -> None:
        """Take leads off a list; who is not on it is passed over."""
        name = self._lists[list_id].name
        log = self._instance.state(Activities).log
        for lead_id in lead_ids:
            if self._rolls.discard(list_id, lead_id):
                log(REMOVE_FROM_LIST, lead_id, primary_id=list_id, primary_value=name)

    def fill(self, list_id: int, lead_ids: Iterable[int], seconds: Iterable[int]) -> None:
        """Put many leads on a new list at once, without activities; lists are filled by id, then comes `settle`.

        Args:
            list_id: The list.
            lead_ids: Leads that exist, ascending.
            seconds: When each was added, as `second_of` counts.
        """
        self._rolls.fill(list_id, lead_ids, seconds)

    def settle(self) -> None:
        """Let the lists of every lead be found, after `fill`."""
        self._rolls.settle()

    def holds(self, list_id: int, lead_id: int) -> bool:
        """Tell whether a lead is on a list."""
        return self._rolls.get(list_id, lead_id) is not None

    def lead_ids(self, list_id: int, after: int = 0) -> Iterator[int]:
        """Iterate over the leads of a list whose id is greater, by id."""
        return (lead_id for lead_id, _ in self._rolls.leads(list_id, after))

    def size(self, list_id: int) -> int:
        """Return how many leads are on a list."""
        return self._rolls.size(list_id)

    def of_lead(self, lead_id: int, after: int = 0) -> Iterator[tuple[StaticList, datetime]]:
        """Iterate over the lists of a lead whose id is greater, by id, and when it was put on each."""
        for list_id in self._rolls.things(lead_id, after):
            found, beside = self.get(list_id), self._rolls.get(list_id, lead_id)
            if found is not None and beside is not None:
                yield found, at_second(beside[0])

    def _stands(self, static_list: StaticList) -> bool:
        holders = self._folders if static_list.folder.type == "Folder" else self._programs
        return holders.get(static_list.folder.id) is not None

    def _fills(self, ref: FolderRef) -> bool:
        return any(found.folder == ref for found in self)

    def _home(self, workspace: str) -> Folder:
        if workspace not in self._homes:
            # The system's own is the oldest of that name.
            found = (folder for folder in self._folders.named(HOME) if folder.workspace == workspace)
            home = next(found, None)
            if home is None:
                raise KeyError(workspace)
            self._homes[workspace] = home
        return self._homes[workspace]

    def _forget(self, lead_id: int) -> None:
        for list_id in self._rolls.things(lead_id):
            self._rolls.discard(list_id, lead_id)

    def _merge(self, winner_id: int, loser_ids: Sequence[int]) -> None:
        for loser_id in loser_ids:
            for list_id in self._rolls.things(loser_id):
                mine, theirs = self._rolls.get(list_id, winner_id), self._rolls.get(list_id, loser_id)
                self._rolls.put(list_id, winner_id, min(one[0] for one in (mine, theirs) if one is not None))
            self._forget(loser_id)
