"""The sandbox behind real sockets."""

from __future__ import annotations

import asyncio
import socket
import sys

import httpx
import pytest
from sandbox_echo import GRANT, IDENTITY

from marketo_async.sandbox import Fault, Latency, Sandbox
from marketo_async.sandbox.server import served

USAGE = "/rest/v1/stats/usage.json"


def empty(**arguments: object) -> Sandbox:
    return Sandbox(programs=0, client_id="id", client_secret="secret", **arguments)  # type: ignore[arg-type]


async def log_in(client: httpx.AsyncClient) -> None:
    token = (await client.get(IDENTITY, params=GRANT)).json()["access_token"]
    client.headers["authorization"] = f"Bearer {token}"


async def test_calls_over_a_socket() -> None:
    """A client logs in and calls over HTTP; headers are the sandbox's own, once each."""
    sandbox = empty()
    async with served(sandbox) as url, httpx.AsyncClient(base_url=url) as client:
        await log_in(client)
        reply = await client.get(USAGE)
        assert reply.json()["result"][0]["total"] == 1
        assert (reply.headers.get_list("server"), len(reply.headers.get_list("date"))) == (["nginx"], 1)
        assert len(sandbox.arrivals) == 2


async def test_long_uris_reach_the_sandbox() -> None:
    """414 is the sandbox's answer, not a limit of the server below it."""
    async with served(empty()) as url, httpx.AsyncClient(base_url=url) as client:
        await log_in(client)
        assert (await client.get(USAGE, params={"q": "x" * 9000})).status_code == 414
        assert (await client.get("/rest/asset/v1/nowhere.json", params={"q": "x" * 65_000})).status_code == 200
        assert (await client.get("/rest/asset/v1/nowhere.json", params={"q": "x" * 65_530})).status_code == 414


async def test_a_uri_in_pieces_reaches_the_sandbox() -> None:
    """A URI of more than 64 KB is the sandbox's 414, however it comes in."""
    async with served(empty()) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        reading, writing = await asyncio.open_connection(host, int(port))
        for piece in (b"GET /rest/asset/v1/nowhere.json?q=", *[b"x" * 10_000] * 10, b" HTTP/1.1\r\nhost: x\r\n\r\n"):
            writing.write(piece)
            await writing.drain()
            for _ in range(20):
                await asyncio.sleep(0)
        assert (await reading.readline()).split()[1] == b"414"
        writing.close()
        await writing.wait_closed()


async def test_large_bodies_are_413() -> None:
    """More than 1 MB is refused over a socket as well."""
    async with served(empty()) as url, httpx.AsyncClient(base_url=url) as client:
        await log_in(client)
        assert (await client.post(USAGE, content=b"x" * 2_000_000)).status_code == 413


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.dropped(), "disconnected without sending a response"),
        (Fault.dropped(after_work=True), "disconnected without sending a response"),
        (Fault.cut_short(), "without sending complete message body"),
    ],
)
async def test_a_dropped_connection_is_a_closed_socket(
    fault: Fault, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The socket is really closed, before the answer or in it; nothing complains, and the next call works."""
    sandbox = empty()
    async with served(sandbox) as url, httpx.AsyncClient(base_url=url) as client:
        await log_in(client)
        sandbox.faults.add(fault, times=1)
        with pytest.raises(httpx.RemoteProtocolError, match=words):
            await client.get(USAGE)
        assert (await client.get(USAGE)).status_code == 200
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_a_mistake_is_611_and_does_not_stop_the_server(caplog: pytest.LogCaptureFixture) -> None:
    """Behind a server a mistake in the sandbox is logged and answered like Marketo's system error."""
    sandbox = empty()
    sandbox.instance.counters.calls = None  # type: ignore[assignment, method-assign]
    async with served(sandbox) as url, httpx.AsyncClient(base_url=url) as client:
        await log_in(client)
        assert (await client.get(USAGE)).json()["errors"] == [{"code": "611", "message": "System error"}]
        assert (await client.get("/rest/v1/stats/errors.json")).json()["success"] is True
    assert "A mistake in the sandbox: GET /rest/v1/stats/usage.json" in caplog.text


async def test_the_port_is_free_after_serving() -> None:
    """Leaving the context closes the port, with idle connections still open."""
    async with httpx.AsyncClient() as client:
        async with served(empty()) as url:
            assert (await client.get(url + IDENTITY)).status_code == 401
            port = int(url.rpartition(":")[2])
        with socket.create_server(("127.0.0.1", port)):
            pass


async def test_a_taken_port_is_an_oserror() -> None:
    """A port that somebody else listens on is said plainly."""
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with served(empty(), port=taken.getsockname()[1]):
            pass


async def test_leaving_does_not_wait_for_slow_calls() -> None:
    """A call that is worked on for minutes is dropped when the server leaves."""
    async with httpx.AsyncClient(timeout=30) as client:
        sandbox = empty(latency=Latency.fixed(600.0))
        async with served(sandbox) as url:
            slow = asyncio.create_task(client.get(url + IDENTITY))
            while len(sandbox.arrivals) == 0:  # noqa: ASYNC110 - there is no event to wait for across the socket
                await asyncio.sleep(0)
        with pytest.raises(httpx.RemoteProtocolError):
            await slow


SERVING = """
from marketo_async.sandbox import Sandbox
from marketo_async.sandbox.server import serve
serve(Sandbox(programs=0), port=0, ready=lambda url: print(url, flush=True))
print("left", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send to a child")
@pytest.mark.parametrize("number", [2, 15])
async def test_ctrl_c_and_sigterm_end_the_serving_cleanly(number: int) -> None:
    """`serve` returns after Ctrl-C or SIGTERM; the process ends with 0 and without complaint."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVING, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient() as client:
        assert (await client.get(url + IDENTITY)).status_code == 401
    process.send_signal(number)
    out, complaints = await process.communicate()
    assert (process.returncode, out.strip(), complaints) == (0, b"left", b"")
