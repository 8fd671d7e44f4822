"""Texts that a careless parser takes quadratic time for: a few characters that open something, over and over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from toolkit import codes
from toolkit.article import formats
from toolkit.language import language
from toolkit.language.detect import is_repetition
from toolkit.language.typography import polish
from toolkit.segment import sentences
from toolkit.units import Markup


@dataclass(frozen=True, slots=True)
class Hostile:
    """A function of a text, and what is repeated in the texts that it is tried with."""

    call: Callable[[str], object]
    units: tuple[str, ...]


def _rendered(format: str, text: str) -> None:
    """Parse an article and write its translation."""
    form = formats()[format]
    article = form.parse(text, "")
    form.serialize(article, {block.id: "x " + block.source for block in article.blocks})


def _masked(markup: Markup, text: str) -> None:
    """Find the codes of a text, hide them and put them back."""
    masked = codes.mask(text, codes.find(text, markup))
    codes.restore("x" + masked.text, masked)


_CODES = ("[", "![", "*a ", "`a``", "<a ", "a@b.", "{{", "%(a", "http://", "<1>", "&a", "</b><b>", "a")
_MARKDOWN = ("[", "![", "*a ", "**a", "<b>", "`a``", "[a](", "^[", "_a_", "|a", "> ", "a\n", "<!--", "&a")
_TEXT = ("a\n\n", "\n", " ", "- a\n", "1. a\n\n", "-", "a  b")
_HTML = (
    "<!--", "<", "&", "<a ", '<a b="', "</b>", "<p><b>", "<script>", "&aaaaaaaaa", "<td>", "<![CDATA[", "<title>",
    "<br>", "<li><svg></svg>", "<p><svg/><code></p>",
)  # fmt: skip
_SENTENCES = ("a. ", "(", '"', ".", "\n", "“a. ", "a@", "? ", "ཀ། ", "“ཀ། ", '." ', "。", "「“")
_MARKS = ("中 ", "中,", "(", '"', "中—", "'a", "ཀ ", "ང་", "་", "“", ". ", '中"')
_LOOPS = ("a", "ab", "abc ", "a" * 59 + "b", "中文", ".", "(", "ab" * 20 + "c", " ")

HOSTILE: Mapping[str, Hostile] = {
    "html": Hostile(partial(_rendered, "html"), _HTML),
    "markdown": Hostile(partial(_rendered, "markdown"), _MARKDOWN),
    "text": Hostile(partial(_rendered, "text"), _TEXT),
    "codes, markdown": Hostile(partial(_masked, "markdown"), _CODES),
    "codes, tags": Hostile(partial(_masked, "tags"), _CODES),
    "sentences, en": Hostile(partial(sentences, tag="en"), _SENTENCES),
    "sentences, zh-Hans": Hostile(partial(sentences, tag="zh-Hans"), _SENTENCES),
    "sentences, bo": Hostile(partial(sentences, tag="bo"), _SENTENCES),
    "typography, zh-Hant": Hostile(partial(polish, language=language("zh-Hant")), _MARKS),
    "typography, bo": Hostile(partial(polish, language=language("bo")), _MARKS),
    "repetition": Hostile(is_repetition, _LOOPS),
}
