"""A socket on the loopback that answers each connection with bytes of the test's choice, where a real server would not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket], None]


@contextmanager
def answering(answer: bytes | Answer) -> Iterator[str]:
    """The address of a server that reads a request, gives the answer, and ends the connection."""
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not ended.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                threading.Thread(target=_talk, args=(connection, answer), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def _talk(connection: socket.socket, answer: bytes | Answer) -> None:
    with connection, contextlib.suppress(OSError):
        connection.recv(2**16)
        if isinstance(answer, bytes):
            connection.sendall(answer)
        else:
            answer(connection)


def forever(beginning: bytes, piece: bytes, gone: threading.Event) -> Answer:
    """Sends the beginning, then the piece every 20 ms until the client leaves, which sets `gone`."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(beginning)
        try:
            while not gone.wait(0.02):
                connection.sendall(piece)
        except OSError:
            gone.set()

    return answer
