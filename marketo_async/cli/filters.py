"""Which programs: the options of every command that lists programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import attrs
from cyclopts import Parameter

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.moments import moment
from marketo_async.cli.options import FILTERS

if TYPE_CHECKING:
    from datetime import datetime

    from marketo_async.client import MarketoClient
    from marketo_async.records import Program
    from marketo_async.transport.paging import Pager

# Written out here as well: the file of the operation loads the network, which `--help` does without.
ProgramFilter = Literal["id", "programId", "folderId", "workspace"]
ProgramStatus = Literal["on", "off", "unlocked", "locked", "completed"]

LARGEST_PAGE = 200


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class ProgramFilters:
    """Which programs to list: all, unless filtered."""

    updated_from: Annotated[str | None, Parameter(group=FILTERS)] = None
    """Only those changed at or after this moment: 2026-01-31, 2026-01-31T08:00 or 2026-01-31T08:00:00+01:00. A moment
    without an offset is UTC, a day begins with its first second in UTC."""

    updated_until: Annotated[str | None, Parameter(group=FILTERS)] = None
    """Only those changed at or before this moment; a day is included to its last second in UTC."""

    status: Annotated[ProgramStatus | None, Parameter(group=FILTERS)] = None
    """Only engagement programs (on, off) or e-mail programs (unlocked, locked, completed) of this status."""

    filter_type: Annotated[ProgramFilter | None, Parameter(group=FILTERS)] = None
    """What --filter-values are: ids of programs (id, programId), ids of the folders they lie in, or names of
    workspaces."""

    filter_values: Annotated[tuple[str, ...], Parameter(group=FILTERS, negative=(), show_default=False)] = ()
    """The values, separated by commas; may be given several times."""

    page_size: Annotated[int, Parameter(group=FILTERS)] = LARGEST_PAGE
    """Programs a call, 1 to 200. A smaller page takes more calls."""

    start: Annotated[int, Parameter(group=FILTERS)] = 0
    """The offset to begin at: where an earlier run stopped."""

    def listing(self, marketo: MarketoClient, *, page_size: int | None = None) -> Pager[Program]:
        """Return the listing.

        Args:
            marketo: The client.
            page_size: Programs a call, instead of what the option says.

        Raises:
            UsageError: a filter cannot be right.
        """
        return marketo.programs.browse(
            filter_type=self.filter_type,
            filter_values=self.values,
            updated_from=self.first_moment,
            updated_until=self.last_moment,
            status=self.status,
            page_size=self.page_size if page_size is None else page_size,
            start=self.start,
        )

    @property
    def first_moment(self) -> datetime | None:
        """The moment of `updated_from`."""
        return moment("--updated-from", self.updated_from, edge="from") if self.updated_from else None

    @property
    def last_moment(self) -> datetime | None:
        """The moment of `updated_until`."""
        return moment("--updated-until", self.updated_until, edge="until") if self.updated_until else None

    @property
    def values(self) -> list[int | str] | None:
        """The values to filter by; `UsageError` where they cannot be right."""
        if bool(self.filter_type) != bool(self.filter_values):
            raise UsageError("--filter-type and --filter-values go together")
        if not self.filter_values:
            return None
        texts = [text.strip() for given in self.filter_values for text in given.split(",") if text.strip()]
        if self.filter_type == "workspace":
            return list(texts)
        for text in texts:
            if not (text.isascii() and text.isdigit()):
                raise UsageError(f"--filter-values {text!r} is no id, and --filter-type is {self.filter_type}")
        return [int(text) for text in texts]
