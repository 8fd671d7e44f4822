"""Inline codes of Markdown, found by markdown-it's own inline rules.

markdown-it does not give the positions of inline tokens. Each rule is wrapped by a function that records on the tokens the
span of the source that they were made from.
"""

from __future__ import annotations

import functools
import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from toolkit.codes import dialects, plain
from toolkit.codes.spans import paired
from toolkit.codes.tags import invisible
from toolkit.units import Code

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

Rule = Callable[["StateInline", bool], bool]

# A text without any of these holds no markup; most headings and cells are such.
_MARKUP = re.compile(r"[*_~`\[\]<&\\\n^{$@#]|:[a-z]")
_LABEL = re.compile(r"\]\[((?!\^)(?:\\.|[^\[\]\\])+)\]", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^([^\s\]]+)\]")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_WATCHED = (
    "newline", "escape", "backticks", "strikethrough", "emphasis", "link", "image", "footnote_inline", "footnote_ref",
    "autolink", "html_inline", "entity",
)  # fmt: skip


def find(
    text: str,
    references: Mapping[str, Any] | None = None,
    footnotes: Mapping[str, Any] | None = None,
    dialects: bool = True,
) -> tuple[Code, ...]:
    """The codes of an inline text, in order.

    `references` and `footnotes` are the article's definitions as markdown-it keeps them (`env["references"]`,
    `env["footnotes"]["refs"]`). Where they are not known, a label that is used as `[text][label]` or `[^label]` is
    taken for a defined one; brackets alone are text. `dialects`: the signs of Markdown's dialects are codes.
    """
    if not _MARKUP.search(text):
        return plain.find(text)
    guessed = references is None
    if references is None:
        from markdown_it.common.utils import normalizeReference

        references = {normalizeReference(label): {"href": "#", "title": ""} for label in _LABEL.findall(text)}
    if footnotes is None:
        footnotes = {":" + label: -1 for label in _FOOTNOTE.findall(text)}
    env: dict[str, Any] = {"references": references, "footnotes": {"refs": dict(footnotes), "list": {}}}
    tokens: list[Token] = []
    md = parser(dialects)
    md.inline.parse(text, md, env, tokens)
    codes = sorted(_codes(text, tokens, env, 0), key=lambda code: (code.start, code.end))
    return plain.find(text, _html_paired(_in_full_only(codes) if guessed else codes))


def _in_full_only(codes: Sequence[Code]) -> list[Code]:
    """The codes without shortcut reference links (`[words]`): only the article's definitions tell whether those are links."""
    dropped = {
        half
        for opening, closing in paired(codes)
        if codes[opening].data in ("[", "![") and codes[closing].data in ("]", "][]")
        for half in (opening, closing)
    }
    return [code for index, code in enumerate(codes) if index not in dropped]


@functools.cache
def parser(dialects: bool = True) -> MarkdownIt:
    """The parser that `find` uses; it has no state of its own."""
    return new_parser(dialects)


def new_parser(signs: bool = True) -> MarkdownIt:
    """The Markdown of this project: CommonMark with tables, strikethrough, footnotes, definition lists, front matter.

    `signs`: the inline signs of its dialects too.

    Its inline tokens carry the span of the source that they stand for in `token.meta["span"]`.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    md.use(footnote_plugin, move_to_end=False).use(deflist_plugin).use(front_matter_plugin)
    rules = {rule.name: rule.fn for rule in md.inline.ruler.__rules__}
    for name in _WATCHED:
        md.inline.ruler.at(name, _watched(rules[name]))
    if signs:
        dialects.add(md)
    return md


def _watched(rule: Rule) -> Rule:
    """The rule, which also records on its tokens the span of the source that they were made from."""

    def run(state: StateInline, silent: bool) -> bool:
        if silent:
            return rule(state, True)
        start, first, pending = state.pos, len(state.tokens), bool(state.pending)
        if not rule(state, False):
            return False
        if pending and first < len(state.tokens) and state.tokens[first].type == "text":
            first += 1  # the text before, which the rule's first token flushed
        _note(state, first, start)
        return True

    return run


def _note(state: StateInline, first: int, start: int) -> None:
    """Record the spans of the tokens, from index `first` on, that a rule made from `start` to the present position."""
    if first >= len(state.tokens):
        return
    token, end = state.tokens[first], state.pos
    if token.type == "text":  # delimiters of emphasis: pairs of them become markup later
        for piece in state.tokens[first:]:
            piece.meta["span"] = (start, start + len(piece.content))
            start += len(piece.content)
    elif token.type == "link_open" and token.markup != "autolink":
        close = state.md.helpers.parseLinkLabel(state, start, True)
        token.meta["span"] = (start, start + 1)
        state.tokens[-1].meta["span"] = (close, end)
    elif token.type == "hardbreak":
        line_end = state.src.index("\n", start)
        while start and (start == line_end or state.src[start - 1] == " "):
            start -= 1
        token.meta["span"] = (start, line_end + 1)
    else:
        token.meta["span"] = (start, end)


def _codes(text: str, tokens: Sequence[Token], env: Mapping[str, Any], shift: int) -> Iterator[Code]:
    """The codes among inline tokens; `shift` is where the tokens' own text begins in `text`."""
    for token in tokens:
        if "span" not in token.meta:
            continue
        start, end = (shift + offset for offset in token.meta["span"])
        match token.type:
            case "strong_open":  # the span is the inner one of two delimiters
                yield _code(text, "sc", start - 1, end)
            case "strong_close":
                yield _code(text, "ec", start, end + 1)
            case "em_open" | "s_open":
                yield _code(text, "sc", start, end)
            case "em_close" | "s_close" | "link_close":
                yield _code(text, "ec", start, end)
            case "wiki_open":
                yield _code(text, "sc", start, end)
            case "wiki_close":
                yield _code(text, "ec", start, end)
            case "link_open":
                yield _code(text, "ph" if token.markup == "autolink" else "sc", start, end)
            case "image":
                yield from _with_text(text, token.content, token.children, env, start, end)
            case "footnote_ref" if "label" not in token.meta:
                note = env["footnotes"]["list"][token.meta["id"]]
                yield from _with_text(text, note["content"], note["tokens"], env, start, end)
            case "text_special" if token.info == "entity" and _stays(token.markup):
                yield _code(text, "ph", start, end)
            case "dialect" | "code_inline" | "hardbreak" | "html_inline" | "footnote_ref":
                yield _code(text, "ph", start, end)


def _with_text(
    text: str, content: str, children: Sequence[Token] | None, env: Mapping[str, Any], start: int, end: int
) -> Iterator[Code]:
    """An image or an inline footnote: a pair around the words in it, or one code where there are none."""
    opening = start + 2
    if not content.strip():
        yield _code(text, "ph", start, end)
        return
    yield _code(text, "sc", start, opening)
    yield from _codes(text, children or (), env, opening)
    yield _code(text, "ec", opening + len(content), end)


def _code(text: str, kind: Literal["ph", "sc", "ec"], start: int, end: int) -> Code:
    return Code(kind, text[start:end], start, end)


def _stays(reference: str) -> bool:
    """Whether a character reference is a code: it stands for an ASCII or an invisible character."""
    char = html.unescape(reference)
    return len(char) == 1 and (char.isascii() or invisible(char))


def _html_paired(codes: Iterable[Code]) -> list[Code]:
    """The codes, with inline HTML tags that match made pairs, as long as they do not cross a pair of Markdown."""
    result = list(codes)
    frames: list[_Frame] = [_Frame()]
    for index, code in enumerate(result):
        if code.kind == "sc":
            frames.append(_Frame())
        elif code.kind == "ec":
            frames = frames[:-1] or [_Frame()]
        elif name := tag_name(code.data):
            if not code.data.startswith("</"):
                frames[-1].open(name, index)
            elif (opening := frames[-1].close(name)) is not None:
                result[opening] = replace(result[opening], kind="sc")
                result[index] = replace(code, kind="ec")
    return result


def tag_name(data: str) -> str:
    """The name of an HTML tag that could be one of a pair, in small letters; empty for anything else."""
    tag = _TAG.match(data)
    if not tag or data.endswith("/>") or ":" in data.split(None, 1)[0] or "@" in data:
        return ""
    name = tag[1].lower()
    return "" if name in _VOID else name


class _Frame:
    """The HTML tags that are open inside one pair of Markdown codes."""

    def __init__(self) -> None:
        self.stack: list[tuple[str, int]] = []
        self.names: Counter[str] = Counter()

    def open(self, name: str, index: int) -> None:
        """Add the opening tag at this index."""
        self.stack.append((name, index))
        self.names[name] += 1

    def close(self, name: str) -> int | None:
        """The index of the tag that is closed, None if there is none; tags that are still open inside it are dropped."""
        if not self.names[name]:
            return None
        while True:
            top, index = self.stack.pop()
            self.names[top] -= 1
            if top == name:
                return index
