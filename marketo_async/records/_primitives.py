"""Strict reading of single values: exactly the declared type or a misfit, never a conversion.

cattrs alone would read null as the text `'None'` and the text `"false"` as `True`, and nobody would ever know.
"""

from __future__ import annotations

from marketo_async.records._misfit import expected


def read_str(value: object, _: object = None) -> str:
    """Take a string."""
    if isinstance(value, str):
        return value
    raise expected("a string", value)


def read_int(value: object, _: object = None) -> int:
    """Take an integer; a boolean is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise expected("an integer", value)


def read_bool(value: object, _: object = None) -> bool:
    """Take true or false."""
    if isinstance(value, bool):
        return value
    raise expected("a boolean", value)


def read_float(value: object, _: object = None) -> float:
    """Take a number; an integer stays one, so that 2000 is not written back as 2000.0."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise expected("a number", value)


def read_code(value: object) -> str:
    """Take an error code: Marketo sends text, its specification promises an integer; it is text here."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return read_str(value)


def read_bracketed(value: object) -> tuple[str, ...]:
    """Take Marketo's arrays in disguise: `"[program,event]"`, `"[AAA1 RT1, AAA1 RT2]"`; a real array of texts too."""
    if isinstance(value, list):
        return tuple(read_str(item) for item in value)
    inner = read_str(value).strip().removeprefix("[").removesuffix("]")
    return tuple(part.strip() for part in inner.split(",")) if inner.strip() else ()


def write_names(values: object) -> str:
    """Write `"[program,event]"`: without blanks, as Marketo writes its own names."""
    return f"[{','.join(_texts(values))}]"


def write_values(values: object) -> str:
    """Write `"[AAA1 RT1, AAA1 RT2]"`: with blanks, as Marketo writes the names that people give."""
    return f"[{', '.join(_texts(values))}]"


def _texts(values: object) -> tuple[str, ...]:
    return tuple(read_str(value) for value in values) if isinstance(values, tuple) else ()
