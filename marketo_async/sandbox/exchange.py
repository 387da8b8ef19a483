"""One request and one answer inside the sandbox: what every area reads and returns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from marketo_async.sandbox.instance import Instance

NO_ASSETS = "No assets found for the given search criteria."
"""The warning with which the Asset API says that nothing was found."""

Permission = Literal[
    "Read-Only Assets",
    "Read-Write Assets",
    "Read-Only Lead",
    "Read-Write Lead",
    "Read-Only Activity",
    "Read-Write Schema Custom Field",
    "Read-Write Schema Standard Field or Read-Write Schema Custom Field",
    "none",
]
"""What the API user's role must grant; "none" where any token will do. Read-Write implies Read-Only."""


class Refusal(Exception):  # noqa: N818 - a refusal is Marketo's answer, not a failure of the sandbox
    """Ends a request with `success: false`; raise it anywhere in an area."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@attrs.frozen
class Parameters:
    """Query or form parameters as they arrived: names may repeat, order is kept."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """Return the first value of `name`, or None where it was not sent."""
        return next((value for key, value in self.pairs if key == name), None)

    def all(self, name: str) -> list[str]:
        """Return every value of `name`: repeated, comma-separated or both, blanks around commas dropped."""
        return [part.strip() for key, value in self.pairs if key == name for part in value.split(",") if part.strip()]

    def __contains__(self, name: str) -> bool:
        """Tell whether `name` was sent at all, be it empty."""
        return any(key == name for key, _ in self.pairs)

    def over(self, other: Parameters) -> Parameters:
        """Return these parameters, followed by those of `other` that are not named here."""
        mine = {key for key, _ in self.pairs}
        return Parameters(self.pairs + tuple(pair for pair in other.pairs if pair[0] not in mine))


@attrs.frozen
class Request:
    """A request that was let in: routed, authorised, within the limits.

    Attributes:
        instance: The Marketo it came to.
        method: The verb after `_method=` was applied.
        path: The path without query.
        arguments: The path parameters, percent-decoded, as text.
        query: The query parameters (for a lead-database POST with `_method=GET`: those of the body).
        fields: Form fields over query parameters: Marketo takes the arguments of an asset POST in either place.
        json: The parsed JSON body; None where there was none.
        user: The login of the API user.
        arrived: When it came in, on the monotonic clock; what other calls did since then, it cannot have known.
    """

    instance: Instance
    method: str
    path: str
    arguments: Mapping[str, str]
    query: Parameters
    fields: Parameters
    json: object
    user: str
    arrived: float = math.inf


@attrs.frozen
class Answer:
    """A successful answer; the app wraps it in the envelope of the API family that the path belongs to.

    Attributes:
        result: The rows, as native JSON-ready values; None leaves the key out.
        warnings: The Asset API's warnings.
        next_page_token: The lead database's token of the next page; None leaves the key out.
        more_result: The lead database's `moreResult`; None leaves the key out.
    """

    result: Sequence[object] | None
    warnings: Sequence[str] = ()
    next_page_token: str | None = None
    more_result: bool | None = None


def rows_or_nothing(rows: Iterable[object]) -> Answer:
    """Answer an asset search: the rows, or the warning and no `result` key where there are none."""
    found = list(rows)
    return Answer(found) if found else Answer(None, warnings=(NO_ASSETS,))


@attrs.frozen
class Route:
    """One operation of the sandbox.

    Attributes:
        method: The verb.
        template: The path with `{name}` for each path parameter, such as `/rest/asset/v1/program/{id}.json`.
        answer: The function that carries it out; it raises `Refusal` to say no.
        permission: What the role must grant.
    """

    method: str
    template: str
    answer: Callable[[Request], Answer]
    permission: Permission = "none"
