"""The folders of the instance and the workspaces they stand in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.dates import moment
from marketo_async.sandbox.areas.references import FolderRef

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from marketo_async.sandbox.instance import Instance

MARKETING = "Marketing Activities"
DESIGN = "Design Studio"
DATABASE = "Lead Database"

_BORN = datetime(2011, 3, 4, 17, 1, 32, tzinfo=UTC)
_ROOTS = (DATABASE, DESIGN, MARKETING)
_TOPS = {DATABASE: "Zone", DESIGN: "Zone", MARKETING: "Marketing Folder"}
_SECTIONS = (
    (DESIGN, "Landing Pages", "Landing Page"),
    (DESIGN, "Landing Page Templates", "Landing Page Template"),
    (DESIGN, "Forms", "Landing Page Form"),
    (DESIGN, "Email Templates", "Email Template"),
    (DESIGN, "Emails", "Email"),
    (DATABASE, "Group Lists", "List"),
    (DATABASE, "Group Smart Lists", "Smart List"),
    (DESIGN, "Snippets", "Snippet"),
    (DESIGN, "Images and Files", "Image"),
)


@attrs.define(eq=False)
class Folder:
    """One folder.

    Attributes:
        root: Name of the root it stands under.
        parent: What it stands in; None for a root.
    """

    id: int
    name: str
    folder_type: str
    root: str
    parent: FolderRef | None
    workspace: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    is_system: bool = False
    is_archive: bool = False
    shared: bool = False

    @property
    def ref(self) -> FolderRef:
        """How others refer to this folder."""
        return FolderRef("Folder", self.id)


class Folders:
    """All folders. A new instance has the three roots and the default workspace with its system folders."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._folders: dict[int, Folder] = {}
        self._inside: dict[FolderRef, dict[int, Folder]] = {}
        self._hidden: dict[str, frozenset[str]] = {}
        self._next_id = 1
        self._workspaces: dict[str, int] = {}
        self._occupied: list[Callable[[FolderRef], bool]] = []
        self._default = instance.settings.workspace
        self._roots = {name: self._system(name, "Zone", name, None, self._default) for name in _ROOTS}
        self.add_workspace(self._default)

    @property
    def roots(self) -> list[Folder]:
        """The three roots, by name."""
        return sorted(self._roots.values(), key=lambda root: root.name)

    @property
    def workspaces(self) -> list[str]:
        """The names of all workspaces, the default one first."""
        return list(self._workspaces)

    def zone(self, workspace: str) -> int:
        """Return the id of a workspace, Marketo's `accessZoneId`."""
        return self._workspaces[workspace]

    def add_workspace(self, name: str) -> Folder:
        """Make a workspace with its system folders; return its folder in Marketing Activities.

        Raises:
            ValueError: There is one of that name.
        """
        if name in self._workspaces:
            raise ValueError(f"there is a workspace {name!r} already")
        self._workspaces[name] = 1 if not self._workspaces else 1000 + len(self._workspaces)
        tops = {root: self._system(name, _TOPS[root], root, self._roots[root].ref, name) for root in _ROOTS}
        for root, section, folder_type in _SECTIONS:
            self._system(section, folder_type, root, tops[root].ref, name)
        return tops[MARKETING]

    def marketing(self, workspace: str | None = None) -> Folder:
        """Return the folder of a workspace in Marketing Activities, under which its programs live."""
        tops = self._inside[self._roots[MARKETING].ref].values()
        return next(folder for folder in tops if folder.name == (workspace or self._default))

    def hide_workspaces(self, user: str, names: Iterable[str]) -> None:
        """Take workspaces out of an API user's sight, as a role without them does."""
        self._hidden[user] = frozenset(names)

    def hidden_from(self, user: str) -> frozenset[str]:
        """Return the workspaces that an API user cannot see."""
        return self._hidden.get(user, frozenset())

    def get(self, folder_id: int) -> Folder | None:
        """Return a folder, or None."""
        return self._folders.get(folder_id)

    def __getitem__(self, folder_id: int) -> Folder:
        """Return a folder that exists.

        Raises:
            KeyError: It does not.
        """
        return self._folders[folder_id]

    def inside(self, ref: FolderRef) -> list[Folder]:
        """Return the folders directly inside a folder or program, in no particular order."""
        return list(self._inside.get(ref, {}).values())

    def named(self, name: str) -> list[Folder]:
        """Return every folder of exactly that name, by id."""
        return [folder for folder in self._folders.values() if folder.name == name]

    def add(
        self,
        name: str,
        parent: FolderRef | None = None,
        *,
        description: str | None = None,
        created_at: datetime | None = None,
        workspace: str | None = None,
    ) -> Folder:
        """Make a folder, by default directly under the workspace in Marketing Activities.

        Args:
            name: Its name; not checked for being taken.
            parent: The folder or program to put it in.
            description: Free text.
            created_at: Aware; now where it is None.
            workspace: Where to put it if there is no `parent`, or the workspace of the program that is its parent; the
                default one where it is None.
        """
        inside_folder = parent is not None and parent.type == "Folder"
        model = self._folders[parent.id] if parent and inside_folder else self.marketing(workspace)
        instant = created_at or moment(self._instance)
        return self._keep(
            Folder(
                id=self._next_id,
                name=name,
                folder_type=model.folder_type,
                root=model.root,
                parent=parent or model.ref,
                workspace=model.workspace,
                created_at=instant,
                updated_at=instant,
                description=description,
            )
        )

    def change(self, folder: Folder, **changes: object) -> None:
        """Set attributes of a folder and its `updated_at`."""
        for name, value in changes.items():
            setattr(folder, name, value)
        folder.updated_at = moment(self._instance)

    def remove(self, folder_id: int) -> None:
        """Take a folder away; what is inside it is the caller's concern."""
        folder = self._folders.pop(folder_id)
        if folder.parent is not None:
            del self._inside[folder.parent][folder_id]

    def keep_while(self, occupied: Callable[[FolderRef], bool]) -> None:
        """Have folders count as not empty while `occupied(ref)` says that something other than folders is in them."""
        self._occupied.append(occupied)

    def is_occupied(self, folder: Folder) -> bool:
        """Tell whether other assets than folders and programs are directly inside a folder."""
        return any(occupied(folder.ref) for occupied in self._occupied)

    def _system(self, name: str, folder_type: str, root: str, parent: FolderRef | None, workspace: str) -> Folder:
        return self._keep(
            Folder(
                id=self._next_id,
                name=name,
                folder_type=folder_type,
                root=root,
                parent=parent,
                workspace=workspace,
                created_at=_BORN,
                updated_at=_BORN,
                is_system=True,
            )
        )

    def _keep(self, folder: Folder) -> Folder:
        self._folders[folder.id] = folder
        self._next_id = folder.id + 1
        if folder.parent is not None:
            self._inside.setdefault(folder.parent, {})[folder.id] = folder
        return folder
