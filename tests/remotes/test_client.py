"""A real server that misbehaves: what is asked again, what stops the job in one line, and where the key goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
import stamina
from stamina import instrumentation
from stamina.instrumentation import RetryDetails

from tests.support.misbehaving import Asked, Say, Talk, talking
from toolkit.errors import ConfigError, EngineFailed
from toolkit.remotes import Remote, transport
from toolkit.remotes.client import Client, Rejected
from toolkit.remotes.transport import ATTEMPTS

KEY = "s3cret-KEY-of-ours-0123456789"
GOOD = {"fine": True}
HTML = b"<!doctype html><html><body><h1>Bad gateway</h1></body></html>"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", KEY)


@pytest.fixture
def at_once() -> Iterator[None]:
    """As often as ever, but without the waits in between."""
    with stamina.set_testing(True, attempts=ATTEMPTS, cap=True):
        yield


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(lambda asked: Say(GOOD)) as server:
        yield server


def client(talk: Talk, timeout: int = 5, **more: str) -> Client:
    return Client(Remote("chat", "chat", talk.address, "EXAMPLE_KEY", "m", timeout=timeout, **more))  # type: ignore[arg-type]


def mirror(asked: Asked) -> Say:
    """Gives back all that it was told, as a careless server does when it is asked for its log."""
    return Say({"error": {"message": f"wrong key: {dict(asked.headers)}"}}, 400)


RECOVERS = {
    "429 with Retry-After": [Say({}, 429, {"Retry-After": "3"})],
    "429 without": [Say({}, 429)],
    "500 then fine": [Say({"error": "oops"}, 500)],
    "502 in HTML": [Say(HTML, 502)] * 3,
    "503": [Say({}, 503)] * 4,
    "504": [Say({}, 504)],
    "reset": [Say(reset=True)] * 2,
    "truncated": [Say({"fine": "x" * 1000}, cut=40)],
    "slow once": [Say(GOOD, after=1.5)],
    "all at once": [Say({}, 429), Say(reset=True), Say(GOOD, cut=3), Say(HTML, 502)],
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("script", RECOVERS.values(), ids=RECOVERS)
def test_what_passes_is_waited_for(talk: Talk, script: list[Say]) -> None:
    talk.script += script
    assert client(talk, timeout=1).post("/x", {"q": "Hi"}) == GOOD
    assert len(talk.asked) == len(script) + 1
    assert all(one.headers["Authorization"] == f"Bearer {KEY}" for one in talk.asked)


STOPS: dict[str, tuple[Say, str, int]] = {
    "503 forever": (Say({"error": "we  are\nclosed"}, 503), "answers 503: we are closed; the same command goes on", 5),
    "429 forever": (Say({}, 429), "answers 429; the same command goes on", 5),
    "429 for an hour": (Say({}, 429, {"Retry-After": "3600"}), "answers 429 and asks to wait 60 minutes", 1),
    "slow": (Say(GOOD, after=1.5),  r"if it is only slow, set timeout higher or segments lower in \[remote\.chat\]; the same", 2),
    "dripping": (Say({"x": "y" * 200}, drip=0.1), "gave no whole answer within 1 seconds", 2),
    "reset forever": (Say(reset=True), "broke off in the middle of an answer; the same command goes on", 5),
    "truncated forever": (Say(GOOD, cut=3), "broke off in the middle of an answer; the same command goes on", 5),
    "not JSON": (Say(b"{'fine': True}"), "answers with something else than JSON; check url", 1),
    "no text at all": (Say(b"\xff\xfe\x00"), "answers with something else than JSON; check url", 1),
    "nested too deep": (Say(b"[", times=2**17), "answers with something else than JSON; check url", 1),
    "HTML with 200": (Say(HTML, headers={"Content-Type": "text/html"}), "something else than JSON; check url", 1),
    "HTML with 404": (Say(HTML, 404), r"has nothing at /x \(404\); check url, which usually ends in /v1, and model", 1),
    "huge": (Say(b" " * 2**20, times=12), "answers with more than 8 MB", 1),
    "huge error": (Say(b" " * 2**20, 500, times=12), "answers with more than 8 MB", 1),
    "401": (Say({"error": {"message": f"bad key {KEY}"}}, 401), "refuses the key .401.; check the environment variable EXAMPLE_KEY", 1),
    "403": (Say({"error": f"{KEY} is banned"}, 403), r"refuses the key \(403: \*\*\* is banned\); check the environment", 1),
    "400": (Say({"error": "no such thing"}, 400), r"refuses the request \(400\): no such thing; the same command goes on", 1),
    "402": (Say({"error": {"message": "pay first"}}, 402), r"refuses the request \(402\): pay first;", 1),
    "422": (Say({"detail": "q: \u202e wrong"}, 422), r"refuses the request \(422\): q: \\u202e wrong;", 1),
    "key given back": (Say({"echo": f"Bearer {KEY}"}), "gives the key back in its answer", 1),
}  # fmt: skip


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("say", "message", "times"), STOPS.values(), ids=STOPS)
def test_what_does_not_pass_is_one_line(talk: Talk, say: Say, message: str, times: int) -> None:
    talk.always = say
    with pytest.raises(EngineFailed, match=message) as caught:
        client(talk, timeout=1).post("/x", {"q": "Hi"})
    line = str(caught.value)
    assert line.startswith(f"chat: {talk.address} ") and "\n" not in line and KEY not in line
    assert len(talk.asked) == times


def test_a_server_that_repeats_its_request_is_not_repeated(talk: Talk) -> None:
    talk.always = mirror
    with pytest.raises(Rejected) as caught:
        client(talk).post("/x", {"q": "Hi"})
    assert "wrong key" in str(caught.value) and KEY not in str(caught.value) and KEY not in caught.value.said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_follows_to_another_host(talk: Talk, status: int) -> None:
    with talking(lambda asked: Say(GOOD)) as other:
        talk.always = Say({}, status, {"Location": f"{other.address}/x?key={KEY}"})
        with pytest.raises(EngineFailed, match=r"sends on to 127\.0\.0\.1:\d+; nothing was sent there") as caught:
            client(talk).post("/x", {"q": "Hi"})
        assert other.asked == [] and KEY not in str(caught.value)


@pytest.fixture
def waits() -> Iterator[list[float]]:
    """The seconds of each wait, as they are begun."""
    held: list[float] = []

    def hook(details: RetryDetails) -> None:
        held.append(details.wait_for)

    usual = instrumentation.get_on_retry_hooks()
    instrumentation.set_on_retry_hooks([hook])
    yield held
    instrumentation.set_on_retry_hooks(usual)


NOW = 1_764_028_800.0


@pytest.mark.parametrize("when", ["1", format_datetime(datetime.fromtimestamp(NOW + 1, UTC), usegmt=True)])
def test_a_server_that_says_when_is_asked_then(
    talk: Talk, waits: list[float], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(transport, "time", SimpleNamespace(time=lambda: NOW, monotonic=time.monotonic))
    talk.script.append(Say({}, 429, {"Retry-After": when}))
    assert client(talk).post("/x", {}) == GOOD
    assert waits == [1.0]


@pytest.mark.parametrize("when", ["soon", "", "-5", "1e9", "Wed, 99 Foo 2026", "9" * 30])
@pytest.mark.usefixtures("at_once")
def test_a_wait_that_cannot_be_read_is_our_own(talk: Talk, when: str) -> None:
    talk.script.append(Say({}, 429, {"Retry-After": when}))
    assert client(talk).post("/x", {}) == GOOD


def test_waiting_is_silent(talk: Talk, capfd: pytest.CaptureFixture[str]) -> None:
    talk.script.append(Say({}, 503))
    assert client(talk).post("/x", {}) == GOOD
    assert capfd.readouterr() == ("", "")


def test_where_nobody_listens_the_server_is_to_be_started() -> None:
    with talking(lambda asked: Say(GOOD)) as gone:
        pass
    with pytest.raises(EngineFailed, match="does not answer; start the server there, then the same command goes on"):
        client(gone).get("/x")


@pytest.mark.usefixtures("at_once")
def test_a_name_that_nobody_has() -> None:
    nowhere = Client(Remote("chat", "chat", "https://nobody.invalid/v1", model="m", timeout=5))
    with pytest.raises(EngineFailed, match=r"https://nobody\.invalid cannot be reached; the same command goes on"):
        nowhere.get("/x")


def test_plain_words_on_the_port_of_tls(talk: Talk) -> None:
    address = talk.address.replace("http:", "https:")
    with pytest.raises(EngineFailed, match="does not answer"):
        Client(Remote("chat", "chat", address, model="m")).get("/x")


def test_without_a_key_none_is_sent_and_one_that_is_wanted_is_asked_for(talk: Talk) -> None:
    bare = Client(Remote("chat", "chat", talk.address, model="m"))
    assert bare.post("/x", {}) == GOOD and "Authorization" not in talk.asked[0].headers
    talk.always = Say({}, 401)
    with pytest.raises(EngineFailed, match=r'wants a key \(401\); write key = "NAME" into \[remote.chat\]'):
        bare.post("/x", {})


@pytest.mark.parametrize("word", ["x", "key", "ollama"])
def test_a_word_for_forms_sake_is_no_secret(talk: Talk, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("EXAMPLE_KEY", word)
    talk.always = Say({"text": f"the next {word} of ollama"})
    assert client(talk).post("/x", {}) == {"text": f"the next {word} of ollama"}
    talk.always = Say({"error": f"no such {word}"}, 400)
    with pytest.raises(EngineFailed, match=f"no such {word}"):
        client(talk).post("/x", {})


def test_a_key_that_is_not_set_is_named_before_anything_is_sent(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EXAMPLE_KEY")
    with pytest.raises(ConfigError, match="EXAMPLE_KEY, which is not set"):
        client(talk).post("/x", {})
    assert talk.asked == []


def test_no_proxy_stands_before_this_machine(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client(talk).post("/x", {}) == GOOD


def test_the_key_is_in_no_log(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    talk.script.append(Say({}, 503))
    client(talk).post("/x", {"q": "Hi"})
    assert caplog.text and KEY not in caplog.text
