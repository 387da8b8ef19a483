"""Adobe's Swagger files as the sandbox can be held against them: its operations only, known mistakes corrected."""

from __future__ import annotations

import json
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import attrs

from marketo_async.sandbox.areas import ROUTES

HERE = Path(__file__).parent
DIFFERENCES = HERE.parent / "spec" / "differences.toml"
FILES = {"asset": "swagger-asset.json", "mapi": "swagger-mapi.json"}


@attrs.frozen(eq=False)
class Correction:
    """One member of one definition that a mistake is about.

    Attributes:
        mistake: The place of the mistake in the table.
        definition: The name of the definition.
        member: The name of the member.
        schema: What the member is in truth; None where it is not required in truth.
    """

    mistake: int
    definition: str
    member: str
    schema: Any

    def apply(self, document: dict[str, Any]) -> None:
        """Correct a document.

        Raises:
            ValueError: it has no such mistake.
        """
        definition = document["definitions"].get(self.definition, {})
        required, members = definition.get("required", []), definition.get("properties", {})
        if self.schema is None and self.member in required:
            required.remove(self.member)
        elif self.schema is not None and members.get(self.member) not in (None, self.schema):
            members[self.member] = deepcopy(self.schema)
        else:
            raise ValueError(f"{self}: the Swagger file has no such mistake (any more)")

    def __str__(self) -> str:
        """Return what it is about."""
        return f"{self.definition}.{self.member} {'may be missing' if self.schema is None else 'is another'}"


@attrs.frozen
class Addition:
    """A parameter that a request takes and the Swagger file does not know."""

    operation: str
    place: str
    name: str


@attrs.frozen
class Copy:
    """One of Adobe's files, without anything but the sandbox's operations, and with what requests lack.

    Attributes:
        document: The file; its definitions are Adobe's still.
        operations: The names of the operations.
        corrections: The mistakes in its definitions.
        additions: The parameters that were added.
    """

    document: dict[str, Any]
    operations: tuple[str, ...]
    corrections: tuple[Correction, ...]
    additions: tuple[Addition, ...]

    def corrected(self, *, but: Correction | None = None) -> dict[str, Any]:
        """Return the file with all its mistakes corrected, or with all but one."""
        document = deepcopy(self.document)
        for correction in self.corrections:
            if correction is not but:
                correction.apply(document)
        return document

    def concerned(self, correction: Correction) -> set[str]:
        """Return the operations whose replies contain a definition."""
        return {
            operation["operationId"]
            for methods in self.document["paths"].values()
            for operation in methods.values()
            if correction.definition in _reached(operation["responses"], self.document["definitions"])
        }


def mistakes() -> dict[str, Any]:
    """Return the table of mistakes.

    Raises:
        ValueError: one of them has no source.
    """
    table = tomllib.loads((HERE / "swagger_mistakes.toml").read_text("utf-8"))
    if not all(entry["source"].strip() for entry in (table["forms"], *table["mistake"], *table["other_spelling"])):
        raise ValueError("A mistake without a source")
    return table


def prepared(folder: Path, name: str) -> Copy:
    """Read one of Adobe's files, and make it ready."""
    document: dict[str, Any] = json.loads((folder / FILES[name]).read_text("utf-8"))
    mine = {(route.method.lower(), route.template) for route in ROUTES}
    document["paths"] = {
        path: kept
        for path, methods in document["paths"].items()
        if (kept := {method: operation for method, operation in methods.items() if (method, path) in mine})
    }
    operations = {
        operation["operationId"]: operation for methods in document["paths"].values() for operation in methods.values()
    }
    additions: list[Addition] = []
    for entry in tomllib.loads(DIFFERENCES.read_text("utf-8"))["difference"]:
        if entry["operation"] in operations:
            additions += _differ(document, operations[entry["operation"]], entry)
    return Copy(document, tuple(operations), tuple(_corrections(name)), tuple(additions))


def unknown_to_adobe(copies: list[Copy]) -> set[tuple[str, str]]:
    """Return the sandbox's operations that neither Adobe's files nor the table of differences know."""
    known = {
        (method, path) for copy in copies for path, methods in copy.document["paths"].items() for method in methods
    }
    added = [*tomllib.loads(DIFFERENCES.read_text("utf-8"))["added"], *mistakes()["other_spelling"]]
    known |= {(entry["method"].lower(), entry["path"]) for entry in added}
    return {(route.method.lower(), route.template) for route in ROUTES} - known


def _corrections(name: str) -> list[Correction]:
    return [
        Correction(number, place.partition(".")[0], place.partition(".")[2], entry.get("schema"))
        for number, entry in enumerate(mistakes()["mistake"])
        if entry["file"] == name
        for place in entry["members"]
    ]


def _differ(document: dict[str, Any], operation: dict[str, Any], entry: dict[str, Any]) -> list[Addition]:
    """Give an operation the parameters that the table of differences adds, and take away those it removes."""
    parameters: list[dict[str, Any]] = operation["parameters"]
    for removed in entry.get("remove", ()):
        place, _, name = removed.partition(":")
        parameters[:] = [one for one in parameters if (one["in"], one["name"]) != (place, name)]
    additions = [Addition(operation["operationId"], *added.split(":")) for added in entry.get("add", ())]
    for addition in additions:
        if addition.place == "form":
            (body,) = (one["schema"]["$ref"] for one in parameters if one["in"] == "body")
            known = document["definitions"][body.rpartition("/")[2]]["properties"]
            known.setdefault(addition.name, {"type": "string"})
        else:
            required = bool(entry.get("remove"))
            parameters.append({"in": addition.place, "name": addition.name, "type": "string", "required": required})
    if "content_type" in entry:
        operation["consumes"] = [entry["content_type"]]
    return additions


def _reached(value: object, definitions: dict[str, Any]) -> set[str]:
    """Return the names of the definitions that a piece of the file refers to, at whatever distance."""
    found: set[str] = set()
    left = [value]
    while left:
        match left.pop():
            case {"$ref": str(reference)}:
                name = reference.rpartition("/")[2]
                if name not in found:
                    found.add(name)
                    left.append(definitions[name])
            case dict() as members:
                left += members.values()
            case list() as items:
                left += items
    return found
