"""Fills a new instance with believable content: the same for the same seed, of any size."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketo_async.sandbox.areas.folders.state import Folders
from marketo_async.sandbox.seeding.crowd import Crowd
from marketo_async.sandbox.seeding.forms import seed_forms
from marketo_async.sandbox.seeding.leads import seed_leads
from marketo_async.sandbox.seeding.lists import seed_lists
from marketo_async.sandbox.seeding.members import seed_campaigns, seed_members
from marketo_async.sandbox.seeding.programs import seed_programs
from marketo_async.sandbox.seeding.vocabulary import WORKSPACES

if TYPE_CHECKING:
    from collections.abc import Generator

    from marketo_async.sandbox.instance import Instance


def seed(instance: Instance, *, programs: int, leads: int) -> None:
    """Add workspaces, folders, programs, forms and leads to an instance that has none yet.

    With leads come static lists, and memberships in programs, for some of them.

    Args:
        instance: The Marketo.
        programs: How many programs, 0 or more; 100,000 take one to two seconds.
        leads: How many leads, 0 or more.
    """
    folders = instance.state(Folders)
    for name, _, _ in WORKSPACES:
        if name and name not in folders.workspaces:
            folders.add_workspace(name)
    with _no_collection():
        seed_programs(instance, programs)
        seed_forms(instance)
        seed_leads(instance, leads)
        if leads:
            crowd = Crowd(instance)
            seed_lists(instance, crowd)
            seed_members(instance, crowd)
            seed_campaigns(instance, crowd)


@contextmanager
def _no_collection() -> Generator[None]:
    # Hundreds of thousands of new objects, none of them garbage: searching them again and again takes a quarter of
    # the time that making them takes.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
