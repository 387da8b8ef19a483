"""Writing the records of a file from the command line: what is refused, and how runs end that do not go well."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from cli_writes import results, write_csv

from marketo_async.cli.exports.lock import lock
from marketo_async.sandbox import Fault
from marketo_async.sandbox.areas.leads.state import Leads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox

LEADS = "/rest/v1/leads.json"
DESCRIBE = "/rest/v1/leads/describe2.json"
PEOPLE: list[dict[str, object]] = [
    {"email": "anna@x.example", "firstName": "Anna", "leadScore": "5"},
    {"email": "bea@x.example", "firstName": "", "leadScore": "7"},
    {"email": "no address", "firstName": "Nobody", "leadScore": "1"},
    {"email": "ANNA@x.example", "firstName": 'Änne, "the" 2nd\nof hers', "leadScore": "many"},
]


def leads_of(marketo: Sandbox) -> Leads:
    return marketo.instance.state(Leads)


def sent(marketo: Sandbox) -> int:
    """Return how many writes arrived."""
    return len([call for call in marketo.arrivals if call.method != "GET" and call.path.startswith("/rest")])


def test_never_over_earlier_results(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A second run of the same sends nothing unless told to: not without a word, and with --resume nothing again."""
    path = write_csv(tmp_path / "p.csv", PEOPLE[:2])
    assert run("leads", "sync", path).code == 0
    content = (tmp_path / "p.sync-results.csv").read_bytes()
    marketo.arrivals.clear()
    told = run("leads", "sync", path)
    assert told.code == 2
    assert "has the results of a finished run" in told.err
    told = run("leads", "sync", path, "--resume")
    assert (told.code, told.err.split(" · ")[0]) == (0, "2 records, all of them before")
    assert (tmp_path / "p.sync-results.csv").read_bytes() == content
    assert not marketo.arrivals
    assert run("leads", "sync", path, "--fresh").code == 0
    assert [row["status"] for row in results(tmp_path / "p.sync-results.csv")] == ["updated", "updated"]
    assert run("leads", "sync", path, "--fresh", "--resume").code == 2


def test_only_the_same_goes_on(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """--resume refuses an input that changed, other options, another instance, and results that were edited."""
    path, out = write_csv(tmp_path / "p.csv", PEOPLE[:2]), tmp_path / "p.sync-results.csv"
    marketo.faults.add(Fault.error(610), path=LEADS, method="POST", calls=range(2, 9))
    words = ("leads", "sync", path, "--batch-size", 1, "--resume")
    assert run(*words).code == 4
    marketo.arrivals.clear()
    for more, says in (
        (("--action", "createOnly"), "--action was createOrUpdate, now createOnly"),
        (("--sandbox",), "the instance was http://"),
        (("--empty", "clear"), "--empty was leave, now clear"),
    ):
        told = run(*words, *more)
        assert told.code == 2
        assert says in told.err
    good = out.read_bytes()
    out.write_bytes(b"\xef\xbb\xbf" + good.replace(b",", b";"))
    assert "it was edited" in run(*words).err
    out.write_bytes(good)
    held, journal = path.read_bytes(), tmp_path / "p.sync-results.csv.journal"
    path.write_bytes(held.replace(b"bea", b"bob"))
    assert "the input has changed since" in run(*words).err
    path.write_bytes(held)
    with journal.open("r+b") as file:
        assert lock(file.fileno())
        assert "is being written by another run at this moment" in run(*words).err
    assert not marketo.arrivals
    marketo.faults.clear()
    assert run(*words).code == 0
    assert [row["status"] for row in results(out)] == ["created", "created"]
    journal.unlink()
    assert "no journal that tells" in run(*words).err


def test_what_marketo_refuses_as_a_whole(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """An error ends the run with its own exit code, keeps what is known, and says how to go on; before, no file."""
    path = write_csv(tmp_path / "p.csv", PEOPLE[:2])
    rule = marketo.faults.add(Fault.error(607), path=LEADS, method="POST", calls=range(2, 9))
    told = run("leads", "sync", path, "--batch-size", 1)
    assert told.code == 7
    assert f"The results of 1 record are in {tmp_path}/p.sync-results.csv. To go on: the same command" in told.err
    marketo.faults.remove(rule)
    told = run("leads", "sync", path, "--batch-size", 1, "--resume")
    assert told.code == 0
    assert told.err.startswith("1 record was written before; going on after that.\n2 records, 1 of them before, in ")
    marketo.faults.add(Fault.error(603), path=LEADS, method="POST")
    other = write_csv(tmp_path / "q.csv", PEOPLE[:2])
    assert run("leads", "sync", other).code == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "p.csv", "p.sync-results.csv", "p.sync-results.csv.journal", "q.csv",
    ]  # fmt: skip


def test_nobody_knows(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """P5: records of a call whose answer was lost are unknown, not repeated, and the exit code says so."""
    marketo.faults.add(Fault.page(502, after_work=True), path=LEADS, method="POST", calls=1)
    path = write_csv(tmp_path / "p.csv", PEOPLE[:2])
    told = run("leads", "sync", path, "--batch-size", 1)
    assert told.code == 13
    assert "1 created, 1 unknown" in told.err
    (row,) = (row for row in results(tmp_path / "p.sync-results.csv") if row["status"] == "unknown")
    assert (row["maybeDone"], row["id"]) == ("true", "")
    assert "502" in row["message"]
    assert sent(marketo) == 2


def test_columns_that_cannot_be(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """A column that no lead has, or that cannot be written, or one too few, ends the run before anything is sent."""
    for rows, says in (
        ([{"email": "a@x.example", "fristName": "A"}], "column fristName is not allowed: the name of a field of this"),
        ([{"email": "a@x.example", "createdAt": "A"}], "describes createdAt as read-only"),
        ([{"firstName": "A"}], "has no column email, which says whom a record is about"),
    ):
        told = run("leads", "sync", write_csv(tmp_path / "p.csv", cast("list[dict[str, object]]", rows)))
        assert told.code == 2
        assert says in told.err
    for text, says in (
        ("", "is empty"), ("email,email\n", "two columns email"), ("email,\n", "column 2 has no name"),
        ('email\na\n"b', "line 3 is no CSV"), ("email\n\xff\n", "the file is not UTF-8 text"),
    ):  # fmt: skip
        (tmp_path / "p.csv").write_bytes(text.encode("latin-1"))
        told = run("leads", "sync", tmp_path / "p.csv")
        assert told.code == 2
        assert says in told.err
    assert not leads_of(marketo).with_emails(["a@x.example"])


def test_places_that_cannot_be(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """What cannot be read, or written to, is said before anything is sent."""
    path = write_csv(tmp_path / "p.csv", PEOPLE[:1])
    for words, says in (
        ((tmp_path / "no.csv",), "cannot be read: No such file"),
        ((tmp_path,), "say what it is with --format"),
        ((path, "--results", path), "that is the input itself"),
        ((path, "--results", tmp_path), "that is a folder"),
        ((path, "--results=-x"), "name a file, or - for standard output"),
        ((path, "--results", "-", "--resume"), "--resume needs a file of results"),
        (("-", "-f", "csv", "--resume"), "standard input has none"),
        ((path, "--batch-size", 301), "--batch-size is 1 to 300"),
        ((path, "--lookup-field", "id"), "goes with --action updateOnly"),
    ):
        told = run("leads", "sync", *words)
        assert told.code == 2
        assert says in told.err
    assert not marketo.arrivals


def test_without_credentials(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Without a Marketo to talk to, every write says so and leaves nothing behind; --sandbox has one of its own."""
    path = write_csv(tmp_path / "p.csv", [{"id": "1"}])
    for words in (("leads", "delete"), ("lists", "add", 1001), ("members", "remove", 1001)):
        told = run(*words, path)
        assert (told.code, told.out) == (2, "")
        assert "no Marketo to talk to: MARKETO_BASE_URL" in told.err
    assert [file.name for file in tmp_path.iterdir()] == ["p.csv"]
    told = run("leads", "delete", path, "--sandbox", "--latency", 0, "--sandbox-programs", 1)
    assert told.code == 0
    assert told.err.startswith("The sandbox: made-up data, gone when this command ends.\n1 record in ")


def test_a_disk_that_is_full(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Results that cannot be written end the run with 11: nothing is sent on in the dark."""
    path = write_csv(tmp_path / "p.csv", PEOPLE[:1])
    told = run("leads", "sync", path, "--results", "/dev/full")
    assert told.code == 11
    assert "No space left on device" in told.err
    assert not sent(marketo)


def test_a_journal_that_cannot_be_written(
    run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be set down beforehand is not sent."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    told = run("leads", "sync", write_csv(tmp_path / "p.csv", PEOPLE[:1]), "--action", "createDuplicate")
    assert told.code == 11
    assert "the journal of" in told.err
    assert not sent(marketo)


def test_an_error_in_a_pipe(run: Callable[..., Ran], marketo: Sandbox, tmp_path: Path) -> None:
    """Results that went to standard output cannot be gone on with, and nobody says so; stdin cannot be read twice."""
    marketo.faults.add(Fault.error(607), path=LEADS, method="POST", calls=range(2, 9))
    told = run("leads", "sync", write_csv(tmp_path / "p.csv", PEOPLE[:2]), "--batch-size", 1, "--results", "-")
    assert told.code == 7
    assert told.err.splitlines()[0] == "The results of 1 record are in standard output."
