"""Browsing programs: the operation by which whole instances are read."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.arguments import given, integers, window
from marketo_async.sandbox.areas.dates import read_instant
from marketo_async.sandbox.areas.programs.rows import browse_row
from marketo_async.sandbox.areas.programs.sight import hidden_workspaces
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.references import FolderRef
from marketo_async.sandbox.exchange import rows_or_nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from marketo_async.sandbox.areas.programs.record import Program
    from marketo_async.sandbox.areas.references import Container
    from marketo_async.sandbox.exchange import Answer, Request

    Test = Callable[[Program], bool]


def browse(request: Request) -> Answer:
    """Answer `GET /programs.json`: by name without regard to case, then by id."""
    view = window(request.query)
    source, tests = _filter(request)
    tests += _dates(request)
    status = given(request.query, "status")
    if status is not None:
        tests.append(_status_test(status, request.instance.now()))
    hidden = hidden_workspaces(request)
    if hidden:
        tests.append(lambda program: program.workspace not in hidden)
    if source is None and not tests:
        found: Iterable[Program] = request.instance.state(Programs).window(view.offset, view.size)
    else:
        matching: Iterable[Program] = request.instance.state(Programs) if source is None else source
        for test in tests:
            matching = filter(test, matching)
        found = islice(matching, view.offset, view.offset + view.size)
    return rows_or_nothing(browse_row(request.instance, program) for program in found)


def _filter(request: Request) -> tuple[list[Program] | None, list[Test]]:
    """Read `filterType` and `filterValues`: the few programs it can be, if it names them, or a test."""
    kind = given(request.query, "filterType")
    values = request.query.all("filterValues")
    if kind is None:
        return None, []
    if kind not in {"id", "programId", "folderId", "workspace"} or not values:
        raise refusals.bad_request()
    programs = request.instance.state(Programs)
    if kind == "workspace":
        names = frozenset(values)
        return None, [lambda program: program.workspace in names]
    ids = dict.fromkeys(integers(values))
    if kind == "id":
        named = (programs.get(program_id) for program_id in ids)
        found = [program for program in named if program is not None]
    else:
        container: Container = "Folder" if kind == "folderId" else "Program"
        found = [program for place in ids for program in programs.inside(FolderRef(container, place))]
    return sorted(found, key=lambda program: program.key), []


def _dates(request: Request) -> list[Test]:
    zone = request.instance.settings.time_zone
    tests: list[Test] = []
    earliest, latest = given(request.query, "earliestUpdatedAt"), given(request.query, "latestUpdatedAt")
    if earliest is not None:
        first = read_instant("earliestUpdatedAt", earliest, zone)
        tests.append(lambda program: program.updated_at >= first)
    if latest is not None:
        last = read_instant("latestUpdatedAt", latest, zone)
        tests.append(lambda program: program.updated_at <= last)
    return tests


def _status_test(status: str, now: datetime) -> Test:
    wanted = status.strip().casefold()
    return lambda program: program.status(now) == wanted
