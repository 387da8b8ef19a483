"""An answer's status, headers and bytes: the envelope that they hold, or the exception that they mean."""

from __future__ import annotations

import json
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

import attrs

from marketo_async.errors import (
    AccessDeniedError,
    ApiError,
    AuthenticationError,
    CloneQuotaError,
    DailyQuotaError,
    ExportQuotaError,
    NotFoundError,
    ProtocolError,
    RateLimitError,
    RequestTooLargeError,
    ServerError,
    UriTooLongError,
    error_class,
)
from marketo_async.wire.central import next_central_midnight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_BODY_SHOWN = 200

_STATUS_CLASSES: dict[int, type[ProtocolError | ApiError]] = {
    HTTPStatus.UNAUTHORIZED: AuthenticationError,
    HTTPStatus.FORBIDDEN: AccessDeniedError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: RequestTooLargeError,
    HTTPStatus.REQUEST_URI_TOO_LONG: UriTooLongError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitError,
}
_STATUS_CODES = {HTTPStatus.TOO_MANY_REQUESTS}
_SERVER_ERRORS = 500


@attrs.frozen
class HttpAnswer:
    """What came over the network.

    Attributes:
        status: The HTTP status.
        headers: The headers, names in lower case.
        body: The body, decompressed; hidden from the repr, since identity's holds the token.
    """

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    @property
    def date(self) -> datetime | None:
        """The server's clock when it answered, from the `Date` header; None where it has none that can be read."""
        try:
            moment = parsedate_to_datetime(self.headers["date"])
        except (KeyError, ValueError):
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)  # "-0000" is UTC, too


@attrs.frozen
class Envelope:
    """A successful answer.

    Attributes:
        result: The rows; empty where Marketo left `result` out.
        request_id: Marketo's `requestId`; None where it sent none.
        warnings: Marketo's warnings as text, such as "No assets found for the given search criteria."
        next_page_token: The token of the next page; None where there is none.
        more_result: Marketo's `moreResult`; None where it was left out.
        date: The server's clock when it answered.
    """

    result: list[object]
    request_id: str | None = None
    warnings: tuple[str, ...] = ()
    next_page_token: str | None = None
    more_result: bool | None = None
    date: datetime | None = None


def open_envelope(answer: HttpAnswer, operation: str) -> Envelope:
    """Return the envelope of an answer.

    Raises:
        ApiError: Marketo said no, in the class of its first code.
        ProtocolError: the answer is not Marketo's envelope.
    """
    document = _document(answer)
    if document is None or not isinstance(document.get("success"), bool):
        raise _not_marketo(answer, document, operation)
    if not document["success"]:
        raise _refusal(answer, document, operation)
    result = document.get("result")
    if result is None:
        result = []
    if not isinstance(result, list):
        raise _protocol_error(answer, "`result` is not a list", operation, _text(document.get("requestId")))
    token = document.get("nextPageToken")
    more = document.get("moreResult")
    return Envelope(
        result=cast("list[object]", result),
        request_id=_text(document.get("requestId")),
        warnings=tuple(_warning(entry) for entry in _entries(document.get("warnings"))),
        next_page_token=token if isinstance(token, str) and token else None,
        more_result=more if isinstance(more, bool) else None,
        date=answer.date,
    )


class IdentityReply(dict[str, object]):
    """Identity's reply, whose values show in no repr: one of them is the token."""

    def __repr__(self) -> str:
        return f"<identity's reply with {', '.join(self)}>"


def open_identity(answer: HttpAnswer, operation: str) -> IdentityReply:
    """Return identity's reply, which has no envelope.

    Raises:
        AuthenticationError: identity refused, with Adobe's `error` and `error_description`.
        RateLimitError: HTTP 429.
        ServerError: HTTP 500 and above.
        ProtocolError: the answer is not identity's; its body is not quoted, for it may hold a token.
    """
    reply = IdentityReply(_document(answer) or {})
    said = ": ".join(str(reply[key]) for key in ("error", "error_description") if reply.get(key))
    words = said or f"identity answered HTTP {answer.status}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise RateLimitError(words, code=str(answer.status), status=answer.status, operation=operation)
    if answer.status >= _SERVER_ERRORS:
        raise ServerError(words, code=str(answer.status), status=answer.status, operation=operation)
    if reply.get("error"):
        raise AuthenticationError(words, status=answer.status, operation=operation)
    if answer.status != HTTPStatus.OK or not _is_token(reply.get("access_token")):
        error = ProtocolError(f"{words} without a usable access_token", status=answer.status, operation=operation)
        error.retryable = answer.status == HTTPStatus.OK  # another page than identity's stays another page
        raise error
    return reply


def _is_token(value: object) -> bool:
    """Tell whether a value can stand in a header; one that cannot would be quoted by the error of who tries."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value) and " " not in value


def _document(answer: HttpAnswer) -> dict[str, object] | None:
    try:
        document: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", document) if isinstance(document, dict) else None


def _refusal(answer: HttpAnswer, document: dict[str, object], operation: str) -> ApiError:
    errors = tuple(_code_and_message(entry) for entry in _entries(document.get("errors")))
    code, message = errors[0] if errors else ("", "")
    error = error_class(code, message)(
        message or "Marketo refused without saying why",
        code=code or None,
        request_id=_text(document.get("requestId")),
        status=answer.status,
        operation=operation,
    )
    error.errors = errors
    if isinstance(error, DailyQuotaError | ExportQuotaError | CloneQuotaError) and answer.date is not None:
        error.resets_at = next_central_midnight(answer.date)
    return error


def _not_marketo(answer: HttpAnswer, document: dict[str, object] | None, operation: str) -> ProtocolError | ApiError:
    """Return the error of an answer without envelope: its HTTP status decides."""
    request_id = _text((document or {}).get("requestId"))
    if answer.status == HTTPStatus.OK:
        said = "a body that is not a JSON object" if document is None else "a JSON that is not Marketo's envelope"
        return _protocol_error(answer, said, operation, request_id)
    kind = _STATUS_CLASSES.get(answer.status, ServerError if answer.status >= _SERVER_ERRORS else ProtocolError)
    if kind is NotFoundError and " /bulk/" not in operation:
        kind = ProtocolError  # only bulk files are missing by HTTP status; elsewhere 404 means a wrong host
    if kind is ProtocolError:
        error = _protocol_error(answer, f"HTTP {answer.status}", operation, request_id)
        error.retryable = False
        return error
    code = str(answer.status) if answer.status in _STATUS_CODES or kind is ServerError else None
    start = _body_start(answer)
    failure = kind(
        f"HTTP {answer.status}: {start}" if start else f"HTTP {answer.status}",
        code=code,
        request_id=request_id,
        status=answer.status,
        operation=operation,
    )
    if isinstance(failure, ProtocolError):
        failure.body_start = start
    return failure


def _protocol_error(answer: HttpAnswer, said: str, operation: str, request_id: str | None) -> ProtocolError:
    start = _body_start(answer)
    error = ProtocolError(f"{said}: {start!r}", request_id=request_id, status=answer.status, operation=operation)
    error.body_start = start
    return error


def _body_start(answer: HttpAnswer) -> str:
    return answer.body[: 4 * _BODY_SHOWN].decode(errors="replace")[:_BODY_SHOWN]


def _entries(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _code_and_message(entry: object) -> tuple[str, str]:
    if not isinstance(entry, dict):
        return "", str(entry)
    fields = cast("dict[str, object]", entry)
    return _text(fields.get("code")) or "", _text(fields.get("message")) or ""


def _warning(entry: object) -> str:
    """Return a warning as text: assets send texts, the lead database may send `{code, message}`."""
    if isinstance(entry, dict):
        fields = cast("dict[str, object]", entry)
        return " ".join(str(fields[key]) for key in ("code", "message") if fields.get(key))
    return str(entry)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
