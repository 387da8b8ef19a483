"""What a user's own tests lean on: the sandbox in one line, and the pytest fixture."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from marketo_async import Limits, ServerError
from marketo_async.sandbox import Fault
from marketo_async.testing import client_of, sandbox

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_client_on_a_sandbox_in_one_line() -> None:
    """A31: one line opens a Marketo with state and a client of it, without a socket."""
    async with sandbox(programs=30, leads=10) as (marketo, itself):
        programs = await marketo.programs.browse().collect()
        assert len(programs) == 30
        assert len(itself.arrivals.to("/rest/asset/v1/programs.json")) == 1
        lead = await marketo.leads.find("id", range(1, 2000)).first()
        assert lead is not None
        assert lead.email is not None
        assert "@" in lead.email


async def test_nothing_waits_unless_asked_to() -> None:
    """Users' tests must not wait: 300 calls and a failing one with all its retries take no real time to speak of."""
    async with sandbox(programs=300) as (marketo, itself):
        await marketo.programs.browse(page_size=1).collect()
        itself.faults.add(Fault.page(502))
        with pytest.raises(ServerError) as caught:
            await marketo.programs.get(1)
        assert caught.value.attempts == 6
        assert not marketo.limiter.stats().refusals


async def test_another_client_of_the_same_sandbox() -> None:
    """Two clients see one state; each may keep limits of its own."""
    async with sandbox(programs=3) as (first, itself), client_of(itself, limits=Limits()) as second:
        some = await first.programs.browse().first()
        assert some is not None
        await first.programs.update(some.id, name="Renamed by the first")
        assert (await second.programs.get(some.id)).name == "Renamed by the first"


def test_the_fixture_works_in_a_project_of_its_own(tmp_path: Path) -> None:
    """`pytest_plugins` gives `marketo_sandbox`, in pytest-asyncio's strict mode as well."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["marketo_async.testing.plugin"]\n')
    (tmp_path / "test_sync.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.asyncio\n"
        "async def test_sync(marketo_sandbox):\n"
        "    marketo, sandbox = marketo_sandbox\n"
        "    assert len(await marketo.programs.browse().collect()) == 500\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
