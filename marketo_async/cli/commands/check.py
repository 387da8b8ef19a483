"""`marketo-async check`: is everything as it must be, and if not, what to do."""

from __future__ import annotations

import sys

from marketo_async.cli.checks import Finding, Verdict, find_out
from marketo_async.cli.commands.usage import DAILY_QUOTA
from marketo_async.cli.connecting import access, connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import Connection, Speech
from marketo_async.cli.output import screen

_SIGNS: dict[Verdict, tuple[str, str, str]] = {
    "good": ("✓", "ok", "green"),
    "mind": ("!", "mind", "yellow"),
    "bad": ("✗", "BAD", "bold red"),
    "skipped": ("·", "skipped", "dim"),
}
_NAME_WIDTH, _WORD_WIDTH = 11, 7


async def check(
    *, daily_quota: int = DAILY_QUOTA, connection: Connection | None = None, speech: Speech | None = None
) -> int:
    """Check credentials, clock, permissions and limits: a line each, which says what is wrong and what to do.

    Costs 4 calls and changes nothing. The exit code is 0 if all is well, else that of the first thing that is wrong.

    Args:
        daily_quota: The calls a day that your subscription has: the API does not tell.
        connection: Which Marketo.
        speech: With --quiet, only what is wrong is shown.
    """
    if daily_quota < 1:
        raise UsageError("--daily-quota is 1 or more")
    speech = speech or Speech()
    connection = connection or Connection()
    findings: list[Finding] = []
    async with connected(connection, patient=False) as marketo:
        address = "the sandbox" if connection.sandbox else access(connection).base_url
        async for finding in find_out(marketo, address=address, daily_quota=daily_quota):
            findings.append(finding)
            if finding.verdict == "bad" or not speech.quiet:
                _show(finding)
    return next((finding.exit_code for finding in findings if finding.verdict == "bad"), ExitCode.DONE)


def _show(finding: Finding) -> None:
    sign, word, style = _SIGNS[finding.verdict]
    said = finding.says + (f" → {finding.advice}" if finding.advice else "")
    if not sys.stdout.isatty():
        sys.stdout.buffer.write(f"{word:<{_WORD_WIDTH}} {finding.subject:<{_NAME_WIDTH}} {said}\n".encode())
        return
    from rich.text import Text  # noqa: PLC0415 - only for people

    screen.show(Text.assemble((sign, style), " ", (f"{finding.subject:<{_NAME_WIDTH}}", "bold"), " ", said))
