from __future__ import annotations

import asyncio
import io
import re
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs
import pytest
from rich.console import Console

from marketo_async import MarketoError
from marketo_async.cli.commands import limits
from marketo_async.cli.watching.displays import Lines, as_text
from marketo_async.cli.watching.fleet_source import shown
from marketo_async.cli.watching.sight import Sight, Watcher
from marketo_async.cli.watching.view import drawn, spark
from marketo_async.errors import NotSentError
from marketo_async.transport.limits.fleet import FleetStats

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from cli_caller import Ran

    from marketo_async.cli.watching.fleet_source import Source

AT = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
BUSY = FleetStats(
    limit=100, places=10, in_use=87, in_flight=6, held=0, cooling=81,
    waiting={"interactive": 0, "bulk": 12}, granted={"interactive": 20, "bulk": 480}, refusals={},
    workers=8, calls_today=12_345, budget_left=None, paced=True, window=20.0, max_calls=100, max_concurrency=10, at=AT,
)  # fmt: skip
INSTANCE = "https://123-abc-456.mktorest.com"
WORDS = ("limits", "watch", "--redis", "redis://:Zx9word@cache.example:6379/0", "--instance", INSTANCE)

Said = FleetStats | None | MarketoError


def later(seconds: float, calls: int = 0, **changes: object) -> FleetStats:
    return attrs.evolve(
        BUSY,
        at=AT + timedelta(seconds=seconds),
        granted={"interactive": 20, "bulk": 480 + calls},
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, object]]]:
    """Let the command see these looks, one after the other, and then be stopped; returns what it asked for."""

    def says(*looks: Said) -> list[dict[str, object]]:
        asked: list[dict[str, object]] = []
        left = list(looks)

        @asynccontextmanager
        async def source_of(url: str, **more: object) -> AsyncGenerator[Source, None]:
            asked.append({"url": url, **more})

            async def source() -> FleetStats | None:
                if not left:
                    raise KeyboardInterrupt
                said = left.pop(0)
                if isinstance(said, MarketoError):
                    raise said
                return said

            yield source

        monkeypatch.setattr(limits, "fleet_on_redis", source_of)
        return asked

    return says


# ---------------------------------------------------------------- one look


def test_once_as_json(run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]]) -> None:
    """`--once --json` writes everything that is known as one JSON object, and ends with 0."""
    asked = fleet(attrs.evolve(BUSY, refusals={"606": 3}, budget_left=7_655))
    told = run(*WORDS, "--namespace", "staging", "--once", "--json")
    assert (told.code, told.err) == (0, "")
    assert told.rows == [
        {
            "instance": "123-abc-456", "limit": 100, "places": 10, "inUse": 87, "inFlight": 6, "held": 0,
            "cooling": 81, "waiting": {"interactive": 0, "bulk": 12}, "granted": {"interactive": 20, "bulk": 480},
            "refusals": {"606": 3}, "workers": 8, "callsToday": 12_345, "budgetLeft": 7_655, "paced": True,
            "window": 20.0, "maxCalls": 100, "maxConcurrency": 10, "at": "2026-03-01T12:00:00Z",
        }
    ]  # fmt: skip
    assert asked == [{"url": WORDS[3], "instance": INSTANCE, "namespace": "staging"}]


def test_once_as_text(run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]]) -> None:
    """Without a terminal a look is a line that people can read."""
    fleet(attrs.evolve(BUSY, refusals={"615": 1, "606": 3}, budget_left=7_655))
    assert run(*WORDS, "--once").out == (
        "12:00:00 87/100 calls in 20 s · 6/10 places · waiting 0 interactive, 12 bulk · refused 606: 3, 615: 1 · "
        "8 workers · 12,345 calls today · 7,655 left\n"
    )
    fleet(attrs.evolve(BUSY, limit=None, max_calls=None, workers=1))
    told = run(*WORDS, "--once").out
    assert told.startswith("12:00:00 87 calls in 20 s · ")
    assert "refused none · 1 worker · " in told


def test_where_redis_and_the_instance_come_from(
    run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment may name both, which is where a password belongs."""
    asked = fleet(BUSY)
    monkeypatch.setenv("MARKETO_REDIS_URL", "redis://cache.example")
    monkeypatch.setenv("MARKETO_BASE_URL", f"{INSTANCE}/rest")
    assert run("limits", "watch", "--once").code == 0
    assert asked == [{"url": "redis://cache.example", "instance": f"{INSTANCE}/rest", "namespace": None}]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no Redis to look at: give --redis or set MARKETO_REDIS_URL"),
        (("--redis", "redis://x"), "no instance to look at: give --instance or set MARKETO_BASE_URL"),
        (("--redis", "redis://x", "--instance", "some where"), "a Munchkin id"),
        ((*WORDS[2:], "--every", "0"), "--every is 0.1 seconds or more"),
        ((*WORDS[2:], "--every", "nan"), "--every is 0.1 seconds or more"),
    ],
)
def test_what_cannot_be(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], says: str
) -> None:
    """What is missing or cannot be is said in one line, and ends with 2."""
    monkeypatch.delenv("MARKETO_REDIS_URL", raising=False)
    told = run("limits", "watch", *words)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert says in told.err


def test_nobody_there_once(run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]]) -> None:
    """A namespace that nobody has used is said, by name of the instance, and ends with 4."""
    fleet(None)
    told = run(*WORDS, "--once")
    assert (told.code, told.out) == (4, "")
    assert told.err == "error: no limits of 123-abc-456 in that Redis: nobody has used it yet\n"


def test_redis_away_from_the_start(run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]]) -> None:
    """A Redis that cannot be used ends the command with 8, with or without --once."""
    for words in (WORDS, (*WORDS, "--once")):
        fleet(NotSentError("Redis at redis://cache.example:6379/0 cannot be used: refused"))
        told = run(*words)
        assert (told.code, told.out) == (8, "")
        assert "Redis at redis://cache.example:6379/0 cannot be used" in told.err


def test_no_message_holds_the_password_of_redis() -> None:
    """P15: an address of Redis is shown without the login that it may hold."""
    assert shown("redis://me:Zx9word@cache.example:6379/0?x=Zx9") == "redis://cache.example:6379/0"
    assert shown("unix://me:Zx9word@/run/redis.sock") == "unix:///run/redis.sock"


# ---------------------------------------------------------------- one look after the other


async def watched(looks: list[Said], every: float = 5.0, **options: bool) -> list[float]:
    """Watch until the looks are used up, on the clock of the test; return when each was asked for."""
    asked: list[float] = []

    async def source() -> FleetStats | None:
        asked.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.2)
        if not looks:
            raise asyncio.CancelledError
        said = looks.pop(0)
        if isinstance(said, MarketoError):
            raise said
        return said

    with pytest.raises(asyncio.CancelledError):
        await limits._look(source, every, lambda: Lines(as_text, quiet=options.get("quiet", False)))
    return asked


@pytest.mark.virtual_time
async def test_every(capsys: pytest.CaptureFixture[str]) -> None:
    """Looks are `--every` seconds apart, however long one takes, and say how fast the fleet goes since the last."""
    moments = await watched([BUSY, later(5, 24), later(10, 24, workers=7)])
    assert [round(after - before, 1) for before, after in pairwise(moments)] == [5.2, 5, 5]
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" · ")[2] for line in lines] == ["12,345 calls today", "4.8/s", "0.0/s"]


@pytest.mark.virtual_time
async def test_a_slow_redis_is_not_asked_twice_at_once() -> None:
    """Where a look takes longer than `--every`, the next one follows at once and the missed ones are not made up."""
    moments = await watched([BUSY] * 4, every=0.1)
    assert [round(after - before, 1) for before, after in pairwise(moments)] == [0.3, 0.2, 0.2, 0.2]


@pytest.mark.virtual_time
async def test_redis_that_goes_away_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    """While Redis is away that is said once, and when it is back the looks go on."""
    away = NotSentError("Redis at redis://x cannot be used: refused")
    await watched([BUSY, away, away, later(15, 30), away, None])
    out, err = capsys.readouterr()
    assert [line[:8] for line in out.splitlines()] == ["12:00:00", "12:00:15"]
    assert err.splitlines() == [away.message, away.message, "nobody has used it yet"]
    await watched([None, away], quiet=True)
    assert capsys.readouterr() == ("", "")


def test_ctrl_c(run: Callable[..., Ran], fleet: Callable[..., list[dict[str, object]]]) -> None:
    """Ctrl-C ends it as it ends every command, with 130, and what was written stays."""
    fleet(BUSY, later(0.1, 1))
    told = run(*WORDS, "--json", "--every", "0.1")
    assert (told.code, told.err) == (130, "")
    assert [row["at"] for row in told.rows] == ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.100000Z"]


def test_what_only_several_looks_tell() -> None:
    """Refusals since the first look are counted, and a Redis that began anew neither hides nor invents any."""
    watcher = Watcher()
    assert watcher.saw(attrs.evolve(BUSY, refusals={"606": 3})) == Sight(stats=attrs.evolve(BUSY, refusals={"606": 3}))
    sight = watcher.saw(later(10, 40, refusals={"606": 5, "615": 1}))
    assert (sight.rate, sight.rates, sight.refused) == (4.0, (4.0,), {"606": 2, "615": 1})
    anew = watcher.saw(later(20, -480, refusals={"606": 1}))
    assert (anew.rate, anew.rates, anew.refused) == (None, (4.0,), {"606": 2, "615": 1})
    assert watcher.saw(later(20, -470)).rate is None, "no time has passed"
    away = watcher.failed("Redis is away")
    assert (away.trouble, away.rate, away.stats) == ("Redis is away", None, later(20, -470))
    assert watcher.saw(None).stats is None


# ---------------------------------------------------------------- the live view


def picture(sight: Sight, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(drawn(sight, "123-abc-456"))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_view() -> None:
    """The view shows calls in the window and places against their limits, who waits, refusals, day and speed."""
    shows = picture(Sight(stats=BUSY, rate=4.9, rates=(0.0, 2.5, 5.0)))
    lines = [re.sub(r"━+╸?", "━", " ".join(line.split())) for line in shows.splitlines()]
    assert lines == [
        "123-abc-456 · 8 workers · 12:00:00 UTC",
        "calls in 20 s ━ 87 of 100",
        "places ━ 6 of 10",
        "waiting 0 interactive 12 bulk listings are paced",
        "refusals none",
        "today 12,345 calls",
        "speed ▁▅█ 4.9 calls/s",
    ]


def test_view_of_trouble() -> None:
    """It says when the limit gives way, places are held, refusals came, the budget ends, and Redis is away."""
    stats = attrs.evolve(BUSY, limit=62, in_use=62, held=2, refusals={"606": 3}, budget_left=1_000, paced=False)
    shows = picture(Sight(stats=stats, refused={"606": 1}, trouble="Redis at redis://x cannot be used: refused"))
    for words in (
        "62 of 62 · gives way to others, 100 at best",
        "6 of 10 · 2 held for unknown outcomes",
        "606: 3",
        "since you watch: 606: 1",
        "12,345 calls, 1,000 left of the budget",
        "Redis at redis://x cannot be used",
    ):
        assert words in shows
    assert "paced" not in shows


def test_view_without_limits_and_without_anybody() -> None:
    """What is not counted has no bar, and a namespace that nobody uses says that it waits."""
    assert "not limited" in picture(Sight(stats=attrs.evolve(BUSY, limit=None, max_calls=None)))
    assert "nobody has used it yet; waiting for the first call" in picture(Sight(stats=None))
    assert spark(()) == ""
    assert spark((0.0, 0.0)) == "▁▁"


@pytest.mark.parametrize("width", [40, 80, 200])
def test_view_fits(width: int) -> None:
    """The view takes as many lines on a narrow terminal as it has to, and breaks neither a line nor a number."""
    stats = attrs.evolve(BUSY, limit=62, held=2, refusals={"606": 3}, budget_left=1_000)
    sight = Sight(stats=stats, rate=4.9, rates=(1.0,) * 48, refused={"606": 1}, trouble="Redis is away " * 5)
    shows = picture(sight, width)
    assert all(len(line) <= width for line in shows.splitlines())
    assert "…" not in shows
    lines = [" ".join(line.split()) for line in shows.splitlines()]
    assert any("0 interactive 12 bulk" in line for line in lines)
    for beginning in ("calls in 20 s", "places", "today 12,345 calls, 1,000 left", "speed"):
        assert sum(line.startswith(beginning) for line in lines) == 1


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_view_shows_the_latest_speeds(width: int) -> None:
    """Where there is no room for all speeds it is the oldest that are not shown: the view never stands still."""
    slow_at_last = (1.0,) * 47 + (0.0,)
    (speed,) = (
        line
        for line in picture(Sight(stats=BUSY, rate=0.0, rates=slow_at_last), width).splitlines()
        if line.startswith("speed")
    )
    assert re.search(r"█▁ +0\.0 calls/s", speed)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_knows_no_bars(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """A terminal that cannot show bars gets lines, and where it knows no dot either, something else in its place."""
    taken = io.BytesIO()

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stdout", Terminal(taken, encoding=encoding))
    shown = limits._display("123-abc-456", json=False, quiet=False)
    shown.show(Sight(stats=BUSY))
    shown.close()
    assert taken.getvalue().decode(encoding).startswith("12:00:00 87/100 calls in 20 s ")
