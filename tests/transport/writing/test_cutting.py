"""Which records travel together: a law over every input, and the edges by hand."""

from __future__ import annotations

import random
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.transport.writing.cutter import Cutter
from marketo_async.transport.writing.plan import Item


def item(index: int, key: str | None = None, size: int = 1) -> Item[int]:
    return Item(index, index, key, b"x" * size)


@given(
    st.lists(st.tuples(st.sampled_from([None, *"abcdefgh"]), st.integers(1, 20)), max_size=60),
    st.integers(1, 8),
    st.integers(20, 60),
    st.integers(0, 10**6),
)
@settings(max_examples=150, deadline=None)
def test_cutting_law(records: list[tuple[str | None, int]], most_records: int, most_bytes: int, seed: int) -> None:
    """However batches end: each record travels once, within both limits, and the records of a key one after the
    other (A18).
    """
    rng = random.Random(seed)
    cutter: Cutter[int] = Cutter(most_records, most_bytes)
    waiting = [item(index, key, size) for index, (key, size) in enumerate(records)]
    waiting.reverse()
    out: list[list[Item[int]]] = []
    sent: list[Item[int]] = []
    while waiting or out or len(cutter):
        if waiting and rng.random() < 0.7:
            cutter.add(waiting.pop())
        batch = cutter.take(flush=not waiting)
        if batch is not None:
            assert 1 <= len(batch) <= most_records
            assert len(b",".join(each.body for each in batch)) <= most_bytes
            keys = [each.key for each in batch if each.key is not None]
            assert len(set(keys)) == len(keys)
            assert not {each.key for other in out for each in other if each.key is not None} & set(keys)
            assert [each.index for each in batch] == sorted(each.index for each in batch)
            out.append(batch)
            sent += batch
        elif out:
            cutter.release(out.pop(rng.randrange(len(out))))
        else:
            assert waiting, "nothing is out, nothing is to be read, and nothing may go"
    assert sorted(each.index for each in sent) == [*range(len(records))]
    by_key: defaultdict[str | None, list[int]] = defaultdict(list)
    for each in sent:
        by_key[each.key].append(each.index)
    assert all(order == sorted(order) for key, order in by_key.items() if key is not None)
    assert not cutter._busy or not out


def test_a_batch_is_filled_to_the_last_byte() -> None:
    """The commas between records count, and not one more: three records of 9 bytes fit into 29, not into 28."""
    for most_bytes, lengths in ((29, [3]), (28, [2, 1])):
        cutter: Cutter[int] = Cutter(300, most_bytes)
        for index in range(3):
            cutter.add(item(index, size=9))
        batches = [cutter.take(flush=True) or [] for _ in lengths]
        assert [len(batch) for batch in batches] == lengths
        assert cutter.take(flush=True) is None


def test_records_of_other_keys_go_past() -> None:
    """A record that waits for its key holds nobody up but later ones of that key; freed, it goes before newer ones."""
    cutter: Cutter[int] = Cutter(2, 100)
    for index, key in enumerate("aabac"):
        cutter.add(item(index, key))
    first = cutter.take(flush=False)
    assert first is not None
    assert [each.index for each in first] == [0, 2]
    assert cutter.take(flush=False) is None
    assert (len(cutter), cutter.behind) == (3, 2)
    cutter.release(first)
    second = cutter.take(flush=False)
    assert second is not None
    assert [each.index for each in second] == [1, 4]
    cutter.release(second)
    assert [each.index for each in cutter.take(flush=True) or []] == [3]
    assert (len(cutter), cutter.behind) == (0, 0)


def test_keys_are_forgotten() -> None:
    """A key takes no memory once its records are written: a million of them may come."""
    cutter: Cutter[int] = Cutter(10, 1000)
    for index in range(1000):
        cutter.add(item(index, str(index)))
        batch = cutter.take(flush=False)
        if batch is not None:
            cutter.release(batch)
    assert len(cutter._busy) == len(cutter) == 0
