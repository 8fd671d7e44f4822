"""The metadata file: what it may say, and that its lines find their paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.articles import read_as
from toolkit.article import format_of, metadata, read
from toolkit.article.metadata import Metadata
from toolkit.errors import ConfigError

CORPUS = Path(__file__).parents[2] / "corpus"

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: " ".join(text.split()))
openings = st.lists(texts.filter(lambda text: text.strip() != ""), max_size=3).map(tuple)


def test_fields_and_lists() -> None:
    said = metadata.parse(
        'title = "Buses\\n cross"\ndate = 2026-03-21\nlanguage = "zh_CN"\nskip = ["Get the Courier"]\ntranslate = ["Note"]\n'
    )
    assert said == Metadata(
        title="Buses cross", date="2026-03-21", language="zh-Hans", skip=("Get the Courier",), translate=("Note",)
    )
    assert metadata.parse("") == Metadata()


@given(texts, texts, texts, openings, openings)
def test_what_is_written_is_read(
    title: str, date: str, source: str, skip: tuple[str, ...], translate: tuple[str, ...]
) -> None:
    said = Metadata(title=title, date=date, source=source, skip=skip, translate=translate)
    assert metadata.parse(metadata.dump(said)) == said


def test_a_date_stays_a_date() -> None:
    assert metadata.dump(Metadata(date="2009-06-24")) == "date = 2009-06-24\n"
    assert metadata.dump(Metadata(date="2009-13-24")) == 'date = "2009-13-24"\n'
    assert metadata.dump(Metadata(date="June 2009")) == 'date = "June 2009"\n'


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("title = ", "a.meta.toml: is not valid TOML: "),
        ("title = 3", "a.meta.toml: title must be a text in quotes, not 3"),
        ("title = [1, 2]", "a.meta.toml: title must be a text in quotes, not "),
        ("title = {a = 1}", "a.meta.toml: title must be a text in quotes, not "),
        ("author = 2009-06-24", "a.meta.toml: author is a date; write it in quotes"),
        ('skip = "Read more"', "a.meta.toml: skip must be a list of opening words in quotes"),
        ("skip = [1]", "a.meta.toml: skip must be a list of opening words in quotes"),
        ('translate = [" "]', "a.meta.toml: translate must be a list of opening words in quotes"),
        ('license = "x"', "a.meta.toml: unknown field 'license'; the fields are title, date"),
        ('"a\\u001b[31m\\n" = 1', "a.meta.toml: unknown field 'a"),
        ('language = "klingonese"', "a.meta.toml: language: "),
        ("a = " + "[" * 10_000, "a.meta.toml: is not valid TOML"),
    ],
)
def test_what_cannot_be_meant_gets_one_line(toml: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        metadata.parse(toml, "a.meta.toml")
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value) and str(raised.value).isprintable()


@given(st.text())
def test_any_text_is_read_or_refused(toml: str) -> None:
    try:
        metadata.parse(toml)
    except ConfigError as error:
        assert "\n" not in str(error)


PAGE = """<header>Courier</header><h1>Buses</h1><p>“Get the <i>Courier</i>” – every Monday</p>
<p>R&amp;D costs more.</p><p>They&nbsp;go.</p><footer>Correction: an earlier version</footer>"""


def states(meta: Metadata) -> tuple[list[str], tuple[str, ...]]:
    """The sources that are offered, and the lines that fit nothing."""
    article, unmatched = metadata.apply(read_as("html", PAGE), meta)
    return [block.source for block in article.blocks if block.translate], unmatched


def test_a_line_puts_a_paragraph_back_or_out() -> None:
    offered, unmatched = states(Metadata(skip=('"get the Courier" -', "R&D costs"), translate=("Correction:",)))
    assert offered == ["Buses", "They&nbsp;go.", "Correction: an earlier version"]
    assert unmatched == ()


def test_the_whole_page_is_offered_but_for_what_is_skipped_by_name() -> None:
    offered, _ = states(Metadata(skip=("Correction:",), whole_page=True))
    assert offered[:2] == ["Courier", "Buses"] and "Correction: an earlier version" not in offered
    assert metadata.parse(metadata.dump(Metadata(whole_page=True))).whole_page


def test_a_line_that_fits_nothing_is_reported() -> None:
    offered, unmatched = states(Metadata(skip=("Buses cross", "They"), translate=("Nothing",)))
    assert offered == ["Buses", "“Get the <1>Courier</1>” – every Monday", "R&amp;D costs more."]
    assert unmatched == ("Buses cross", "Nothing")


def test_the_longer_line_says_more() -> None:
    lines = Metadata(skip=("R&D",), translate=("R&D costs",))
    assert "R&amp;D costs more." in states(lines)[0]
    assert states(lines)[1] == ()


def test_fields_go_before_what_the_document_says() -> None:
    article = read_as(
        "html", "<html lang=de><title>A</title><p>b</p></html>", overrides=Metadata(title="B", language="fr")
    )
    assert (article.metadata["title"], article.source_language) == ("B", "fr")
    assert read_as("text", "x", source_language="en", overrides=Metadata(language="fr")).source_language == "en"


@pytest.mark.parametrize("file", sorted(CORPUS.glob("*.meta.toml")), ids=lambda file: file.name)
def test_every_line_of_the_samples_fits(file: Path) -> None:
    meta = metadata.parse(file.read_bytes().decode(), file.name)
    stem = file.name.removesuffix(".meta.toml")
    document = next(path for path in CORPUS.glob(f"{stem}.*") if path.suffix in (".txt", ".md", ".html"))
    _, unmatched = metadata.apply(read(document.read_bytes().decode(), format_of(document.name)), meta)
    assert unmatched == ()
