"""The sandbox against Adobe's Swagger files; `nox -s swagger -- FOLDER` runs it, with the folder that has the files.

Schemathesis makes the calls: half as the files say they are to be, half as they say they are not to be; and every
other one with arguments that the sandbox has an answer to (`swagger_known.py`). Whatever is asked, the answer must come
in Marketo's envelope, not be a mistake of the sandbox's own, and be what the files say of answers, but for their known
mistakes (`swagger_mistakes.toml`). The files are Adobe's, and not part of this project. All this takes two minutes.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import schemathesis  # type: ignore[import-not-found]  # only in that session's environment
from checklist import Checklist, serving
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from swagger_copy import FILES, Copy, mistakes, prepared, unknown_to_adobe
from swagger_known import Known, form_of, known_arguments, put

from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.words import WORDS

if TYPE_CHECKING:
    from swagger_copy import Addition, Correction

ENVELOPE = {"requestId", "success", "errors", "warnings", "result", "nextPageToken", "moreResult"}
TOO_LARGE = {413, 414}
"""What the web server in front of Marketo answers itself, without an envelope."""


class Findings:
    """What the calls of all operations have shown."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self.codes: Counter[str] = Counter()
        self.needed: set[Correction] = set()
        self.taken: set[Addition] = set()
        self.structures = 0

    def begin(self) -> None:
        """Begin with another operation."""
        self.faults, self.codes = {}, Counter()

    def line(self) -> str:
        """Return how the calls of an operation were answered."""
        answers = [f"{count} {code}" for code, count in sorted(self.codes.items())]
        return f"{self.codes.total()} calls ({', '.join(answers)})"


class Examiner:
    """Calls the operations of one of Adobe's files, and looks at the answers."""

    def __init__(self, copy: Copy, findings: Findings, *, examples: int, number: int) -> None:
        self.copy = copy
        self._findings = findings
        self._examples = examples
        self._number = number
        self._schema = schemathesis.openapi.from_dict(copy.corrected())
        # The files with all mistakes corrected but one: an answer that does not fit them shows that it is one.
        self._without = [
            (correction, copy.concerned(correction), schemathesis.openapi.from_dict(copy.corrected(but=correction)))
            for correction in copy.corrections
        ]

    def examine(self, name: str) -> None:
        """Call an operation of a new sandbox, many times.

        Raises:
            AssertionError: an answer was not as it must be, or nothing was ever answered.
        """
        self._findings.begin()
        operation = self._schema.find_operation_by_id(name)
        sandbox = Sandbox(programs=80, leads=40, limits=None)
        known = known_arguments(sandbox).get(name)
        arguments_known = st.none() | st.sampled_from(known) if known else st.none()
        token, _ = sandbox.instance.tokens.issue(sandbox.client_id, sandbox.client_secret) or (None, 0)
        assert token is not None
        headers = {"Authorization": f"Bearer {token.text}"}
        with serving(sandbox) as url:
            for mode in self._modes(operation):
                # What goes wrong is kept, not raised: the sandbox changes with every call, so that no call can be
                # tried a second time in order to shorten it.
                @seed(self._number)
                @settings(
                    max_examples=self._examples,
                    database=None,
                    deadline=None,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                )
                @given(operation.as_strategy(generation_mode=mode), arguments_known, st.booleans())
                def call(case: Any, arguments: Known | None, alone: bool) -> None:
                    if arguments is not None:
                        put(case, arguments, alone=alone)
                    self._call(case, url, headers)

                try:
                    call()
                except Unsatisfiable:
                    # Any text at all is right where a text in the path is all there is to say.
                    if mode is schemathesis.GenerationMode.POSITIVE:
                        raise
        shown = next(iter(self._findings.faults.items()), None)
        assert shown is None, f"{len(self._findings.faults)} kinds of faults, such as {shown[0]}, after {shown[1]}"
        answered = self._findings.codes["answered"] or (
            self._findings.codes["empty"] and not has_result(operation.definition.raw, self.copy.document)
        )
        assert answered, f"{name} was never answered with a result"

    def _modes(self, operation: Any) -> list[Any]:
        takes_something = any(True for _ in operation.iter_parameters()) or operation.body
        negative = [schemathesis.GenerationMode.NEGATIVE] if takes_something else []
        return [schemathesis.GenerationMode.POSITIVE, *negative]

    def _call(self, case: Any, url: str, headers: dict[str, str]) -> None:
        name, sent = case.operation.definition.raw["operationId"], repr(case)
        form = form_of(case)
        try:
            # Schemathesis would write a structure in a form as it sees fit: member by member.
            response = case.call(base_url=url, headers=headers, **({} if form is None else {"data": form}))
        except Exception as error:  # noqa: BLE001 - of a library below that one
            self._findings.codes["no answer"] += 1
            self._findings.faults.setdefault(f"{type(error).__name__}", f"{error} after {sent}")
            return
        fault, code = envelope_fault(response.status_code, response.content)
        self._findings.codes[code] += 1
        if fault or response.status_code in TOO_LARGE:
            if fault:
                self._findings.faults.setdefault(fault, sent)
            return
        try:
            case.operation.validate_response(response)
        except (AssertionError, BaseExceptionGroup) as failed:  # one failure comes alone, several in a group
            for failure in getattr(failed, "exceptions", (failed,)):
                self._findings.faults.setdefault(said(failure), sent)
        for correction, concerned, schema in self._without:
            open_still = correction not in self._findings.needed and name in concerned
            if open_still and not schema.find_operation_by_id(name).is_valid_response(response):
                self._findings.needed.add(correction)
        if code == "answered":
            self._findings.structures += form is not None and form != case.body
            sent_names = {("query", key) for key in case.query or ()} | {("form", key) for key in form or ()}
            self._findings.taken |= {
                addition
                for addition in self.copy.additions
                if addition.operation == name and (addition.place, addition.name) in sent_names
            }


def has_result(operation: dict[str, Any], document: dict[str, Any]) -> bool:
    """Tell whether an operation's answers have a result at all."""
    reference: str = operation["responses"]["200"]["schema"]["$ref"]
    return "result" in document["definitions"][reference.rpartition("/")[2]]["properties"]


def envelope_fault(status: int, content: bytes) -> tuple[str, str]:
    """Return what is wrong with an answer, whatever was asked, or ""; and "answered", "empty" or the code."""
    if status in TOO_LARGE:
        return "", f"HTTP {status}"
    try:
        reply = json.loads(content)
    except ValueError:
        return f"HTTP {status} without JSON", f"HTTP {status}"
    if status != 200 or not isinstance(reply, dict) or not reply.keys() <= ENVELOPE:
        return f"HTTP {status} without an envelope", f"HTTP {status}"
    errors = reply.get("errors", [])
    if not isinstance(reply.get("requestId"), str) or reply.get("success") is not (not errors):
        return "an envelope that makes no sense", "?"
    if not errors:
        return "", "answered" if reply.get("result") else "empty"
    code = errors[0].get("code")
    if not all(isinstance(error.get(key), str) for error in errors for key in ("code", "message")) or "result" in reply:
        return "errors that make no sense", str(code)
    crashed = (code, errors[0]["message"]) == ("611", WORDS["611"])
    return ("a mistake in the sandbox" if crashed else ""), code


def said(failure: BaseException) -> str:
    """Return what does not fit, and where, in one line; schemathesis shows the schema and the value after that."""
    lines = [line for line in str(failure).splitlines() if line.strip()]
    place = next((line for line in lines if line.startswith("Schema at ")), "")
    return f"{' '.join(lines[:2])} ({place.removesuffix(':')})"


def check_mistakes(checks: Checklist, examiners: list[Examiner], findings: Findings) -> None:
    """Check that every known mistake is still needed."""
    for number, entry in enumerate(mistakes()["mistake"]):
        with checks.check(f"known mistake: {entry['what']}"):
            corrections = [c for examiner in examiners for c in examiner.copy.corrections if c.mistake == number]
            idle = [str(correction) for correction in corrections if correction not in findings.needed]
            assert corrections, "is about nothing"
            assert not idle, f"no longer needed: {', '.join(idle)}"
    for addition in (addition for examiner in examiners for addition in examiner.copy.additions):
        with checks.check(f"known difference: {addition.operation} takes {addition.place}:{addition.name}"):
            assert addition in findings.taken, "no longer needed: never answered with it"
    with checks.check("known difference: structures inside forms are JSON"):
        assert findings.structures, "no longer needed: never answered with one"


def main() -> int:
    """Make every check and print the table."""
    parser = argparse.ArgumentParser(description="Hold the sandbox against Adobe's Swagger files.")
    parser.add_argument("folder", type=Path, help=f"the folder that has Adobe's {' and '.join(FILES.values())}")
    parser.add_argument("--examples", type=int, default=60, help="calls of each operation, right ones and wrong ones")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other calls")
    arguments = parser.parse_args()
    missing = [name for name in FILES.values() if not (arguments.folder / name).is_file()]
    if missing:
        parser.error(f"{arguments.folder} lacks {', '.join(missing)}: Adobe publishes them; this project may not")
    warnings.simplefilter("ignore")
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    checks = Checklist(f"Adobe's Swagger, by schemathesis {schemathesis.__version__}")
    findings = Findings()
    copies = [prepared(arguments.folder, name) for name in FILES]
    with checks.check("every operation is Adobe's or a known addition"):
        assert not unknown_to_adobe(copies), unknown_to_adobe(copies)
    examiners = [Examiner(one, findings, examples=arguments.examples, number=arguments.seed) for one in copies]
    for examiner in examiners:
        for name in examiner.copy.operations:
            outcome: BaseException | None = None
            try:
                examiner.examine(name)
            except Exception as error:  # noqa: BLE001 - shown in the table
                outcome = error
            with checks.check(f"{name}: {findings.line()}"):
                if outcome is not None:
                    raise outcome
    check_mistakes(checks, examiners, findings)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
