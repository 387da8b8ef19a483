"""What identity answers with."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, json_name, record, secret


@record
class AccessToken(Record):
    """An access token. Neither its `repr` nor a `DecodeError` shows the token itself; `to_dict` does."""

    access_token: str = secret("access_token")
    """The token: opaque, and a secret."""

    token_type: str | None = json_name("token_type", default=None)
    """`bearer`. None if identity did not say."""

    expires_in: int | None = json_name("expires_in", default=None)
    """Seconds until it expires, 0 to 3599: identity hands out the same token until then. Now and then missing."""

    scope: str | None = None
    """The login of the API user that it belongs to. None if identity did not say."""

    extra: Mapping[str, object] = extra()
    """What identity sent beyond these."""
