"""Markdown: what is cut out, what comes back, and what a translation cannot do to a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.article_cases import lines
from tests.support.articles import BACK, holds_fidelity, parsed, prose, pseudo, said
from tests.support.hostile import HOSTILE
from tests.support.work import LINEAR, growth
from toolkit import codes
from toolkit.article import formats
from toolkit.article.markdown.structure import document, signature
from toolkit.units import Article

MARKDOWN = formats()["markdown"]
ROOT = Path(__file__).resolve().parents[3]


def cases(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The cases of a file: a name, and its sections by `>>> title`; the first is the document."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    for case in re.split(r'\n=== (?!")', text)[1:]:
        title, rest = case.split("\n", 1)
        sections = re.split(r"^>>> (\w+)\n", rest.rstrip("\n") + "\n", flags=re.MULTILINE)
        yield title, {"document": sections[0], **dict(zip(sections[1::2], sections[2::2], strict=True))}


@pytest.mark.parametrize(("name", "case"), list(cases("blocks.txt")))
def test_a_file_is_cut_into_its_blocks(name: str, case: dict[str, str]) -> None:
    assert lines(parsed(case["document"], "markdown")) == case["blocks"].split("\n")[:-1]


CASES = [
    (by_person, name, case)
    for by_person in (False, True)
    for name, case in cases(("targets.txt", "persons.txt")[by_person])
]


@pytest.mark.parametrize(("by_person", "name", "case"), CASES)
def test_a_translation_cannot_damage_the_document(by_person: bool, name: str, case: dict[str, str]) -> None:
    article = MARKDOWN.parse(case["document"], "")
    said_targets = [line.replace("\\n", "\n") for line in case["targets"].split("\n")[:-1]]
    blocks = list(article.blocks)
    assert len(blocks) == len(said_targets), [block.source for block in blocks]
    targets = {b.id: b.source if target == "=" else target for b, target in zip(blocks, said_targets, strict=True)}
    rendered = MARKDOWN.serialize(article, targets, targets if by_person else ())
    assert rendered.text.rstrip("\n") == case["file"].rstrip("\n")
    problems = [f"{problem.block.location.line}: {problem.reason}" for problem in rendered.problems]
    assert problems == case.get("problems", "").split("\n")[:-1]
    assert signature(document(rendered.text)) == signature(document(case["document"]))


def test_the_sample_article_comes_back() -> None:
    for path in (ROOT / "corpus").glob("*.md"):
        article = holds_fidelity(path.read_text("utf-8"), "markdown")
        assert article.metadata["title"] and article.metadata["language"] == "en"


words = prose(st.just(" "), 4).map(str.strip).filter(bool)
inlines = st.one_of(
    words,
    st.builds("*{}*".format, words),
    st.builds("**{}** and ~~{}~~".format, words, words),
    st.builds("[{}](/url_a_b 'title *x*')".format, words),
    st.builds("[{}][label]".format, words),
    st.builds("![{}](pic.png)".format, words),
    st.builds("<b>{}</b>".format, words),
    st.sampled_from(
        [
            "`co  de`",
            "<https://a.org>",
            "&nbsp;",
            "&copy;",
            "[^1]",
            "^[note]",
            "\\*",
            "{name}",
            "a  \nb",
            "c\\\nd",
            "x\ny",
        ]
    ),
)
lines_of_text = st.lists(inlines, min_size=1, max_size=4).map(" ".join)


def _prefixed(first: str, rest: str, text: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def _container(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(blocks, min_size=1, max_size=3).map("\n\n".join)
    prefixes = st.sampled_from(
        [("> ", "> "), ("- ", "  "), ("12) ", "    "), ("[^1]: ", "    "), ("* [ ] ", "  "), (">", ">")]
    )
    return st.builds(lambda prefix, text: _prefixed(*prefix, text), prefixes, several)


leaves = st.one_of(
    lines_of_text,
    st.builds("{} {}".format, st.sampled_from(["#", "###"]), lines_of_text.map(lambda text: text.replace("\n", " "))),
    st.builds("{}\n{}".format, lines_of_text, st.sampled_from(["===", "---"])),
    st.builds("| {} | b |\n|---|:-:|\n| c | {} |".format, words, words),
    st.builds("term {}\n: {}\n: *d*".format, words, lines_of_text),
    st.builds('<div title="{}">\n<p>{}\nwords</p>\n</div>'.format, st.sampled_from(["Say", "a 'b'"]), words),
    st.sampled_from(["```\ncode\n```", "    code", "***", "<!-- no -->", "[label]: /u 'A title'", "[^1]: note"]),
)
blocks = st.recursive(leaves, _container, max_leaves=6)
front = st.sampled_from(
    ["", "---\ntitle: A walk\nsummary: 'it''s'\n---\n", '---\ndescription: "a \\"b\\" \\u00e9"\n---\n']
)
documents = st.builds(
    lambda head, parts, newline: (head + "\n\n".join(parts)).replace("\r", " ").replace("\n", newline),
    front,
    st.lists(blocks, max_size=6),
    st.sampled_from(["\n", "\n", "\r\n", "\r"]),
)
soup = st.lists(
    st.sampled_from(
        [
            *"abé文 \n\t*_`[]()<>#-|~:\\!^&\"'", "\r\n", "    ", "> ", "1. ", "](/u)", "[a]: /u 't'\n", "[^1]", "[^1]: ", "  \n",
            "<b>", "</p>", "<div>", "<img alt='x'>", "<!--", "-->", "&amp;", "&nbsp;", "\0", "\u00a0", "\u2028", "\x85", "```\n",
            "| a |\n|--|\n", "---\n", "- [ ] ", "word", "http://a.b/c", "{x}", "%s",
            ":::", "::: tip ", '!!! note "x"\n', '=== "a"\n', "/// a | b\n", "[!tip] ", "{{< x >}}", "{% y %}", "{: .a}", "{#i}",
            "$$", "$x$", "[[P|q]]", "[[R]]", ":icon:", "@name", "<Foo>", "</Foo>", '<Bar title="t"', "import A from 'a'\n",
            "+++\n", "%%", "(t)=\n", "*[H]: ", "```{note} t\n", '[l](u "t")', '"title": "x"', "key: >\n",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(documents)
def test_made_documents_come_back_and_no_word_stays_in_their_skeleton(text: str) -> None:
    _comes_back(text)
    left = _without_code(text)
    for hidden in HIDDEN:
        left = re.sub(hidden, "", left, flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"[^\W\d_]{2,}", left), left


def _without_code(text: str) -> str:
    """The skeleton of a text, a zero in the place of each block, without the lines of code blocks."""
    doc = document(text)
    code = [token.map for token in doc.tokens if token.type in ("fence", "code_block") and token.map]
    spans = [(doc.place(doc.starts[first]), doc.place([*doc.starts, len(doc.source)][last])) for first, last in code]
    left, at = "", 0
    for part in MARKDOWN.parse(text, "").parts:
        piece = part if isinstance(part, str) else part.original
        if isinstance(part, str):
            left += "".join(c for i, c in enumerate(piece, at) if not any(start <= i < end for start, end in spans))
        else:
            left += "0"
        at += len(piece)
    return left.replace("\r\n", "\n").replace("\r", "\n")


HIDDEN = [
    r"\A---.*?^---$", r"<!--.*?-->",  # no text
    r"\]\(/url_a_b[^)]*\)", r"\[label\]: /u( 'A title')?", r"pic\.png", r"\[label\]",  # addresses and labels
    r"<[^>]*>", r"&\w+;", r"`co  de`", r"\{name\}", r"https?:\S+", r"\S+@\S+",  # codes
]  # fmt: skip


@settings(max_examples=300)
@given(soup)
def test_anything_at_all_comes_back(text: str) -> None:
    _comes_back(text)


def _comes_back(text: str) -> None:
    article = parsed(text, "markdown")
    if not _has_shortcuts(article):
        holds_fidelity(text, "markdown")
        return
    rendered = MARKDOWN.serialize(article, {block.id: block.source for block in article.blocks})
    assert (rendered.text, said(rendered.problems)) == (text, [])
    mapped = MARKDOWN.serialize(article, {block.id: pseudo(block, "markdown") for block in article.blocks})
    # A shortcut whose words are translated is written in full, or the link would be lost: the page is the same.
    assert _html(mapped.text.translate(BACK)) == _html(text)


def _has_shortcuts(article: Article) -> bool:
    return any(s.written in ("]", "][]") for block in article.blocks for s in block.spellings)


def _html(text: str) -> str:
    return MARKDOWN.to_html(MARKDOWN.parse(text, ""), {})


@settings(max_examples=150)
@given(
    documents,
    st.lists(st.one_of(soup, lines_of_text, st.sampled_from(["# x", "- y", "1. z", "<div>", "```", "    a", "---"]))),
)
def test_no_translation_changes_the_structure(text: str, targets: list[str]) -> None:
    article = MARKDOWN.parse(text, "")
    ids = [block.id for block in article.blocks]
    rendered = MARKDOWN.serialize(article, dict(zip(ids, targets, strict=False)))
    assert signature(document(rendered.text)) == signature(document(text))
    titles = {block.id for block in article.blocks if block.type == "title"}
    for problem in rendered.problems:  # its slice stays, but for titles in it that are translated
        assert problem.block.original in rendered.text or titles


PARTS = [
    *"ab文_*[]`<>&!#",
    "1.",
    "*x*",
    "**y**",
    "`c`",
    "[l](u)",
    "![i](u)",
    "<b>t</b>",
    "[r][r]",
    "^[n]",
    "&lt;",
    "\\*",
]


@given(
    st.lists(
        st.sampled_from(PARTS),
        max_size=12,
    )
)
def test_the_target_reads_as_it_was_written(parts: list[str]) -> None:
    """A translation with the source's codes comes back with them when the edition is read again."""
    source = "One " + " ".join(parts)
    article = MARKDOWN.parse(source + "\n", "")
    (block,) = article.blocks
    rendered = MARKDOWN.serialize(article, {block.id: block.source.replace("One", "Zwei #")})
    (again,) = MARKDOWN.parse(rendered.text, "").blocks
    assert not codes.compare(block.source, again.source, "markdown")


@pytest.mark.parametrize("unit", HOSTILE["markdown"].units)
def test_work_on_hostile_repetition_is_linear(unit: str) -> None:
    assert growth(HOSTILE["markdown"].call, unit, small=500) < LINEAR


def test_a_task_is_shown_as_one() -> None:
    html = MARKDOWN.to_html(MARKDOWN.parse("- [x] done\n- [ ] to do\n- plain\n\n[x] no task\n", ""), {})
    assert "<li>☑ done</li>" in html and "<li>☐ to do</li>" in html
    assert "<li>plain</li>" in html and "<p>[x] no task</p>" in html
