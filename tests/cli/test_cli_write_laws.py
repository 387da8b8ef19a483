"""The laws of writing a file: however often and wherever a run is killed or stopped, going on makes it whole."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
import virtual_time
from cli_writes import Desk, End, results, write_csv, write_jsonl
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.cli.commands import lead_writing
from marketo_async.cli.writes.options import WriteOptions
from marketo_async.sandbox import Fault, Latency
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Sequence

Action = Literal["createOrUpdate", "createOnly", "updateOnly", "createDuplicate"]

LEADS = "/rest/v1/leads.json"
REFUSALS = [Fault.error(code) for code in (606, 608, 615)]
ACCIDENTS = [*REFUSALS, Fault.dropped(), Fault.dropped(after_work=True), Fault.page(504, after_work=True)]
"""What keeps a call back while others are answered; and what leaves it open whether it was carried out."""

ENDS = st.builds(
    End, st.integers(1, 60), kill=st.sampled_from([True, True, False]), torn=st.sampled_from([0.0, 0.3, 0.99, 1.0])
)


def people(seed: int, size: int, of: int) -> list[dict[str, object]]:
    """Return records of some people, each with its number in a field of its own; some are refused."""
    rng = random.Random(seed)
    return [
        {
            "email": f"p{rng.randrange(of)}@x.example" if rng.random() < 0.95 else "nobody",
            "lastName": f"n{number}",
            "middleName": rng.choice(["", 'a "b", c', "line\nbreak", "ü"]),
        }
        for number in range(size)
    ]


def state(desk: Desk) -> Counter[tuple[object, ...]]:
    """Return what the database holds, without ids and times."""
    leads = desk.sandbox.instance.state(Leads)
    return Counter(tuple(lead.values.get(name) for name in ("email", "lastName", "middleName")) for lead in leads)


def written(file: Path, records: list[dict[str, object]]) -> Path:
    return (write_csv if file.suffix == ".csv" else write_jsonl)(file, records)


async def known_people(desk: Desk, of: int) -> None:
    for number in range(0, of, 2):
        desk.sandbox.instance.state(Leads).add(email=f"p{number}@x.example", lastName="before")


async def gone_on_with(
    folder: Path,
    records: list[dict[str, object]],
    ends: Sequence[End],
    *,
    action: Action,
    of: int,
    size: int,
    name: str,
    faults: Sequence[Fault] = (),
) -> Desk:
    """Run, end as told, go on with it until it is whole; then hold the results against the input."""
    desk = Desk()
    await known_people(desk, of)
    if faults:
        desk.sandbox.faults.at_random(0.2, *faults, path=LEADS)
    await go_on(desk, folder, records, ends, action=action, size=size, name=name)
    return desk


async def go_on(
    desk: Desk,
    folder: Path,
    records: list[dict[str, object]],
    ends: Sequence[End],
    *,
    action: Action,
    size: int,
    name: str,
) -> None:
    file = written(folder / name, records)
    for end in [*ends, None]:
        options = WriteOptions(batch_size=size, resume=True)
        code = await desk.run_until(end, lead_writing.sync, str(file), action=action, options=options)
    rows = desk.rows = results(file.with_name(f"{file.stem}.sync-results{file.suffix}"))
    assert [row["index"] for row in rows] == [str(index) for index in range(len(records))]
    if file.suffix == ".csv":
        assert [row["lastName"] for row in rows] == [record["lastName"] for record in records]
    statuses = {row["status"] for row in rows}
    assert code == (13 if "unknown" in statuses else 12 if "skipped" in statuses else 0)


async def undisturbed(
    folder: Path, records: list[dict[str, object]], *, action: Action, of: int, size: int, name: str = "p.csv"
) -> Desk:
    desk = Desk()
    await known_people(desk, of)
    file = written(folder / f"whole-{name}", records)
    await desk.run(lead_writing.sync, str(file), action=action, options=WriteOptions(batch_size=size))
    return desk


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 40),
    of=st.sampled_from([3, 20, 10**6]),
    size=st.integers(1, 9),
    ends=st.lists(ENDS, min_size=1, max_size=3),
    action=st.sampled_from(["createOrUpdate", "updateOnly"]),
    name=st.sampled_from(["p.csv", "p.jsonl"]),
)
def test_the_same_final_state(
    *, seed: int, count: int, of: int, size: int, ends: list[End], action: Action, name: str
) -> None:
    """P5, A11: killed or stopped at any moments, then gone on with: the database is as if nothing had happened."""
    records = people(seed, count, of)

    async def main(folder: Path) -> None:
        of_them = min(of, 20)
        desk = await gone_on_with(
            folder, records, ends, action=action, of=of_them, size=size, name=name, faults=REFUSALS
        )
        assert "unknown" not in {row["status"] for row in desk.rows}
        plain = await undisturbed(folder, records, action=action, of=of_them, size=size, name=name)
        assert state(desk) == state(plain)

    with tempfile.TemporaryDirectory() as folder:
        virtual_time.run(main(Path(folder)))


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 40),
    size=st.integers(1, 9),
    ends=st.lists(ENDS, min_size=1, max_size=3),
    name=st.sampled_from(["p.csv", "p.jsonl"]),
)
def test_duplicates_are_written_once(seed: int, count: int, size: int, ends: list[End], name: str) -> None:
    """P5: a record that would make another lead each time is sent once, or reported as unknown and sent once."""
    records = people(seed, count, 20)

    async def main(folder: Path) -> None:
        desk = await gone_on_with(
            folder, records, ends, action="createDuplicate", of=0, size=size, name=name, faults=ACCIDENTS
        )
        check_once(desk)

    with tempfile.TemporaryDirectory() as folder:
        virtual_time.run(main(Path(folder)))


def check_once(desk: Desk) -> None:
    written = Counter(lead.values["lastName"] for lead in desk.sandbox.instance.state(Leads))
    for row in desk.rows:
        times = written[f"n{row['index']}"]
        match row["status"]:
            case "created":
                assert times == 1
            case "skipped":
                assert times == 0
            case other:
                assert other == "unknown"
                assert times <= 1


ONCE, TWICE, STOPPED = "killed", "killed twice", "stopped while a call is put off"


@pytest.mark.parametrize(
    ("how", "action"), [(ONCE, "createOrUpdate"), (TWICE, "createDuplicate"), (STOPPED, "createDuplicate")]
)
def test_every_single_moment(how: str, action: Action, tmp_path: Path) -> None:
    """P5, A11: ended at each of the moments of one run, one after the other, and gone on with: the same."""
    records = people(7, 7, 4)

    async def main() -> int:
        plain = await undisturbed(tmp_path, records, action=action, of=0, size=3)
        moments = plain.moments
        for moment in range(1, moments + 1):
            folder = tmp_path / str(moment)
            folder.mkdir()
            ends = [End(moment, kill=how != STOPPED, torn=moment % 4 / 3)]
            ends += [End(14 + moment % 9)] if how == TWICE else []
            desk = Desk()
            if how == STOPPED:
                desk.sandbox.faults.add(Fault.error(606), path=LEADS, calls=1)
            await go_on(desk, folder, records, ends, action=action, size=3, name="p.csv")
            if action == "createDuplicate":
                check_once(desk)
                assert how != STOPPED or "unknown" not in {row["status"] for row in desk.rows}
            else:
                assert state(desk) == state(plain)
        return moments

    assert virtual_time.run(main()) > 20


def test_marketo_may_yet_be_at_work(tmp_path: Path) -> None:
    """P5: what was out at kill -9 is sent again only when Marketo must be done with it: no lead is made twice."""

    async def main() -> None:
        desk = Desk(latency=Latency.none())
        desk.sandbox.faults.add(Fault.delay(80), path=LEADS, calls=1)
        file = write_csv(tmp_path / "p.csv", people(1, 2, 10**6))
        options = WriteOptions(resume=True, offline=True)

        async def killer() -> None:
            await asyncio.sleep(30)
            assert desk.sandbox.arrivals.to(LEADS)
            desk.end(kill=True)

        killing = asyncio.create_task(killer())
        assert await desk.run_until(None, lead_writing.sync, str(file), options=options) is None
        await killing
        await desk.run(lead_writing.sync, str(file), options=options)
        first, again = desk.sandbox.arrivals.to(LEADS)
        assert again.time - first.time >= 90
        assert len(desk.sandbox.instance.state(Leads)) == 2
        rows = results(tmp_path / "p.sync-results.csv")
        assert [(row["status"], row["again"]) for row in rows] == [("updated", "true")] * 2

    virtual_time.run(main())
