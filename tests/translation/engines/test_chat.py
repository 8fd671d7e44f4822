"""A language model behind a server: the same words as in the process, several paragraphs a call, and all that goes wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st

from tests.support.misbehaving import Asked, Say, Talk, chat, chinese, completion, reply, segments, talking
from tests.support.misbehaviours import CASES, asked, pair_of
from tests.support.starter import FILE
from toolkit.errors import ConfigError, EngineFailed, NoModel
from toolkit.models import Package
from toolkit.models.families import Families
from toolkit.remotes import Remote
from toolkit.remotes.client import Client
from toolkit.translation.cache import CachedModel, DraftCache
from toolkit.translation.engines.calibration import calibrated
from toolkit.translation.engines.chat import Chat
from toolkit.translation.engines.completions import ChatServer
from toolkit.translation.engines.llama import Llama
from toolkit.translation.engines.prompts import numbered, prompt
from toolkit.translation.engines.registry import engines
from toolkit.translation.inference import Question
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Answer, Engine, LanguagePair, Match, Refusal, Request

TEXTS = [f"The river number {number} rose by {number + 2} metres in one night of spring." for number in range(1, 41)]
PAIR = LanguagePair("en", "zh-Hans")
FAMILIES = Families()


@pytest.fixture
def talk() -> Iterator[Talk]:
    with stamina.set_testing(True, attempts=5, cap=True), talking(chat()) as server:
        yield server


def engine(talk: Talk, raw: bool = False, **more: Any) -> Chat:
    remote = Remote("chat", "chat", f"{talk.address}/v1", **{"model": "m", "timeout": 20, **more})
    return Chat(remote, FAMILIES[remote.family], Options(raw=raw))


def ask(engine: Engine, texts: list[str]) -> list[Answer]:
    return list(engine.translate([Request(text, title="Rivers") for text in texts], PAIR))


def targets(answers: list[Answer]) -> list[str]:
    return [answer.target if isinstance(answer, Match) else "" for answer in answers]


GOOD = [chinese(text) for text in TEXTS]


@pytest.mark.parametrize(
    ("said", "calls"), [({}, 3), ({"segments": 1}, 40), ({"segments": 20}, 2), ({"segments": 100}, 1)]
)
def test_every_paragraph_gets_its_own_translation(talk: Talk, said: dict[str, int], calls: int) -> None:
    assert targets(ask(engine(talk, **said), TEXTS)) == GOOD
    assert len(talk.posts) == calls
    assert all(one.path == "/v1/chat/completions" and one.body["temperature"] == 0 for one in talk.posts)
    assert all(len(one.body["messages"]) == 1 and one.body["model"] == "m" for one in talk.posts)


@pytest.mark.parametrize("name", FAMILIES.names)
def test_the_words_are_those_of_the_family(talk: Talk, name: str) -> None:
    request = Request("The river is long.", title="Rivers", before="It rains.", terms=(("river", "河"),))
    words = FAMILIES[name]
    list(engine(talk, raw=True, family=name, segments=1).translate([request], PAIR))
    (post,) = talk.posts
    body, wanted = post.body, prompt(words, request, PAIR)
    assert (body["messages"][0]["content"] if words.chat else body["prompt"]) == wanted.text
    assert post.path == ("/v1/chat/completions" if words.chat else "/v1/completions")
    assert body["max_tokens"] == wanted.longest and body.get("stop", []) == list(wanted.stop)
    assert body.get("repeat_penalty") == wanted.sampling.get("repeat_penalty")


def test_title_and_neighbours_stand_in_the_question(talk: Talk) -> None:
    requests = [
        Request(text, title="Rivers", before=TEXTS[index - 1] if index else "", after=TEXTS[index + 1])
        for index, text in enumerate(TEXTS[:16])
    ][4:8]
    list(engine(talk).translate(requests, PAIR))
    message = talk.posts[0].body["messages"][0]["content"]
    assert message == numbered(FAMILIES["instruct"], requests, PAIR).text
    assert "Rivers" in message and TEXTS[3] in message and TEXTS[8] in message


def test_terms_are_told_in_the_words_that_hy_mt2_was_trained_on(talk: Talk) -> None:
    text, terms = "The river is long.", (("river", "གཙང་པོ"), ("Tibet", "བོད"))
    for size in (1, 2):
        made = engine(talk, raw=True, family="hy-mt2", segments=size)
        for pair in (LanguagePair("en", "bo"), LanguagePair("en", "zh-Hans")):
            list(made.translate([Request(text, terms=terms), Request("Tibet is high.", terms=terms[1:])], pair))
    alone, other, chinese_one, _, both, chinese_both = (post.body["messages"][0]["content"] for post in talk.posts)
    told = "Reference the following translations:\nriver translates to གཙང་པོ\nTibet translates to བོད\n\n"
    assert alone == (
        f"{told}Translate the following text into Tibetan. Note that you should **only output the translated result "
        f"without any additional explanation**:\n\n{text}"
    )
    assert "river" not in other and "\nTibet translates to བོད\n" in other
    lines = "参考下面的翻译：\nriver 翻译成 གཙང་པོ\nTibet 翻译成 བོད\n"
    assert chinese_one == f"{lines}将以下文本翻译为中文，注意只需要输出翻译后的结果，不要额外解释：\n\n{text}"
    assert both.startswith(told) and both.count("translates to") == 2 and "[2] Tibet is high." in both
    assert chinese_both.startswith(lines)


def test_an_example_that_came_back_is_asked_for_again_without_examples_and_with_the_terms(talk: Talk) -> None:
    nearest = ("The road to Halden is closed.", "通往哈尔登的道路关闭。")
    asked_for = [
        Request("The road to Selm is closed.", examples=(nearest,), terms=(("Selm", "塞尔姆"),)),
        Request("The river is long.", examples=(nearest,)),
    ]

    def answer(question: Asked) -> Say:
        message = question.body["messages"][0]["content"]
        if nearest[0] in message:
            return completion(
                "".join(f"[{n}] {nearest[1] if 'Selm' in text else '河很长。'}\n" for n, text in segments(message))
            )
        return completion("通往塞尔姆的道路关闭。")

    talk.always = answer
    found = list(engine(talk, segments=2).translate(asked_for, PAIR))
    assert targets(found) == ["通往塞尔姆的道路关闭。", "河很长。"]
    first, second = (post.body["messages"][0]["content"] for post in talk.posts)
    assert nearest[0] in first and nearest[0] not in second and "塞尔姆" in first and "塞尔姆" in second


def test_a_model_asked_in_the_process_and_behind_a_server_says_the_same() -> None:
    """The server is llama.cpp's own, as `llama-server` is; the model is the starter."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path, settings.n_ctx, settings.n_parallel, settings.cpuparams.n_threads = str(FILE), 2048, 1, 1
    settings.verbosity, settings.warmup, settings.cache_prompt, settings.ui = -1, False, False, False
    server = xllamacpp.Server(settings)
    texts = ["The school opened on Monday.", "The river is long.", "far " * 3000]
    package = Package("lokta-starter-en-zh", "llama", (PAIR,), FILE, family="starter")
    remote = Remote("chat", "chat", f"{server.listening_address}/v1", model="x", family="starter")
    near = Llama(package, FAMILIES["starter"], Options(threads=1, raw=True))
    far = Chat(remote, FAMILIES["starter"], Options(raw=True))
    both = zip(*(one.translate(map(Request, texts), PAIR) for one in (near, far)), strict=True)
    for here, there in both:
        if isinstance(here, Refusal):
            assert isinstance(there, Refusal) and there.why == here.why == "too long for the model"
            continue
        assert isinstance(here, Match) and isinstance(there, Match)
        assert there.target == here.target and "。" in there.target
        assert there.score == pytest.approx(here.score, abs=0.01)


def lines(change: Callable[[list[str]], list[str]], least: int = 5) -> Callable[[Asked], Say]:
    """A server that spoils the lines of every answer to `least` paragraphs or more."""

    def answer(asked: Asked) -> Say:
        said = reply(asked.body["messages"][0]["content"]).split("\n")
        return completion("\n".join(change(said) if len(said) >= least else said))

    return answer


NUMBERS_OFF: dict[str, Callable[[list[str]], list[str]]] = {
    "one is missing": lambda said: said[:2] + said[3:],
    "the last is missing": lambda said: said[:-1],
    "two changed places": lambda said: [said[1], said[0], *said[2:]],
    "one came twice": lambda said: [said[0], *said],
    "one too many": lambda said: [*said, f"[{len(said) + 1}] 还有"],
    "from nought": lambda said: [f"[{number}]{line.partition(']')[2]}" for number, line in enumerate(said)],
    "no numbers": lambda said: [line.partition("] ")[2] for line in said],
    "a preface": lambda said: ["Here are the translations:", *said],
    "a note": lambda said: [*said, "", "Note: I kept the numbers."],
    "two lines for one": lambda said: [said[0] + "\n河", *said[1:]],
    "one is empty": lambda said: ["[1] ", *said[1:]],
    "two in a line": lambda said: [" ".join(said[:2]), *said[2:]],
    "nothing": lambda said: [],
}


@pytest.mark.parametrize("change", NUMBERS_OFF.values(), ids=NUMBERS_OFF)
def test_where_the_numbers_are_off_less_is_asked(talk: Talk, change: Callable[[list[str]], list[str]]) -> None:
    talk.always = lines(change)
    assert targets(ask(engine(talk), TEXTS[:16])) == GOOD[:16]
    assert sizes(talk) == [16, 8, 4, 4, 8, 4, 4]


def sizes(talk: Talk) -> list[int]:
    """How many numbered paragraphs each call held."""
    return [len(segments(one.body["messages"][0]["content"])) for one in talk.posts]


def test_a_model_that_loses_its_numbers_is_asked_for_less_until_it_does_well(talk: Talk) -> None:
    talk.always = lines(NUMBERS_OFF["no numbers"])
    one = engine(talk)
    assert targets(ask(one, TEXTS[:32])) == GOOD[:32]
    assert sizes(talk) == [16, 8, 4, 4, 8, 4, 4, 4, 4, 8, 4, 4]
    talk.always = None
    talk.asked.clear()
    assert targets(ask(one, TEXTS[:32] + TEXTS[:32])) == GOOD[:32] * 2
    assert sizes(talk)[-1] > 4


def test_no_more_stand_in_a_call_than_the_context_has_room_for(talk: Talk) -> None:
    ask(engine(talk), [" ".join(TEXTS[number : number + 12]) for number in range(16)])
    asked = [one for one in talk.posts if segments(one.body["messages"][0]["content"])]
    assert len(asked) > 1
    assert max(len(one.body["messages"][0]["content"]) for one in asked) < 4096 * 2.5


def test_down_to_single_paragraphs(talk: Talk) -> None:
    talk.always = lines(NUMBERS_OFF["no numbers"], least=2)
    assert targets(ask(engine(talk), TEXTS[:8])) == GOOD[:8]
    assert len(talk.posts) == 15


@pytest.mark.parametrize("form", ["[{}] {}", "[{}]: {}", " [{}]  {}\n", "［{}］{}", "【{}】 {}"])
def test_forms_of_numbers_that_are_read(talk: Talk, form: str) -> None:
    talk.always = lambda asked: completion(
        "<think>\n\n</think>\n\n"
        + "\n".join(form.format(n, chinese(t)) for n, t in segments(asked.body["messages"][0]["content"]))
    )
    assert targets(ask(engine(talk), TEXTS[:6])) == GOOD[:6] and len(talk.posts) == 1


def test_a_bad_segment_is_asked_alone_once(talk: Talk) -> None:
    def lazy(text: str) -> str:
        return text if "number 3 " in text else chinese(text)

    talk.script.append(lambda asked: completion(reply(asked.body["messages"][0]["content"], lazy)))
    assert targets(ask(engine(talk), TEXTS[:6])) == GOOD[:6]
    assert len(talk.posts) == 2 and TEXTS[2] in talk.posts[1].body["messages"][0]["content"]
    assert segments(talk.posts[1].body["messages"][0]["content"]) == []


def test_one_that_stays_bad_is_refused_and_the_others_are_kept(talk: Talk) -> None:
    talk.usual = chat(lambda text: text if "number 3 " in text else chinese(text))
    answers = ask(engine(talk), TEXTS[:6])
    bad = answers.pop(2)
    assert (
        isinstance(bad, Refusal) and bad.origin == "chat" and bad.model == f"m@{talk.address.removeprefix('http://')}"
    )
    assert targets(answers) == GOOD[:2] + GOOD[3:6]
    assert len(talk.posts) == 2


def test_a_second_source_is_not_shared(talk: Talk) -> None:
    requests = [Request(text) for text in TEXTS[:3]]
    requests[1] = replace(requests[1], reference="La rivière.", reference_language="fr")
    assert targets(list(engine(talk).translate(requests, PAIR))) == GOOD[:3]
    alone = [one for one in talk.posts if "La rivière" in one.body["messages"][0]["content"]]
    assert len(talk.posts) == 2 and len(alone) == 1 and segments(alone[0].body["messages"][0]["content"]) == []


def test_sentences_of_a_paragraph_alone_keep_their_pairs(talk: Talk) -> None:
    (answer,) = ask(engine(talk, segments=1), [f"{TEXTS[0]} {TEXTS[1]}"])
    assert isinstance(answer, Match) and answer.sentences == ((TEXTS[0], GOOD[0]), (TEXTS[1], GOOD[1]))


STOPPED = {
    "cut": (completion("河" * 40, finish="length"), "cut off at the longest answer allowed"),
    "filtered": (completion("", finish="content_filter"), "withheld by the server's content filter"),
    "filtered, no text": (completion(None, finish="content_filter"), "withheld by the server's content filter"),
    "filtered, as an error": (Say({"error": {"message": "blocked by our content management policy"}}, 400), "withheld"),
    "declined": (completion(None, refusal="I will not."), "declined"),
    "too long": (Say({"error": {"message": "maximum context length is 8 tokens"}}, 400), "too long for the model"),
    "too long for a proxy": (Say(b"<html>", 413), "too long for the model"),
}


@pytest.mark.parametrize(("say", "why"), STOPPED.values(), ids=STOPPED)
def test_a_stopped_answer_is_no_draft(talk: Talk, say: Say, why: str) -> None:
    talk.always = say
    answers = ask(engine(talk), TEXTS[:2])
    assert all(isinstance(answer, Refusal) and why in answer.why for answer in answers), answers


@pytest.mark.parametrize("say", [say for say, _ in STOPPED.values()], ids=STOPPED)
def test_one_stopped_call_is_made_again_in_halves(talk: Talk, say: Say) -> None:
    talk.script.append(say)
    assert targets(ask(engine(talk), TEXTS[:8])) == GOOD[:8]
    assert len(talk.posts) == 3


UNWANTED = ["top_logprobs", "logprobs", "temperature", "repeat_penalty", "repetition_penalty"]


@pytest.mark.parametrize("name", UNWANTED)
@pytest.mark.parametrize("line", ["Unknown parameter: '{}'.", "{} is not supported with this model"])
def test_what_a_server_does_not_want_to_be_told_is_left_out(talk: Talk, name: str, line: str) -> None:
    usual = chat()

    def choosy(asked: Asked) -> Say:
        return Say({"error": {"message": line.format(name)}}, 400) if name in asked.body else usual(asked)

    talk.always = choosy
    found = engine(talk, segments=1, family="hy-mt2").translate([Request("The river is long.")] * 2, PAIR)
    assert targets(list(found)) == [chinese("The river is long.")] * 2
    assert len(talk.posts) == 3 and name not in talk.posts[-1].body


@pytest.mark.parametrize(
    "words",
    ["max_tokens is too large: 9000. This model supports at most 4096 completion tokens",
     "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context length is 4096 tokens"],
)  # fmt: skip
def test_a_server_whose_answers_are_shorter(talk: Talk, words: str) -> None:
    usual = chat()

    def short(asked: Asked) -> Say:
        limited = "max_tokens" in asked.body or "max_completion_tokens" in asked.body
        return (
            Say({"error": {"message": words.replace("max_tokens is", f"{name(asked)} is")}}, 400)
            if limited
            else usual(asked)
        )

    def name(asked: Asked) -> str:
        return "max_tokens" if "max_tokens" in asked.body else "max_completion_tokens"

    talk.always = short
    assert targets(ask(engine(talk), TEXTS[:2])) == GOOD[:2]


def test_a_model_that_thinks_before_it_speaks_has_room_for_it(talk: Talk) -> None:
    usual = chat()
    talk.always = lambda asked: completion("", finish="length") if "max_tokens" in asked.body else usual(asked)
    assert targets(ask(engine(talk), TEXTS[:2])) == GOOD[:2]
    assert len(talk.posts) == 2 and not {"max_tokens", "max_completion_tokens"} & set(talk.posts[1].body)
    talk.always = completion("", finish="length")
    assert all(isinstance(answer, Refusal) for answer in ask(engine(talk), TEXTS[:2])), "it thinks for ever"


def test_the_newer_name_of_the_longest_answer(talk: Talk) -> None:
    usual = chat()

    def newer(asked: Asked) -> Say:
        words = (
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        )
        return Say({"error": {"message": words}}, 400) if "max_tokens" in asked.body else usual(asked)

    talk.always = newer
    assert targets(ask(engine(talk), TEXTS[:2])) == GOOD[:2]
    assert talk.posts[-1].body["max_completion_tokens"] > 100


def test_scores_are_those_of_each_segment(talk: Talk) -> None:
    said = "[1] 河水很长\n[2] 山很高大"
    told = [{"token": char, "logprob": -1.0 if 4 <= at < 9 else -3.0} for at, char in enumerate(said)]
    for one in told:
        one["bytes"] = list(str(one["token"]).encode())
    choice = {"message": {"content": said}, "finish_reason": "stop", "logprobs": {"content": told}}
    talk.script.append(Say({"choices": [choice]}))
    requests = [Request("The river is long."), Request("The hill is high.")]
    river, mountain = engine(talk, raw=True).translate(requests, PAIR)
    assert isinstance(river, Match) and isinstance(mountain, Match)
    assert (river.target, mountain.target) == ("河水很长", "山很高大")
    assert river.score == pytest.approx(calibrated(-5.0, "河水很长"))
    assert mountain.score == pytest.approx(calibrated(-12.0, "山很高大"))


def test_what_was_only_guessed_among_others_is_asked_alone(talk: Talk) -> None:
    talk.script.append(completion(reply("\n\n[1] The river is long.\n[2] The hill is high."), -20.0))
    requests = [Request("The river is long."), Request("The hill is high.")]
    assert targets(list(engine(talk).translate(requests, PAIR))) == [chinese(request.source) for request in requests]
    assert sizes(talk) == [2, 0, 0]


def test_without_log_probabilities_there_is_no_score(talk: Talk) -> None:
    talk.usual = chat(logprob=None)
    (answer,) = ask(engine(talk), TEXTS[:1])
    assert isinstance(answer, Match) and answer.score is None


KEYS = [
    "content",
    "refusal",
    "text",
    "token",
    "tokens",
    "token_logprobs",
    "logprob",
    "bytes",
    "completion_tokens",
    "error",
]
FORMS: list[Any] = [
    {}, [], "x", 7, None, {"choices": []}, {"choices": None}, {"choices": ["x"]}, {"choices": [{}]},
    {"choices": [{"message": None}]}, {"choices": [{"message": "x"}]}, {"choices": [{"message": {"content": 7}}]},
    {"choices": [{"text": "河"}]},
]  # fmt: skip


@pytest.mark.parametrize("body", FORMS, ids=str)
def test_another_form_of_answer_stops_in_one_line(talk: Talk, body: Any) -> None:
    talk.always = Say(body)
    with pytest.raises(EngineFailed, match="check url, which usually ends in /v1") as caught:
        ask(engine(talk), TEXTS[:2])
    assert "\n" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


class Canned(Client):
    """A server that says this, whatever it is asked."""

    found: Any = None

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.found


@given(JSON | st.just("[1] 河\n[2] 山"), JSON, JSON, st.booleans())
def test_any_answer_is_understood_or_stops_in_one_line(
    message: Any, logprobs: Any, usage: Any, asked_as_chat: bool
) -> None:
    remote = Remote("chat", "chat", "http://127.0.0.1:9/v1", model="m", segments=2)
    server = ChatServer(remote)
    server.client = canned = Canned(remote)
    content = {"content": message} if asked_as_chat and isinstance(message, str) else message
    choice = {"message": content, "text": message, "logprobs": logprobs, "finish_reason": usage}
    settings = {"chat": asked_as_chat, "longest": 9, "stop": [], "sampling": {}}
    for found in (message, {"choices": [choice], "usage": usage}):
        canned.found = found
        try:
            (output,) = server.ask([Question("River\nHill", settings)])
        except EngineFailed as error:
            assert "\n" not in str(error)
        else:
            assert output.logprob is None or output.logprob <= 0
            assert output.tokens >= 0


@given(JSON | st.lists(st.fixed_dictionaries({"token": st.sampled_from("[12] 河山\n"), "logprob": st.just(-1.0)})))
def test_whatever_is_said_of_its_tokens_each_part_of_an_answer_has_a_score_or_none(told: Any) -> None:
    one = Chat(Remote("chat", "chat", "http://127.0.0.1:9/v1", model="m"), FAMILIES["instruct"], Options(raw=True))
    assert isinstance(one.model, ChatServer)
    one.model.client = canned = Canned(one.remote)
    said = {"message": {"content": "[1] 河\n[2] 山"}, "logprobs": {"content": told}, "finish_reason": "stop"}
    canned.found = {"choices": [said]}
    river, hill = one.translate([Request("River"), Request("Hill")], PAIR)
    assert isinstance(river, Match) and isinstance(hill, Match) and (river.target, hill.target) == ("河", "山")
    assert all(match.score is None or match.score <= 0 for match in (river, hill))


def test_an_error_that_comes_as_an_answer(talk: Talk) -> None:
    talk.always = Say({"error": {"message": "no credits left", "code": 402}})
    with pytest.raises(EngineFailed, match="gives no answer: no credits left"):
        ask(engine(talk), TEXTS[:2])


def test_a_model_that_the_server_does_not_have(talk: Talk) -> None:
    talk.always = Say({"error": {"message": "model 'm' not found, try pulling it first"}}, 404)
    with pytest.raises(EngineFailed, match=r"404\): model 'm' not found, try pulling it first; check url.*and model"):
        ask(engine(talk), TEXTS[:2])


def test_parts_of_an_answer_are_put_together(talk: Talk) -> None:
    talk.always = completion([{"type": "text", "text": "河水"}, {"type": "text", "text": "很长。"}])
    assert targets(ask(engine(talk), ["The river is long."])) == ["河水很长。"]


def opted_in(*remotes: Remote, cache: DraftCache | None = None) -> Resources:
    return Resources(engines(), remotes={remote.name: remote for remote in remotes}, cache=cache)


def test_a_pair_that_the_family_does_not_know(talk: Talk) -> None:
    resources = opted_in(replace(engine(talk).remote, family="hy-mt2"))
    with pytest.raises(NoModel, match=r"\[remote.chat\] is asked as the family hy-mt2, which does not know en -> cu"):
        pick("chat", LanguagePair("en", "cu"), Options(), resources)
    assert pick("", LanguagePair("en", "bo"), Options(), resources) is None, "never chosen by itself"
    with pytest.raises(ConfigError, match=r"write into its lokta.toml: \[remote.chat\]"):
        pick("chat", LanguagePair("en", "bo"), Options(), opted_in())


def test_traditional_chinese_through_simplified(talk: Talk) -> None:
    resources = opted_in(replace(engine(talk).remote, name="mine", family="lmt-60"))
    through = pick("chat/mine", LanguagePair("en", "zh-Hant"), Options(), resources)
    assert through is not None and through.name in ("chat", "chat+convert")


OWN = {"question", "fixed", "cut"}
"""What a misbehaviour hangs on that is no other family's."""
SPOILED = [case for case in CASES if "doubt" in case and not OWN & set(case) and "|||" not in case["answer"]]


def guarded(talk: Talk, segments: int, case: dict[str, Any], cache: DraftCache | None = None) -> Engine:
    remote = Remote("chat", "chat", f"{talk.address}/v1", model="m", segments=segments)
    found = pick("chat", pair_of(case), Options(), opted_in(remote, cache=cache))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def stubborn() -> Iterator[Talk]:
    with talking(chat()) as server:
        yield server


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: case["name"])
def test_a_misbehaving_model_is_refused_by_name_again_and_again_and_asked_once(
    stubborn: Talk, case: dict[str, Any], tmp_path: Path
) -> None:
    request, _ = asked(case)
    stubborn.always = completion(case["answer"], -0.1)
    with DraftCache(tmp_path / "drafts.sqlite3") as cache:
        (answer,) = guarded(stubborn, 1, case, cache).translate([request], pair_of(case))
        assert isinstance(answer, Refusal) and answer.why and answer.model.startswith("m@")
        assert case["doubt"] in answer.why
        before = len(stubborn.asked)
        assert list(guarded(stubborn, 1, case, cache).translate([request], pair_of(case))) == [answer]
        assert len(stubborn.asked) == before, "what it said is remembered"
        assert not cache.sentence_pairs(pair_of(case), [request.source]), "no sentence of it is a translation"


def test_what_is_kept_is_what_the_model_said_and_not_what_was_thought_of_it(talk: Talk, tmp_path: Path) -> None:
    request = Request("The old bridge is closed.")
    said = "Sure! Here is the translation: 旧桥已关闭。"
    talk.always = completion(said, -0.1)
    with DraftCache(tmp_path / "drafts.sqlite3") as cache:
        remote = engine(talk, segments=1).remote
        one = Chat(remote, FAMILIES[remote.family], Options(), Resources(cache=cache))
        (refusal,) = one.translate([request], PAIR)
        assert isinstance(refusal, Refusal) and isinstance(one.model, CachedModel)
        (kept,) = one.model.recall([one.question(request, PAIR)])
        assert kept is not None and (kept.text, kept.failed) == (said, "") and refusal.why not in str(kept)
        assert kept.logprob == pytest.approx(-0.1 * len(said))


@pytest.mark.parametrize("case", [case for case in SPOILED if case["answer"].strip()], ids=lambda case: case["name"])
def test_a_misbehaving_model_is_refused_among_others_too(stubborn: Talk, case: dict[str, Any]) -> None:
    request, _ = asked(case)
    others = [Request("The old bridge is closed."), Request("The school opens in May.")]

    def answer(question: Asked) -> Say:
        message = question.body["messages"][0]["content"]
        lines = [
            (n, "河" if text in (others[0].source, others[1].source) else case["answer"])
            for n, text in segments(message)
        ]
        return completion("\n".join(f"[{number}] {text}" for number, text in lines) or case["answer"])

    stubborn.always = answer
    together = [others[0], request, others[1]]
    _, refused, _ = guarded(stubborn, 3, case).translate(together, pair_of(case))
    assert isinstance(refused, Refusal) and refused.why


def test_paragraphs_that_shared_a_call_are_remembered_one_by_one(talk: Talk, tmp_path: Path) -> None:
    with DraftCache(tmp_path / "drafts.sqlite3") as cache:
        remote = engine(talk).remote

        def asked_for(texts: list[str]) -> list[Answer]:
            return ask(Chat(remote, FAMILIES[remote.family], Options(), Resources(cache=cache)), texts)

        first = asked_for(TEXTS[:6])
        assert targets(first) == GOOD[:6] and len(talk.posts) == 1
        assert asked_for(TEXTS[2:5]) == first[2:5] and len(talk.posts) == 1, "in whatever company"
        assert targets(asked_for([TEXTS[0], *TEXTS[6:9]])) == [GOOD[0], *GOOD[6:9]]
        assert sizes(talk) == [6, 3]


def test_a_paragraph_that_was_asked_alone_is_not_sent_again_with_others(talk: Talk, tmp_path: Path) -> None:
    with DraftCache(tmp_path / "drafts.sqlite3") as cache:
        remote = engine(talk).remote

        def again() -> Chat:
            return Chat(remote, FAMILIES[remote.family], Options(), Resources(cache=cache))

        requests = [Request(text) for text in TEXTS[:3]]
        (first,) = again().translate(requests[:1], PAIR)
        assert sizes(talk) == [0]
        foreseen = again().estimate(dict(enumerate(requests)), PAIR)
        assert [*foreseen.unanswered] == [1, 2] and sum(sending.texts for sending in foreseen.sendings) == 2
        assert [first, *map(chinese, TEXTS[1:3])] == [
            answer.target if number and isinstance(answer, Match) else answer
            for number, answer in enumerate(again().translate(requests, PAIR))
        ]
        assert sizes(talk) == [0, 2]
