"""The same behaviour on the sandbox and, where `-m live` and credentials are given, on a real instance; reads only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from marketo_async import Limits, MarketoClient, NotFoundError
from marketo_async.testing import sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

VARIABLES = ("MARKETO_BASE_URL", "MARKETO_CLIENT_ID", "MARKETO_CLIENT_SECRET")
MISSING = [name for name in VARIABLES if not os.environ.get(name)]


@pytest_asyncio.fixture(params=["sandbox", pytest.param("live", marks=pytest.mark.live)])
async def marketo(request: pytest.FixtureRequest) -> AsyncIterator[MarketoClient]:
    if request.param == "sandbox":
        async with sandbox(programs=450) as (client, _):
            yield client
    elif MISSING:
        pytest.skip(f"{', '.join(MISSING)} not set")
    else:
        async with MarketoClient.from_env(limits=Limits.shared()) as client:
            yield client


async def test_a_listing_gives_every_program_once(marketo: MarketoClient) -> None:
    """Two page sizes give the same programs, each once."""
    large = [program.id async for program in marketo.programs.browse()]
    small = [program.id async for program in marketo.programs.browse(page_size=100)]
    assert len(set(large)) == len(large)
    assert set(large) == set(small)


async def test_a_program_reads_alike_by_id_and_by_name(marketo: MarketoClient) -> None:
    """A program of the listing is found by its id and by its name."""
    some = await marketo.programs.browse(page_size=1).first()
    assert some is not None
    assert (await marketo.programs.get(some.id)).name == some.name
    assert some.id in [program.id async for program in marketo.programs.find_all_by_name(some.name)]


async def test_what_is_not_there(marketo: MarketoClient) -> None:
    """An unknown id is NotFoundError, an unknown name None."""
    with pytest.raises(NotFoundError):
        await marketo.programs.get(2_000_000_000)
    assert await marketo.programs.find_by_name("no program has this name: 9f3c") is None


async def test_the_small_listings(marketo: MarketoClient) -> None:
    """Channels, tag types and folders read, and usage counts these calls."""
    assert [channel async for channel in marketo.channels.browse()]
    assert [tag async for tag in marketo.tags.browse()]
    assert await marketo.folders.find_by_name("Marketing Activities")
    assert (await marketo.usage.daily()).total >= 0
