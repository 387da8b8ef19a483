"""Who we are and where: the credentials, and the base address as people paste it."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from marketo_async.errors import ArgumentError
from marketo_async.transport.secret import Secret

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_ALLOWED = "the text that Marketo's LaunchPoint page shows"
_PASTED_PATHS = {"", "/rest", "/identity", "/bulk"}
_HOST_NAME = re.compile(r"[\w-]+(\.[\w-]+)*\.?")


@attrs.frozen
class Credentials:
    """The client id and secret of a custom service."""

    client_id: str
    client_secret: Secret

    def __attrs_post_init__(self) -> None:
        for name, value in (("client_id", Secret(self.client_id)), ("client_secret", self.client_secret)):
            if value.is_blank:
                raise ArgumentError(name, "", _ALLOWED)
            if not value.is_one_line:
                raise ArgumentError(name, "…", f"{_ALLOWED}, in one line of printable characters")


def origin_of(base_url: str) -> str:
    """Return scheme, host and port of a base address, with or without `/rest`, `/identity` and a trailing slash.

    Raises:
        ArgumentError: it is no address of a Marketo instance, or would send the secret over plain HTTP.
    """
    allowed = "an address such as https://123-abc-456.mktorest.com"
    # What is pasted may hold a login, or the secret of an identity address: errors show none of that.
    shown = re.sub(r".*@", "…@", re.split(r"[?#]", base_url, maxsplit=1)[0], flags=re.DOTALL)
    parts = _split(base_url.strip())
    host = "" if parts is None else parts.hostname or ""
    if parts is None or parts.scheme not in {"http", "https"} or not _is_host(host):
        raise ArgumentError("base_url", shown, allowed)
    if "@" in parts.netloc:
        raise ArgumentError("base_url", shown, f"{allowed}, without a login in it")
    if parts.path.rstrip("/").lower() not in _PASTED_PATHS or parts.query or parts.fragment:
        raise ArgumentError("base_url", shown, f"{allowed}; only /rest or /identity may stay behind it")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ArgumentError("base_url", shown, "https, except for this machine itself")
    port = "" if parts.port is None else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _split(text: str) -> SplitResult | None:
    """Return the parts of an address; None where it is none. Reading the port is what finds a bad one."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_host(host: str) -> bool:
    return bool(_HOST_NAME.fullmatch(host)) or _address(host) is not None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
