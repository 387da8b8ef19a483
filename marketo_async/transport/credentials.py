"""Who we are and where: the credentials, and the base address as people paste it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import attrs

from marketo_async.errors import ArgumentError

_PASTED_PATHS = {"", "/rest", "/identity", "/bulk"}


@attrs.frozen
class Credentials:
    """The client id and secret of a custom service; the secret shows in no repr."""

    client_id: str = attrs.field()
    client_secret: str = attrs.field(repr=False)

    @client_id.validator
    @client_secret.validator
    def _not_blank(self, attribute: attrs.Attribute[str], value: str) -> None:
        if not value.strip():
            raise ArgumentError(attribute.name, value, "the text that Marketo's LaunchPoint page shows")


def origin_of(base_url: str) -> str:
    """Return scheme, host and port of a base address, with or without `/rest`, `/identity` and a trailing slash.

    Raises:
        ArgumentError: it is no address of a Marketo instance, or would send the secret over plain HTTP.
    """
    allowed = "an address such as https://123-abc-456.mktorest.com"
    text = base_url.strip()
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        port = parts.port
    except ValueError:
        raise ArgumentError("base_url", base_url, allowed) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ArgumentError("base_url", base_url, allowed)
    if parts.username or parts.password:
        raise ArgumentError("base_url", f"{parts.scheme}://…@{parts.hostname}", f"{allowed}, without a login in it")
    if parts.path.rstrip("/").lower() not in _PASTED_PATHS or parts.query or parts.fragment:
        raise ArgumentError("base_url", base_url, f"{allowed}; a trailing /rest or /identity may stay")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ArgumentError("base_url", base_url, "https, except for this machine itself")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
