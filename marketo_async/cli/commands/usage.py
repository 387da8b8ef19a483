"""`marketo-async usage`: what the instance's calls are spent on, and what is left of them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from marketo_async.cli.connecting import connected
from marketo_async.cli.exit_codes import ExitCode, UsageError
from marketo_async.cli.options import Connection, Speech, Switch
from marketo_async.cli.output import screen
from marketo_async.cli.saying import counted, until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketo_async.records import ErrorDay, UsageDay

DAILY_QUOTA = 50_000
"""Calls a day that a subscription has unless more were bought; no operation of Marketo's tells."""

SCARCE = 0.9
"""The share of the quota from which on it is called scarce."""

_WIDTH = 24


async def usage(
    *,
    daily_quota: int = DAILY_QUOTA,
    json: Annotated[bool, Switch] = False,
    connection: Connection | None = None,
    speech: Speech | None = None,
) -> int:
    """Show how many calls all integrations together have made, today and in the last 7 days, and what is left.

    Costs 3 calls. On a terminal a table, elsewhere one JSON object.

    Args:
        daily_quota: The calls a day that your subscription has: the API does not tell. The day ends at midnight US
            Central.
        json: JSON on a terminal, too.
        connection: Which Marketo.
        speech: What is said.
    """
    del speech
    if daily_quota < 1:
        raise UsageError("--daily-quota is 1 or more")
    async with connected(connection or Connection()) as marketo:
        today, days, errors = await asyncio.gather(
            marketo.usage.daily(), marketo.usage.last_7_days(), marketo.usage.errors_last_7_days()
        )
    from marketo_async.wire.central import next_central_midnight  # noqa: PLC0415 - loads time zones

    resets_at = next_central_midnight(datetime.now(UTC))
    if screen.for_people(json_wanted=json):
        _show(today, days, errors, quota=daily_quota, resets_at=resets_at)
        return ExitCode.DONE
    screen.write_line(
        {
            "date": today.date.isoformat(),
            "used": today.total,
            "quota": daily_quota,
            "left": max(0, daily_quota - today.total),
            "resetsAt": resets_at.isoformat().replace("+00:00", "Z"),
            "usage": [day.to_dict() for day in days],
            "errors": [day.to_dict() for day in errors],
        }
    )
    return ExitCode.DONE


def _show(
    today: UsageDay, days: Sequence[UsageDay], errors: Sequence[ErrorDay], *, quota: int, resets_at: datetime
) -> None:
    from rich.text import Text  # noqa: PLC0415 - only for people

    share = today.total / quota
    colour = "red" if share >= SCARCE else "yellow" if share >= SCARCE * 0.8 else "green"
    left = max(0, quota - today.total)
    screen.show(
        Text.assemble(
            ("Today ", "bold"),
            (f"{today.total:,}", f"bold {colour}"),
            f" of {quota:,} calls ({share:.1%}), {left:,} left · new calls in {until(resets_at)}",
        )
    )
    if today.users:
        users = sorted(today.users, key=lambda user: -user.count)
        screen.show(Text("by " + counted((user.user_id, user.count) for user in users), style="dim"))
    failed = {day.date: day for day in errors}
    busiest = max((day.total for day in days), default=0) or 1
    screen.show_table(
        ("day (US Central)", "calls", "", "errors", "by code"),
        [
            (
                day.date,
                f"{day.total:,}",
                "▇" * round(_WIDTH * day.total / busiest),
                f"{failed[day.date].total:,}" if day.date in failed else "",
                _by_code(failed.get(day.date)),
            )
            for day in sorted(days, key=lambda day: day.date, reverse=True)
        ],
        numbers=(1, 3),
    )


def _by_code(day: ErrorDay | None) -> str:
    return "" if day is None else counted((error.error_code, error.count) for error in day.errors)
