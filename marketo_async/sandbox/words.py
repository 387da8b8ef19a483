"""What the gateway in front of Marketo says: one table, so that a text that proves wrong is corrected in one place."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "502": "Bad Gateway",
    "600": "Empty access token",
    "601": "Access token invalid",
    "602": "Access token expired",
    "603": "Access denied",
    "604": "Request timed out",
    "605": "Request method '{method}' not supported",
    "606": "Max rate limit '100' exceeded with in '20' secs",
    "607": "Daily quota reached",
    "608": "API Temporarily Unavailable",
    "609": "Invalid JSON",
    "610": "Requested resource not found",
    "611": "System error",
    "612": "Invalid Content Type",
    "613": "Invalid Multipart Request",
    "614": "Invalid Subscription",
    "615": "Concurrent access limit '10' reached",
    "616": "Invalid Subscription Type",
    "713": "Transient Error",
    "719": "Lock wait timeout exception",
    "1014": "Failed to create Object",
    "1022": "Object in use",
    "1029": "Too many jobs in queue",
}
"""Error code -> message."""

FREE = frozenset({"600", "601", "602", "604", "605", "608", "611"})
"""Answers that count neither against the quota nor against the rate."""

NOTHING_DONE = frozenset(str(code) for code in (*range(600, 604), *range(605, 611), 612, 613, 615, 616))
"""Codes that promise that the request was not executed at all."""

PAGES: dict[int, str] = {
    400: "Bad Request",
    404: "Not Found",
    405: "Not Allowed",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
"""HTTP status -> title of the web server's own page."""


def page(status: int) -> bytes:
    """Return the HTML page with which the web server answers instead of Marketo."""
    title = f"{status} {PAGES.get(status, 'Error')}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
