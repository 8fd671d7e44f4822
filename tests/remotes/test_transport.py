"""Requests end in time, in bounds and in plain words, whatever a server sends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import stamina

from tests.support.misbehaving import Asked, Say, talking
from tests.support.raw_server import answering, forever
from toolkit import __version__
from toolkit.remotes import transport
from toolkit.remotes.transport import Again, Failure, Reply, Session, patiently


@contextmanager
def asked(url: str, seconds: float = 20, **more: object) -> Iterator[Reply]:
    with Session(url, silence=10).ask("GET", url, seconds=seconds, **more) as reply:  # type: ignore[arg-type]
        yield reply


def failure(url: str, limit: int = 2**20, seconds: float = 20, **more: object) -> Failure:
    with pytest.raises(Failure) as caught, asked(url, seconds, **more) as reply:
        reply.read(limit)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 200
    return caught.value


def test_an_answer_comes_with_its_headers() -> None:
    with talking(lambda asked: Say({"a": 1}, 201, {"Retry-After": "7"})) as talk, asked(talk.address) as reply:
        assert (reply.status, reply.read(100), reply.length, reply.wait) == (201, b'{"a": 1}', 8, 7.0)
        sent = talk.asked[0].headers
        assert sent["User-Agent"] == f"lokta/{__version__}" and sent["Accept-Encoding"] == "identity"


ENDLESS = {
    "header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
    "chunk extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=", b"x"),
}


@pytest.mark.parametrize("case", ENDLESS)
def test_the_deadline_holds_where_bytes_trickle(case: str) -> None:
    gone = threading.Event()
    with answering(forever(*ENDLESS[case], gone)) as url:
        found = failure(url, seconds=0.3)
        assert found.kind == "late" and found.passing and gone.wait(10), "the connection was ended"


def test_the_deadline_holds_in_the_handshake() -> None:
    gone = threading.Event()
    with answering(forever(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\0", gone)) as url:
        assert failure(url.replace("http:", "https:"), seconds=0.3).kind == "late" and gone.wait(10)


def test_a_large_answer_that_is_not_slow_may_take_longer() -> None:
    with (
        answering(forever(*ENDLESS["body"], threading.Event())) as url,
        asked(url, seconds=0.3, slowest=1.0) as reply,
    ):
        assert len([piece for piece, _ in zip(reply.pieces(), range(30), strict=False)]) == 30, "0.6 seconds"
    with answering(forever(*ENDLESS["body"], threading.Event())) as url:
        assert failure(url, seconds=0.3, slowest=10_000.0).kind == "late"


UNREADABLE = {
    "no HTTP": b"hello\r\n\r\n",
    "a length of thousands of digits": b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nx",
    "a length below zero": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
    "a chunk below zero": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
    "a chunk of thousands of digits": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n",
    "endless zeros as the size of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 200_000,
    "a header of a megabyte": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**20 + b"\r\n\r\n",
    "a packed body that is none": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "another encoding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n\r\nhello",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_answer_is_one_line(case: str) -> None:
    with answering(UNREADABLE[case]) as url:
        found = failure(url)
    assert found.kind == "unreadable" and "cannot be read" in str(found) and not found.passing


BROKEN = {
    "nothing": b"",
    "half a header": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello",
    "no last chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_breaks_off_may_be_asked_for_again(case: str) -> None:
    with answering(BROKEN[case]) as url:
        found = failure(url)
    assert found.kind == "broken" and found.passing


def test_bytes_are_counted_while_they_come() -> None:
    body = b"x" * 2**21
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + body) as url:
        assert failure(url).kind == "large"
        with asked(url) as reply:
            assert reply.length == 0 and reply.read(2**21) == body


def test_a_packed_answer_is_counted_unpacked() -> None:
    import gzip

    packed = gzip.compress(b"x" * 2**22)
    with answering(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed) as url:
        assert failure(url).kind == "large"
        with asked(url) as reply:
            assert b"".join(reply.pieces(raw=True)) == packed


def test_a_redirect_is_an_answer_unless_it_is_to_be_followed() -> None:
    def usual(asked: Asked) -> Say:
        return Say(b"here") if asked.path == "/b" else Say({}, 302, {"Location": "/b"})

    with talking(usual) as talk:
        with asked(f"{talk.address}/a") as reply:
            assert reply.status == 302
        with asked(f"{talk.address}/a", redirects=1, headers={"Range": "bytes=0-3"}) as reply:
            assert reply.read(9) == b"here" and reply.url == f"{talk.address}/b"
        assert talk.asked[-1].headers["Range"] == "bytes=0-3"


def test_redirects_end() -> None:
    with talking(lambda asked: Say({}, 307, {"Location": f"{asked.path}x"})) as talk:
        assert failure(f"{talk.address}/", redirects=3).kind == "redirect" and len(talk.asked) == 4


@pytest.mark.parametrize(
    "location", ["https://example.org/", "http://example.org/", "file:///etc/passwd", "//user@[::1]/"]
)
def test_a_redirect_that_may_not_be_followed_is_named(location: str) -> None:
    with talking(lambda asked: Say({}, 301, {"Location": location})) as talk:
        found = failure(talk.address, redirects=3)
    assert found.kind == "redirect" and str(found).startswith("sends on to ") and str(found).endswith("; refused")


def test_a_redirect_to_no_address_is_no_answer() -> None:
    for location in ("https://[::1", "\x7f://"):
        with talking(lambda asked, location=location: Say({}, 301, {"Location": location})) as talk:
            assert failure(talk.address, redirects=3).kind == "unreadable"


def test_a_server_that_is_not_there() -> None:
    with answering(b"") as url:
        pass
    found = failure(url)
    assert found.kind == "unreachable" and "refused" in str(found) and not found.passing, (
        "nobody will start it meanwhile"
    )
    found = failure("https://nobody.invalid/")
    assert found.kind == "unreachable" and found.passing


def test_no_proxy_stands_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy") as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        with talking(lambda asked: Say(b"here")) as talk, asked(talk.address) as reply:
            assert reply.read(9) == b"here"
        assert failure("https://nobody.invalid/").kind == "unreachable", "the proxy was asked, and has no tunnel"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with stamina.set_testing(True, attempts=transport.ATTEMPTS, cap=True):
        yield


@pytest.mark.usefixtures("waits")
def test_patience_has_an_end() -> None:
    asked: list[int] = []

    def ask(error: Exception, times: int) -> str:
        asked.append(1)
        if len(asked) <= times:
            raise error
        return "answer"

    for error, times, calls in (
        (Again("passing"), 4, 5),
        (Again("slow", slow=True), 1, 2),
        (Again("later", wait=3), 4, 5),
    ):
        asked.clear()
        assert patiently(lambda error=error, times=times: ask(error, times)) == "answer" and len(asked) == calls
    for error, calls, said in (
        (Again("passing"), 5, "passing"),
        (Again("slow", slow=True), 2, "slow"),
        (Again("later", wait=3600), 1, "later and asks to wait 60 minutes"),
        (Again("later", wait=150), 1, "later and asks to wait 150 seconds"),
    ):
        asked.clear()
        with pytest.raises(Again, match=f"^{said}$"):
            patiently(lambda error=error: ask(error, 99))
        assert len(asked) == calls
    asked.clear()
    with pytest.raises(ValueError, match="lasting"):
        patiently(lambda: ask(ValueError("lasting"), 99))
    assert len(asked) == 1
