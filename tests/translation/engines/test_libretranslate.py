"""A LibreTranslate server, as it should be and as it should not: batches, limits, codes of languages, lost counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from tests.support.environment import Run
from tests.support.misbehaving import Asked, Say, Talk, chinese, libretranslate, talking
from tests.support.projects import agree
from toolkit.errors import ConfigError, EngineFailed, NoModel
from toolkit.remotes import Remote
from toolkit.translation.engines.libretranslate import LibreTranslate
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Answer, LanguagePair, Match, Refusal, Request

KEY = "0d4c7f6e-1d7a-4c49-9d0b-6f8c0b7e2a11"
TEXTS = [f"The river number {number} is {'very ' * (number % 4)}long." for number in range(50)]


@pytest.fixture
def serve() -> Iterator[Callable[..., Talk]]:
    """Starts a server with these limits."""
    opened = []

    def start(**limits: object) -> Talk:
        opened.append(talking(libretranslate(**limits)))  # type: ignore[arg-type]
        return opened[-1].__enter__()

    with stamina.set_testing(True, attempts=5, cap=True):
        yield start
    for one in opened:
        one.__exit__(None, None, None)


def engine(talk: Talk, key: str = "") -> LibreTranslate:
    return LibreTranslate(Remote("libretranslate", "libretranslate", talk.address, key, timeout=5), Options())


def ask(engine: LibreTranslate, texts: list[str], source: str = "en", target: str = "zh-Hans") -> list[Answer]:
    return list(engine.translate(map(Request, texts), LanguagePair(source, target)))


def targets(answers: list[Answer]) -> list[str]:
    return [answer.target for answer in answers if isinstance(answer, Match)]


@pytest.mark.parametrize(
    "limits", [{}, {"char_limit": 400}, {"batch_limit": 7}, {"char_limit": 120, "batch_limit": 3}, {"char_limit": 60}]
)
def test_every_sentence_gets_its_own_translation(serve: Callable[..., Talk], limits: dict[str, int]) -> None:
    talk = serve(**limits)
    assert targets(ask(engine(talk), TEXTS)) == [chinese(text) for text in TEXTS]
    letters = [sum(map(len, one.body["q"])) for one in talk.posts]
    assert all(one.path == "/translate" and one.body["format"] == "text" for one in talk.posts)
    if not limits:
        assert len(talk.posts) == 2
    elif "batch_limit" not in limits:
        assert max(letters) <= limits["char_limit"], "what the server says of its limit was not asked for"


def test_a_limit_that_the_server_keeps_to_itself_is_found(serve: Callable[..., Talk]) -> None:
    talk = serve(char_limit=300)
    usual = talk.usual
    talk.usual = lambda asked: Say({}, 404) if asked.path == "/frontend/settings" else usual(asked)
    assert targets(ask(engine(talk), TEXTS)) == [chinese(text) for text in TEXTS]


def test_a_proxy_that_finds_the_request_too_large(serve: Callable[..., Talk]) -> None:
    talk = serve()
    talk.script += [Say(b"<html>too large</html>", 413)] * 3
    assert targets(ask(engine(talk), TEXTS)) == [chinese(text) for text in TEXTS]


def test_one_sentence_longer_than_the_limit_is_refused_alone(serve: Callable[..., Talk]) -> None:
    talk = serve(char_limit=100)
    first, long, last = ask(engine(talk), ["Go.", "far " * 60, "Stay."])
    assert isinstance(first, Match) and isinstance(last, Match)
    assert isinstance(long, Refusal) and long.why == "longer than the server takes"


def test_a_server_that_loses_count_is_asked_for_less(serve: Callable[..., Talk]) -> None:
    talk = serve()
    usual = talk.usual

    def loses(asked: Asked) -> Say:
        said = usual(asked).body["translatedText"]
        return Say({"translatedText": said[:-1] if len(said) > 4 else said})

    talk.always = loses
    assert targets(ask(engine(talk), TEXTS)) == [chinese(text) for text in TEXTS]
    talk.always = lambda asked: Say({"translatedText": ["a", "b"]})
    with pytest.raises(EngineFailed, match="gave 2 answers to one sentence; the same command goes on"):
        ask(engine(talk), TEXTS[:1])


def test_one_answer_to_one_sentence_may_be_bare(serve: Callable[..., Talk]) -> None:
    talk = serve()
    talk.always = Say({"translatedText": "河"})
    assert targets(ask(engine(talk), TEXTS[:1])) == ["河"]


@pytest.mark.parametrize(
    "said", [{}, [], {"translatedText": None}, {"translatedText": [1, 2]}, {"translatedText": {}}, "x", 7]
)
def test_another_form_of_answer_stops_in_one_line(serve: Callable[..., Talk], said: object) -> None:
    talk = serve()
    talk.always = Say(said)
    with pytest.raises(EngineFailed, match="answers in another form than LibreTranslate does; check url"):
        ask(engine(talk), TEXTS[:2])


NEW = {"en": ["zh-Hans", "zh-Hant", "pt-BR", "pb"], "zh-Hans": ["en"]}


@pytest.mark.parametrize(
    ("pairs", "source", "target", "codes"),
    [
        (None, "en", "zh-Hans", ("en", "zh")),
        (None, "en", "zh-Hant", ("en", "zt")),
        (None, "zh-Hans", "en", ("zh", "en")),
        (NEW, "en", "zh-Hans", ("en", "zh-Hans")),
        (NEW, "en", "zh-Hant", ("en", "zh-Hant")),
        (NEW, "en", "pt-BR", ("en", "pt-BR")),
        ({"en": ["pt"]}, "en", "pt-BR", ("en", "pt")),
    ],
)
def test_the_servers_own_codes(
    serve: Callable[..., Talk], pairs: dict[str, list[str]] | None, source: str, target: str, codes: tuple[str, str]
) -> None:
    talk = serve(**({"pairs": pairs} if pairs else {}))
    ask(engine(talk), TEXTS[:1], source, target)
    assert (talk.posts[0].body["source"], talk.posts[0].body["target"]) == codes


@pytest.mark.parametrize(
    ("source", "target", "line"),
    [("en", "bo", "has no en -> bo; from en it translates into de, en, zh, zt"),
     ("bo", "en", "has no bo -> en; it translates from de, en, zh, zt"),
     ("zh-Hans", "de", "has no zh-Hans -> de; from zh it translates into en, zh")],
)  # fmt: skip
def test_a_pair_that_the_server_lacks(serve: Callable[..., Talk], source: str, target: str, line: str) -> None:
    talk = serve()
    with pytest.raises(NoModel, match=line) as caught:
        ask(engine(talk), TEXTS[:1], source, target)
    assert talk.posts == [] and "\n" not in str(caught.value)


def test_simplified_is_not_taken_for_traditional(serve: Callable[..., Talk]) -> None:
    with pytest.raises(NoModel):
        ask(engine(serve(pairs={"en": ["zh"]})), TEXTS[:1], "en", "zh-Hant")


def test_drafts_are_signed_with_server_and_version(serve: Callable[..., Talk]) -> None:
    talk, silent = serve(), serve(version="")
    host = talk.address.removeprefix("http://")
    (answer,) = ask(engine(talk), TEXTS[:1])
    assert isinstance(answer, Match)
    assert (answer.origin, answer.model, answer.score) == ("libretranslate", f"{host}@1.7.3", None)
    assert engine(silent).signature == silent.address.removeprefix("http://")
    silent.usual = lambda asked: Say(b"<html>")
    assert engine(silent).signature == silent.address.removeprefix("http://")


def test_the_key_goes_into_the_body_alone(serve: Callable[..., Talk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_LIBRE_KEY", KEY)
    talk = serve()
    ask(engine(talk, "LOKTA_LIBRE_KEY"), TEXTS[:1])
    assert talk.posts[0].body["api_key"] == KEY
    assert all(KEY not in str(one.headers) + one.path for one in talk.asked)


@pytest.mark.parametrize("status", [400, 403])
def test_a_server_that_wants_a_key(serve: Callable[..., Talk], status: int) -> None:
    talk = serve()
    talk.always = Say({"error": "Visit https://portal.example.org to get an API key"}, status)
    with pytest.raises(EngineFailed, match=r'wants a key .*write key = "NAME" into \[remote.libretranslate\]'):
        ask(engine(talk), TEXTS[:1])


def test_it_is_never_chosen_by_itself_and_needs_a_table(serve: Callable[..., Talk]) -> None:
    pair, remote = LanguagePair("en", "de"), engine(serve()).remote
    opted_in, not_opted_in = Resources(engines(), remotes={"libretranslate": remote}), Resources(engines())
    assert pick("", pair, Options(), opted_in) is None
    with pytest.raises(ConfigError, match="not opted in"):
        pick("libretranslate", pair, Options(), not_opted_in)
    assert pick("libretranslate", pair, Options(), opted_in) is not None


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """A project of one article, whose engine is a server at an address."""

    def make(address: str, more: str = "") -> Path:
        (tmp_path / "articles").mkdir(exist_ok=True)
        (tmp_path / "articles" / "river.md").write_text(
            "# The river\n\nThe **river** is long. It is cold in [winter](https://a.org).\n\nBoats are rare here.\n"
        )
        (tmp_path / "lokta.toml").write_text(
            'source_language = "en"\narticles = "articles"\n[target.zh-Hans]\nengine = "libretranslate"\n'
            f'[remote.libretranslate]\nurl = "{address}"\n{more}'
        )
        agree(tmp_path)
        return tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "river.po"

    return make


def test_the_whole_way(serve: Callable[..., Talk], project: Callable[..., Path], invoke: Run) -> None:
    talk = serve()
    path = project(talk.address)
    foreseen = invoke("translate", "--dry-run")
    assert f"libretranslate: 4 sentences go to {talk.address}: " in foreseen.stdout and talk.posts == []
    done = invoke("translate")
    assert f"libretranslate: 4 sentences go to {talk.address}: " in done.stderr
    assert "3 by machine now (libretranslate)" in done.stdout
    text = path.read_text(encoding="utf-8")
    assert f"model={talk.address.removeprefix('http://')}@1.7.3" in text
    assert chinese("Boats are rare here") in text and "**" in text and "https://a.org" in text
    again = invoke("translate")
    assert len(talk.posts) == 1 and again.stderr == "", "nothing was to be sent, and nothing is said of it"


def test_the_same_command_goes_on(serve: Callable[..., Talk], project: Callable[..., Path], invoke: Run) -> None:
    talk = serve()
    path = project(talk.address)
    talk.script.append(Say({"error": "no such thing"}, 400))
    stopped = invoke("translate", code=3)
    assert "refuses the request (400): no such thing; the same command goes on" in stopped.stderr
    assert "msgstr" in path.read_text(encoding="utf-8")
    assert "3 by machine now" in invoke("translate").stdout


@pytest.mark.parametrize(
    "said", [Say({"translatedText": [KEY] * 4}), Say({"error": KEY}, 400), Say({"error": KEY}, 403)]
)
def test_the_key_is_nowhere(
    serve: Callable[..., Talk], project: Callable[..., Path], invoke: Run, said: Say, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setenv("LOKTA_LIBRE_KEY", KEY)
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / "cache"))
    talk = serve()
    project(talk.address, 'key = "LOKTA_LIBRE_KEY"\n')
    talk.script.append(said)
    outputs = [invoke("translate", code=3), invoke("translate"), invoke("translate", "--dry-run")]
    assert all(KEY not in done.stdout + done.stderr for done in outputs)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {".po", ".json", ".sqlite3"} <= {path.suffix for path in files}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_table_is_what_opts_in(project: Callable[..., Path], invoke: Run, tmp_path: Path) -> None:
    project("http://127.0.0.1:5000")
    text = (tmp_path / "lokta.toml").read_text()
    (tmp_path / "lokta.toml").write_text(text.partition("[remote")[0])
    for done in (invoke("translate", code=1), invoke("translate", "--engine", "libretranslate", code=1)):
        assert "has not opted in to; write into its lokta.toml: [remote.libretranslate]" in done.stderr
