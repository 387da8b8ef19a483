"""The members of all programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from marketo_async.sandbox.areas.activities.state import Activities
from marketo_async.sandbox.areas.activities.types import CHANGE_PROGRAM_MEMBER_DATA, CHANGE_STATUS_IN_PROGRESSION
from marketo_async.sandbox.areas.dates import at_second, moment, second_of
from marketo_async.sandbox.areas.leads.state import Leads
from marketo_async.sandbox.areas.members.progress import NOT_IN_PROGRAM, first_step, named, statuses_of
from marketo_async.sandbox.areas.members.record import ACQUIRED, COLUMNS, EXHAUSTED, NEVER, PAUSED, Kept, Member
from marketo_async.sandbox.areas.members.schema import member_schema
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.rolls import Rolls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from marketo_async.sandbox.instance import Instance


class Members:
    """Who is in which program, and how far.

    `join`, `change` and `leave` change the database as a colleague in the user interface would: they write activities,
    and check nothing but that what they name exists. Members go with their program.

    Attributes:
        fields: The fields that members have.
        limit_counts: What the limit of 100,000 members in a search is held against: all members of the program, or
            those that match. Instances differ in this.
    """

    def __init__(self, instance: Instance) -> None:
        self.fields = member_schema()
        self.limit_counts: Literal["all", "matching"] = "all"
        self._instance = instance
        self._programs = instance.state(Programs)
        self._leads = instance.state(Leads)
        self._rolls = Rolls(COLUMNS)
        self._values: dict[tuple[int, int], dict[str, object]] = {}
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._leads.when_removed(self._forget)
        self._leads.when_merged(self._merge)

    def __len__(self) -> int:
        return len(self._rolls)

    def get(self, program_id: int, lead_id: int) -> Member | None:
        """Return a lead's membership in a program, or None."""
        kept = self.kept(program_id, lead_id)
        return None if kept is None else self.shown(program_id, lead_id, kept)

    def join(
        self,
        program_id: int,
        lead_id: int,
        *,
        status: str | None = None,
        acquired: bool = False,
        exhausted: bool = False,
        paused: bool = False,
        at: datetime | None = None,
    ) -> Member:
        """Make a lead a member of a program, or give a member another status.

        Args:
            program_id: The program.
            lead_id: The lead.
            status: A status of the program's channel; the first one where it is None. `Not in Program` is not for this.
            acquired: The program acquired the lead. A member that was acquired stays so.
            exhausted: The lead has had all that its stream holds.
            paused: The lead gets nothing from its stream for now.
            at: Aware; now where it is None.

        Raises:
            KeyError: there is no such program or lead, or the channel has no such status.
        """
        program, statuses = self._programs[program_id], statuses_of(self._instance, self._programs[program_id])
        given = first_step(statuses) if status is None else named(statuses, status)
        if given is None or given.name == NOT_IN_PROGRAM:
            raise KeyError(status)
        if self._leads.get(lead_id) is None:
            raise KeyError(lead_id)
        now = second_of(at or moment(self._instance))
        before = self.kept(program_id, lead_id)
        joined, succeeded = (before.joined, before.succeeded) if before is not None else (now, NEVER)
        flags = (before.flags & ACQUIRED if before is not None else 0) | _flags(acquired, exhausted, paused)
        if given.success and succeeded == NEVER:
            succeeded = now
        kept = Kept(joined, now, succeeded, self.number_of(given.name), flags)
        self._rolls.put(program_id, lead_id, *kept)
        member = self.shown(program_id, lead_id, kept)
        self._log(member, program.name, NOT_IN_PROGRAM if before is None else self.name_of(before.status), given.name)
        return member

    def change(self, program_id: int, lead_id: int, **values: object) -> None:
        """Set fields of a member, None to unset, and its `updatedAt`.

        Raises:
            KeyError: the lead is not in the program.
        """
        kept = self.kept(program_id, lead_id)
        if kept is None:
            raise KeyError((program_id, lead_id))
        held = self._values.setdefault((program_id, lead_id), {})
        name, log = self._programs[program_id].name, self._instance.state(Activities).log
        for field, value in values.items():
            old = held.pop(field, None)
            if value is not None:
                held[field] = value
            if value != old:
                told = {"Attribute_Name": field, "Old_Value": old, "New_Value": value}
                log(CHANGE_PROGRAM_MEMBER_DATA, lead_id, primary_id=program_id, primary_value=name, **told)
        if not held:
            del self._values[program_id, lead_id]
        self._rolls.put(program_id, lead_id, *kept._replace(updated=second_of(moment(self._instance))))

    def leave(self, program_id: int, lead_id: int) -> None:
        """Take a lead out of a program; who is not in it is passed over."""
        member = self.get(program_id, lead_id)
        if member is not None:
            self._drop(program_id, lead_id)
            self._log(member, self._programs[program_id].name, member.status, NOT_IN_PROGRAM)

    def fill(self, program_id: int, lead_ids: Iterable[int], *columns: Iterable[int]) -> None:
        """Write many members at once, without activities; programs are filled by id, then comes `settle`.

        Args:
            program_id: A program.
            lead_ids: Leads that exist, ascending.
            columns: What is kept beside them, in the order of `Kept`, a column at a time.
        """
        self._rolls.fill(program_id, lead_ids, *columns)

    def note(self, program_id: int, lead_id: int, values: dict[str, object]) -> None:
        """Set fields of a member of whom nothing is known yet, without activities; it keeps the dictionary."""
        self._values[program_id, lead_id] = values

    def settle(self) -> None:
        """Let the programs of every lead be found, after `fill`."""
        self._rolls.settle()

    def size(self, program_id: int) -> int:
        """Return how many members a program has."""
        return self._rolls.size(program_id)

    def of_program(self, program_id: int, after: int = 0) -> Iterator[tuple[int, Kept]]:
        """Iterate over the members of a program whose lead id is greater, by that id, as they are kept."""
        return ((lead_id, Kept(*values)) for lead_id, values in self._rolls.leads(program_id, after))

    def of_lead(self, lead_id: int, after: int = 0) -> Iterator[Member]:
        """Iterate over a lead's memberships in programs whose id is greater, by that id."""
        for program_id in self._rolls.things(lead_id, after):
            member = self.get(program_id, lead_id) if self._programs.get(program_id) is not None else None
            if member is not None:
                yield member

    def shown(self, program_id: int, lead_id: int, kept: Kept) -> Member:
        """Return a membership as it is handed out."""
        return Member(
            program_id,
            lead_id,
            self.name_of(kept.status),
            at_second(kept.joined),
            at_second(kept.updated),
            at_second(kept.succeeded) if kept.succeeded != NEVER else None,
            bool(kept.flags & ACQUIRED),
            bool(kept.flags & EXHAUSTED),
            bool(kept.flags & PAUSED),
            self.values_of(program_id, lead_id),
        )

    def values_of(self, program_id: int, lead_id: int) -> dict[str, object]:
        """Return the fields of a member that are set beyond its progress."""
        return self._values.get((program_id, lead_id), {})

    def numbers_of(self, statuses: Iterable[str]) -> set[int]:
        """Return the numbers by which the names of statuses are kept; nobody has one that has none."""
        return {self._numbers[status] for status in statuses if status in self._numbers}

    def number_of(self, status: str) -> int:
        """Return the number by which the name of a status is kept."""
        if status not in self._numbers:
            self._numbers[status] = len(self._names)
            self._names.append(status)
        return self._numbers[status]

    def name_of(self, number: int) -> str:
        """Return the name of the status that is kept by a number."""
        return self._names[number]

    def kept(self, program_id: int, lead_id: int) -> Kept | None:
        """Return a membership as it is kept, or None."""
        values = self._rolls.get(program_id, lead_id)
        return None if values is None else Kept(*values)

    def _drop(self, program_id: int, lead_id: int) -> None:
        self._rolls.discard(program_id, lead_id)
        self._values.pop((program_id, lead_id), None)

    def _log(self, member: Member, program: str, old: str, new: str) -> None:
        told = {
            "Old_Status": old,
            "New_Status": new,
            "Acquired_By": member.acquired,
            "Success": member.succeeded_at is not None,
        }
        log = self._instance.state(Activities).log
        log(CHANGE_STATUS_IN_PROGRESSION, member.lead_id, primary_id=member.program_id, primary_value=program, **told)

    def _forget(self, lead_id: int) -> None:
        for program_id in self._rolls.things(lead_id):
            self._drop(program_id, lead_id)

    def _merge(self, winner_id: int, loser_ids: Sequence[int]) -> None:
        for loser_id in loser_ids:
            for program_id in self._rolls.things(loser_id):
                self._take_over(program_id, winner_id, loser_id)
            self._forget(loser_id)

    def _take_over(self, program_id: int, winner_id: int, loser_id: int) -> None:
        """Give the winner of a merge what the loser was in a program: the further status, the earlier beginning."""
        mine, theirs = self.kept(program_id, winner_id), self.kept(program_id, loser_id)
        if theirs is None:
            return
        values = self.values_of(program_id, loser_id) | self.values_of(program_id, winner_id)
        if mine is not None:
            further = mine if self._step(program_id, mine) >= self._step(program_id, theirs) else theirs
            theirs = Kept(
                min(mine.joined, theirs.joined),
                max(mine.updated, theirs.updated),
                min((one.succeeded for one in (mine, theirs) if one.succeeded != NEVER), default=NEVER),
                further.status,
                further.flags | (mine.flags | theirs.flags) & ACQUIRED,
            )
        self._rolls.put(program_id, winner_id, *theirs)
        if values:
            self._values[program_id, winner_id] = values

    def _step(self, program_id: int, kept: Kept) -> int:
        program = self._programs.get(program_id)
        held = program and named(statuses_of(self._instance, program), self.name_of(kept.status))
        return held.step if held else 0


def _flags(acquired: bool, exhausted: bool, paused: bool) -> int:
    return acquired * ACQUIRED + exhausted * EXHAUSTED + paused * PAUSED
