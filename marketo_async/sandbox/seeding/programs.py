"""Seeds programs, and the folders they stand in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.channels.state import Channels
from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.areas.programs.kinds import DEFAULT, EMAIL, ENGAGEMENT, EVENT, WEBINAR
from marketo_async.sandbox.areas.programs.record import Cost, Program, SalesforceCampaign, Tag
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.tags.state import TagTypes
from marketo_async.sandbox.seeding.names import Dice, ProgramNames
from marketo_async.sandbox.seeding.vocabulary import COST_NOTES, DESCRIPTIONS, TEAMS, WORKSPACES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.sandbox.areas.folders.state import Folder
    from marketo_async.sandbox.areas.programs.kinds import Kind
    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.instance import Instance
    from marketo_async.sandbox.seeding.vocabulary import Region

# Of a hundred programs.
_KINDS = (DEFAULT,) * 44 + (EMAIL,) * 30 + (EVENT,) * 12 + (ENGAGEMENT,) * 8 + (WEBINAR,) * 6


@attrs.frozen
class _Stage:
    """How far the work on an e-mail program has come."""

    email_ready: bool = False
    smart_list_ready: bool = False
    dated: bool = False
    approved: bool = False
    to_come: bool = False


_NEW, _WRITTEN = _Stage(), _Stage(email_ready=True)
_READY = _Stage(email_ready=True, smart_list_ready=True, dated=True)
_RUN = attrs.evolve(_READY, approved=True)
_STAGES = (_NEW,) * 3 + (_WRITTEN,) * 2 + (_READY,) * 3 + (_RUN,) * 11 + (attrs.evolve(_RUN, to_come=True),)

_LATEST = datetime(2025, 6, 30, 18, tzinfo=UTC)
_HISTORY = timedelta(days=7 * 365)


def history(instance: Instance) -> tuple[datetime, int]:
    """Return when seeded content begins, and how many seconds long its history is.

    It ends on a fixed day, so that a seed makes the same instance whenever it is made; or now, on a clock that
    stands before that day.
    """
    end = min(_LATEST, instance.now().replace(microsecond=0))
    return end - _HISTORY, int(_HISTORY.total_seconds())


def seed_programs(instance: Instance, count: int) -> None:
    """Add `count` programs, of ids in the order in which they were created."""
    instance.state(Programs).fill(_Sower(instance).programs(count))


@attrs.frozen
class _Workspace:
    name: str
    share: float
    regions: tuple[Region, ...]


class _Sower:
    """Makes programs one after the other, the folders they need along with them."""

    def __init__(self, instance: Instance) -> None:
        self._dice = dice = Dice(instance.stream("seed programs"))
        self._names = ProgramNames(dice)
        self._programs = instance.state(Programs)
        self._folders = _FolderPlan(instance.state(Folders))
        self._begin, self._seconds = history(instance)
        self._soon = datetime.combine(instance.now().date(), time(15), UTC)
        default = instance.settings.workspace
        self._workspaces = [_Workspace(name or default, share, regions) for name, share, regions in WORKSPACES]
        self._channels = {
            kind: [c.name for c in instance.state(Channels) if c.applicable == kind.applicable] for kind in _KINDS
        }
        self._tags = {kind: _choices(instance.state(TagTypes), kind) for kind in _KINDS}
        self._holders: dict[str, FolderRef] = {}

    def programs(self, count: int) -> Iterator[Program]:
        moments = sorted(self._dice.below(self._seconds) for _ in range(count))
        for at in moments:
            yield self._program(at)

    def _program(self, at: int) -> Program:
        dice = self._dice
        created = self._begin + timedelta(seconds=at)
        kind = dice.pick(_KINDS)
        workspace = self._workspace()
        region = dice.pick(workspace.regions)
        program = Program(
            id=self._programs.take_id(),
            name=self._names.make(kind.name, region, created),
            kind=kind,
            channel=dice.pick(self._channels[kind]),
            parent=self._place(kind, workspace.name, region, created),
            workspace=workspace.name,
            created_at=created,
            updated_at=created + timedelta(seconds=self._edited(self._seconds - at)),
            description=dice.pick(DESCRIPTIONS),
            switch=kind.status,
            tags=self._tags_of(kind, region),
            costs=self._costs(created) if dice.happens(25) else (),
        )
        if kind.scheduled:
            self._schedule(program)
        if kind is ENGAGEMENT:
            program.switch = "on" if dice.happens(60) else "off"
        if kind in {ENGAGEMENT, EVENT}:
            self._holders[workspace.name] = program.ref
        if dice.happens(8):
            program.campaign = SalesforceCampaign(f"70150000{dice.below(10**7):07}AA{dice.below(10)}", program.name)
        return program

    def _workspace(self) -> _Workspace:
        lot = self._dice.chance()
        for workspace in self._workspaces:
            lot -= workspace.share
            if lot < 0:
                return workspace
        return self._workspaces[0]

    def _place(self, kind: Kind, workspace: str, region: Region, created: datetime) -> FolderRef:
        holder = self._holders.get(workspace)
        if kind is EMAIL and holder is not None and self._dice.happens(20):
            return holder
        return self._folders.place(workspace, created, region.folder, self._dice.pick(TEAMS))

    def _edited(self, left: int) -> int:
        """Return how long after its creation a program was last changed: mostly at once or soon."""
        if self._dice.happens(35):
            return min(left, self._dice.below(20))
        return int(left * self._dice.chance() ** 5)

    def _tags_of(self, kind: Kind, region: Region) -> tuple[Tag, ...]:
        tags: list[Tag] = []
        for choices, always in self._tags[kind]:
            if always or self._dice.happens(40):
                tags.append(choices.get(region.code) or self._dice.pick(tuple(choices.values())))
        return tuple(tags)

    def _costs(self, created: datetime) -> tuple[Cost, ...]:
        dice = self._dice
        return tuple(
            Cost((created + timedelta(days=30 * nth)).date(), 50 * (1 + dice.below(400)), dice.pick(COST_NOTES))
            for nth in range(1 + dice.below(3))
        )

    def _schedule(self, program: Program) -> None:
        dice = self._dice
        start = program.created_at.replace(minute=0, second=0) + timedelta(days=7 + dice.below(80))
        if program.kind is not EMAIL:
            program.start_date, program.end_date = start, start + timedelta(hours=1 + dice.below(50))
            return
        program.smart_list_id = self._programs.take_smart_list_id()
        stage = dice.pick(_STAGES)
        program.switch = "locked" if stage.approved else "unlocked"
        if stage.to_come:
            # The only dates that depend on the day on which the seed is sown.
            start = self._soon + timedelta(days=1 + dice.below(60))
        if stage.dated:
            program.start_date, program.end_date = start, start + timedelta(hours=2)
        program.email_ready, program.smart_list_ready = stage.email_ready, stage.smart_list_ready
        program.head_start = dice.happens(10)


class _FolderPlan:
    """Finds the folder for a program by year, region and team, and makes those that are missing."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders
        self._made: dict[tuple[str, ...], FolderRef] = {}

    def place(self, workspace: str, created: datetime, region: str, team: str) -> FolderRef:
        return self._folder((workspace, str(created.year), region, team), created)

    def _folder(self, names: tuple[str, ...], created: datetime) -> FolderRef:
        found = self._made.get(names)
        if found is None:
            found = self._made[names] = self._make(names, created).ref
        return found

    def _make(self, names: tuple[str, ...], created: datetime) -> Folder:
        if len(names) == 1:
            return self._folders.marketing(names[0])
        return self._folders.add(names[-1], self._folder(names[:-1], created), created_at=created)


def _choices(tag_types: TagTypes, kind: Kind) -> list[tuple[dict[str, Tag], bool]]:
    """Return the tags that a type of program can carry, by value, per tag type; and whether it must carry one."""
    return [
        ({value: Tag(tag_type.name, value) for value in tag_type.values}, tag_type.required)
        for tag_type in tag_types
        if kind.applicable in tag_type.applicable
    ]
