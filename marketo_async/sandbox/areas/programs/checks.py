"""What must hold before a program is written, in Marketo's order: place, channel, tags, name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.areas import refusals
from marketo_async.sandbox.areas.channels.state import Channels
from marketo_async.sandbox.areas.folders import tree
from marketo_async.sandbox.areas.folders.state import MARKETING
from marketo_async.sandbox.areas.programs.record import Program, Tag
from marketo_async.sandbox.areas.programs.state import Programs
from marketo_async.sandbox.areas.tags.state import TagTypes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketo_async.sandbox.areas.folders.tree import Node
    from marketo_async.sandbox.areas.programs.kinds import Kind
    from marketo_async.sandbox.areas.references import FolderRef
    from marketo_async.sandbox.exchange import Request
    from marketo_async.sandbox.instance import Instance


def existing_parent(request: Request, ref: FolderRef) -> Node:
    """Return the folder or program in which a program is to stand.

    Raises:
        Refusal: 710 where there is none.
    """
    found = tree.visible_node(request.instance, ref, request.user)
    if found is None:
        raise refusals.parent_not_found()
    return found


def check_place(kind: Kind, parent: Node) -> None:
    """Refuse a program outside Marketing Activities, directly at its root, or inside a program that holds no such type.

    Raises:
        Refusal: 711.
    """
    if isinstance(parent, Program):
        allowed = kind.applicable in parent.kind.holds
    else:
        allowed = parent.root == MARKETING and parent.parent is not None
    if not allowed:
        raise refusals.wrong_folder("program")


def check_channel(instance: Instance, kind: Kind, name: str) -> None:
    """Refuse a channel that does not exist or is for another type of programs.

    Raises:
        Refusal: 709.
    """
    channel = instance.state(Channels).get(name)
    if channel is None:
        raise refusals.channel_not_found(name)
    if channel.applicable != kind.applicable:
        raise refusals.wrong_channel(name, kind.name)


def check_tags(instance: Instance, kind: Kind, tags: Iterable[Tag]) -> None:
    """Refuse tags that are unknown, have values that are not allowed, or lack one that the type requires.

    Raises:
        Refusal: 709.
    """
    carried: set[str] = set()
    for tag in tags:
        check_tag(instance, kind, tag)
        carried.add(tag.tag_type)
    for name in instance.state(TagTypes).required_for(kind.applicable):
        if name not in carried:
            raise refusals.tag_required(name)


def check_tag(instance: Instance, kind: Kind, tag: Tag) -> None:
    """Refuse a tag whose type is unknown or for other programs, or whose value is not allowed.

    Raises:
        Refusal: 709.
    """
    tag_type = instance.state(TagTypes).get(tag.tag_type)
    if tag_type is None:
        raise refusals.tag_type_not_found(tag.tag_type)
    if kind.applicable not in tag_type.applicable:
        raise refusals.wrong_tag_type(tag.tag_type, kind.name)
    if tag.tag_value not in tag_type.values:
        raise refusals.tag_value_not_allowed(tag.tag_type, tag.tag_value)


def check_name_free_beside(instance: Instance, name: str, parent: FolderRef, but: Program | None = None) -> None:
    """Refuse a name that another program in the same place has, whatever its case.

    Raises:
        Refusal: 709.
    """
    if any(other is not but and other.parent == parent for other in instance.state(Programs).named(name)):
        raise refusals.name_taken("Program")


def check_name_free_everywhere(instance: Instance, name: str) -> None:
    """Refuse a name that any program of the instance has, whatever its case.

    Raises:
        Refusal: 709.
    """
    if instance.state(Programs).named(name):
        raise refusals.name_taken("Program")
