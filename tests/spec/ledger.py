"""The ledger: which operations Marketo has, what each one takes, and how a call of ours compares with that."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.wire.call import Call

_HERE = Path(__file__).parent
_FORM = "application/x-www-form-urlencoded"
_SOURCE = re.compile(r"\n\s*Source: ([^\n]+)\s*\Z")


@attrs.frozen
class Operation:
    """One operation of Marketo's; parameters are written `query:name`, `path:name` or `form:name`."""

    name: str
    method: str
    path: str
    content_type: str
    required: frozenset[str]
    optional: frozenset[str]
    added: bool = False

    def faults(self, call: Call) -> list[str]:
        """Return what is wrong with a call that claims to be this operation."""
        if (call.method, call.template) != (self.method, self.path):
            return [f"{call.operation} is not {self.method} {self.path}"]
        sent = parameters_of(call)
        faults = [f"sends {name}, which it does not take" for name in sorted(sent - self.required - self.optional)]
        faults += [f"does not send {name}, which is required" for name in sorted(self.required - sent)]
        if call.form_pairs and self.content_type != _FORM:
            faults.append(f"sends a form where the body is {self.content_type}")
        if call.json_body is not None and self.content_type != "application/json":
            faults.append(f"sends JSON where the body is {self.content_type}")
        return [f"{self.name} {fault}" for fault in faults]


def parameters_of(call: Call) -> frozenset[str]:
    """Return the parameters that a call sends; the members of a JSON body count as a form's."""
    pairs = (("path", call.arguments), ("query", call.query_pairs), ("form", call.form_pairs or ()))
    sent = {f"{kind}:{name}" for kind, pairs_sent in pairs for name, _ in pairs_sent}
    if isinstance(call.json_body, Mapping):
        sent |= {f"form:{name}" for name in call.json_body}
    return frozenset(sent)


def operations() -> dict[str, Operation]:
    """Return the table with its differences, by name; what was added stands in it, too."""
    with (_HERE / "operations.csv").open(encoding="utf-8", newline="") as file:
        table = {row["operationId"]: _operation(row) for row in csv.DictReader(file)}
    document = tomllib.loads((_HERE / "differences.toml").read_text("utf-8"))
    for entry in document["difference"]:
        table[entry["operation"]] = _corrected(table[entry["operation"]], entry)
    for entry in document["added"]:
        if entry["operation"] in table or not entry["source"].strip():
            raise ValueError(f"{entry['operation']}: known already, or without a source")
        table[entry["operation"]] = Operation(
            entry["operation"],
            entry["method"],
            entry["path"],
            entry["content_type"],
            frozenset(entry["required"]),
            frozenset(entry["optional"]),
            added=True,
        )
    return table


def sources_of(method: Callable[..., object]) -> list[str]:
    """Return the operations that the last line of a docstring names; none if it does not."""
    found = _SOURCE.search(method.__doc__ or "")
    return [name.strip() for name in found[1].split(",")] if found else []


def coverage(table: Mapping[str, Operation], covered: set[str]) -> str:
    """Return the coverage line, such as `[x] 31 of 367 (+2 added)`."""
    added = {name for name in covered if table[name].added}
    total = sum(not operation.added for operation in table.values())
    return f"[x] {len(covered - added)} of {total} (+{len(added)} added)"


def _operation(row: Mapping[str, str]) -> Operation:
    return Operation(
        row["operationId"],
        row["method"],
        row["path"],
        row["content_type"],
        _parameters(row["required_params"]),
        _parameters(row["optional_params"]) - _parameters(row["required_params"]),
    )


def _parameters(text: str) -> frozenset[str]:
    """Read `query:id;body:costs[].cost`: members of a structure are one parameter, and a body is a form here."""
    found: set[str] = set()
    for entry in filter(None, text.split(";")):
        place, _, name = entry.partition(":")
        found.add(f"{'form' if place == 'body' else place}:{name.partition('[')[0].partition('.')[0]}")
    return frozenset(found)


def _corrected(operation: Operation, entry: Mapping[str, Any]) -> Operation:
    add, remove = frozenset(entry.get("add", ())), frozenset(entry.get("remove", ()))
    spare = frozenset(entry.get("spare", ()))
    known = operation.required | operation.optional
    if not entry["source"].strip() or add & known or remove - known or spare - operation.required:
        raise ValueError(f"{operation.name}: no source, or a difference that makes none")
    renamed_required = bool(operation.required & remove)
    return attrs.evolve(
        operation,
        required=(operation.required - remove - spare) | (add if renamed_required else frozenset()),
        optional=(operation.optional - remove) | spare | (frozenset() if renamed_required else add),
        content_type=entry.get("content_type", operation.content_type),
    )
