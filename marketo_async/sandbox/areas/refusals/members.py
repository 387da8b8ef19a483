"""Who is on static lists and in programs."""

from __future__ import annotations

from marketo_async.sandbox.exchange import Refusal


def not_in_list() -> Refusal:
    """The record's lead is not on the list from which it is to be taken (*seen*)."""
    return Refusal("1015", "Lead not in list")


def not_in_program() -> Refusal:
    """The record's lead is not in the program (*seen*)."""
    return Refusal("1037", "Lead not in program")


def membership_not_found() -> Refusal:
    """The record's lead has no membership to be changed (*seen*)."""
    return Refusal("1013", "Membership not found")


def already_past() -> Refusal:
    """The record's lead has the status, or a later one (*seen*)."""
    return Refusal("1037", "Lead skipped because it is already in or past this status")


def static_list_not_found() -> Refusal:
    """The Asset API knows no such static list (*seen*)."""
    return Refusal("702", "Static List not found or it has been deleted")


def list_not_found() -> Refusal:
    """The lead database knows no such static list (code *seen*)."""
    return Refusal("1013", "List not found")


def no_such_program() -> Refusal:
    """There is no program whose members could be read or written (code *seen*)."""
    return Refusal("1013", "Program not found")


def status_not_found() -> Refusal:
    """The channel of the program has no such status (*seen*)."""
    return Refusal("1025", "Program status not found")


def too_many_members(size: int, limit: int) -> Refusal:
    """A program has more members than can be searched (*seen*)."""
    return Refusal("1003", f"Total membership size: {size:,} exceeds the limit allowed {limit:,} for the filter")


def too_many_matching_members(size: int, limit: int) -> Refusal:
    """More members match than can be searched (*seen*)."""
    return Refusal("1003", f"Matching membership size: {size:,} exceeds the limit allowed ({limit:,}) for this api")
