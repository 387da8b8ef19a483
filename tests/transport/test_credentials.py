"""Who we are and where: addresses as people paste them, and credentials that cannot be right."""

from __future__ import annotations

import pickle

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketo_async.errors import ArgumentError
from marketo_async.transport.credentials import Credentials, origin_of
from marketo_async.transport.secret import Secret

ORIGIN = "https://123-abc-456.mktorest.com"


@pytest.mark.parametrize(
    "pasted",
    [
        "https://123-abc-456.mktorest.com",
        "https://123-abc-456.mktorest.com/",
        "https://123-abc-456.mktorest.com//",
        "https://123-abc-456.mktorest.com/rest",
        "https://123-abc-456.mktorest.com/rest/",
        "https://123-abc-456.mktorest.com/identity",
        "https://123-abc-456.mktorest.com/identity/",
        "https://123-abc-456.mktorest.com/bulk",
        "https://123-ABC-456.mktorest.com/REST",
        "HTTPS://123-abc-456.mktorest.com",
        "123-abc-456.mktorest.com",
        "123-abc-456.mktorest.com/rest",
        "  https://123-abc-456.mktorest.com/rest\n",
    ],
)
def test_an_address_as_people_paste_it(pasted: str) -> None:
    """The Admin page's Endpoint and Identity, with and without slash, blanks or scheme, are the same instance."""
    assert origin_of(pasted) == ORIGIN


@pytest.mark.parametrize(
    ("pasted", "origin"),
    [
        ("https://proxy.example:8443/rest", "https://proxy.example:8443"),
        ("proxy.example:8443", "https://proxy.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://127.0.0.1:8080/rest/", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://[::1]", "http://[::1]"),
        ("https://[2001:db8::7]:8443/rest", "https://[2001:db8::7]:8443"),
        ("https://10.0.0.7", "https://10.0.0.7"),
        ("https://my_proxy.internal", "https://my_proxy.internal"),
        ("https://bücher.example", "https://bücher.example"),
    ],
)
def test_ports_proxies_and_this_machine(pasted: str, origin: str) -> None:
    """Ports and IPv6 stay; plain HTTP is for this machine itself."""
    assert origin_of(pasted) == origin
    assert httpx.URL(origin).host


@pytest.mark.parametrize(
    "pasted",
    [
        "http://123-abc-456.mktorest.com",
        "http://10.0.0.7",
        "http://[2001:db8::7]",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://0.0.0.0:8080",
    ],
)
def test_plain_http_to_another_machine_is_refused(pasted: str) -> None:
    """P15: the client secret never leaves this machine unencrypted."""
    with pytest.raises(ArgumentError, match="https, except"):
        origin_of(pasted)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "https://",
        "https:///rest",
        "ftp://123-abc-456.mktorest.com",
        "file:///etc/hosts",
        "https://123-abc-456.mktorest.com/rest/v1/leads.json",
        "https://123-abc-456.mktorest.com/identity/oauth/token",
        "https://123-abc-456.mktorest.com?x=1",
        "https://123-abc-456.mktorest.com#top",
        "https://two words.example",
        "https://a..b",
        "https://123-abc-456.mktorest.com:port",
        "https://123-abc-456.mktorest.com:99999",
        "https://[::1",
        "https://[not-an-address]",
        "https://h<x>",
        "https://%31%32",
        "munchkin 123-ABC-456",
    ],
)
def test_what_is_no_address_of_an_instance_is_refused(pasted: str) -> None:
    """A wrong address is an ArgumentError that shows a right one, before anything is sent."""
    with pytest.raises(ArgumentError, match=r"https://123-abc-456\.mktorest\.com") as caught:
        origin_of(pasted)
    assert caught.value.argument == "base_url"


@pytest.mark.parametrize(
    "pasted",
    [
        "https://123-abc-456.mktorest.com/identity/oauth/token?client_id=me&client_secret=s3cret",
        "https://123-abc-456.mktorest.com/identity/oauth/token?grant_type=x#s3cret",
        "https://me:s3cret@123-abc-456.mktorest.com",
        "https://me:s3cret@123-abc-456.mktorest.com:99999",
        "me:s3cret@123-abc-456.mktorest.com",
        "https://s3cret@h/identity/oauth/token",
        "ftp://me:s3cret@h",
        "https://me:s3cret@[::1",
        "https://me:p@s3cret@h",
    ],
)
def test_a_secret_that_was_pasted_with_the_address_is_not_repeated(pasted: str) -> None:
    """P15: an address with a login or with identity's query is refused without quoting either."""
    with pytest.raises(ArgumentError) as caught:
        origin_of(pasted)
    assert "s3cret" not in str(caught.value)
    assert b"s3cret" not in pickle.dumps(caught.value)


pieces = st.sampled_from(
    [
        "https://",
        "http://",
        "[",
        "]",
        "::1",
        "localhost",
        "127.0.0.1",
        "a.b",
        "/rest",
        "/",
        "@",
        ":",
        "80",
        "?",
        "#",
        " ",
    ]
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join)))
def test_any_text_is_an_origin_or_an_argument_error(pasted: str) -> None:
    """Whatever is pasted, nothing but an ArgumentError comes of it, or an https address that httpx takes."""
    try:
        origin = origin_of(pasted)
    except ArgumentError:
        return
    assert origin.startswith(("https://", "http://localhost", "http://127.", "http://[::1]"))
    assert origin_of(origin) == origin


# ---------------------------------------------------------------- credentials


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_blank_credentials_are_refused(blank: str) -> None:
    """A2: an empty client id or secret is refused by name, before identity would."""
    with pytest.raises(ArgumentError, match="client_id"):
        Credentials(blank, Secret("s3cret"))
    with pytest.raises(ArgumentError, match="client_secret"):
        Credentials("me", Secret(blank))


def test_missing_credentials_are_refused() -> None:
    """A2: None, which is what `os.environ.get` gives, is refused by name."""
    nothing: str = None  # type: ignore[assignment] # what happens without a type checker
    with pytest.raises(ArgumentError, match="client_id"):
        Credentials(nothing, Secret("s3cret"))
    with pytest.raises(ArgumentError, match="client_secret"):
        Credentials("me", Secret(nothing))


@pytest.mark.parametrize("secret", ["s3cret\n", "s3cret\udcff", "s3\x00cret"])
def test_a_secret_that_cannot_be_one_is_not_shown(secret: str) -> None:
    """P15: a secret with a line break, or with bytes that were no UTF-8, is refused without being quoted."""
    with pytest.raises(ArgumentError, match="one line") as caught:
        Credentials("me", Secret(secret))
    assert "cret" not in str(caught.value).replace("client_secret", "")
    assert b"s3" not in pickle.dumps(caught.value)


def test_credentials_show_no_secret() -> None:
    """P15: the repr of credentials shows who, not the secret."""
    assert repr(Credentials("me", Secret("s3cret"))) == "Credentials(client_id='me', client_secret=Secret(***))"
