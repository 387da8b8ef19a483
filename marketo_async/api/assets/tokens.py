"""My Tokens: three operations."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from marketo_async.api._base import Group
from marketo_async.api._checks import check_choice, check_text, is_integer
from marketo_async.api.assets._arguments import id_and_type, patient
from marketo_async.errors import ArgumentError
from marketo_async.records import FolderTokens
from marketo_async.wire.call import GET, POST
from marketo_async.wire.values import scalar_text

if TYPE_CHECKING:
    from marketo_async.api.assets._arguments import AnyFolder

TokenType = Literal["date", "number", "rich text", "score", "sfdc campaign", "text"]
"""The types of tokens that can be made; `script block` and `iCalendar` can only be read and deleted."""

TokenValue: TypeAlias = str | int | float | date

_NAME_LIMIT = 50
_DELETABLE = (*get_args(TokenType), "script block", "iCalendar")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_SCORE = re.compile(r"[+=-]?\d+", re.ASCII)
_SCORES = range(-(2**31), 2**31)


class Tokens(Group):
    """My Tokens of folders and programs: what their assets refer to as `{{my.Name}}`."""

    async def get(self, folder: AnyFolder) -> FolderTokens:
        """Return the tokens that stand in one folder or program itself, without those that it inherits.

        Args:
            folder: `FolderId(n)`, `ProgramId(n)`, or a folder or program read before.

        Returns:
            All of them at once, in `.tokens`; `()` where there are none.

        Raises:
            ArgumentError: it is neither a folder nor a program.
            NotFoundError: there is none with that id (702).

        Source: getTokensByFolderIdUsingGET
        """
        number, kind = id_and_type("folder", folder)
        call = GET("/rest/asset/v1/folder/{id}/tokens.json", id=number).query(folderType=kind)
        return await self._one(FolderTokens, call)

    async def create(
        self,
        name: str,
        *,
        folder: AnyFolder,
        type: TokenType,  # noqa: A002 - Marketo's name
        value: TokenValue,
    ) -> FolderTokens:
        """Make a token or, where one of that name and type is there, give it that value.

        Doing it twice is doing it once, so it is repeated when an answer gets lost.

        Args:
            name: What stands after `my.`, up to 50 characters.
            folder: The folder or program that has it, as for `get`.
            type: Its type; tokens of one name and different types are different tokens.
            value: `date`: a `date` or a text such as `"2026-01-31"`. `number`: a number, or a text such as `"-1.5"`.
                `score`: an integer of 32 bits, or a text with `+`, `-` or `=` before it. All others: a text.

        Returns:
            The folder or program with the token as it is then, in `.tokens`.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: there is no such folder or program (702).

        Source: addTokenTOFolderUsingPOST
        """
        number, kind = id_and_type("folder", folder)
        check_text("name", name, most=_NAME_LIMIT)
        check_choice("type", type, get_args(TokenType))
        call = POST("/rest/asset/v1/folder/{id}/tokens.json", id=number)
        call = call.form(name=name, type=type, value=_value_text(type, value), folderType=kind)
        return await self._one(FolderTokens, patient(call).repeatable())

    async def delete(
        self,
        name: str,
        *,
        folder: AnyFolder,
        type: TokenType | Literal["script block", "iCalendar"],  # noqa: A002 - Marketo's name
    ) -> int:
        """Delete the token of that name and that type; others of that name stay.

        Args:
            name: Up to 50 characters.
            folder: The folder or program that has it, as for `get`.
            type: Its type.

        Returns:
            The id of the folder or program.

        Raises:
            ArgumentError: an argument cannot be right.
            NotFoundError: there is no such token, folder or program (702).

        Source: deleteTokenByNameUsingPOST
        """
        number, kind = id_and_type("folder", folder)
        check_text("name", name, most=_NAME_LIMIT)
        check_choice("type", type, _DELETABLE)
        call = POST("/rest/asset/v1/folder/{id}/tokens/delete.json", id=number)
        return await self._id(patient(call.form(name=name, type=type, folderType=kind)))


def _value_text(kind: TokenType, value: object) -> str:
    """Return the text of a value, which must fit the type of its token."""
    match kind:
        case "date":
            return _day_text(value)
        case "number":
            return _number_text(value)
        case "score":
            return _score_text(value)
        case _:
            check_text("value", value)
            return str(value)


def _day_text(value: object) -> str:
    allowed = "a date, or a text such as '2026-01-31', for a token of type 'date'"
    if isinstance(value, datetime):  # whose day is it? Only the caller knows the time zone that counts
        raise ArgumentError("value", value, allowed)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or _DAY.fullmatch(value) is None:
        raise ArgumentError("value", value, allowed)
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ArgumentError("value", value, "a day that exists") from None


def _number_text(value: object) -> str:
    if is_integer(value) or isinstance(value, float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return scalar_text("value", value)
    raise ArgumentError("value", value, "a number, or a text such as '-1.5', for a token of type 'number'")


def _score_text(value: object) -> str:
    text = str(value) if is_integer(value) else value
    if not isinstance(text, str) or _SCORE.fullmatch(text) is None or int(text.lstrip("=")) not in _SCORES:
        allowed = "an integer of 32 bits, or a text such as '+5', '-5' or '=5', for a token of type 'score'"
        raise ArgumentError("value", value, allowed)
    return text
