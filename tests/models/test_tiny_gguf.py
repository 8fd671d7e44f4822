"""The tiny models that other tests rely on are what they say, by llama.cpp itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xllamacpp

from tests.support.tiny_gguf import TURNS, parrot, pieces, random_llama, random_qwen3

OPENED = "ཆུ་བོའི་འགྲམ་དུ་སློབ་གྲྭ་གསར་པ་ཞིག་གཟའ་ཟླ་བའི་ཉིན་སྒོ་འབྱེད་བྱས།"
TEXTS = {
    "bo": OPENED,
    "twice": "ད་ད་ད་ད་ལྟ་ད་ལྟ།",
    "zh": "学校开学了，学校很大。",
    "en": "A school opened.",
    "short": "学校好",
}
QUESTIONS = [
    "English: The school opened.\nChinese:",
    "Translate the following text from English into Tibetan:\nEnglish: The school opened.\nTibetan:",
    "将以下文本翻译为藏语，注意只需要输出翻译后的结果，不要额外解释：\n\n学校星期一开学。",
    "བོད་ཡིག།",
    "3",
]


def served(path: Path) -> xllamacpp.Server:
    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads = 1024, 1, 1
    settings.verbosity, settings.warmup, settings.cache_prompt = -1, False, False
    return xllamacpp.Server(settings)


def say(server: xllamacpp.Server, question: str, **more: Any) -> tuple[str, str]:
    said = server.handle_completions({"prompt": question, "temperature": 0, "max_tokens": 48, **more})
    return said["choices"][0]["text"], said["choices"][0]["finish_reason"]


def chat(server: xllamacpp.Server, message: str) -> str:
    messages = [{"role": "user", "content": message}]
    said = server.handle_chat_completions({"messages": messages, "temperature": 0, "max_tokens": 48})
    return str(said["choices"][0]["message"]["content"])


@pytest.mark.parametrize("make", [random_llama, random_qwen3])
def test_random_weights_answer_rubbish_and_always_the_same(tmp_path: Path, make: Callable[..., Path]) -> None:
    path = make(tmp_path / "random.gguf", seed=1)
    assert path.stat().st_size < 2**20
    first, second = served(path), served(make(tmp_path / "again.gguf", seed=1))
    answers = [say(first, question) for question in QUESTIONS]
    assert answers == [say(second, question) for question in QUESTIONS] and len(set(answers)) == len(QUESTIONS)
    assert all("\ufffd" in text for text, _ in answers)
    assert [say(served(make(tmp_path / "other.gguf", seed=2)), question) for question in QUESTIONS] != answers


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_parrot_says_its_text_whatever_it_is_asked(tmp_path: Path, text: str) -> None:
    server = served(parrot(tmp_path / "parrot.gguf", *pieces(text)))
    assert [say(server, question) for question in QUESTIONS] == [(text, "stop")] * len(QUESTIONS)
    assert say(server, text) == (text, "stop") and chat(server, QUESTIONS[0]) == text


def test_a_parrot_minds_the_marks_of_a_chat(tmp_path: Path) -> None:
    server = served(parrot(tmp_path / "parrot.gguf", *pieces(OPENED), template=TURNS))
    assert chat(server, QUESTIONS[0]) == OPENED


def test_a_parrot_needs_pieces_of_which_each_leads_on(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="each may stand there once"):
        parrot(tmp_path / "parrot.gguf", "སློབ་", "གྲྭ་", "སློབ་")
    with pytest.raises(ValueError, match="three characters or more"):
        parrot(tmp_path / "parrot.gguf", "ད་", "གྲྭ་")
