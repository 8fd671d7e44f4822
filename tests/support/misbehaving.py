"""A real server on the loopback that answers as a test tells it, in all the ways in which servers go wrong."""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """One answer."""

    body: Any = None
    """Bytes, or what becomes JSON."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds before each further byte."""
    cut: int | None = None
    """So many bytes of what was announced, then the end."""
    reset: bool = False
    """The connection is torn down in place of an answer."""
    times: int = 1
    """How often this megabyte is said."""

    @property
    def data(self) -> bytes:
        """What goes over the wire."""
        raw = self.body if isinstance(self.body, bytes) else json.dumps(self.body, ensure_ascii=False).encode()
        return raw * self.times


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: Any


class Talk:
    """What a server is to say, and what it was asked."""

    def __init__(self, usual: Callable[[Asked], Say], address: str) -> None:
        self.usual = usual
        """Answers whatever the script does not."""
        self.address = address
        self.script: list[Say | Callable[[Asked], Say]] = []
        """The next answers to POST requests, each used once."""
        self.always: Say | Callable[[Asked], Say] | None = None
        """What every POST is answered, once the script has ended."""
        self.asked: list[Asked] = []

    @property
    def posts(self) -> list[Asked]:
        """The requests that carried texts."""
        return [one for one in self.asked if one.body is not None]

    def answer(self, asked: Asked) -> Say:
        """What to say to this."""
        self.asked.append(asked)
        said: Say | Callable[[Asked], Say] | None = None
        if asked.body is not None:
            said = self.script.pop(0) if self.script else self.always
        said = said or self.usual
        return said if isinstance(said, Say) else said(asked)


class _Server(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


@contextmanager
def talking(usual: Callable[[Asked], Say]) -> Iterator[Talk]:
    """A server that is up while the test runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            self._say(talk.answer(Asked(self.path, dict(self.headers), None)))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(talk.answer(Asked(self.path, dict(self.headers), json.loads(raw))))

        def _say(self, say: Say) -> None:
            time.sleep(say.after)
            if say.reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
                self.close_connection = True
                return
            data = say.data
            self.send_response(say.status)
            for name, value in {"Content-Type": "application/json", **say.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Connection", "close")
            self.end_headers()
            data = data[: say.cut]
            if not say.drip:
                self.wfile.write(data)
            for byte in data if say.drip else b"":
                time.sleep(say.drip)
                self.wfile.write(bytes([byte]))
            self.close_connection = True

    server = _Server(("127.0.0.1", 0), Handler)
    talk = Talk(usual, f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield talk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def chinese(text: str) -> str:
    """A translation of sorts: two Chinese characters for a word, which one the word decides; figures and marks stay."""
    return re.sub(r"[A-Za-z]+", lambda word: _characters(word[0]), text).replace(" ", "")


def _characters(word: str) -> str:
    both, number = _of_both(), zlib.crc32(word.encode())
    return both[number % len(both)] + both[number // len(both) % len(both)]


@cache
def _of_both() -> str:
    """Characters that are written alike in Simplified and in Traditional Chinese."""
    from opencc import OpenCC

    to_simplified, to_traditional = OpenCC("t2s"), OpenCC("s2t")
    return "".join(
        char
        for char in map(chr, range(0x4E00, 0x6000))
        if to_simplified.convert(char) == char == to_traditional.convert(char)
    )


PAIRS = {"en": ["en", "zh", "zt", "de"], "zh": ["en", "zh"], "zt": ["en"], "de": ["en"]}


def libretranslate(
    version: str = "1.7.3", char_limit: int = -1, batch_limit: int = -1, pairs: Mapping[str, list[str]] = PAIRS
) -> Callable[[Asked], Say]:
    """A LibreTranslate server that does as it should."""

    def answer(asked: Asked) -> Say:
        if asked.path == "/languages":
            return Say([{"code": code, "name": code, "targets": targets} for code, targets in pairs.items()])
        if asked.path == "/frontend/settings":
            return Say({"charLimit": char_limit, "apiKeys": False, "keyRequired": False})
        if asked.path == "/spec":
            return Say({"info": {"title": "LibreTranslate", "version": version}}) if version else Say({}, 404)
        texts = asked.body["q"]
        for size, limit in ((len(texts), batch_limit), (sum(map(len, texts)), char_limit)):
            if 0 < limit < size:
                return Say({"error": f"Invalid request: request ({size}) exceeds text limit ({limit})"}, 400)
        return Say({"translatedText": [chinese(text) for text in texts]})

    return answer


_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


def chat(translate: Callable[[str], str] = chinese, logprob: float | None = -0.5) -> Callable[[Asked], Say]:
    """An OpenAI-compatible server that does as it should: it translates what it is asked for in the family `instruct`."""

    def answer(asked: Asked) -> Say:
        if asked.path.endswith("/chat/completions"):
            return completion(reply(asked.body["messages"][0]["content"], translate), logprob)
        if asked.path.endswith("/completions"):
            return Say(
                {"choices": [{"text": translate(asked.body["prompt"].split("\n")[-2]), "finish_reason": "stop"}]}
            )
        return Say({"error": {"message": "not found"}}, 404)

    return answer


def reply(message: str, translate: Callable[[str], str] = chinese) -> str:
    """What a good model says to a message: a line for each numbered text, else the translation of what stands last in it."""
    texts = segments(message)
    if texts:
        return "\n".join(f"[{number}] {translate(text)}" for number, text in texts)
    return translate(message.rpartition("\n\n")[2])


def segments(message: str) -> list[tuple[int, str]]:
    """The numbered texts that a message asks for."""
    return [(int(number), text) for number, text in _NUMBERED.findall(message.rpartition("\n\n")[2])]


def completion(text: object, logprob: float | None = None, finish: str = "stop", **message: object) -> Say:
    """An answer in the form of OpenAI's, a token for each character."""
    told = [{"token": char, "logprob": logprob, "bytes": list(char.encode())} for char in str(text)]
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, **message},
        "finish_reason": finish,
        **({"logprobs": {"content": told}} if logprob is not None else {}),
    }
    return Say({"choices": [choice], "usage": {"prompt_tokens": 10, "completion_tokens": len(str(text))}})
