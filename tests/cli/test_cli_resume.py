from __future__ import annotations

import asyncio
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
import virtual_time
from cli_exports import OPTIONS, Stop, StoppedError, export, ids
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_marketo import Change, moving

from marketo_async import ListingUnstableError
from marketo_async.cli.exports.manifest import read_manifest, sha256_of
from marketo_async.cli.exports.names import Names
from marketo_async.cli.exports.opening import staged
from marketo_async.cli.exports.stage import Stage
from marketo_async.cli.exports.threads import to_the_end
from marketo_async.sandbox import Clock, Latency

FORMATS = ("p.jsonl", "p.jsonl.gz", "p.csv", "p.csv.gz", "p.parquet")


def stopped(*_: object, **__: object) -> None:
    raise StoppedError


NAMES = st.integers(0, 400).map(lambda number: f"{'pP'[number % 2]}{number:03}")
CHANGES = st.one_of(
    st.builds(Change, kind=st.just("insert"), name=NAMES),
    st.builds(Change, kind=st.just("delete"), which=st.floats(0, 1)),
    st.builds(Change, kind=st.just("rename"), which=st.floats(0, 1), name=NAMES),
)
STOPS = st.builds(Stop, st.integers(1, 4), st.sampled_from([0, 0, 1, 300]), st.sampled_from([b"", b'{"id": 1', b"\n"]))


def clock() -> Clock:
    return Clock(monotonic=asyncio.get_running_loop().time)


@settings(max_examples=16, deadline=None)
@given(
    programs=st.lists(NAMES, min_size=8, max_size=40, unique=True),
    batches=st.lists(st.lists(CHANGES, max_size=2), max_size=30),
    page_size=st.integers(2, 10),
    stops=st.lists(STOPS, min_size=1, max_size=3),
    name=st.sampled_from(FORMATS),
)
def test_the_promise_holds_over_several_runs(
    programs: list[str], batches: list[list[Change]], page_size: int, stops: list[Stop], name: str
) -> None:
    """A11: stopped after any pages, in any format, however much changed: what stayed is there, and nothing twice."""
    left = list(batches)

    async def run(folder: str) -> None:
        names = Names(Path(folder, name), name)

        def happens() -> list[Change]:
            return left.pop(0) if left else []

        async with moving(programs, happens, clock=clock(), latency=Latency.none()) as (marketo, moved):
            for stop in [*stops, None]:
                if await export(marketo, names, page_size=page_size, stop=stop):
                    break
                await asyncio.sleep(3600)
            found = ids(names.path)
            assert len(found) == len(set(found)), "written twice"
            assert moved.throughout <= set(found), "lost"
            manifest = read_manifest(names.manifest, "manifest")
            assert (manifest.records, (manifest.size, manifest.sha256)) == (len(found), sha256_of(names.path))

    with tempfile.TemporaryDirectory() as folder, suppress(ListingUnstableError):
        virtual_time.run(run(folder))
        assert {path.name for path in Path(folder).iterdir()} == {name, f"{name}.manifest.json"}


@settings(max_examples=10, deadline=None)
@given(
    count=st.integers(5, 60),
    page_size=st.integers(2, 10),
    stops=st.lists(STOPS, min_size=1, max_size=3),
    name=st.sampled_from(FORMATS),
)
def test_a_still_instance_gives_the_same_bytes(count: int, page_size: int, stops: list[Stop], name: str) -> None:
    """On an instance that stands still, however often it was stopped, the file is the same, byte for byte."""

    async def run(folder: str) -> None:
        names, whole = Names(Path(folder, name), name), Names(Path(folder, f"whole-{name}"), name)
        programs = [f"p{number:03}" for number in range(count)]
        async with moving(programs, list, clock=clock(), latency=Latency.none()) as (marketo, moved):
            assert await export(marketo, whole, page_size=7, stop=None)
            for stop in [*stops, None]:
                if await export(marketo, names, page_size=page_size, stop=stop):
                    break
            assert names.path.read_bytes() == whole.path.read_bytes()
            assert ids(names.path) == moved.ids

    with tempfile.TemporaryDirectory() as folder:
        virtual_time.run(run(folder))


@pytest.mark.virtual_time
async def test_a_listing_of_one_call_is_taken_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An export that ended between its only page and its end is read once more, and nothing is written twice."""
    names = Names(tmp_path / "p.csv", "p.csv")
    async with moving(["a", "b"], list, clock=clock(), latency=Latency.none()) as (marketo, moved):
        with monkeypatch.context() as patch:
            patch.setattr(Stage, "set_down", stopped)
            assert not await export(marketo, names, page_size=50, stop=Stop(9))
        moved.make(Change("insert", name="A"))
        assert await export(marketo, names, page_size=50, stop=None)
    assert sorted(ids(names.path)) == sorted(moved.ids)


async def test_a_page_is_kept_to_its_end() -> None:
    """Ctrl-C while a page is being written, once or again, waits for that page: no thread goes on with closed files."""
    begun, go_on, done = threading.Event(), threading.Event(), []

    def work() -> None:
        begun.set()
        assert go_on.wait(5)
        done.append(True)

    task = asyncio.create_task(to_the_end(work))
    assert await asyncio.to_thread(begun.wait, 5)
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [True]


FORTY = [f"p{number:03}" for number in range(40)]


@pytest.mark.virtual_time
async def test_what_a_checksum_does_not_vouch_for_is_read_again(tmp_path: Path) -> None:
    """After a power cut the export goes on from the last page that is on disk as it was written."""
    names = Names(tmp_path / "p.jsonl", "p.jsonl")
    async with moving(FORTY, list, clock=clock(), latency=Latency.none()) as (marketo, moved):
        await export(marketo, names, page_size=10, stop=Stop(3))
        content = names.partial.read_bytes()
        names.partial.write_bytes(content[: len(content) // 2] + bytes(len(content) - len(content) // 2))
        with staged(names, OPTIONS, "resume") as stage:
            assert 0 < stage.mark.rows == len(stage.seen) < 28
        assert await export(marketo, names, page_size=10, stop=None)
    assert ids(names.path) == moved.ids


@pytest.mark.virtual_time
async def test_every_run_comes_further(tmp_path: Path) -> None:
    """A line of the journal that was written by half costs its page, and not what later runs read."""
    names = Names(tmp_path / "p.jsonl", "p.jsonl")
    rows: list[int] = []
    async with moving(FORTY, list, clock=clock(), latency=Latency.none()) as (marketo, _):
        for _ in range(3):
            await export(marketo, names, page_size=10, stop=Stop(1, torn=b'{"size": 1'))
            with staged(names, OPTIONS, "resume") as stage:
                rows.append(stage.mark.rows)
    assert rows == [10, 19, 28]


@pytest.mark.virtual_time
async def test_what_was_renamed_between_two_runs_is_found(tmp_path: Path) -> None:
    """The last look goes back to the beginning of the first run: whoever moved to what was read by then is found."""
    names = Names(tmp_path / "p.jsonl", "p.jsonl")
    async with moving(FORTY, list, clock=clock(), latency=Latency.none()) as (marketo, moved):
        await export(marketo, names, page_size=10, stop=Stop(2))
        moved.make(Change("rename", which=0.9, name="a"))
        await asyncio.sleep(86_400)
        assert await export(marketo, names, page_size=10, stop=None)
    assert sorted(ids(names.path)) == moved.ids
