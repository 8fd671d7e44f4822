"""The starter model itself, in the process: real weights, real answers, and what goes wrong with a GGUF file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xllamacpp

from tests.support.environment import ROOT
from tests.support.starter import FILE
from tests.support.tiny_gguf import THROUGH, random_llama
from toolkit.errors import EngineFailed, ModelError
from toolkit.models import Package
from toolkit.models.families import Families
from toolkit.translation.engines import llama
from toolkit.translation.engines.llama import Llama
from toolkit.translation.engines.prompts import Prompt
from toolkit.translation.options import Options
from toolkit.units import Answer, LanguagePair, Match, Refusal, Request

pytestmark = pytest.mark.usefixtures("in_this_process")

PAIR = LanguagePair("en", "zh-Hans")
STARTER = Package(
    "lokta-starter-en-zh", "llama", (PAIR,), FILE, label="starter model: expect to rewrite", family="starter"
)
FIRST = Options(threads=1, raw=True)
"""First answers, unchecked. Threads wait for each other, which is slow where other tests keep the cores busy."""
SENTENCES = [
    "The two sides agreed to hold talks in Beijing next month.",
    "The school opened on Monday.",
    "The river is long.",
]


def engine(package: Package = STARTER, options: Options = FIRST) -> Llama:
    return Llama(package, Families()[package.family], options)


def broken(path: Path) -> Package:
    return Package("broken", "llama", (PAIR,), path, family="starter")


@pytest.fixture(scope="module")
def starter() -> Llama:
    return engine()


def ask(engine: Llama, texts: list[str]) -> list[Answer]:
    return list(engine.translate(map(Request, texts), PAIR))


def test_it_translates_and_says_what_it_is(starter: Llama) -> None:
    (answer,) = ask(starter, SENTENCES[:1])
    assert isinstance(answer, Match)
    assert "会议" in answer.target or "会谈" in answer.target
    assert answer.target == answer.target.strip() and "\n" not in answer.target
    assert answer.score is not None and -3 < answer.score < 0
    assert answer.model == f"lokta-starter-en-zh@{STARTER.digest[:8]}"
    assert answer.remarks == ("starter model: expect to rewrite",)


def test_the_same_bytes_and_scores_in_any_order(starter: Llama) -> None:
    assert ask(starter, SENTENCES[::-1])[::-1] == ask(starter, SENTENCES)


def test_it_is_made_to_say_what_it_has_to_say(starter: Llama) -> None:
    assert starter.abilities.constrained and not starter.abilities.terms
    text, terms = "Lhasa has closed its border with Kabul.", (("Lhasa", "拉萨"), ("Kabul", "喀布尔"))
    (plain,) = ask(starter, [text])
    made = [*starter.translate([Request(text, terms=terms, constrained=True)], PAIR)]
    assert made == [*starter.translate([Request(text, terms=terms, constrained=True)], PAIR)]
    assert isinstance(plain, Match) and isinstance(made[0], Match)
    assert "喀布尔" not in plain.target and "拉萨" in made[0].target and "喀布尔" in made[0].target
    assert made[0].target.startswith(plain.target[:3]) and made[0].score is not None and -3 < made[0].score < 0


def test_a_word_that_does_not_fit_anywhere_is_not_said(starter: Llama) -> None:
    for word in ("ལྷ་ས", "<eos>"):
        request = Request("The river is long.", terms=(("river", word),), constrained=True)
        assert [*starter.translate([request], PAIR)] == [None]


def test_special_tokens_in_a_text_are_only_letters(starter: Llama) -> None:
    text = "The school opened on <eos> Monday."
    plain = Prompt(f"English: {text}\nChinese:", chat=False, longest=40)
    (said,) = starter.model.ask([plain.question(Request(text), PAIR)])
    (answer,) = ask(starter, [text])
    assert isinstance(answer, Match) and "学校" in answer.target
    assert answer.target != said.text.strip()  # the sign itself changes what the model reads


def test_an_answer_that_does_not_end_is_rejected(starter: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(starter.family), "longest_answer", lambda *_: 3)
    (answer,) = ask(starter, SENTENCES[:1])
    assert isinstance(answer, Match) and "cut off" in answer.rejected
    (refused,) = ask(engine(options=Options(threads=1)), SENTENCES[:1])
    assert isinstance(refused, Refusal) and "cut off" in refused.why


def test_several_slots_give_the_same_words_in_order(starter: Llama) -> None:
    several = engine(options=Options(threads=1, slots=3, raw=True))
    texts = [f"The school opened on day {number}." for number in range(8)]
    found, expected = ask(several, texts), ask(starter, texts)
    assert all(isinstance(answer, Match) for answer in expected), expected
    assert [getattr(answer, "target", answer) for answer in found] == [
        getattr(answer, "target", answer) for answer in expected
    ]
    assert several.tokens > 8 * 3


def test_a_text_longer_than_the_context_is_refused(starter: Llama) -> None:
    long, short = ask(starter, ["The river is long. " * 600, SENTENCES[1]])
    assert isinstance(long, Refusal) and "too long" in long.why
    assert isinstance(short, Match)


def test_another_error_of_the_library_stops_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    class Server:
        def __init__(self, settings: object) -> None: ...

        def handle_completions(self, request: object) -> dict[str, object]:
            return {"error": {"message": "out of luck", "type": "server_error"}}

    monkeypatch.setattr(xllamacpp, "Server", Server)
    with pytest.raises(EngineFailed, match="out of luck; the same command goes on"):
        ask(engine(), SENTENCES)


BROKEN = {"empty": b"", "magic": b"GGUF", "text": b"no model at all\n" * 100, "cut": FILE.open("rb").read(200_000)}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"broken\.gguf.*get it again"):
        ask(engine(broken(path)), SENTENCES)


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama, "ready", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'lokta\[llama\]'"):
        ask(engine(), SENTENCES)


def test_the_library_prints_nothing(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from tests.translation.engines.test_llama import *\n"
        "print(len(ask(engine(), SENTENCES[2:])))\n"
        f"p = Path({str(tmp_path)!r}) / 'x.gguf'; p.write_bytes(b'GGUF')\n"
        "try: ask(engine(broken(p)), SENTENCES)\n"
        "except ModelError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1\nrefused\n" and done.stderr == ""


def test_a_file_that_lost_its_chat_template_is_asked_by_the_familys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    """Tokens of each prompt, the marks of the template among them."""
    usual = xllamacpp.Server

    class Overheard(usual):  # type: ignore[misc, valid-type]
        def handle_chat_completions(self, asked: dict[str, Any]) -> Any:
            said = super().handle_chat_completions(asked)
            read.append(said["usage"]["prompt_tokens"])
            return said

    monkeypatch.setattr(xllamacpp, "Server", Overheard)
    question = Prompt("Hi", chat=True, longest=1).question(Request("Hi"), LanguagePair("en", "bo"))
    for name, template in (("through", THROUGH), ("lost", "")):
        path = random_llama(tmp_path / f"{name}.gguf", template=template)
        tiny = Package("tiny", "llama", (LanguagePair("en", "bo"),), path, family="hy-mt2")
        engine(tiny).model.ask([question])
    through, lost = read
    assert through < len("<｜hy_User｜>") < lost
