"""All programs of the instance, and how tests change them underneath a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.dates import moment
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.programs.kinds import EMAIL, KINDS
from marketo_async.sandbox.areas.programs.order import NameOrder
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.tokens.state import MyTokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from marketo_async.sandbox.areas.programs.record import Cost, Tag
    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.instance import Instance

FIRST_ID = 1001


class Programs:
    """The programs.

    `add`, `rename` and `remove` change the instance as a colleague in the user interface would. They check nothing but
    that ids exist; the routes do the checking.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._order = NameOrder()
        self._inside: dict[FolderRef, set[int]] = {}
        self._next_id = FIRST_ID
        self._next_smart_list_id = FIRST_ID
        self.shuffler = instance.stream("programs by tag")

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Program]:
        """Iterate in the order of listings."""
        return iter(self._order)

    def get(self, program_id: int) -> Program | None:
        """Return a program, or None."""
        return self._order.get(program_id)

    def window(self, offset: int, size: int) -> list[Program]:
        """Return a stretch of the whole listing."""
        return self._order.window(offset, size)

    def named(self, name: str) -> list[Program]:
        """Return the programs of a name, whatever its case, by id."""
        return self._order.named(name)

    def inside(self, ref: FolderRef) -> list[Program]:
        """Return the programs directly inside a folder or program, in the order of listings."""
        ids = self._inside.get(ref, ())
        return sorted((self[program_id] for program_id in ids), key=lambda program: program.key)

    def __getitem__(self, program_id: int) -> Program:
        """Return a program that exists.

        Raises:
            KeyError: It does not.
        """
        program = self._order.get(program_id)
        if program is None:
            raise KeyError(program_id)
        return program

    def add(
        self,
        name: str,
        *,
        kind: str = "Default",
        channel: str | None = None,
        parent: FolderRef | None = None,
        workspace: str | None = None,
        description: str = "",
        tags: Iterable[Tag] = (),
        costs: Iterable[Cost] = (),
        start_date: datetime | None = None,
        end_date: datetime | None = None,
        head_start: bool = False,
        created_at: datetime | None = None,
    ) -> Program:
        """Make a program; it is in every listing at once.

        Args:
            name: Its name.
            kind: One of the five types, in any case.
            channel: The name of its channel; one that fits the type where it is None.
            parent: The folder or program it stands in; the workspace's own folder where it is None.
            workspace: The workspace, for a program without `parent`; the default one where it is None.
            description: Free text.
            tags: The tags on it.
            costs: Its period costs.
            start_date: Aware.
            end_date: Aware.
            head_start: Whether e-mails are prepared ahead of time.
            created_at: Aware; now where it is None.
        """
        folders = self._instance.state(Folders)
        place = parent or folders.marketing(workspace).ref
        instant = created_at or moment(self._instance)
        which = KINDS[kind.casefold()]
        program = Program(
            id=self.take_id(),
            name=name,
            kind=which,
            channel=channel or which.channel,
            parent=place,
            workspace=self._workspace_of(place),
            created_at=instant,
            updated_at=instant,
            description=description,
            switch=which.status,
            head_start=head_start,
            start_date=start_date,
            end_date=end_date,
            tags=tuple(tags),
            costs=tuple(costs),
            smart_list_id=self.take_smart_list_id() if which is EMAIL else None,
        )
        self._order.add(program)
        self._inside.setdefault(place, set()).add(program.id)
        return program

    def fill(self, programs: Iterable[Program]) -> None:
        """Put many programs in at once; their ids come from `take_id`."""
        made = list(programs)
        for program in made:
            self._inside.setdefault(program.parent, set()).add(program.id)
        self._order.extend(made)

    def take_id(self) -> int:
        """Return the next free program id."""
        self._next_id += 1
        return self._next_id - 1

    def take_smart_list_id(self) -> int:
        """Return the next free smart-list id."""
        self._next_smart_list_id += 1
        return self._next_smart_list_id - 1

    def rename(self, program_id: int, name: str) -> None:
        """Give a program another name; it moves in every listing at once and its `updatedAt` becomes now."""
        program = self[program_id]
        self._order.discard(program)
        program.name = name
        self._order.add(program)
        self.touch(program)

    def touch(self, program: Program) -> None:
        """Set `updatedAt` to now, as a change of anything but tags and costs does."""
        program.updated_at = moment(self._instance)

    def remove(self, program_id: int) -> None:
        """Delete a program with everything inside it: nested programs, local folders, tokens."""
        program = self[program_id]
        folders = self._instance.state(Folders)
        tokens = self._instance.state(MyTokens)
        waiting = [program.ref]
        while waiting:
            ref = waiting.pop()
            waiting += [folder.ref for folder in folders.inside(ref)] + [nested.ref for nested in self.inside(ref)]
            tokens.forget(ref)
            if ref.type == "Folder":
                folders.remove(ref.id)
            else:
                self._discard(self[ref.id])

    def mark_email_ready(self, program_id: int, *, ready: bool = True) -> None:
        """Set an approved e-mail in an e-mail program, as only the user interface can."""
        self[program_id].email_ready = ready

    def mark_smart_list_ready(self, program_id: int, *, ready: bool = True) -> None:
        """Set a smart list in an e-mail program, as only the user interface can."""
        self[program_id].smart_list_ready = ready

    def mark_in_use(self, program_id: int, *, in_use: bool = True) -> None:
        """Let something in a program be used elsewhere, so that the program cannot be deleted."""
        self[program_id].in_use = in_use

    def mark_unclonable(self, program_id: int, *assets: str) -> None:
        """Put assets in a program that the API cannot clone, such as `Push Notification`; none makes it clonable."""
        self[program_id].unclonable = assets

    def _workspace_of(self, ref: FolderRef) -> str:
        found = self._instance.state(Folders)[ref.id] if ref.type == "Folder" else self[ref.id]
        return found.workspace

    def _discard(self, program: Program) -> None:
        self._order.discard(program)
        self._inside[program.parent].discard(program.id)
