"""What every test may ask for: a clock that jumps."""

from __future__ import annotations

import asyncio
import signal
import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from pytest_asyncio import plugin
from virtual_time import VirtualTimeLoop

if TYPE_CHECKING:
    from collections.abc import Callable


# Laws that say nothing else are tried on that many examples; the coverage session asks for the thorough profile.
settings.register_profile("quick", max_examples=40)
settings.register_profile("thorough", max_examples=100)
settings.load_profile("quick")


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker that `--strict-markers` asks for, and let what tests start hear Ctrl-C."""
    config.addinivalue_line("markers", "virtual_time: run the test on an event loop whose clock jumps")
    # Whoever starts the tests in the background has them, and all their children, ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)


if hasattr(plugin, "PytestAsyncioSpecs"):

    def pytest_asyncio_loop_factories(
        config: pytest.Config, item: pytest.Item
    ) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
        """Choose the loop of each test."""
        if item.get_closest_marker("virtual_time"):
            return {"virtual": VirtualTimeLoop}
        return {"real": asyncio.new_event_loop}

else:  # pytest-asyncio before it had that hook

    @pytest.fixture
    def event_loop_policy(request: pytest.FixtureRequest) -> object:
        """Choose the loop of each test, by its policy."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # policies are deprecated from Python 3.14 on

            class VirtualTimePolicy(asyncio.DefaultEventLoopPolicy):
                def new_event_loop(self) -> asyncio.AbstractEventLoop:
                    return VirtualTimeLoop()

            virtual = request.node.get_closest_marker("virtual_time")
            return VirtualTimePolicy() if virtual else asyncio.DefaultEventLoopPolicy()
