"""Signs of Markdown's dialects stay as they are, whatever a translation does to the words around them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.article.markdown.test_markdown import cases
from toolkit.article import format_of, read
from toolkit.article.markdown import dialects
from toolkit.article.markdown.structure import document, signature
from toolkit.codes import find, replaced, strip

CASES = list(cases("dialects.txt"))
_LEAD = re.compile(r"^(?:[>\s]|[-*] |\d+[.)] )*")


def longer(source: str) -> str:
    """Other words of another length, all codes in their places."""
    held = ((code.start, code.end, code.data) for code in find(source, "markdown"))
    return replaced(source, held, lambda text: re.sub(r"[^\W\d_]+", lambda word: f"{word[0].upper()}xx", text))


def rude(source: str) -> str:
    """The words alone, every code dropped."""
    return " ".join(strip(source, find(source, "markdown")).text.upper().split()) or "X"


def hostile(source: str) -> str:
    """What would be a sign of its own."""
    return f"::: tip {source}\n:::\n!!! note"


def count(sign: str, text: str) -> int:
    """How often a sign is in a text; with `^`, how many lines begin with it."""
    if not sign.startswith("^"):
        return text.count(sign)
    return sum(_LEAD.sub("", line).startswith(sign[1:]) for line in text.split("\n"))


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_what_is_text_is_offered(name: str, case: dict[str, str]) -> None:
    article = read(case["document"], format_of(name), file=name, source_language="en")
    assert [block.source for block in article.blocks if block.translate] == case["offered"].split("\n")[:-1]


@pytest.mark.parametrize("by_person", [False, True])
@pytest.mark.parametrize("say", [longer, rude, hostile])
@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_signs_survive(name: str, case: dict[str, str], say: Callable[[str], str], by_person: bool) -> None:
    form = format_of(name)
    article = read(case["document"], form, file=name, source_language="en")
    targets = {block.id: say(block.source) for block in article.blocks}
    rendered = form.serialize(article, targets, targets if by_person else ())
    own = signature(document(case["document"], article.dialect))
    assert signature(document(rendered.text, article.dialect)) == own
    if say is longer:
        assert not rendered.problems
    for sign in case["kept"].split("\n")[:-1]:
        if by_person and say is rude and not sign.startswith("^"):
            continue  # a person may leave out what stands in the line
        assert count(sign, rendered.text) >= count(sign, case["document"]) > 0, (sign, rendered.text)


def test_there_are_enough_of_them() -> None:
    signs = {sign for _, case in CASES for sign in case["kept"].split("\n")[:-1]}
    assert len(CASES) >= 25 and len(signs) >= 80


def test_commonmark_has_no_signs() -> None:
    form = format_of("a.md")
    text = "::: tip\nWords :tada: here\n:::\n"
    assert [b.source for b in form.parse(text, "a.md").blocks] == ["Words :tada: here"]
    (block,) = form.parse(text, "a.md", "commonmark").blocks  # type: ignore[call-arg]
    assert block.source == "::: tip Words :tada: here :::" and not block.codes


@pytest.mark.parametrize(
    ("file", "text", "dialect"),
    [
        ("a.mdx", "Words", "mdx"),
        ("a.qmd", "Words", "pandoc"),
        ("a.md", "Words", ""),
        ("a.md", "import A from './a';\n\nWords", "mdx"),
        ("a.md", "```js\nimport A from './a';\n```\n", ""),
        ("a.md", "```{note}\nWords\n```\n", "myst"),
    ],
)
def test_the_dialect_of_a_file(file: str, text: str, dialect: str) -> None:
    assert dialects.of_file(text, file) == dialect
