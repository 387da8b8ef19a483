"""Page tokens of the lead database: where a listing goes on, in letters that mean nothing to a client."""

from __future__ import annotations

import base64
import binascii
import hashlib

from marketo_async.sandbox.areas import refusals

_DIGEST = 10
_ID = 8


def page_token(search: str, after: int) -> str:
    """Return the token of the page after a lead; the same search and lead give the same token.

    Args:
        search: What is searched for; the token is good for nothing else.
        after: The id of the last lead of this page.
    """
    place = after.to_bytes(_ID, "big")
    return base64.b32encode(_masked(place, search) + _digest(place, search)).decode()


def place_of(token: str, search: str) -> int:
    """Return the id of the lead after which the page of a token begins.

    Raises:
        Refusal: 1003 where the token was never issued, or for another search.
    """
    try:
        raw = base64.b32decode(token.strip())
    except (binascii.Error, ValueError):
        raise refusals.bad_page_token() from None
    place = _masked(raw[:_ID], search)
    if len(raw) != _ID + _DIGEST or _digest(place, search) != raw[_ID:]:
        raise refusals.bad_page_token()
    return int.from_bytes(place, "big")


def _digest(place: bytes, search: str) -> bytes:
    return hashlib.blake2b(place + search.encode(), digest_size=_DIGEST).digest()


def _masked(place: bytes, search: str) -> bytes:
    mask = hashlib.blake2b(b"mask" + search.encode(), digest_size=_ID).digest()
    return bytes(one ^ other for one, other in zip(place, mask, strict=False))
