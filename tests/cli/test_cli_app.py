from __future__ import annotations

import json
import sys
import threading
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest
from cli_caller import SECRET, command, environment, ran

import marketo_async.cli.commands.programs
from marketo_async.cli import main, saying
from marketo_async.cli.exit_codes import ExitCode
from marketo_async.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_caller import Ran

    from marketo_async.sandbox import Sandbox


def test_version_and_help(run: Callable[..., Ran]) -> None:
    """`--version` says which; every command explains itself and its options."""
    assert run("--version").out == f"marketo-async {version('marketo-async')}\n"
    assert "Usage: marketo-async" in run().out
    for words in (
        ["export"], ["export", "programs"], ["programs", "get"], ["programs", "list"], ["leads", "find"],
        *(["leads", word] for word in ("get", "describe", "sync", "delete")),
        *(["lists", word] for word in ("list", "get", "leads", "ismember", "add", "remove")),
        *(["members", word] for word in ("describe", "find", "status", "set", "remove")),
        ["limits", "watch"], ["usage"], ["check"], ["sandbox"],
    ):  # fmt: skip
        told = run(*words, "--help")
        assert (told.code, told.err) == (0, "")
        assert "Usage: marketo-async " + " ".join(words) in told.out
        assert "Exit code" not in told.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["exprot"], "Try: marketo-async --help"),
        (["export", "progams"], 'Did you mean "programs"?'),
        (["programs", "get"], "requires an argument"),
    ],
)
def test_mistyped(run: Callable[..., Ran], words: list[str], says: str) -> None:
    """A mistyped command ends with 2 and one line that helps."""
    told = run(*words)
    assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
    assert says in told.err


def test_a_bug_is_one_line(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected is one line, too, and shows its traceback only when asked to."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(marketo_async.cli.commands.programs, "connected", broken)
    told = run("programs", "get", 1)
    assert told.code == 1
    assert told.err == "error: unexpected ZeroDivisionError: oh (--debug shows where)\n"
    assert "Traceback" in run("programs", "get", 1, "--debug").err
    monkeypatch.setenv("MARKETO_ASYNC_DEBUG", "1")
    assert "Traceback" in run("programs", "get", 1).err
    monkeypatch.setenv("MARKETO_ASYNC_DEBUG", "0")
    assert "Traceback" not in run("programs", "get", 1).err


def test_debug_shows_no_secret(run: Callable[..., Ran], marketo: Sandbox) -> None:
    """--debug logs every call and shows tracebacks, and neither of them a secret or a token (P15)."""
    marketo.faults.add(Fault.error(709), path="/rest/asset/*")
    told = run("programs", "get", 1010, "--debug")
    assert "GET /rest/asset/v1/program/{id}.json -> 709" in told.err
    assert "Traceback" in told.err
    token = marketo.instance.tokens.issue(marketo.client_id, marketo.client_secret)
    assert token is not None
    for secret in (SECRET, token[0].text):
        assert secret not in told.out + told.err


def test_beside_the_main_thread(run: Callable[..., Ran]) -> None:
    """Where signals are not ours to take, in a thread of somebody's program, commands work all the same."""
    told: list[Ran] = []
    words = ("programs", "list", "--sandbox", "--sandbox-programs", 7, "--latency", 0)
    thread = threading.Thread(target=lambda: told.append(run(*words)))
    thread.start()
    thread.join()
    assert len(told[0].rows) == 7


def test_help_is_quick() -> None:
    """`--help` loads neither the network nor the sandbox nor pyarrow."""
    script = (
        "import sys; from marketo_async.cli import main; main(['leads', 'sync', '--help']); "
        "code = main(['export', 'programs', '--help']); "
        "sys.stderr.write(' '.join(sorted({name.partition('.')[0] for name in sys.modules}) + "
        "[name for name in sys.modules if name.startswith('marketo_async.sandbox')])); sys.exit(code)"
    )
    told = _python("-c", script)
    assert told.code == 0
    loaded = set(told.err.split())
    assert "cyclopts" in loaded
    assert not loaded & {"httpx", "httpcore", "cattrs", "starlette", "uvicorn", "pyarrow", "marketo_async.sandbox"}


@pytest.mark.parametrize(
    ("missing", "words", "says"),
    [
        ("cyclopts", ["--version"], "pip install 'marketo-async[cli]'"),
        ("rich", ["--help"], "pip install 'marketo-async[cli]'"),
        ("starlette", ["export", "programs", "--sandbox"], "pip install 'marketo-async[cli,sandbox]'"),
        ("uvicorn", ["sandbox", "--programs", "1"], "pip install 'marketo-async[cli,sandbox]'"),
    ],
)
def test_missing_extra(missing: str, words: list[str], says: str) -> None:
    """Without an extra the program says which one to install, with exit code 2 and no traceback."""
    script = (
        f"import sys; sys.modules[{missing!r}] = None; from marketo_async.cli import main; sys.exit(main({words!r}))"
    )
    told = _python("-c", script)
    assert (told.code, told.out) == (2, "")
    assert f"{missing} is not installed: {says}" in told.err
    assert told.err.count("\n") == 1


def test_other_missing_modules_are_bugs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is missing for another reason is not blamed on an extra."""
    monkeypatch.setitem(sys.modules, "marketo_async.cli.app", None)
    with pytest.raises(ModuleNotFoundError):
        main([])


def test_reader_went_away() -> None:
    """`... | head` ends quietly."""
    script = f"{' '.join(command('export', 'programs', '--sandbox', '--latency', '0'))} -q | head -n 1 >/dev/null"
    told = _shell(f'set -o pipefail; {script}; exit "${{PIPESTATUS[0]}}"')
    assert (told.code, told.err) == (141, "")


def test_closed_standard_streams(tmp_path: Path) -> None:
    """Without standard streams, as under some services, a command does its work, and no file takes their place."""
    file = tmp_path / "p.jsonl"
    words = command("export", "programs", "--sandbox", "--sandbox-programs", "99", "--latency", "0", "--out", str(file))
    told = _shell(f"{' '.join(words)} <&- >&- 2>&-")
    assert (told.code, told.out, told.err) == (0, "", "")
    assert [json.loads(line)["id"] > 0 for line in file.read_text("utf-8").splitlines()] == [True] * 99


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_full_standard_output() -> None:
    """A full disk behind standard output is told once, small as the output may be."""
    words = command("programs", "get", "1010", "--sandbox", "--sandbox-programs", "99", "--latency", "0")
    told = _shell(f"{' '.join(words)} > /dev/full")
    assert told.code == ExitCode.OUTPUT
    assert told.err == "error: standard output cannot be written: No space left on device\n"


def test_numbers_for_people() -> None:
    """Sizes and times are said as people say them."""
    assert [saying.size(number) for number in (0, 999, 1000, 123_456, 6_592_162, 5e9)] == [
        "0 bytes", "999 bytes", "1.0 KB", "123 KB", "6.6 MB", "5.0 GB",
    ]  # fmt: skip
    assert [saying.span(seconds) for seconds in (3.44, 42, 125, 12_000)] == ["3.4 s", "42 s", "2 min 5 s", "3 h 20 min"]
    assert [saying.count(number, "call") for number in (0, 1, 2000)] == ["0 calls", "1 call", "2,000 calls"]


def _python(*words: str) -> Ran:
    return ran(*words, program=[sys.executable])


def _shell(script: str) -> Ran:
    return ran("-c", script, program=["bash"])


def test_environment_has_no_credentials() -> None:
    """The processes of these tests never see credentials of this machine."""
    assert not [name for name in environment() if name.startswith("MARKETO_")]
