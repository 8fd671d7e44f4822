"""The servers that a project may send texts to: tables `[remote.NAME]` in lokta.toml, with the names of keys, never keys.

[remote.chat]
url = "https://api.example.org/v1"
model = "some-model"
key = "LOKTA_EXAMPLE_KEY"       # the environment variable that holds the key
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from toolkit.errors import ConfigError
from toolkit.files import printable
from toolkit.remotes.address import loopback, refused
from toolkit.tables import Range, Unfit, Where, read
from toolkit.units import Sending

Kind = Literal["chat", "libretranslate"]


_SHARED = ("kind", "url", "key", "timeout")
_KEYS = {
    "chat": (*_SHARED, "model", "family", "segments", "price_in", "price_out"),
    "libretranslate": _SHARED,
}
"""Kind of server -> the keys of its table."""
_LOOKS_LIKE_A_KEY = re.compile(r"(?=.*[0-9])[A-Z0-9]{20,}")


def _url(url: str) -> str:
    """The address if texts may be sent there; it may hold a password, so no message repeats it."""
    reason = refused(url)
    if reason == "form":
        raise Unfit(' is no address; write url = "https://HOST/v1", or http://127.0.0.1:PORT/v1')
    if reason == "password" or urlsplit(url).query or urlsplit(url).fragment:
        raise Unfit(" holds a password or a question; write the bare address, and the name of a variable as key")
    if reason == "plain":
        raise Unfit(f": only this machine itself is asked by http; write https://{urlsplit(url).hostname}")
    return url.rstrip("/")


_PREFIX = "LOKTA_"


def _variable(name: str) -> str:
    """The name of an environment variable, if it is one and not a key itself."""
    if name and (not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", name) or _LOOKS_LIKE_A_KEY.fullmatch(name)):
        raise Unfit(
            " is the NAME of an environment variable, in capital letters, not the key itself, which would be read by all "
            'who see this file; write key = "LOKTA_KEY" and put the key into that variable'
        )
    if name and not name.startswith(_PREFIX):
        raise Unfit(
            f" is {name}, but a project may name only variables that begin with {_PREFIX}, so that it cannot send your other "
            f'secrets to its server; write key = "{_PREFIX}{name}" and put the key into that variable'
        )
    return name


_Price = Annotated[float, Range(0, 1e9, "what a million tokens cost")]


@dataclass(frozen=True, slots=True)
class Remote:
    """A table `[remote.NAME]`: a server that the project sends texts to."""

    name: str
    """`chat`, `libretranslate`, or the project's own name for it: `--engine chat/NAME`."""
    kind: Kind
    url: Annotated[str, _url]
    """Without a `/` at its end."""
    key: Annotated[str, _variable] = ""
    """Name of the environment variable that holds the key; empty: the server needs none."""
    model: str = ""
    family: str = "instruct"
    """Family of language models, whose prompts the model behind a chat server gets."""
    segments: Annotated[int, Range(0, 100)] = 0
    """Paragraphs in one call; 0: the family's number."""
    price_in: _Price | None = None
    """Of a million tokens that are sent, in any currency; used for estimates only."""
    price_out: _Price | None = None
    timeout: Annotated[int, Range(1, 86400)] = 300
    """Seconds for one request, from the connection to the last byte of the answer."""

    @property
    def host(self) -> str:
        """Host and port, as they stand in the signature of drafts: `api.example.org`, `127.0.0.1:11434`."""
        return urlsplit(self.url).netloc

    @property
    def origin(self) -> str:
        """Scheme and host, as messages name the server."""
        return f"{urlsplit(self.url).scheme}://{self.host}"

    @property
    def here(self) -> bool:
        """Whether the server runs on this machine, so that no text leaves it."""
        return loopback(urlsplit(self.url).hostname or "")

    def sending(
        self,
        texts: int,
        unit: Literal["paragraphs", "sentences"],
        characters: int,
        tokens_in: int = 0,
        tokens_out: int = 0,
    ) -> Sending:
        """The record of a job that would send so much to this server, with its cost by the prices of the table."""
        priced = self.price_in is not None or self.price_out is not None
        cost = (tokens_in * (self.price_in or 0.0) + tokens_out * (self.price_out or 0.0)) / 1e6 if priced else None
        return Sending(
            self.name, self.origin, self.model, self.here, texts, unit, characters, tokens_in, tokens_out, cost
        )

    def secret(self, environ: Mapping[str, str] | None = None) -> str:
        """The key, from the environment; empty where the server needs none. Raises ConfigError if the variable is not set."""
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
    """The server that `--engine KIND` or `--engine KIND/NAME` names; ConfigError says what to write where if there is none."""
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
    'for a paid server also key = "LOKTA_VARIABLE_THAT_HOLDS_IT"',
    "libretranslate": '[remote.libretranslate], below it url = "http://127.0.0.1:5000" (or https://…)',
}


def parse(tables: Any, file: str) -> dict[str, Remote]:
    """The tables under `[remote]`, by name; raises ConfigError for what is wrong in them, without what may be a key."""
    if not isinstance(tables, Mapping):
        raise ConfigError(f"{file}: write tables [remote.NAME], not a value")
    return {name: _remote(name, table, file) for name, table in tables.items()}


def _remote(name: str, table: Any, file: str) -> Remote:
    where = f"{file}: [remote.{printable(name)}]"
    if not isinstance(table, Mapping):
        raise ConfigError(f"{file}: write a table [remote.{printable(name)}], not a value")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", name):
        raise ConfigError(f"{where} has a name that --engine cannot say; use letters, digits, '-' and '_'")
    table = {"kind": name, "url": "", **table}
    if table["kind"] not in list(_KEYS):
        raise ConfigError(f'{where} needs kind = "chat" or kind = "libretranslate"')
    place = Where(lambda said: ConfigError(f"{where}: {said}"), secret=True)
    remote = read(Remote, table, place, _KEYS[table["kind"]], name=name)
    if remote.kind == "chat" and not remote.model:
        raise ConfigError(f'{where} needs model = "...", the name by which its server knows the model')
    return remote
