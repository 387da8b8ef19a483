"""What tests of the command line share: running a command in this process, and a sandbox that others can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from cli_caller import SECRET, VARIABLES, Ran, access, reachable

from marketo_async.cli import main
from marketo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "160")


@pytest.fixture(autouse=True)
def cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begin without the calls that another test made a moment ago; processes of the test share this folder."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process; words may be numbers and paths."""

    def ran(*words: object) -> Ran:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


class Shelf:
    """What the one server of all tests serves: the sandbox that a test has put there."""

    def __init__(self) -> None:
        self.put(Sandbox(0))

    def put(self, sandbox: Sandbox) -> None:
        """Serve this sandbox from now on."""
        self._app = sandbox.application(raise_bugs=False)

    def application(self, *, raise_bugs: bool) -> ASGIApp:
        """Return the application that passes everything on."""
        del raise_bugs

        async def passed_on(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app(scope, receive, send)

        return passed_on


@pytest.fixture(scope="session")
def shelf() -> Generator[tuple[Shelf, str], None, None]:
    """A server for all tests, and its address: to stop one takes a while."""
    served = Shelf()
    with reachable(cast("Sandbox", served)) as url:
        yield served, url


@pytest.fixture
def marketo(shelf: tuple[Shelf, str], monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A sandbox of 1,000 programs that the environment leads to; it limits nothing."""
    sandbox = Sandbox(1000, 20, limits=None, client_secret=SECRET)
    served, url = shelf
    served.put(sandbox)
    for name, value in access(sandbox, url).items():
        monkeypatch.setenv(name, value)
    return sandbox
