"""The one rule for addresses: what may be asked for, what is refused and why, where a redirect may lead."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import UsageError
from toolkit.remotes.address import allowed, followed, loopback, refused

HERE = ["http://localhost:1/a", "http://127.0.0.2/a", "http://[::1]/a", "https://127.0.0.1/a"]


@pytest.mark.parametrize(
    "url", ["https://example.org/a", "https://a_b.example.org:8443/a?b#c", "https://10.0.0.1/a", *HERE]
)
def test_https_anywhere_and_http_to_this_machine(url: str) -> None:
    assert refused(url) is None and allowed(url) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "form"),
        ("example.org/a", "form"),
        ("//example.org/a", "form"),
        ("https:///a", "form"),
        ("https://[::1/a", "form"),
        ("https://example.org:x/a", "form"),
        ("https://example.org:99999/a", "form"),
        ("ftp://127.0.0.1/a", "form"),
        ("file:///etc/passwd", "form"),
        ("https://example.org/a b", "form"),
        ("https://example.org/a\n", "form"),
        ("https://example.org/\u202ea", "form"),
        ("https://ex\u0430mple.org/a", "form"),
        ("https://example.org\\@evil.org/a", "form"),
        ("https://exam%70le.org/a", "form"),
        ("https://-example.org/a", "form"),
        ("https://user@example.org/a", "password"),
        ("https://user:s3cret@example.org/a", "password"),
        ("http://user:s3cret@127.0.0.1/a", "password"),
        ("http://example.org/a", "plain"),
        ("http://10.0.0.1/a", "plain"),
        ("http://127.0.0.1.example.org/a", "plain"),
        ("http://2130706433/a", "plain"),
    ],
)
def test_what_is_refused(url: str, reason: str) -> None:
    assert refused(url) == refused(url, private=False) == reason
    with pytest.raises(UsageError) as caught:
        allowed(url)
    assert str(caught.value).isprintable()


PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[::ffff:10.0.0.1]",
    "[::]",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_network_is_refused_where_that_is_asked_for(host: str) -> None:
    url = f"https://{host}/a"
    assert refused(url) is None and refused(url, private=False) == "private"
    with pytest.raises(UsageError, match="private network; save the file"):
        allowed(url, private=False)


@pytest.mark.parametrize(
    ("resolved", "reason"),
    [
        (["93.184.215.14"], None),
        (["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"], None),
        (["93.184.215.14", "192.168.1.1"], "private"),
        (["127.0.0.1"], "private"),
        (["fe80::1%eth0"], "private"),
    ],
)
def test_a_name_may_stand_for_a_private_address(
    monkeypatch: pytest.MonkeyPatch, resolved: list[str], reason: str | None
) -> None:
    def found(host: str, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        assert host == "example.org"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in resolved]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    assert refused("https://example.org/a", private=False) == reason and refused("https://example.org/a") is None


def test_a_name_that_nobody_knows_is_left_to_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused("https://example.org/a", private=False) is None


@pytest.mark.parametrize("url", HERE)
def test_this_machine_is_no_private_network(url: str) -> None:
    assert refused(url, private=False) is None


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://a.org/x/y", "https://b.org/z", "https://b.org/z"),
        ("https://a.org/x/y", "/z?q=1", "https://a.org/z?q=1"),
        ("https://a.org/x/y", "z", "https://a.org/x/z"),
        ("https://a.org/x", "//b.org/z", "https://b.org/z"),
        ("http://127.0.0.1:1/x", "http://localhost:2/z", "http://localhost:2/z"),
        ("https://a.org/x", "http://a.org/z", None),
        ("https://a.org/x", "http://127.0.0.1/z", None),
        ("https://a.org/x", "https://127.0.0.1/z", None),
        ("http://127.0.0.1:1/x", "https://b.org/z", None),
        ("http://127.0.0.1:1/x", "http://b.org/z", None),
        ("https://a.org/x", "https://user@b.org/z", None),
        ("https://a.org/x", "file:///etc/passwd", None),
        ("https://a.org/x", "ftp://a.org/z", None),
        ("https://a.org/x", "https://[::1/z", None),
        ("https://a.org/x", "https://b.org/\u202e", None),
    ],
)
def test_a_redirect_stays_with_https_or_on_this_machine(url: str, location: str, target: str | None) -> None:
    assert followed(url, location) == target


def test_a_redirect_into_a_private_network() -> None:
    assert followed("https://a.org/x", "https://10.0.0.1/z") == "https://10.0.0.1/z"
    assert followed("https://a.org/x", "https://10.0.0.1/z", private=False) is None


@pytest.mark.parametrize(
    ("host", "here"), [("localhost", True), ("::1", True), ("127.9.9.9", True), ("localhost.org", False), ("", False)]
)
def test_what_is_this_machine(host: str, here: bool) -> None:
    assert loopback(host) is here


@given(st.text(max_size=40) | st.from_regex(r"https?://[ -~]{0,30}", fullmatch=True), st.text(max_size=20))
def test_any_text_is_judged(url: str, location: str) -> None:
    if refused(url) is None:
        assert allowed(url) == url and url.isascii() and url.startswith(("http", "HTTP"))
    target = followed("https://a.org/x", url)
    assert target is None or refused(target) is None
    followed(url, location)
