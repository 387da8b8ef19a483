"""The ledger: every public method is the operation that its docstring names, with that operation's own arguments."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import TYPE_CHECKING

import pytest
from recording_transport import NoAnswerError, RecordingTransport, groups_on
from spec.ledger import Operation, coverage, operations, parameters_of, sources_of
from spec.samples import SAMPLES

from marketo_async.api.groups import Groups
from marketo_async.transport.paging import Pager
from marketo_async.wire.call import GET, POST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketo_async.wire.call import Call

TABLE = operations()
GROUPS = sorted(name for name, member in vars(Groups).items() if isinstance(member, cached_property))


def public_methods() -> dict[str, Callable[..., object]]:
    """Return every public method of every group, by `group.method`."""
    groups = groups_on(RecordingTransport())
    return {
        f"{name}.{method}": member
        for name in GROUPS
        for method, member in inspect.getmembers(type(getattr(groups, name)), callable)
        if not method.startswith("_")
    }


METHODS = public_methods()


async def calls_of(sample: Callable[[Groups], object]) -> list[Call]:
    """Return the calls that a sample makes before anything is answered."""
    transport = RecordingTransport()
    made = sample(groups_on(transport))
    with pytest.raises(NoAnswerError):
        if isinstance(made, Pager):
            await made.first()
        else:
            assert inspect.isawaitable(made)
            await made
    return transport.calls


async def faults_of(
    name: str, method: Callable[..., object], samples: Mapping[str, tuple[Callable[[Groups], object], ...]]
) -> list[str]:
    """Return what is wrong with a method, its docstring and its samples."""
    sources = sources_of(method)
    unknown = [source for source in sources if source not in TABLE]
    if not sources or unknown:
        return [f"{name} names no operation of the table in the last line of its docstring {unknown or ''}"]
    if name not in samples:
        return [f"{name} has no sample"]
    faults: list[str] = []
    hit: dict[str, set[str]] = {}
    for sample in samples[name]:
        for call in await calls_of(sample):
            operation = _operation_of(call, sources)
            if operation is None:
                faults.append(f"{name}: {call.operation} is none of {', '.join(sources)}")
                continue
            faults += [f"{name}: {fault}" for fault in operation.faults(call)]
            hit.setdefault(operation.name, set()).update(parameters_of(call))
    return faults + [f"{name}: no sample calls {source}" for source in sources if source not in hit]


def _operation_of(call: Call, names: list[str]) -> Operation | None:
    found = (TABLE[name] for name in names)
    return next((it for it in found if (it.method, it.path) == (call.method, call.template)), None)


@pytest.mark.parametrize("name", sorted(METHODS))
async def test_method_is_its_operation(name: str) -> None:
    """Every public method sends the verb, path and arguments of the operation that its docstring ends with."""
    assert await faults_of(name, METHODS[name], SAMPLES) == []


def test_samples_belong_to_methods() -> None:
    """Every sample is one of a public method, so that a renamed method takes its sample along."""
    assert set(SAMPLES) - set(METHODS) == set()


async def test_every_parameter_is_within_reach() -> None:
    """Whatever an operation can be told, some sample of the methods that are built on it tells it (A29)."""
    sent: dict[str, set[str]] = {}
    for name, samples in SAMPLES.items():
        for sample in samples:
            for call in await calls_of(sample):
                operation = _operation_of(call, sources_of(METHODS[name]))
                assert operation is not None, name
                sent.setdefault(operation.name, set()).update(parameters_of(call))
    missing = {name: TABLE[name].required | TABLE[name].optional for name in sent}
    assert {name: wanted - sent[name] for name, wanted in missing.items() if wanted - sent[name]} == {}


async def test_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    """The table has all of Marketo's 367 operations, and the coverage line says how many of them are methods here."""
    covered = {source for method in METHODS.values() for source in sources_of(method)}
    line = coverage(TABLE, covered)
    with capsys.disabled():
        print(f"\n{line}")  # noqa: T201 - whoever runs the tests wants to see it
    assert line.endswith(" of 367 (+2 added)")


# ---------------------------------------------------------------- the ledger can fail


class _Wrong:
    """Methods that the ledger must refuse."""

    async def undocumented(self) -> None:
        """Return something."""

    async def unknown(self) -> None:
        """Return something.

        Source: noSuchOperation
        """

    async def program(self) -> None:
        """Return something.

        Source: getProgramByIdUsingGET
        """

    async def not_last(self) -> None:
        """Return something.

        Source: getProgramByIdUsingGET

        Some more words.
        """

    async def two(self) -> None:
        """Return something.

        Source: getProgramByIdUsingGET, browseProgramsUsingGET
        """


_PROGRAM = "/rest/asset/v1/program/{id}.json"


def _sends(call: Call) -> Callable[[Groups], object]:
    return lambda groups: groups._transport.send(call)


@pytest.mark.parametrize(
    ("method", "sample", "fault"),
    [
        (_Wrong.undocumented, GET(_PROGRAM, id=1), "names no operation"),
        (_Wrong.unknown, GET(_PROGRAM, id=1), "noSuchOperation"),
        (_Wrong.not_last, GET(_PROGRAM, id=1), "names no operation"),
        (_Wrong.program, None, "has no sample"),
        (_Wrong.program, POST(_PROGRAM, id=1), "POST"),
        (_Wrong.program, GET("/rest/asset/v1/programs/{id}.json", id=1), "programs/{id}"),
        (_Wrong.program, GET(_PROGRAM, number=1), "path:number"),
        (_Wrong.program, GET(_PROGRAM), "does not send path:id"),
        (_Wrong.program, GET(_PROGRAM, id=1).query(includeTags=True), "query:includeTags"),
        (_Wrong.program, GET(_PROGRAM, id=1).form(name="x"), "sends a form"),
        (_Wrong.program, GET(_PROGRAM, id=1).json({}), "sends JSON"),
        (_Wrong.two, GET(_PROGRAM, id=1), "no sample calls browseProgramsUsingGET"),
    ],
)
async def test_ledger_finds_faults(method: Callable[..., object], sample: Call | None, fault: str) -> None:
    """A method that is undocumented, unsampled, or not quite its operation is found out."""
    samples = {} if sample is None else {"wrong.method": (_sends(sample),)}
    assert fault in " ".join(await faults_of("wrong.method", method, samples))
