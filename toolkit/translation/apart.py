"""Models in a process of their own: native code that reads a stranger's weights cannot take the command down with it.

Only the child imports ctranslate2, sentencepiece and xllamacpp. Questions go to it and outputs come back through pipes, as
JSON in frames with their length before them; the child's answers are never executed. It has a limit of memory and of time,
and ends with the command, however that ends. A child that dies is replaced once, and what it was asked is asked again.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as LateError
from dataclasses import astuple
from functools import cached_property
from itertools import count
from threading import Lock, Thread
from typing import IO, Any

from toolkit.errors import EngineFailed, LoktaError, ModelError
from toolkit.files import printable
from toolkit.translation.inference import Model, Output, Question

_LARGEST = 2**28
"""Bytes of a frame."""
_START_SECONDS = 900.0
"""For reading the weights."""
_SECONDS, _SECONDS_A_CHARACTER = 600.0, 0.5
"""A window may take so long: no machine that is of use is as slow."""
_THREADS = 16
"""Questions that a child works on at the same time, at most."""
_BOOT = "import sys; sys.path[:] = eval(sys.argv[1]); from toolkit.translation.apart import _serve; _serve()"
_ERRORS: dict[str, type[LoktaError]] = {"ModelError": ModelError, "EngineFailed": EngineFailed}

Make = Callable[[], Model]
"""Makes the model, in this process to be named and in the child to be used; can be pickled, as a `functools.partial` is."""


class _Died(Exception):
    """The child is gone; the message says how."""


class Apart(Model):
    """A model that is loaded and asked in a child process."""

    def __init__(self, make: Make) -> None:
        self.make = make
        self._lock = Lock()
        self._child: _Child | None = None
        self._deaths = 0
        """In a row."""
        self._tokens = 0

    @cached_property
    def inner(self) -> Model:
        """The same model in this process, which is never loaded."""
        return self.make()

    @property
    def name(self) -> str:
        """That of the model."""
        return self.inner.name

    @property
    def fingerprint(self) -> str:
        """That of the model: the process changes no output."""
        return self.inner.fingerprint

    @property
    def tokens(self) -> int:
        """What children produced so far."""
        return self._tokens

    def start(self) -> None:
        """Start a child and have it read the weights. Raises as the model does, and EngineFailed where children die."""
        self._asked("start", [], _START_SECONDS)

    def stop(self) -> None:
        """End the child, at once."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """The model's outputs. Raises as the model does, and EngineFailed where a second child dies over the same."""
        sent = [[question.text, dict(question.settings)] for question in questions]
        seconds = _SECONDS + _SECONDS_A_CHARACTER * sum(len(question.text) for question in questions)
        said = self._asked("ask", sent, _START_SECONDS + seconds)
        return [
            Output(
                text,
                logprob,
                tokens,
                cut,
                failed,
                tuple((bytes.fromhex(one), score) for one, score in pieces),
                tuple((word, at, score) for word, at, score in places),
            )
            for text, logprob, tokens, cut, failed, pieces, places in said
        ]

    def _asked(self, what: str, sent: list[Any], seconds: float) -> Any:
        while True:
            child = self._running()
            try:
                said, tokens = child.ask(what, sent, seconds)
            except _Died as death:
                with self._lock:
                    if self._child is child:
                        self._child = None
                        self._deaths += 1
                    last = self._deaths > 1
                if last:
                    raise EngineFailed(
                        f"{self.name}: its process {death}, twice; its file may be broken (lokta models verify), or too large "
                        "for the memory that is free; the same command goes on"
                    ) from None
            except BaseException:
                if not isinstance(sys.exc_info()[1], LoktaError):  # Ctrl-C
                    self.stop()
                raise
            else:
                with self._lock:
                    self._deaths = 0
                    self._tokens += tokens
                return said

    def _running(self) -> _Child:
        with self._lock:
            if self._child is None:
                self._child = _Child(self.make)
                weakref.finalize(self, self._child.close)  # at the end of the command, too
            return self._child


class _Child:
    """One child process, and what it has not answered yet."""

    def __init__(self, make: Make) -> None:
        self._pending: dict[int, Future[Any]] = {}
        self._numbers = count()
        self._writing = Lock()
        quiet = None if os.environ.get("LOKTA_DEBUG") else subprocess.DEVNULL
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, repr(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=quiet,
            start_new_session=True,  # Ctrl-C is for the command alone, which ends its child
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._how = ""
        Thread(target=self._read, daemon=True).start()
        with contextlib.suppress(OSError):
            _put(self._to, {"make": base64.b64encode(pickle.dumps(make)).decode(), "parent": os.getpid()})

    def ask(self, what: str, sent: list[Any], seconds: float) -> tuple[Any, int]:
        """The child's answer, and the tokens that it produced for it. Raises _Died, or what the model raised."""
        number, future = next(self._numbers), Future[Any]()
        with self._writing:
            self._pending[number] = future
            try:
                _put(self._to, {"number": number, "what": what, "sent": sent})
            except (OSError, ValueError):
                self.end()
        try:
            said = future.result(seconds)
        except LateError:
            self._how = "took too long"
            self.end()
            raise _Died(self._how) from None
        if error := said.get("error"):
            raise _ERRORS.get(error, EngineFailed)(said["message"])
        return said["said"], said["tokens"]

    def end(self) -> None:
        """Kill the child; whoever waits for it is told."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def close(self) -> None:
        """Kill the child, and wait until it is gone."""
        self.end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)

    def _read(self) -> None:
        """Hand the answers out, until there are no more."""
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            while (said := _get(self._from)) is not None:
                self._pending.pop(said["number"]).set_result(said)
        self.end()
        code = self._process.wait()
        death = _Died(self._how or _ended(code))
        with self._writing:
            for stream in (self._to, self._from):
                with contextlib.suppress(OSError):
                    stream.close()
            waiting, self._pending = self._pending, _Dead(death)
        for future in waiting.values():
            future.set_exception(death)


class _Dead(dict[int, "Future[Any]"]):
    """In the place of what is pending when nobody will answer any more."""

    def __init__(self, death: _Died) -> None:
        super().__init__()
        self._death = death

    def __setitem__(self, number: int, future: Future[Any]) -> None:
        future.set_exception(self._death)


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _put(stream: IO[bytes], message: Any) -> None:
    data = json.dumps(message).encode()
    stream.write(struct.pack("<I", len(data)) + data)
    stream.flush()


def _get(stream: IO[bytes]) -> Any:
    """The next message; None at the end. Raises ValueError for what is none."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    (size,) = struct.unpack("<I", head)
    if size > _LARGEST:
        raise ValueError("a frame that is too large")
    return json.loads(stream.read(size))


def _serve() -> None:
    """The child: answers until its input ends, which it does when the command ends."""
    source, target = _own_pipes()
    first = _get(source)
    _bound(first["parent"])
    model: Model = pickle.loads(base64.b64decode(first["make"]))()
    writing = Lock()

    def answer(message: Any) -> None:
        number = message["number"]
        before = model.tokens
        try:
            said: Any = []
            if message["what"] == "start":
                model.start()
            else:
                outputs = model.ask([Question(text, settings) for text, settings in message["sent"]])
                said = [
                    (*astuple(output)[:-2], [(piece.hex(), score) for piece, score in output.pieces], output.places)
                    for output in outputs
                ]
            reply = {"number": number, "said": said, "tokens": model.tokens - before}
        except LoktaError as error:
            reply = {"number": number, "error": type(error).__name__, "message": str(error)}
        except Exception as error:
            why = printable(f"{type(error).__name__}: {error}"[:300])
            reply = {
                "number": number,
                "error": "EngineFailed",
                "message": f"{model.name} stopped: {why}; the same command goes on",
            }
        with writing, contextlib.suppress(OSError):
            _put(target, reply)

    pool = ThreadPoolExecutor(_THREADS)
    while (message := _get(source)) is not None:
        pool.submit(answer, message)
    os._exit(0)  # native code may be at work in the other threads


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the command, away from the numbers on which native code prints."""
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return source, target


def _bound(parent: int) -> None:
    """End with the command even if that is killed, and take no more memory than the machine has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(0)
    if sys.platform != "win32":
        import resource

        # Private memory, so that files that are mapped are not counted; the address space of threads and drivers is larger.
        room = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (room, room))
