"""The families of Marketo's API: what may be sent to each, and how much."""

from __future__ import annotations

from typing import Literal

import attrs

KILOBYTE = 1024


@attrs.frozen
class Family:
    """What the paths with one beginning have in common.

    Attributes:
        prefix: How the paths begin.
        bodies: What a POST carries: a form, with the query's parameters as good as its own; or JSON.
        longest_uri: Bytes of path and query; more is HTTP 414.
        overrides_method: Whether a POST may say `_method=GET` or `_method=DELETE`.
        envelope: Whose members the envelope has.
        largest_body: Bytes; more is HTTP 413.
    """

    prefix: str
    bodies: Literal["form", "json"]
    longest_uri: int
    overrides_method: bool
    envelope: Literal["asset", "lead database"]
    largest_body: int = KILOBYTE * KILOBYTE


ASSET = Family("/rest/asset/v1/", "form", 64 * KILOBYTE, overrides_method=False, envelope="asset")
ASSET_V2 = Family("/rest/asset/v2/", "json", 64 * KILOBYTE, overrides_method=False, envelope="asset")
LEAD_DATABASE = Family("/", "json", 8 * KILOBYTE, overrides_method=True, envelope="lead database")


def family_of(path: str) -> Family:
    """Return the family that a path belongs to; what belongs to no other goes to the lead database's gateway."""
    return next((family for family in (ASSET, ASSET_V2) if path.startswith(family.prefix)), LEAD_DATABASE)
