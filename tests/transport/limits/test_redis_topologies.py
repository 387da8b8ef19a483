"""Redis as it is run: with a replica, behind Sentinel, as a cluster of one node, and over clients of the user's."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import pytest
from patience import until
from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster
from redis.asyncio.sentinel import Sentinel
from redis.exceptions import RedisError
from redis_workers import Workers, take, worker
from valkey_server import ValkeyServer, valkey

from marketo_async.errors import ArgumentError
from marketo_async.transport.limits import Limits
from marketo_async.transport.limits.redis_limiter import RedisLimiter, fleet_stats

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["valkey", "worker"]

QUICK = Limits(max_calls=50, window=0.5, window_margin=0.01)


def free_port() -> int:
    """Return a port that nobody has."""
    with contextlib.closing(socket.socket()) as ours:
        ours.bind(("127.0.0.1", 0))
        port: int = ours.getsockname()[1]
    return port


async def follows(replica: Redis) -> bool:
    """Tell whether a server has a master, and its data."""
    link: str = (await replica.info("replication"))["master_link_status"]
    return link == "up"


async def test_what_a_failover_lost_is_told_again(worker: Workers, tmp_path: Path) -> None:
    """A replica that takes over without the last calls hears of them before it grants any; the day's count is right."""
    port, link = free_port(), tmp_path / "s"
    limits = Limits(max_calls=20, window=20.0, daily_budget=1000)
    with (
        ValkeyServer(port=str(port), repl_diskless_sync_delay="0") as master,
        ValkeyServer(replicaof=f"127.0.0.1 {port}") as replica,
    ):
        link.symlink_to(master.url.removeprefix("unix://"))
        given = {"limits": limits, "redis": f"unix://{link}"}
        async with Redis.from_url(replica.url) as to_be_master, worker(**given) as first, worker(**given) as second:
            await take(first, 3)
            await take(second, 3)
            await until(lambda: follows(to_be_master))
            await to_be_master.replicaof("NO", "ONE")
            await take(first, 6)
            out = await second.acquire()
            master.kill()
            link.unlink()
            link.symlink_to(replica.url.removeprefix("unix://"))
            await second.refresh()
            assert second.stats().in_use >= 13  # what the other one has is supposed until it has spoken
            await first.refresh()
            stats = await first.fleet_stats()
            assert (stats.calls_today, stats.in_flight) == (13, 1)
            assert stats.in_use >= 13
            out.answered()


async def test_a_master_behind_sentinel(worker: Workers, tmp_path: Path) -> None:
    """`Sentinel(...).master_for(...)` is a client like others."""
    port, looks = free_port(), free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {looks}\ndir {tmp_path}\nsentinel monitor one 127.0.0.1 {port} 1\n")
    with ValkeyServer(port=str(port)), ValkeyServer.sentinel(config):
        sentinel = Sentinel([("127.0.0.1", looks)])  # type: ignore[no-untyped-call]
        async with Redis(port=looks) as ours:

            async def it_is_there() -> bool:
                with contextlib.suppress(RedisError):
                    await ours.ping()
                    return True
                return False

            await until(it_is_there)
        async with sentinel.master_for("one") as redis, worker(redis=redis) as first, worker(redis=redis) as second:
            await asyncio.gather(take(first, 3), take(second, 3))
            assert (await first.fleet_stats()).in_use == 6
        for each in sentinel.sentinels:
            await each.aclose()


async def test_a_cluster_of_one_node(worker: Workers) -> None:
    """A cluster whose one node has all slots serves a client of that node."""
    with ValkeyServer(cluster_enabled="yes", cluster_require_full_coverage="no") as node:
        async with Redis.from_url(node.url) as redis:
            await redis.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)  # type: ignore[no-untyped-call]

            async def is_whole() -> bool:
                cluster: dict[str, str] = await redis.execute_command("CLUSTER INFO")  # type: ignore[no-untyped-call]
                return cluster["cluster_state"] == "ok"

            await until(is_whole)
            async with worker(redis=redis, on_unavailable="local") as first, worker(redis=node.url) as second:
                await asyncio.gather(take(first, 5), take(second, 5))
                assert (await second.fleet_stats()).in_use == 10


@pytest.mark.parametrize(
    "client",
    [
        lambda url: Redis.from_url(url, max_connections=2),
        lambda url: Redis.from_url(url, single_connection_client=True, protocol=3),
        lambda url: Redis.from_url(url, health_check_interval=0.05, decode_responses=True),
        lambda url: Redis.from_pool(BlockingConnectionPool.from_url(url, max_connections=2, timeout=5)),
    ],
    ids=["two connections", "one for commands", "health checks", "a pool that blocks"],
)
async def test_a_client_with_few_connections(
    worker: Workers, valkey: ValkeyServer, client: Callable[[str], Redis]
) -> None:
    """Two connections do, however many call at once and break off: no call is turned away for want of one."""
    async with client(valkey.url) as redis, worker(redis=redis, patience=5.0) as limiter:
        for _ in range(4):
            callers = [asyncio.create_task(limiter.acquire(lane)) for lane in ("interactive", "bulk") * 4]
            await asyncio.sleep(0)
            for caller in callers[::3]:
                caller.cancel()
            for lease in await asyncio.gather(*callers, return_exceptions=True):
                if not isinstance(lease, BaseException):
                    lease.unsent()
                else:
                    assert isinstance(lease, asyncio.CancelledError)
        await limiter.refresh()
        assert limiter.stats().in_use == 0


def test_a_client_that_cannot_do_is_refused() -> None:
    """A client with one connection, which listening takes, or of a cluster, is an ArgumentError that says what does."""
    one = Redis(max_connections=1)
    with pytest.raises(ArgumentError, match=r"max_connections=1.*2 or more"):
        RedisLimiter(redis=one, instance="x")
    with pytest.raises(ArgumentError, match=r"RedisCluster.*a redis\.asyncio\.Redis of a server of its own"):
        RedisLimiter(redis=RedisCluster(host="localhost", port=1), instance="x")  # type: ignore[arg-type]


async def test_fleet_stats_does_not_wait_as_long_as_a_client_would(worker: Workers) -> None:
    """A Redis that hangs, and a client without a time-out: `fleet_stats()` and `refresh()` end after `patience`."""
    with ValkeyServer() as hanging:
        async with Redis.from_url(hanging.url, socket_timeout=None) as redis:
            limiter = worker(redis=redis, patience=0.1)
            await take(limiter, 1)
            hanging.pause()
            async with asyncio.timeout(5):
                with pytest.raises(RedisError, match="in time"):
                    await limiter.fleet_stats()
                with pytest.raises(RedisError, match="in time"):
                    await fleet_stats(redis, instance="x", patience=0.1)
                await limiter.refresh()
            hanging.resume()
            await limiter.aclose()
