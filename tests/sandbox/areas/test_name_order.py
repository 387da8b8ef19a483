from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from marketo_async.sandbox.areas.programs.kinds import DEFAULT
from marketo_async.sandbox.areas.programs.order import NameOrder
from marketo_async.sandbox.areas.programs.record import Program
from marketo_async.sandbox.areas.references import FolderRef

BORN = datetime(2019, 1, 1, tzinfo=UTC)
NAMES = st.sampled_from(["a", "A", "b", "ß", "SS", "Ü", "ü", "", "zz", "a b"])


def program(number: int, name: str) -> Program:
    return Program(number, name, DEFAULT, "Content", FolderRef("Folder", 1), "Default", BORN, BORN)


@given(st.lists(NAMES, max_size=12), st.lists(st.tuples(st.integers(0, 11), NAMES | st.none()), max_size=12))
def test_order_holds_through_any_changes(names: list[str], changes: list[tuple[int, str | None]]) -> None:
    """After any additions, renames and removals the listing is what sorting everything anew would give."""
    order = NameOrder()
    alive = {number: program(number, name) for number, name in enumerate(names)}
    order.extend(list(alive.values())[::2])
    for late in list(alive.values())[1::2]:
        order.add(late)
    for number, name in changes:
        if number in alive:
            changed = alive[number]
            order.discard(changed)
            if name is None:
                del alive[number]
            else:
                changed.name = name
                order.add(changed)
    expected = sorted(alive.values(), key=lambda one: (one.name.casefold(), one.id))
    assert list(order) == order.window(0, 99) == expected
    assert order.window(2, 3) == expected[2:5]
    assert len(order) == len(alive)
    for name in ("a", "SS", "Ü", "none"):
        assert order.named(name) == [one for one in expected if one.name.casefold() == name.casefold()]
