"""Codes are what a Markdown parser, a reader of tags and a person who sees an address would call so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hostile import HOSTILE
from tests.support.work import LINEAR, growth
from toolkit import codes
from toolkit.codes.markdown import new_parser
from toolkit.units import Code, Markup

CASES = [
    pair.split("\n") for pair in (Path(__file__).parent / "markdown.txt").read_text("utf-8").strip().split("\n\n")[1:]
]


@pytest.mark.parametrize(("shown", "text"), CASES)
def test_codes_of_markdown(shown: str, text: str) -> None:
    assert _numbered(text, codes.find(text, "markdown")) == shown


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("<1>a</1> <2/> <x> 1 < 2", ["<1>", "</1>", "<2/>"]),
        ("a &lt;b&gt; &amp; &nbsp; &#65; &copy; & b", ["&lt;", "&gt;", "&amp;", "&nbsp;", "&#65;"]),
        ("at https://a.org/?x=1&amp;y=2 now &amp; then", ["https://a.org/?x=1&amp;y=2", "&amp;"]),
        ("&lt;https://a.org&gt;", ["&lt;", "https://a.org", "&gt;"]),
        ("see <1>https://a.org</1>.", ["<1>", "https://a.org", "</1>"]),
    ],
)
def test_codes_of_tags(text: str, data: list[str]) -> None:
    assert [code.data for code in codes.find(text, "tags")] == data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("**a** <1> at https://a.org, or me@b.org.", ["https://a.org", "me@b.org"]),
        ("访问https://a.org/路。也可www.b.org", ["https://a.org/", "www.b.org"]),
        ("http:// is no address, nor a.b or @x", []),
        ("{0} of {total:.2f} and %1$s, 5 %d, 20%.", ["{0}", "{total:.2f}", "%1$s", "%d"]),
    ],
)
def test_placeholders_of_plain_text(text: str, data: list[str]) -> None:
    assert [code.data for code in codes.find(text, "plain")] == data


@pytest.mark.parametrize(
    ("markup", "source", "target", "missing", "extra", "crossed"),
    [
        ("markdown", "**a** [b](/u)", "[B](/u) **A**", (), (), False),
        ("markdown", "**a** [b](/u)", "**A** [b](/v)", ("[…](/u)",), ("[…](/v)",), False),
        ("markdown", "*a* **b**", "_a_ __b__", (), (), False),
        ("markdown", "*a* **b**", "<em>a</em> <b>b</b>", (), (), False),
        ("markdown", "*a*", "**a**", ("*…*",), ("**…**",), False),
        ("tags", "<1>a</1> <2>b</2>", "<2>b <1>a</1></2>", (), (), False),
        ("tags", "<1>a</1> <2>b</2>", "<1>a <2>b</1></2>", (), (), True),
        ("tags", "<1>a</1><2/>", "<1>a", ("<1>…</1>", "<2/>"), ("<1>",), False),
        ("tags", "<1>a</1>", "</1>a<1>", ("<1>…</1>",), ("</1>", "<1>"), False),
        ("plain", "at https://a.org", "at https://a.org https://a.org", (), ("https://a.org",), False),
    ],
)
def test_comparing(
    markup: Markup, source: str, target: str, missing: tuple[str, ...], extra: tuple[str, ...], crossed: bool
) -> None:
    found = codes.compare(source, target, markup)
    assert (found.missing, found.extra, found.crossed) == (missing, extra, crossed)
    assert bool(found) == bool(missing or extra or crossed)


pieces = st.sampled_from(
    [
        *"ab文 *_`[]()<>!&\\~^\n",
        "**",
        "](/u)",
        "[a][b]",
        "<b>",
        "</b>",
        "<1>",
        "</1>",
        "<2/>",
        "&lt;",
        "&nbsp;",
        "  \n",
        "http://a.b/c_d",
        "me@x.org",
        "{x}",
        "%s",
        "<http://z.y>",
        "[^1]",
        "^[",
        "![",
        "~~",
        "`` ` ``",
    ]
)


@settings(max_examples=300)
@given(st.lists(pieces, max_size=40).map("".join), st.sampled_from(["markdown", "tags", "plain"]))
def test_codes_are_spans_in_order_and_nested(text: str, markup: Markup) -> None:
    found = codes.find(text, markup)
    at = 0
    for code in found:
        assert at <= code.start < code.end and text[code.start : code.end] == code.data
        at = code.end
    assert not codes.compare(text, text, markup)
    if markup == "markdown":
        depth = 0
        for code in found:
            depth += {"sc": 1, "ec": -1, "ph": 0}[code.kind]
            assert depth >= 0
        assert depth == 0


@settings(max_examples=300)
@given(st.lists(pieces, max_size=40).map("".join))
def test_markdown_codes_are_the_parsers(text: str) -> None:
    """As many of each kind as markdown-it makes of the text, with no definitions known to either."""
    from toolkit.codes import markdown

    def kinds(found: tuple[Code, ...]) -> Counter[str]:
        data = [code.data for code in found if code.kind == "sc"]
        return Counter(
            "strong" if d in ("**", "__") else "em" if d in "*_" else "s" if d == "~~" else "link" if d == "[" else ""
            for d in data
        )

    (inline,) = new_parser().parseInline(text, {"references": {}}) or [None]
    if inline is None:
        return
    tokens = list(inline.children or ())
    if any(token.type in ("image", "footnote_ref") for token in tokens):
        return  # they hold tokens of their own
    links = sum(token.type == "link_open" and token.markup != "autolink" for token in tokens)
    ours = kinds(markdown.find(text, {}, {}))
    theirs = Counter(token.type for token in tokens)
    assert (ours["strong"], ours["em"], ours["s"], ours["link"]) == (
        theirs["strong_open"], theirs["em_open"], theirs["s_open"], links,
    )  # fmt: skip


@settings(max_examples=100)
@given(st.lists(pieces, max_size=30).map("".join), st.sampled_from(["markdown", "tags", "plain"]))
def test_masking_can_always_be_undone(text: str, markup: Markup) -> None:
    for hide in (codes.mask, codes.strip):
        masked = hide(text, codes.find(text, markup))
        if hide is codes.mask:
            assert codes.restore(masked.text, masked) == (text, ())
            assert "_" not in "".join(masked.tokens) and "".join(masked.tokens).isascii()
        restored, _ = codes.restore("译文 " + masked.text, masked)
        for code in masked.codes:
            assert restored.count(code.data) >= sum(other.data == code.data for other in masked.codes)


@pytest.mark.parametrize("markup", ["markdown", "tags"])
@pytest.mark.parametrize("unit", HOSTILE["codes, tags"].units)
def test_work_on_hostile_repetition_is_linear(unit: str, markup: Markup) -> None:
    assert growth(HOSTILE[f"codes, {markup}"].call, unit, small=500) < LINEAR


def _numbered(text: str, found: Sequence[Code]) -> str:
    """The text with numbered tags in place of its codes, one number for both halves of a pair."""
    openings = {closing: opening for opening, closing in codes.paired(found)}
    firsts = [openings.get(index, index) for index in range(len(found))]
    numbers = {first: number for number, first in enumerate(dict.fromkeys(firsts), 1)}
    forms = {"ph": "<{}/>", "sc": "<{}>", "ec": "</{}>"}
    shown = zip(found, firsts, strict=True)
    return codes.replaced(
        text, ((code.start, code.end, forms[code.kind].format(numbers[first])) for code, first in shown)
    )
