"""What `check` finds out: a finding per subject, from four calls and one of identity's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from marketo_async.cli.exit_codes import ExitCode, exit_code
from marketo_async.cli.saying import counted, span, until, words
from marketo_async.errors import (
    AccessDeniedError,
    AuthenticationError,
    DailyQuotaError,
    DeadlineError,
    MarketoError,
    ProtocolError,
    ThrottleError,
    TransientError,
    TransportError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from marketo_async.client import MarketoClient
    from marketo_async.records import ErrorDay, UsageDay

Verdict: TypeAlias = Literal["good", "mind", "bad", "skipped"]

CLOCK_TOLERANCE = 30.0
"""Seconds that this machine's clock may be off before it matters: filters by date are made with it."""

SCARCE = 0.9
"""The share of the daily quota from which on it is worth minding."""

_LIMIT_CODES = ("606", "607", "615")


@attrs.frozen(kw_only=True)
class Finding:
    """What was found out about one subject.

    Attributes:
        subject: What was looked at.
        verdict: Whether it is as it must be.
        says: What was found.
        advice: What to do, where something is to do.
        exit_code: What the program ends with if this is the first bad finding.
    """

    subject: str
    verdict: Verdict
    says: str
    advice: str = ""
    exit_code: ExitCode = ExitCode.DONE


async def find_out(marketo: MarketoClient, *, address: str, daily_quota: int) -> AsyncIterator[Finding]:
    """Look at one subject after the other; what cannot be known without an earlier one is skipped.

    Args:
        marketo: An open client.
        address: What to call the instance.
        daily_quota: Calls a day.
    """
    try:
        day, server_time = await _today(marketo)
    except MarketoError as error:
        for finding in _without_an_answer(error, address):
            yield finding
        return
    yield Finding(subject="address", verdict="good", says=f"{address} answers")
    yield Finding(subject="credentials", verdict="good", says="identity gave an access token, and Marketo takes it")
    yield _clock(server_time, datetime.now(UTC))
    yield await _permission(marketo.programs.browse(page_size=1).first(), "programs", "Read-Only Assets")
    yield await _permission(marketo.leads.find("id", [1], fields=["id"]).first(), "leads", "Read-Only Lead")
    try:
        errors = await marketo.usage.daily_errors()
    except MarketoError as error:
        yield _bad("limits", error)
    else:
        yield _limits(day, errors, daily_quota)


async def _today(marketo: MarketoClient) -> tuple[UsageDay, datetime | None]:
    """Return today's usage, and the server's clock, which no method for users has a use for."""
    from marketo_async.records import UsageDay, read  # noqa: PLC0415 - `--help` need not load the records
    from marketo_async.wire.call import GET  # noqa: PLC0415 - as above

    envelope = await marketo._transport.send(GET("/rest/v1/stats/usage.json"))  # noqa: SLF001 - for the Date header
    today: object = envelope.result[0] if envelope.result else {"date": f"{datetime.now(UTC):%Y-%m-%d}"}
    return read(UsageDay, today), envelope.date


def _without_an_answer(error: MarketoError, address: str) -> list[Finding]:
    """Return what an error of the very first call says about everything."""
    good_address = Finding(subject="address", verdict="good", says=f"{address} answers")
    good_credentials = Finding(subject="credentials", verdict="good", says="identity gave an access token")
    match error:
        case AuthenticationError():
            advice = "compare MARKETO_CLIENT_ID and MARKETO_CLIENT_SECRET with Admin > LaunchPoint > View Details"
            return [good_address, _bad("credentials", error, advice), *_skipped("clock", "programs", "leads", "limits")]
        case AccessDeniedError():
            advice = "is this machine's address on the instance's IP allowlist, and the API user active?"
            found = [good_address, good_credentials, _bad("permissions", error, advice)]
            return [*found, *_skipped("clock", "limits")]
        case DailyQuotaError():
            advice = "wait, or ask Adobe for a larger quota"
            return [good_address, good_credentials, _bad("limits", error, advice), *_skipped("programs", "leads")]
        case ThrottleError():
            advice = "other integrations use up what Marketo allows; use --shared, or run at another time"
            return [good_address, good_credentials, _bad("limits", error, advice), *_skipped("programs", "leads")]
        case TransportError() | DeadlineError():
            advice = "compare MARKETO_BASE_URL with Admin > Web Services > REST API, and look at network and proxy"
        case TransientError():
            advice = "Marketo is unavailable at this moment; try again later"
        case ProtocolError():
            advice = "compare MARKETO_BASE_URL with Admin > Web Services > REST API"
        case _:
            advice = ""
    unreached = _bad("address", error, advice)
    unreached = attrs.evolve(unreached, says=f"{address}: {unreached.says}")
    return [unreached, *_skipped("credentials", "clock", "programs", "leads", "limits")]


def _clock(server_time: datetime | None, now: datetime) -> Finding:
    if server_time is None:
        return Finding(subject="clock", verdict="mind", says="Marketo's answer had no Date to compare with")
    ahead = (now - server_time).total_seconds()
    if abs(ahead) <= CLOCK_TOLERANCE:
        return Finding(subject="clock", verdict="good", says="this machine and Marketo agree on the time")
    return Finding(
        subject="clock",
        verdict="bad",
        says=f"this machine is {span(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} Marketo",
        advice="set this machine's clock, or filters by date will miss what changed last",
        exit_code=ExitCode.UNEXPECTED,
    )


async def _permission(call: Awaitable[object], subject: str, permission: str) -> Finding:
    try:
        await call
    except AccessDeniedError as error:
        advice = f"give the role of the API user the permission {permission!r}, if you need it"
        return _bad(subject, error, advice)
    except MarketoError as error:
        return _bad(subject, error)
    return Finding(subject=subject, verdict="good", says=f"may be read ({permission})")


def _limits(day: UsageDay, errors: ErrorDay | None, daily_quota: int) -> Finding:
    from marketo_async.wire.central import next_central_midnight  # noqa: PLC0415 - loads time zones

    share = day.total / daily_quota
    says = f"{day.total:,} of {daily_quota:,} calls used today ({share:.1%}), by all integrations together"
    refused = [(e.error_code, e.count) for e in (errors.errors if errors else ()) if e.error_code in _LIMIT_CODES]
    if share >= 1:
        left = until(next_central_midnight(datetime.now(UTC)))
        advice = f"new calls in {left}; if your subscription has more, say so with --daily-quota"
        return Finding(subject="limits", verdict="bad", says=says, advice=advice, exit_code=ExitCode.QUOTA)
    if refused:
        says += f"; refused today: {counted(refused)}"
        advice = "somebody comes too close to the limits that all integrations share; --shared leaves them half"
        return Finding(subject="limits", verdict="mind", says=says, advice=advice)
    if share >= SCARCE:
        return Finding(subject="limits", verdict="mind", says=says, advice="put off what can wait")
    return Finding(subject="limits", verdict="good", says=says)


def _bad(subject: str, error: MarketoError, advice: str = "") -> Finding:
    return Finding(subject=subject, verdict="bad", says=words(error), advice=advice, exit_code=exit_code(error))


def _skipped(*subjects: str) -> list[Finding]:
    return [Finding(subject=subject, verdict="skipped", says="not known without the above") for subject in subjects]
