"""Leads: found, written, merged."""

from __future__ import annotations

from marketo_async.sandbox.exchange import Refusal


def lead_not_found(lead_id: int) -> Refusal:
    """There is no such lead (*seen*)."""
    return Refusal("1004", f"Lead '{lead_id}' not found")


def bad_cookie(value: object) -> Refusal:
    """Not a Munchkin cookie (*seen*)."""
    return Refusal("1012", f"Invalid cookie value '{value}'")


def too_many_results() -> Refusal:
    """More than 1,000 leads match (*seen*)."""
    return Refusal("1003", "Too many results match the filter")


def not_found() -> Refusal:
    """The record's lead does not exist (*seen*)."""
    return Refusal("1004", "Lead not found")


def already_exists() -> Refusal:
    """The record's lead exists, and was only to be created (*seen*)."""
    return Refusal("1005", "Lead already exists")


def several_match() -> Refusal:
    """Several leads hold the record's lookup value (*seen*)."""
    return Refusal("1007", "Multiple lead match lookup criteria")


def no_lookup_value(field: str) -> Refusal:
    """The record lacks the field by which leads are looked up (*seen*)."""
    return Refusal("1003", f"Value for lookup field '{field}' not found")


def company_not_updateable() -> Refusal:
    """Fields of the company cannot be written by syncing leads (*seen*)."""
    return Refusal("1021", "Company update not allowed")


def partition_denied(name: str) -> Refusal:
    """There is no such partition, or not for this user (*seen*)."""
    return Refusal("1008", f"Access denied to partition '{name}'")


def partition_missing() -> Refusal:
    """The instance wants to be told the partition (*seen*)."""
    return Refusal("1009", "Partition name must be specified")


def partition_fixed() -> Refusal:
    """The lead lives in another partition, and must stay there (*seen*)."""
    return Refusal("1010", "Partition update not allowed")


def form_not_found() -> Refusal:
    """There is no such form (code *seen*)."""
    return Refusal("1013", "Form not found")


def form_invalid() -> Refusal:
    """What was filled in does not fit the form (*seen*)."""
    return Refusal("1003", "Form validation failed")


def merged_with_itself(lead_id: int) -> Refusal:
    """The winner of a merge is among its losers."""
    return Refusal("1003", f"Lead '{lead_id}' cannot be merged with itself")


def too_many_losers(limit: int) -> Refusal:
    """More leads than one merge takes (code *seen*)."""
    return Refusal("1080", f"Number of leads to merge exceeds the limit of {limit}")
