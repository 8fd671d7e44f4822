"""The one rule for addresses: which URL may be asked for, by an engine, a download or an import.

https may go anywhere, plain http only to this machine. No user names or passwords, no blanks or control characters, ASCII
only.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Literal
from urllib.parse import urljoin, urlsplit

from toolkit.errors import UsageError
from toolkit.files import printable

Reason = Literal["form", "password", "plain", "private"]
"""Why a URL is refused: no address at all, a password in it, plain http to another machine, a private network."""

_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9])?\.?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def loopback(host: str) -> bool:
    """Whether a host, as it stands in a URL, is this machine."""
    ip = _ip(host)
    return host == "localhost" if ip is None else ip.is_loopback


def refused(url: str, *, private: bool = True) -> Reason | None:
    """Why a URL may not be asked for; None if it may.

    Without `private`, hosts inside a private network are refused too: addresses that are private, link-local or reserved,
    and names that resolve to one; for URLs that another site gave us. This machine, named as such, is still allowed.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "form"
    if not url.isascii() or _UNSAFE.search(url) or parts.scheme not in ("http", "https"):
        return "form"
    if not (_HOST.fullmatch(host) or _ip(host)):
        return "form"
    if parts.username is not None:
        return "password"
    if parts.scheme == "http" and not loopback(host):
        return "plain"
    return None if private or loopback(host) or _public(host) else "private"


def allowed(url: str, *, private: bool = True) -> str:
    """The URL of a file that may be fetched; UsageError says why not. `private` as for `refused`."""
    reason = refused(url, private=private)
    if reason in ("form", "password"):
        raise UsageError(f"{printable(url)!r}: is no address; write https://HOST/FILE")
    if reason == "plain":
        raise UsageError(f"{printable(url)}: only https is asked; a file on this machine is named by its path")
    if reason == "private":
        raise UsageError(f"{printable(url)}: lies in a private network; save the file and name it by its path")
    return url


def followed(url: str, location: str, *, private: bool = True) -> str | None:
    """The address that a redirect from `url` leads to; None if it may not be followed.

    Followed are redirects from one allowed address to another, but neither from another machine to this one nor back.
    """
    try:
        target = urljoin(url, location)
    except ValueError:
        return None
    if refused(target, private=private):
        return None
    return target if _here(url) == _here(target) else None


def _here(url: str) -> bool:
    return loopback(urlsplit(url).hostname or "")


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _resolve(host: str) -> Iterable[str]:
    """The addresses that a name has now; none where it is not known."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def _public(host: str, resolve: Callable[[str], Iterable[str]] = _resolve) -> bool:
    """Whether all addresses of a host are reachable from everywhere."""
    for address in [host] if _ip(host) else resolve(host):
        ip = _ip(address.partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if ip is None or not ip.is_global or ip.is_multicast:
            return False
    return True
