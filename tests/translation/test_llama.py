"""The starter model itself, in the process: real weights, real answers, and what goes wrong with a GGUF file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.models.test_starter import FILE
from tests.support.tiny_gguf import random_llama
from toolkit.errors import EngineFailed, ModelError
from toolkit.models import Package
from toolkit.translation import llama
from toolkit.translation.accept import Checked
from toolkit.translation.llama import Llama
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt
from toolkit.units import Match, Refusal, Request

PAIR = (("en", "zh-Hans"),)
STARTER = Package(
    "lokta-starter-en-zh", "llama", PAIR, FILE, label="starter model: expect to rewrite", family="starter"
)
ALONE = Options(threads=1)
"""Threads wait for each other, which is slow where other tests keep the cores busy."""
SENTENCES = [
    "The two sides agreed to hold talks in Beijing next month.",
    "The school opened on Monday.",
    "The river is long.",
]


@pytest.fixture(scope="module")
def starter() -> Llama:
    return Llama(STARTER, ALONE)


def ask(engine: Llama, texts: list[str]) -> list[object]:
    return list(engine.translate(map(Request, texts), "en", "zh-Hans"))


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


def test_special_tokens_in_a_text_are_only_letters(starter: Llama) -> None:
    text = "The school opened on <eos> Monday."
    asked = starter.complete(Prompt(f"English: {text}\nChinese:", chat=False, longest=40))
    (answer,) = ask(starter, [text])
    assert isinstance(answer, Match) and "学校" in answer.target
    assert answer.target != asked.text.strip()  # the sign itself changes what the model reads


def test_an_answer_that_does_not_end_is_doubted(starter: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(starter.family), "longest_answer", lambda *_: 3)
    (answer,) = ask(starter, SENTENCES[:1])
    assert isinstance(answer, Match) and "cut off" in answer.doubt
    (refused,) = Checked(starter).translate([Request(SENTENCES[0])], "en", "zh-Hans")
    assert isinstance(refused, Refusal) and "cut off" in refused.why


def test_several_slots_give_the_same_words_in_order(starter: Llama) -> None:
    several = Llama(STARTER, Options(threads=1, slots=3))
    texts = [f"The school opened on day {number}." for number in range(8)]
    found, expected = ask(several, texts), ask(starter, texts)
    assert [answer.target for answer in found] == [answer.target for answer in expected]
    assert several.tokens > 8 * 3


def test_a_text_longer_than_the_context_is_refused(starter: Llama) -> None:
    long, short = ask(starter, ["The river is long. " * 600, SENTENCES[1]])
    assert isinstance(long, Refusal) and "too long" in long.why
    assert isinstance(short, Match)


def test_another_error_of_the_library_stops_the_job(starter: Llama, monkeypatch: pytest.MonkeyPatch) -> None:
    class Server:
        def handle_completions(self, request: object) -> dict[str, object]:
            return {"error": {"message": "out of luck", "type": "server_error"}}

    broken = Llama(STARTER, ALONE)
    broken._loaded = Server()
    with pytest.raises(EngineFailed, match="out of luck; the same command goes on"):
        ask(broken, SENTENCES)


BROKEN = {"empty": b"", "magic": b"GGUF", "text": b"no model at all\n" * 100, "cut": FILE.open("rb").read(200_000)}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"broken\.gguf.*get it again"):
        ask(Llama(Package("broken", "llama", PAIR, path, family="starter"), ALONE), SENTENCES)


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama, "ready", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'lokta\[llama\]'"):
        ask(Llama(STARTER, ALONE), SENTENCES)


def test_the_library_prints_nothing(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from tests.translation.test_llama import *\n"
        "print(len(ask(Llama(STARTER, ALONE), SENTENCES[2:])))\n"
        f"p = Path({str(tmp_path)!r}) / 'x.gguf'; p.write_bytes(b'GGUF')\n"
        "try: ask(Llama(Package('x', 'llama', PAIR, p, family='starter'), ALONE), SENTENCES)\n"
        "except ModelError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "1\nrefused\n" and done.stderr == ""


def test_a_file_that_lost_its_chat_template_is_asked_by_the_familys(tmp_path: Path) -> None:
    def read(template: str) -> int:
        path = random_llama(tmp_path / f"{len(template)}.gguf", template=template)
        engine = Llama(Package("tiny", "llama", (("en", "bo"),), path, family="hy-mt2"), ALONE)
        message = {"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}
        return int(engine._server.handle_chat_completions(message)["usage"]["prompt_tokens"])

    through = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    assert read(through) < len("<｜hy_User｜>") < read("")
