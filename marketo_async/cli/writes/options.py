"""The options of every command that writes the records of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import attrs
from cyclopts import Parameter

from marketo_async.cli.exit_codes import UsageError
from marketo_async.cli.options import GOING_ON, INPUT, Switch

if TYPE_CHECKING:
    from marketo_async.cli.writes.opening import How

_MOST = 300

# Written out here as well as where they are used: those files load what `--help` does without.
InputFormat = Literal["csv", "jsonl"]
Empty = Literal["leave", "clear"]


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class WriteOptions:
    """How the records of a file are written."""

    format_: Annotated[InputFormat | None, Parameter(name=["--format", "-f"], group=INPUT)] = None
    """csv or jsonl. Unless given, the name of FILE says it."""

    results: Annotated[str | None, Parameter(name=["--results", "-o"], group=INPUT, allow_leading_hyphen=True)] = None
    """Where the results go; - is standard output. Unless given, beside FILE: leads.csv has its results in
    leads.sync-results.csv. A name in .csv or .jsonl says the format, else it is that of FILE."""

    empty: Annotated[Empty, Parameter(group=INPUT)] = "leave"
    """What an empty cell of a CSV means: leave the field as it is, or clear it."""

    batch_size: Annotated[int, Parameter(group=INPUT)] = _MOST
    """Records a call, 1 to 300."""

    dry_run: Annotated[bool, Parameter(group=GOING_ON), Switch] = False
    """Read and check the whole input, say what would be sent, and send no write."""

    offline: Annotated[bool, Parameter(group=GOING_ON), Switch] = False
    """Do not ask Marketo for the fields that there are; with --dry-run nothing at all is asked, and no credentials
    are needed. Then field names and values are not checked."""

    resume: Annotated[bool, Parameter(group=GOING_ON), Switch] = False
    """Go on with a run that ended early, if there is one."""

    fresh: Annotated[bool, Parameter(group=GOING_ON), Switch] = False
    """Replace the results of an earlier run, and send every record."""

    @property
    def how(self) -> How:
        """What to do about results that are there already."""
        return "resume" if self.resume else "fresh" if self.fresh else "new"

    def check(self) -> None:
        """Refuse options that contradict each other.

        Raises:
            UsageError: they do.
        """
        if self.resume and self.fresh:
            raise UsageError("--resume goes on with what --fresh replaces: choose one of the two")
        if self.dry_run and (self.resume or self.fresh or self.results is not None):
            raise UsageError("--dry-run writes no results: leave --resume, --fresh and --results out")
        if not 1 <= self.batch_size <= _MOST:
            raise UsageError(f"--batch-size is 1 to {_MOST}")
        if self.results is not None and self.results.startswith("-") and self.results != "-":
            raise UsageError(f"--results {self.results}: name a file, or - for standard output")
