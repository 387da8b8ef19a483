"""Loads the programs of `examples/`, which are no package, by their paths."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def example(path: str) -> ModuleType:
    """Return the module of one file, such as `fastapi_app/main.py`, imported once under a name of its own."""
    name = "example_" + path.removesuffix(".py").replace("/", "_")
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # pydantic and dlt look the module of a function up by its name
    spec.loader.exec_module(module)
    return module
