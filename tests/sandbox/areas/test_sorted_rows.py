from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketo_async.sandbox.areas import sorted_rows
from marketo_async.sandbox.areas.rolls import Rolls
from marketo_async.sandbox.areas.sorted_rows import SortedRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketo_async.sandbox.areas.sorted_rows import Values

KEYS = st.integers(0, 40)


@given(st.lists(st.tuples(st.sampled_from(["put", "discard"]), KEYS, st.integers(0, 9))), KEYS, KEYS)
@settings(max_examples=60)
def test_rows_are_kept_as_a_sorted_dictionary_keeps_them(
    steps: list[tuple[str, int, int]], first: int, until: int
) -> None:
    """Whatever is written and dropped in blocks of any fill, rows read as a dictionary in order of its keys."""
    rows, model = SortedRows("qB"), dict[int, tuple[int, int]]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_rows, "FULL", 3)
        for step, key, value in steps:
            if step == "put":
                assert rows.put(key, (-value, value)) is (key not in model)
                model[key] = (-value, value)
            else:
                assert rows.discard(key) is (model.pop(key, None) is not None)
            assert rows.get(key) == model.get(key)
            assert (key in rows) is (key in model)
    assert len(rows) == len(model)
    inside = [(key, model[key]) for key in sorted(model) if first <= key < until]
    assert list(rows.between(first, until)) == inside
    assert rows.count(first, until) == len(inside)


@given(st.lists(st.sets(KEYS, max_size=20), max_size=4), st.integers(0, 5))
@settings(max_examples=60)
def test_many_rows_at_once_are_as_one_after_the_other(stretches: list[set[int]], beside: int) -> None:
    """Rows added by the stretch are those added one by one, and the blocks they lie in are full."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_rows, "FULL", 3)
        rows, slowly = SortedRows("B"), SortedRows("B")
        for number, stretch in enumerate(stretches):
            keys = sorted(100 * number + key for key in stretch)
            rows.extend(keys, [beside] * len(keys))
            for key in keys:
                slowly.put(key, (beside,))
        assert list(rows.between(0, 1000)) == list(slowly.between(0, 1000))
        assert len(rows) == len(slowly) == rows.count(0, 1000)
        for key, values in list(rows.between(0, 1000)):
            assert rows.get(key) == values
            assert rows.discard(key)
        assert len(rows) == 0


def test_rows_that_do_not_ascend_are_not_added_at_once() -> None:
    """Adding many rows at once refuses keys out of order and columns of another length, and adds nothing then."""
    rows = SortedRows("B")
    rows.extend([3, 5], [0, 0])
    for keys, column in (([5, 6], [0, 0]), ([8, 7], [0, 0]), ([9, 9], [0, 0]), ([9], [])):
        with pytest.raises(ValueError, match=r"ascend|Every column"):
            rows.extend(keys, column)
    assert [key for key, _ in rows.between(0, 100)] == [3, 5]


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(1, 9))), st.integers(0, 9))
def test_rolls_are_read_from_both_ends(pairs: set[tuple[int, int]], after: int) -> None:
    """Each thing knows its leads and each lead its things, from any place on; filled at once or one by one."""
    slowly, at_once = Rolls("q"), Rolls("q")
    for thing, lead_id in pairs:
        assert slowly.put(thing, lead_id, thing * lead_id)
        assert not slowly.put(thing, lead_id, thing * lead_id)
    for thing in range(6):
        leads = sorted(lead_id for other, lead_id in pairs if other == thing)
        at_once.fill(thing, leads, [thing * lead_id for lead_id in leads])
    at_once.settle()
    for rolls in (slowly, at_once):
        assert len(rolls) == len(pairs)
        for thing in range(6):
            leads = sorted(lead_id for other, lead_id in pairs if other == thing)
            assert rolls.size(thing) == len(leads)
            expected = [(lead_id, (thing * lead_id,)) for lead_id in leads if lead_id > after]
            assert list(rolls.leads(thing, after)) == expected
        for lead_id in range(1, 10):
            things = sorted(thing for thing, other in pairs if other == lead_id and thing > after)
            assert rolls.things(lead_id, after) == things
        for thing, lead_id in pairs:
            assert rolls.discard(thing, lead_id)
            assert rolls.get(thing, lead_id) is None
            assert thing not in rolls.things(lead_id)
        assert len(rolls) == 0


def test_ids_beyond_the_rolls_are_on_none() -> None:
    """A number that is no id of the instance is on no roll, also where it would run over into another thing's leads."""
    rolls = Rolls()
    rolls.put(2, 0)
    rolls.put(2, 7)
    for number in (2**32, 2**32 + 7, -1, 2**63 - 1):
        assert rolls.get(1, number) is None
        assert not rolls.discard(1, number)
        assert rolls.things(number) == []
        assert list(rolls.leads(number)) == []
        assert rolls.size(number) == 0
        with pytest.raises(ValueError, match="between 0 and"):
            rolls.put(1, number)


def test_a_page_deep_in_a_roll_takes_no_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page in the middle of a long roll is read without touching the leads before it."""
    rolls, touched = Rolls(), list[int]()
    rolls.fill(1, range(1, 100_001))
    rolls.settle()
    between = SortedRows.between

    def watched(rows: SortedRows, first: int, until: int) -> Iterator[tuple[int, Values]]:
        for key, values in between(rows, first, until):
            touched.append(key)
            yield key, values

    monkeypatch.setattr(SortedRows, "between", watched)
    assert [lead_id for lead_id, _ in islice(rolls.leads(1, 75_000), 2)] == [75_001, 75_002]
    assert len(touched) == 2
