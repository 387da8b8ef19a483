"""One request as an immutable value: which operation, with what, and how it may be treated on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from marketo_async.wire.values import query_text, scalar_text, structured_text

if TYPE_CHECKING:
    from marketo_async.wire.values import WireValue

Api = Literal["asset", "lead_database", "bulk", "user_management", "identity"]
Lane = Literal["interactive", "bulk"]

_PREFIXES: tuple[tuple[str, Api], ...] = (
    ("/rest/asset/", "asset"),
    ("/rest/v1/", "lead_database"),
    ("/bulk/", "bulk"),
    ("/userservice/", "user_management"),
    ("/identity/", "identity"),
)

SERVER_LIMITS: dict[Api, float] = {
    "asset": 300.0,
    "lead_database": 30.0,
    "bulk": 60.0,
    "user_management": 30.0,
    "identity": 30.0,
}
"""Seconds that Marketo itself allows a call before it gives up; single operations have longer ones."""


@attrs.frozen
class Call:
    """One call of Marketo's API.

    Attributes:
        method: `GET`, `POST` or `DELETE`.
        template: The path as the reference prints it, such as `/rest/asset/v1/program/{id}.json`.
        arguments: The path parameters, unescaped.
        query_pairs: The query, in order, unescaped.
        form_pairs: The form body, in order, unescaped; None where the call has no form.
        json_body: The JSON body; None where the call has none.
        idempotent: Whether it may be repeated when its outcome is unknown.
        settles: Whether it must not be repeated while the server may still be at work on the attempt before.
        lane: Which of the limiter's lanes it takes.
        opening: Whether it is the first page of a listing, for which somebody waits.
        read_timeout: Seconds to wait for bytes of the answer; None takes the client's default.
        server_limit: Seconds for which the server may go on working on it after we stopped waiting.
    """

    method: str
    template: str
    arguments: tuple[tuple[str, str], ...] = ()
    query_pairs: tuple[tuple[str, str], ...] = ()
    form_pairs: tuple[tuple[str, str], ...] | None = attrs.field(default=None, repr=False)
    json_body: object = attrs.field(default=None, repr=False)
    idempotent: bool = False
    settles: bool = False
    lane: Lane = "interactive"
    opening: bool = False
    read_timeout: float | None = None
    server_limit: float = 30.0

    @property
    def api(self) -> Api:
        """The family of the operation, which decides how a long URI is sent and how the answer is wrapped."""
        return api_of(self.template)

    @property
    def operation(self) -> str:
        """The verb and the path template: what logs and errors call this call."""
        return f"{self.method} {self.template}"

    def query(self, /, **parameters: WireValue) -> Call:
        """Return this call with more query parameters, named as Marketo names them; None is not sent."""
        return attrs.evolve(
            self,
            query_pairs=self.query_pairs
            + tuple((name, query_text(name, value)) for name, value in parameters.items() if value is not None),
        )

    def form(self, /, **fields: WireValue) -> Call:
        """Return this call with more form fields; lists and mappings become JSON inside their field."""
        return attrs.evolve(
            self,
            form_pairs=(self.form_pairs or ())
            + tuple((name, structured_text(name, value)) for name, value in fields.items() if value is not None),
        )

    def json(self, body: object) -> Call:
        """Return this call with a JSON body."""
        return attrs.evolve(self, json_body=body)

    def repeatable(self, *, settles: bool = False) -> Call:
        """Return this call, declared to do the same when it is done twice; one that `settles`, twice in a row only."""
        return attrs.evolve(self, idempotent=True, settles=settles)

    def slow(self, *, read_timeout: float, server_limit: float | None = None) -> Call:
        """Return this call with the longer times (in seconds) that its operation needs."""
        limit = self.server_limit if server_limit is None else server_limit
        return attrs.evolve(self, read_timeout=read_timeout, server_limit=limit)

    def in_lane(self, lane: Lane, *, opening: bool = False) -> Call:
        """Return this call for another lane of the limiter."""
        return attrs.evolve(self, lane=lane, opening=opening)


def api_of(template: str) -> Api:
    """Return the API family that a path belongs to."""
    for prefix, api in _PREFIXES:
        if template.startswith(prefix):
            return api
    raise ValueError(f"{template} belongs to no API of Marketo's")


def _call(method: str, template: str, arguments: dict[str, str | int]) -> Call:
    return Call(
        method,
        template,
        tuple((name, scalar_text(name, value)) for name, value in arguments.items()),
        idempotent=method == "GET",
        server_limit=SERVER_LIMITS[api_of(template)],
    )


def GET(template: str, /, **arguments: str | int) -> Call:  # noqa: N802 - reads like the request line
    """Begin a GET; `arguments` fill the `{names}` of the template."""
    return _call("GET", template, arguments)


def POST(template: str, /, **arguments: str | int) -> Call:  # noqa: N802 - reads like the request line
    """Begin a POST; `arguments` fill the `{names}` of the template."""
    return _call("POST", template, arguments)


def DELETE(template: str, /, **arguments: str | int) -> Call:  # noqa: N802 - reads like the request line
    """Begin a DELETE; `arguments` fill the `{names}` of the template."""
    return _call("DELETE", template, arguments)
