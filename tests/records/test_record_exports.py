"""How records are declared and loaded."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from marketo_async import records
from marketo_async.records import Program, Record

_KINDS = [
    kind
    for name in records.__all__
    if isinstance(kind := getattr(records, name), type) and issubclass(kind, Record) and kind is not Record
]


def test_every_name_is_there() -> None:
    """Every exported name resolves, `dir()` shows them, and a misspelt one is an `AttributeError`."""
    assert all(getattr(records, name) for name in records.__all__)
    assert dir(records) == sorted(records.__all__)
    with pytest.raises(AttributeError, match="Programm"):
        _ = records.Programm  # type: ignore[attr-defined]


def test_loading_is_lazy() -> None:
    """Importing the package loads neither attrs nor cattrs nor any record."""
    code = "import marketo_async.records, sys; print([m for m in ('attrs', 'cattrs', 'httpx') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
def test_records_are_frozen_and_slotted(kind: type[Record]) -> None:
    """No record can be changed, and none takes an attribute that is not its own."""
    assert "__dict__" not in dir(kind)
    blank = kind.__new__(kind)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        blank.id = 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: kind.__name__)
def test_every_field_is_documented(kind: type[Record]) -> None:
    """Every field has a docstring under it, and one that may be None says when."""
    body = "".join(_body(each) for each in kind.__mro__ if issubclass(each, Record) and each is not Record)
    for plan in kind.LAYOUT.fields:
        found = re.search(rf'^    {plan.attribute}: (.+)\n    """((?s:.)+?)"""', body, re.MULTILINE)
        assert found, plan.attribute
        annotation, words = found.groups()
        if "| None" in annotation:
            assert re.search("None|[Nn]ull|[Mm]issing", words), plan.attribute


def _body(kind: type[Record]) -> str:
    source = Path(sys.modules[kind.__module__].__file__ or "").read_text(encoding="utf-8")
    body = source[source.index(f"class {kind.__name__}(") :]
    return body.partition("\n@record")[0]


def test_changed_copy() -> None:
    """`attrs.evolve` makes a changed copy that keeps what is unknown."""
    program = records.read(Program, {"id": 1, "name": "x", "type": "Event", "channel": "Webinar", "novel": 1})
    renamed = attrs.evolve(program, name="y")
    assert (renamed.name, renamed.extra, program.name) == ("y", {"novel": 1}, "x")
    assert renamed.to_dict() == {"id": 1, "name": "y", "type": "Event", "channel": "Webinar", "novel": 1}
