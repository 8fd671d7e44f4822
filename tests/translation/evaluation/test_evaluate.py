"""Figures that somebody else can check: what sacreBLEU says when it is asked directly, of the texts that were really drafted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

from tests.support.environment import Run
from tests.support.fake_engine import Windowed
from tests.support.starter import CARD
from tests.support.tiny_argos import expected, make_package
from toolkit import models
from toolkit.errors import DataError, UsageError
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.convert import Convert
from toolkit.translation.engines.llama import ready
from toolkit.translation.engines.pseudo import encode
from toolkit.translation.engines.registry import ENGINES
from toolkit.translation.evaluation import evaluate as measuring
from toolkit.translation.evaluation import scores
from toolkit.translation.evaluation.evaluate import Evaluation, Task, evaluate, lines, resolve, sample
from toolkit.translation.evaluation.scores import measures, tsheg_split
from toolkit.translation.inference import Output
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers import Pivot
from toolkit.units import Answer, Engine, LanguagePair, Match, Request

PAIR = LanguagePair("en", "zh-Hans")
BASE = Resources(ENGINES)
SOURCES = ["The river rose.", "The school is closed. It opens on Monday.", "", "Water!", "The river rose."]
CHINESE = ["河水上涨了。", "学校关门了，星期一开门。", "没有", "水！", "河涨了。"]

pytestmark = pytest.mark.usefixtures("cards")


class Says(Windowed):
    """Answers from a table: a text, or nothing; what is not in it is refused by the model."""

    def __init__(
        self, answers: Mapping[str, str | None], independent: bool, options: Options, resources: Resources
    ) -> None:
        def say(text: str) -> str | Output:
            said = answers.get(text, Output(failed="too long for the model"))
            return "" if said is None else said

        super().__init__(independent=independent, cache=resources.cache, checked=not options.raw, says=say)
        self.answers = answers

    def answer(self, request: Request, output: Output, pair: LanguagePair) -> Answer:
        if self.answers.get(request.source, "refused") is None:
            return None
        said: Answer = super().answer(request, output, pair)
        return said


def evaluated(
    answers: Mapping[str, str | None],
    sources: Sequence[str],
    references: Sequence[str],
    others: Sequence[str] = (),
    independent: bool = True,
) -> tuple[Evaluation, list[str]]:
    """The evaluation of an engine that answers from a table, and what its model was asked."""
    made: list[Says] = []

    def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine:
        made.append(Says(answers, independent, options, resources))
        return made[-1]

    task = Task("says", PAIR, sources, references, others)
    found = evaluate(task, Options(), Resources({"says": make}))
    return found, [text for one in made for text in one.texts]


def values(side: measuring.Side) -> dict[str, float]:
    return {one.name: one.value for one in side.scores}


def chinese(outputs: list[str], references: list[str] = CHINESE) -> dict[str, float]:
    """sacreBLEU, asked directly."""
    return {
        "chrF2": sacrebleu.corpus_chrf(outputs, [references]).score,
        "chrF++": sacrebleu.corpus_chrf(outputs, [references], word_order=2).score,
        "BLEU": sacrebleu.corpus_bleu(outputs, [references], tokenize="zh").score,
    }


ANSWERS: dict[str, str | None] = {
    "The river rose.": "河水,上涨了.",
    "The school is closed. It opens on Monday.": "学校关门了, 星期一开.",
    "The school is closed.": "学校关了.",
    "It opens on Monday.": "星期一开门.",
    "Water!": "Water!",
}


@pytest.mark.parametrize("independent", [True, False])
def test_raw_answers_first_then_what_a_catalog_would_hold(independent: bool) -> None:
    found, asked = evaluated(ANSWERS, SOURCES, CHINESE, independent=independent)
    raw = ["河水,上涨了.", "学校关门了, 星期一开.", "", "Water!", "河水,上涨了."]
    drafts = ["河水，上涨了。", "学校关了。星期一开门。", "", "", "河水，上涨了。"]
    assert values(found.raw) == chinese(raw) and not found.raw.empty
    assert values(found.drafts) == chinese(drafts) and found.drafts.empty == {"the same as the source": 1}
    assert values(found.raw) != values(found.drafts)
    assert asked.count("Water!") == (1 if independent else 2)


def test_what_the_engine_itself_leaves_empty_is_counted_line_by_line() -> None:
    sources = ["One is here.", "Two is here.", "Two is here.", "Three is here."]
    answers = {"One is here.": "一在这里。", "Three is here.": None}
    found, _ = evaluated(answers, sources, ["一", "二", "二", "三"])
    assert found.raw.empty == found.drafts.empty == {"too long for the model": 2, "no answer": 1}
    assert values(found.raw) == chinese(["一在这里。", "", "", ""], ["一", "二", "二", "三"])


def test_signatures_are_sacrebleus_own_and_name_our_splitter() -> None:
    by_name = {one.name: one for one in scores.score(["བོད་ལ་འགྲོ།"], ["བོད་དུ་འགྲོ།"], "bo")}
    assert list(by_name) == ["chrF2", "chrF++ (tsheg)", "chrF++ (raw)", "BLEU (tsheg)", "BLEU (raw)"]
    split, reference = "བོད ལ འགྲོ", "བོད དུ འགྲོ"
    assert by_name["chrF++ (tsheg)"].value == sacrebleu.corpus_chrf([split], [[reference]], word_order=2).score
    metric = BLEU(tokenize="none", force=True)
    assert by_name["BLEU (tsheg)"].value == metric.corpus_score([split], [[reference]]).score
    assert by_name["BLEU (tsheg)"].signature == f"{metric.get_signature()}|pre:lokta-tsheg:1"
    assert by_name["BLEU (raw)"].signature == str(metric.get_signature())
    assert by_name["chrF++ (raw)"].value == sacrebleu.corpus_chrf(["བོད་ལ་འགྲོ།"], [["བོད་དུ་འགྲོ།"]], word_order=2).score


@pytest.mark.parametrize(
    ("tag", "tokenizer"), [("zh-Hans", "zh"), ("zh-Hant", "zh"), ("de", "13a"), ("en", "13a"), ("ja", "char")]
)
def test_each_language_has_the_tokenizer_that_fits(tag: str, tokenizer: str) -> None:
    (_, _, bleu) = measures(tag)
    assert f"tok:{tokenizer}|" in bleu.score(["a b c d."], ["a b c e."]).signature


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("བོད་ཡིག་གི་དེབ།", "བོད ཡིག གི དེབ"),
        ("བོད༌ཡིག", "བོད ཡིག"),
        ("དེ་རིང་། ཁོང་ཡོང་།", "དེ རིང ། ཁོང ཡོང"),
        ("ལོ་༢༠༢༧་དང་ 3.5% VOA།", "ལོ ༢༠༢༧ དང 3.5 % VOA"),
        ("", ""),
    ],
)
def test_tibetan_is_cut_at_its_syllables(text: str, split: str) -> None:
    assert tsheg_split(text) == split


@given(st.text("ཀཁབོདིུ་༌། ༢༣3.5VOA\u0f77\u0f39་", max_size=30))
def test_cutting_twice_is_cutting_once(text: str) -> None:
    assert tsheg_split(tsheg_split(text)) == tsheg_split(text)


def test_another_system_is_compared_by_paired_bootstrap() -> None:
    references = [f"第{n}座桥在河上，学校在山下。" for n in range(40)]
    sources = [f"Sentence number {n} is about a bridge." for n in range(40)]
    ours = {source: reference.replace("山", "水") for source, reference in zip(sources, references, strict=True)}
    others = [reference[:5] + "。" for reference in references]
    found, _ = evaluated(ours, sources, references, others)
    test = PairedTest(
        [("other", others), ("ours", list(ours.values()))],
        {"CHRF": CHRF()},
        [references],
        test_type="bs",
        n_samples=1000,
    )
    signatures, results = test()
    theirs, mine = results["chrF2"]
    (chrf, _, _) = found.raw.scores
    assert (chrf.other, chrf.value, chrf.p_value) == (theirs.score, mine.score, mine.p_value)
    assert chrf.p_value is not None and chrf.p_value < 0.05 and chrf.value > (chrf.other or 0)
    assert chrf.signature == str(signatures["chrF2"]) and "bs:1000|seed:12345" in chrf.signature
    same, _ = evaluated(ours, sources, references, list(ours.values()))
    assert all(one.value == one.other and one.p_value == 1.0 for one in same.raw.scores), "no difference at all"


def test_a_package_is_measured_as_it_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path))
    make_package(tmp_path, "en", "zh")
    sources = ["The school opened the bridge.", "Snow and rain in the morning.", "The river is long."]
    answers = [expected(source, "en", "zh") for source in sources]
    first = Options(raw=True)
    engine = pick("argos", PAIR, first, BASE)
    assert isinstance(engine, Argos), "no wrapper comes between"
    found = evaluate(Task("argos", PAIR, sources, answers), Options(), BASE)
    assert values(found.raw)["chrF2"] == pytest.approx(100) and values(found.raw)["BLEU"] == pytest.approx(100)
    assert re.fullmatch(r"argos/translate-en_zh-1_0@[0-9a-f]{8}", found.models[0])
    legs = pick("argos", LanguagePair("en", "zh-Hant"), first, BASE)
    assert isinstance(legs, Pivot)
    assert [type(leg) for leg in legs.children] == [Argos, Convert]


@pytest.mark.skipif(not ready(), reason="the extra llama is not installed")
def test_the_starter_on_a_few_sentences(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    sources = ["The river freezes in January.", "The school opens on Monday.", "He bought a book."]
    references = ["河在一月结冰。", "学校星期一开学。", "他买了一本书。"]
    engine = pick("llama", PAIR, Options(raw=True), BASE)
    assert engine is not None
    raw = [answer.target for answer in engine.translate(map(Request, sources), PAIR) if isinstance(answer, Match)]
    found = evaluate(Task("llama", PAIR, sources, references), Options(), BASE)
    assert values(found.raw) == chinese(raw, references) and len(raw) == 3
    assert values(found.raw)["chrF2"] > 10, "it is weak, but it translates"


def test_lines_and_samples() -> None:
    assert lines("a\r\nb\u2028c\n\nd\n") == ["a", "b\u2028c", "", "d"] and lines("") == []
    assert sample(1997, 200)[:3] == [3, 4, 11] and len(set(sample(1997, 200))) == 200
    assert sample(5, 0) == sample(5, 9) == [0, 1, 2, 3, 4]


def test_what_a_person_calls_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path))
    make_package(tmp_path, "en", "zh")
    assert resolve("argos", BASE) == ("argos", PAIR)
    assert resolve("translate-en_zh-1_0", BASE) == ("argos/translate-en_zh-1_0", PAIR)
    hant = LanguagePair("en", "zh-Hant")
    assert resolve("argos/translate-en_zh-1_0", BASE, *hant) == ("argos/translate-en_zh-1_0", hant)
    make_package(tmp_path, "en", "bo")
    assert resolve("argos", BASE, target="bo") == ("argos", LanguagePair("en", "bo"))
    with pytest.raises(UsageError, match="it knows en -> bo, en -> zh-Hans"):
        resolve("argos", BASE)
    for source, target in (("zh", "en"), ("zh", "bo"), ("bo", "en")):
        make_package(tmp_path, source, target)
    with pytest.raises(UsageError, match=r"\(it knows 5 pairs of languages\)$"):
        resolve("argos", BASE)
    with pytest.raises(UsageError, match=r"--from en --to zh-Hans$"):
        resolve("pseudo", BASE)
    with pytest.raises(UsageError, match=r"no model or engine 'nix'; there are argos, .*argos/translate-en_bo-1_0"):
        resolve("nix", BASE)


def test_lists_that_do_not_fit_are_refused() -> None:
    for sources, references, others in ((["a"], ["b", "c"], []), ([], [], []), (["a"], ["b"], ["c", "d"])):
        with pytest.raises(DataError, match="check the files"):
            evaluate(Task("pseudo", LanguagePair("en", "bo"), sources, references, others), Options(), BASE)


def test_without_sacrebleu_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'lokta\[evaluate\]'"):
        evaluate(Task("pseudo", LanguagePair("en", "bo"), ["a"], ["b"]), Options(), BASE)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    sources = [f"River number {n}, and bridge." for n in range(12)]
    (tmp_path / "s.en").write_text("\n".join(sources) + "\n", encoding="utf-8")
    (tmp_path / "r.de").write_text("\n".join(map(encode, sources)) + "\n", encoding="utf-8")
    (tmp_path / "o.de").write_text("\n".join(["Etwas ganz anderes."] * 12) + "\n", encoding="utf-8")
    return tmp_path


def test_the_command_shows_both_and_the_signatures(files: Path, invoke: Run) -> None:
    run = ("models", "evaluate", "pseudo", "--from", "en", "--to", "de", "--source", "s.en", "--reference", "r.de")
    text = invoke(*run, "--against", "o.de").stdout
    assert "en -> de, 12 sentences\n" in text and re.search(
        r"^chrF2 +100\.00 +100\.00 +\d+\.\d\d +0\.\d{4}", text, re.M
    )
    assert re.search(r"^BLEU: nrefs:1\|bs:1000\|seed:12345\|.*tok:13a.*version:", text, re.M)
    found = json.loads(invoke(*run, "--limit", "5", "--format", "json").stdout)
    assert (found["sentences"], found["of"], found["seed"], found["models"]) == (5, 12, 1, ["pseudo"])
    assert [one["value"] for one in found["raw"]["scores"]] == pytest.approx([100.0] * 3)
    assert {f.name for f in Evaluation.__dataclass_fields__.values()} <= set(found)


def test_the_command_refuses_in_one_line(files: Path, invoke: Run) -> None:
    (files / "short.de").write_text("Eins.\n", encoding="utf-8")
    run = ("models", "evaluate", "pseudo", "--from", "en", "--to", "de", "--source", "s.en", "--reference")
    for code, arguments, said in (
        (1, (*run, "short.de"), "short.de: 1 lines; s.en has 12: each sentence needs one"),
        (1, (*run, "gone.de"), "gone.de: no such file"),
        (1, (*run, "r.de", "--against", "short.de"), "short.de: 1 lines"),
        (2, ("models", "evaluate", "nix", "--source", "s.en", "--reference", "r.de"), "no model or engine 'nix'"),
        (2, ("models", "evaluate", "pseudo", "--source", "s.en", "--reference", "r.de"), "say from which language"),
    ):
        error = invoke(*arguments, code=code).stderr
        assert said in error and error.count("\n") == 1, error
    assert models.folder()
