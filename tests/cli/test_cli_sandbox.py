from __future__ import annotations

import shlex
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from cli_caller import command, environment, ran

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_caller import Ran


def test_serves_until_ctrl_c() -> None:
    """It prints what to copy, other commands then work with it, and Ctrl-C ends it cleanly."""
    words = ("--port", "0", "--programs", "300", "--leads", "5", "--latency", "0", "--client-secret", "a b'c")
    server = subprocess.Popen(
        command("sandbox", *words), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(3)]
    try:
        access = dict(shlex.split(line)[1].split("=", 1) for line in lines)
        told = ran("export", "programs", "--quiet", **access)
    finally:
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=10)
    assert access["MARKETO_BASE_URL"].startswith("http://127.0.0.1:")
    assert access["MARKETO_CLIENT_SECRET"] == "a b'c"
    assert (told.code, len(told.rows), told.err) == (0, 300, "")
    assert (server.returncode, out) == (0, "")
    first, *_, last = err.splitlines()
    assert first.startswith("A Marketo of made-up data at http://127.0.0.1:")
    assert last.endswith(" calls, 0 refused")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--port", 65536], "--port is 0 to 65535"),
        (["--token-life", 0], "--token-life is more than 0"),
        (["--leads=-1"], "0 or more programs and leads"),
        (["--programs", 1, "--host", "192.0.2.1"], "cannot listen on 192.0.2.1 port 8080"),
    ],
)
def test_refused(run: Callable[..., Ran], words: list[object], says: str) -> None:
    """What cannot be served is refused with the reason."""
    told = run("sandbox", *words)
    assert (told.code, told.out) == (2, "")
    assert says in told.err


def test_port_in_use(run: Callable[..., Ran]) -> None:
    """A port that is taken is named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run("sandbox", "--programs", 1, "--leads", 0, "--port", port)
    assert told.code == 2
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in told.err


@pytest.mark.parametrize(
    ("host", "url", "reachable"),
    [
        ("127.0.0.1", "http://127.0.0.1:80", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://0.0.0.0:80", "http://127.0.0.1:80"),  # noqa: S104 - nothing listens
        ("::", "http://[::]:80", "http://[::1]:80"),
        ("::1", "http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_address_to_copy(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, *, host: str, url: str, reachable: str
) -> None:
    """The address to copy is one that a client on this machine can use, whatever is listened on."""

    def serve(sandbox: object, host: str, port: int, *, ready: Callable[[str], None]) -> None:
        ready(url)

    monkeypatch.setattr("marketo_async.sandbox.server.serve", serve)
    told = run("sandbox", "--host", host, "--programs", 1, "--leads", 0, "--no-limits")
    assert f"export MARKETO_BASE_URL={shlex.quote(reachable)}\n" in told.out
    assert ", no limits." in told.err
    assert run("sandbox", "--programs", 1, "--quiet").err == ""
