"""Terms through engines that do not take them: untouched without, asked again where one is missing, the first draft where that fails."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine
from toolkit import codes
from toolkit.translation.wrappers import BoundTerms, Pivot, guarded
from toolkit.units import Answer, Engine, LanguagePair, Match, Refusal, Request

PAIR = LanguagePair("en", "zh-Hans")
TERM = (("Mugabe", "穆加贝"),)


def target(answer: Answer) -> str:
    assert isinstance(answer, Match)
    return answer.target


def ask(engine: Engine, *requests: Request) -> list[str]:
    return [target(answer) for answer in engine.translate(iter(requests), PAIR)]


def says(table: dict[str, str]) -> FakeEngine:
    return FakeEngine(lambda text: table.get(text, "什么"), codes="kept", checked=True)


@given(st.lists(st.sampled_from(["Mugabe came.", "He went.", "No."]), max_size=6))
def test_requests_without_terms_pass_as_they_are(texts: list[str]) -> None:
    for independent in (True, False):
        plain, inside = (FakeEngine(str.upper, independent=independent) for _ in range(2))
        requests = [Request(text) for text in texts]
        assert list(BoundTerms(inside).translate(requests, PAIR)) == list(plain.translate(requests, PAIR))
        assert inside.asked == plain.asked


def test_a_draft_that_has_its_terms_stays() -> None:
    fake = says({"Mugabe came.": "穆加贝来了。"})
    assert ask(BoundTerms(fake), Request("Mugabe came.", terms=TERM)) == ["穆加贝来了。"]
    assert fake.asked == [Request("Mugabe came.")]


def test_what_is_missing_is_asked_again_with_the_rendering_in_the_text() -> None:
    fake = says({"Mugabe came.": "他来了。", "穆加贝 came.": "穆加贝来了。"})
    assert ask(BoundTerms(fake), Request("Mugabe came.", terms=TERM)) == ["穆加贝来了。"]


def test_then_with_a_placeholder_for_it() -> None:
    fake = FakeEngine(lambda text: f"来了{text[:3]}。" if "(1)" in text else "他来了。", checked=True)
    assert ask(guarded(fake), Request("Mugabe came.", terms=TERM)) == ["来了穆加贝。"]
    assert fake.texts == ["Mugabe came.", "穆加贝 came.", "(1) came."]


def test_an_engine_that_can_be_made_to_say_a_term_is_before_a_placeholder_is_tried() -> None:
    for able in (True, False):
        fake = FakeEngine(
            lambda text: "来了穆加贝。" if fake.asked[-1].constrained else f"{text[:3]}来了。",  # noqa: B023
            constrained=able,
            codes="kept",
            checked=True,
        )
        request = Request("Go, Mugabe, came.", terms=TERM)
        found = ask(BoundTerms(fake), request)
        said = ["Go, Mugabe, came.", "Go, 穆加贝, came.", "Go, Mugabe, came." if able else "Go, 穆加贝, came."]
        assert fake.texts == said
        assert [one.constrained for one in fake.asked] == [False, False, able]
        assert found == ["来了穆加贝。" if able else "Go,来了。"]
        assert not BoundTerms(fake).abilities.constrained


def test_the_first_draft_stays_where_nothing_helps() -> None:
    fake = FakeEngine(lambda text: "他来了。" if text == "Mugabe came." else "什么", checked=True)
    assert ask(guarded(fake), Request("Mugabe came.", terms=TERM)) == ["他来了。"]


def test_a_refused_second_draft_is_not_taken() -> None:
    fake = FakeEngine(lambda text: "他来了。" if text == "Mugabe came." else Refusal("fake", "m", "no"), checked=True)
    assert ask(guarded(fake), Request("Mugabe came.", terms=TERM)) == ["他来了。"]


def test_a_name_left_in_latin_letters_is_put_right_without_asking_again() -> None:
    fake = says({"Mugabe came.": "听说 Mugabe 来了，Mugabes没来。"})
    assert ask(BoundTerms(fake), Request("Mugabe came.", terms=TERM)) == ["听说穆加贝来了，Mugabes没来。"]
    assert len(fake.asked) == 1


def test_codes_and_terms_side_by_side() -> None:
    text = "**Mugabe** came to [Harare](https://Mugabe.org)."
    fake = FakeEngine(lambda said: said.replace("came to", "到了"), checked=True)
    request = Request(text, codes.find(text, "markdown"), terms=TERM)
    (found,) = ask(guarded(fake), request)
    assert found.startswith("**穆加贝**") and "(https://Mugabe.org)" in found


def test_windows_are_asked_whole_and_then_what_lacks_a_term() -> None:
    fake = FakeEngine(
        lambda text: "他" if "Mugabe" in text else text, independent=False, window=20, codes="kept", checked=True
    )
    requests = [Request(f"{n} Mugabe", terms=TERM if n % 2 else ()) for n in range(6)]
    found = ask(BoundTerms(fake, ("inline",)), *requests)
    assert found == ["他", "1 穆加贝", "他", "3 穆加贝", "他", "5 穆加贝"]
    assert fake.texts == [f"{n} Mugabe" for n in range(6)] + [f"{n} 穆加贝" for n in (1, 3, 5)]


def test_engines_that_take_terms_are_told_and_pivots_are_wrapped() -> None:
    told = FakeEngine(terms=True, checked=True, codes="kept")
    assert guarded(told) is told
    assert guarded(Pivot(told, FakeEngine(), "en")).abilities.terms
