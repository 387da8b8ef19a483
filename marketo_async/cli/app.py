"""The program: which commands there are, and what becomes of what they raise."""

from __future__ import annotations

import inspect
import logging
import os
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError, Group

from marketo_async.cli import EXTRA
from marketo_async.cli.exit_codes import MEANINGS, ExitCode, OutputError, UsageError, exit_code
from marketo_async.cli.options import Speech
from marketo_async.cli.output.target import STANDARD_OUTPUT_NAME, said_plainly
from marketo_async.cli.saying import complain
from marketo_async.cli.stopping import Stopped, carried_out
from marketo_async.errors import MarketoError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

NAME = "marketo-async"

_SIGNAL_BASE = 128
_OPTIONS = Group("Options", sort_key=0)


def app() -> App:
    """Return the program with all its commands."""
    from marketo_async.cli.commands import (  # noqa: PLC0415 - the commands name types of this module's neighbours
        check,
        export,
        lead_writing,
        leads,
        limits,
        lists,
        member_writing,
        members,
        programs,
        sandbox,
        usage,
        verify,
    )

    program = App(
        name=NAME,
        version=_version,
        help=(
            "The command line of the asyncio client for Adobe Marketo Engage: within Marketo's limits, and close to "
            "them.\n\nIt talks to the instance of MARKETO_BASE_URL, MARKETO_CLIENT_ID and MARKETO_CLIENT_SECRET; with "
            "--sandbox, to a built-in one of made-up data."
        ),
        help_format="markdown",
        group_parameters=_OPTIONS,
        help_epilogue=_epilogue(),
    )
    for name, about, commands in (
        ("export", "Write everything there is of one kind to a file.", (export.programs, verify.verify)),
        ("programs", "Look at programs.", (programs.get, programs.list_)),
        (
            "leads",
            "Look at leads, and write them.",
            (leads.find, leads.get, leads.describe, lead_writing.sync, lead_writing.delete),
        ),
        (
            "lists",
            "Look at static lists, and change who is on them.",
            (lists.list_, lists.get, lists.leads, lists.ismember, lists.add, lists.remove),
        ),
        (
            "members",
            "Look at the members of programs, and write them.",
            (members.describe, members.find, member_writing.status, member_writing.set_, member_writing.remove),
        ),
        ("limits", "Look at the limits that workers share.", (limits.watch,)),
    ):
        room = App(name=name, help=about, help_epilogue="", group_parameters=_OPTIONS)
        for command in commands:
            room.command(command, name=command.__name__.strip("_"))
        program.command(room)
    for alone in (usage.usage, check.check, sandbox.sandbox):
        program.command(alone, help_epilogue="")
    return program


def run(argv: Sequence[str]) -> int:
    """Run one command and return the exit code; nothing but a missing extra leaves as an exception."""
    debug = os.environ.get("MARKETO_ASYNC_DEBUG", "") not in {"", "0"}
    try:
        program = app()
        command, bound, _ = program.parse_args(list(argv), print_error=False, exit_on_error=False)
        debug = debug or any(isinstance(value, Speech) and value.debug for value in bound.arguments.values())
        with _logging(debug=debug):
            code = _carried_out(command, bound)
        with said_plainly(STANDARD_OUTPUT_NAME):
            sys.stdout.flush()
    except CycloptsError as error:
        said = str(error) if str(error).endswith((".", "?")) else f"{error}."
        complain(UsageError(f"{said} Try: {' '.join((NAME, *(error.command_chain or ())))} --help"))
        return ExitCode.USAGE
    except BaseException as error:  # noqa: BLE001 - this is where every error becomes a line and an exit code
        return _ended_by(error, debug=debug)
    return code


def _carried_out(command: Callable[..., object], bound: inspect.BoundArguments) -> int:
    outcome = command(*bound.args, **bound.kwargs)
    if inspect.iscoroutine(outcome):
        outcome = carried_out(outcome)
    return outcome if isinstance(outcome, int) else ExitCode.DONE


def _ended_by(error: BaseException, *, debug: bool) -> int:
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in EXTRA:
        raise error
    if debug:
        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError | OutputError):
        _give_up_standard_output()
    if isinstance(error, BrokenPipeError):
        return ExitCode.PIPE_CLOSED
    if isinstance(error, KeyboardInterrupt):
        return _SIGNAL_BASE + error.number if isinstance(error, Stopped) else ExitCode.INTERRUPTED
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else ExitCode.UNEXPECTED
    code = exit_code(error)
    if code is ExitCode.UNEXPECTED and not isinstance(error, MarketoError):
        error = RuntimeError(
            f"unexpected {type(error).__name__}: {error}" + ("" if debug else " (--debug shows where)")
        )
    complain(error)
    return code


def _give_up_standard_output() -> None:
    """Let what is left in the buffer go nowhere: Python must neither try again nor complain when it ends."""
    with suppress(OSError, ValueError):  # a standard output without a descriptor has nothing to give up
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _logging(*, debug: bool) -> Generator[None, None, None]:
    """Log this package's calls, and only this package's: what httpx logs is not ours to vouch for."""
    logger = logging.getLogger("marketo_async")
    handler = logging.StreamHandler(sys.stderr) if debug else logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(relativeCreated)7d ms  %(message)s"))
    logger.addHandler(handler)
    level = logger.level
    if debug:
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _version() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for

    return f"{NAME} {version(NAME)}"


def _epilogue() -> str:
    rows = "\n".join(f"| {code.value} | {meaning} |" for code, meaning in MEANINGS.items())
    return f"| Exit code | Meaning |\n| ---: | --- |\n{rows}"
