"""Engines over the network that a project opted in to by a table of its own; the names of keys stand in it, never the keys.

[remote.chat]
url = "https://api.example.org/v1"
model = "some-model"
key = "EXAMPLE_KEY"             # the environment variable that holds the key
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from toolkit.errors import ConfigError
from toolkit.files import printable

Kind = Literal["chat", "libretranslate"]


@dataclass(frozen=True, slots=True)
class Remote:
    """`[remote.NAME]`."""

    name: str
    """`chat`, `libretranslate`, or what the project calls it: `--engine chat/NAME`."""
    kind: Kind
    url: str
    """Without a `/` at its end."""
    key: str = ""
    """The name of the environment variable that holds the key; empty: the server wants none."""
    model: str = ""
    family: str = "instruct"
    """How the model behind a chat endpoint wants to be asked."""
    segments: int = 0
    """Paragraphs in one call; 0: as the family says."""
    price_in: float | None = None
    """Of a million tokens sent, in whatever money; only the estimate uses it."""
    price_out: float | None = None
    timeout: int = 300
    """Seconds after which a server that gives no answer is given up."""

    @property
    def host(self) -> str:
        """Who is asked, as drafts are signed with it: `api.example.org`, `127.0.0.1:11434`."""
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Where texts go, as it is said to a person."""
        return f"{urlsplit(self.url).scheme}://{self.host}"

    @property
    def here(self) -> bool:
        """It is this machine itself, so nothing leaves it and nothing is to be paid."""
        return loopback(urlsplit(self.url).hostname or "")

    def secret(self, environ: Mapping[str, str] | None = None) -> str:
        """The key, from the environment; empty where the server wants none. ConfigError where it should be there and is not."""
        if not self.key:
            return ""
        found = (os.environ if environ is None else environ).get(self.key, "").strip()
        if not found:
            raise ConfigError(
                f"[remote.{self.name}] takes its key from the environment variable {self.key}, which is not set; "
                "set it, and run the same command"
            )
        if not re.fullmatch(r"[\x21-\x7e]+", found):
            raise ConfigError(
                f"the environment variable {self.key} holds more than a key: blanks, or letters beyond ASCII"
            )
        return found


def named(kind: Kind, name: str, remotes: Mapping[str, Remote]) -> Remote:
    """The server that `--engine KIND` or `--engine KIND/NAME` means; ConfigError, with what to write where, if it is none."""
    known = {remote.name: remote for remote in remotes.values() if remote.kind == kind}
    found = known.get(name or kind) or (next(iter(known.values())) if len(known) == 1 and not name else None)
    if found is not None:
        return found
    if known:
        raise ConfigError(
            f"--engine {kind}/NAME: lokta.toml has {', '.join(f'[remote.{one}]' for one in known)}"
            f"{f', not [remote.{printable(name)}]' if name else '; name one of them'}"
        )
    raise ConfigError(
        f"the engine {kind} sends texts over the network, which this project has not opted in to; "
        f"write into its lokta.toml: {_EXAMPLES[kind]}"
    )


_EXAMPLES = {
    "chat": '[remote.chat], below it url = "http://127.0.0.1:11434/v1" (or https://…) and model = "NAME"; '
    'for a paid server also key = "THE_VARIABLE_THAT_HOLDS_IT"',
    "libretranslate": '[remote.libretranslate], below it url = "http://127.0.0.1:5000" (or https://…)',
}


def loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_SHARED = {"kind": str, "url": str, "key": str, "timeout": int}
_CHAT = {"model": str, "family": str, "segments": int, "price_in": float, "price_out": float}
_SAID = {str: "a text in quotes", int: "a whole number", float: "a number"}
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
_LOOKS_LIKE_A_KEY = re.compile(r"(?=.*[0-9])[A-Z0-9]{20,}")
_MOST = {"timeout": (1, 86400), "segments": (0, 100)}


def parse(tables: Mapping[str, Any], file: str) -> dict[str, Remote]:
    """The tables under `[remote]` by name. Raises ConfigError for what cannot be meant, and never repeats what may be a key."""
    return {name: _remote(name, table, file) for name, table in tables.items()}


def _remote(name: str, table: Any, file: str) -> Remote:
    where = f"{file}: [remote.{printable(name)}]"
    if not isinstance(table, dict):
        raise ConfigError(f"{file}: write a table [remote.{printable(name)}], not a value")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
        raise ConfigError(f"{where} has a name that --engine cannot say; use letters, digits, '-' and '_'")
    kind = table.get("kind", name)
    if kind not in ("chat", "libretranslate"):
        raise ConfigError(f'{where} needs kind = "chat" or kind = "libretranslate"')
    known = {**_SHARED, **(_CHAT if kind == "chat" else {})}
    for key in table:
        if key not in known:
            raise ConfigError(f"{where} has an unknown key {printable(key)!r}; known are {', '.join(known)}")
    values = {key: _value(table[key], key, known[key], where) for key in table}
    values["url"] = _url(values.get("url", ""), where)
    if values.get("key") and (not _VARIABLE.fullmatch(values["key"]) or _LOOKS_LIKE_A_KEY.fullmatch(values["key"])):
        raise ConfigError(
            f"{where}: key is the NAME of an environment variable, in capital letters, not the key itself, which would "
            'be read by all who see this file; write key = "LOKTA_KEY" and put the key into that variable'
        )
    if kind == "chat" and not values.get("model"):
        raise ConfigError(f'{where} needs model = "...", the name by which its server knows the model')
    return Remote(**{**values, "name": name, "kind": kind})


def _value(value: Any, key: str, kind: type, where: str) -> Any:
    fits = isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)
    if not fits:
        raise ConfigError(f"{where}: {key} must be {_SAID[kind]}")
    if kind is float and not 0 <= value < 1e9:
        raise ConfigError(f"{where}: {key} is what a million tokens cost, not {value}")
    least, most = _MOST.get(key, (0, 0))
    if kind is int and not least <= value <= most:
        raise ConfigError(f"{where}: {key} is a whole number from {least} to {most}, not {value}")
    return float(value) if kind is float else value


def _url(url: str, where: str) -> str:
    """The address if texts may be sent there; it may hold a password, so it is not repeated."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or not url.isascii() or re.search(r"[\x00-\x20\x7f]", url) or parts.scheme not in ("http", "https"):
        raise ConfigError(f'{where}: url is no address; write url = "https://HOST/v1", or http://127.0.0.1:PORT/v1')
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigError(
            f"{where}: url holds a password or a question; write the bare address, and the name of a variable as key"
        )
    if parts.scheme == "http" and not loopback(host):
        raise ConfigError(f"{where}: only this machine itself is asked by http; write https://{printable(host)}")
    return url.rstrip("/")
