"""Lines of Markdown's dialects that are not prose: containers, admonitions, tags of templates and components, imports, …

Such an opaque line ends a paragraph and joins nothing. Its sign, name and options stay byte for byte; readable text behind the
sign, such as a title, is a block of the article. Where no dialect is known, the signs below are read all the same: in 164,746
lines of 21 projects 47 of 18,145 had such a sign that meant nothing.

    ::: tip Title        !!! note "Title"      === "Tab"          /// note | Title      > [!tip] Title
    {{< figure … >}}     {% include a.html %}  {: .note }         {* include.py *}      <Component title="…">
    import A from "a"    $$ … $$               (target)=          ![[embed]]            *[HTML]: Hypertext
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.article.markdown.dialects import MDX
from toolkit.codes.dialects import JSX, SHORTCODE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Readable:
    """Readable text in an opaque line."""

    start: int
    end: int
    """Offsets in the source."""
    quote: str = ""
    """The character that ends it, and that it cannot hold."""
    name: str = "title"
    """Of the attribute or the place."""


@dataclass(frozen=True, slots=True)
class _Found:
    """An opaque line, or several."""

    end: int
    """The offset of its end, that of a line."""
    texts: tuple[Readable, ...] = ()
    indented: bool = False
    """What is indented by four columns below it is its body."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line that may be opaque, and what a rule may want to know of its place."""

    source: str
    start: int
    """The offset of its first character that is no blank, behind `>` and marks of lists."""
    end: int
    limit: int
    """The end of the text that the rule may look into."""
    dialect: str
    quoted: bool
    first: bool
    """It is the first line of the file."""
    below: bool
    """It stands right below another opaque line."""
    interrupts: bool
    """It stands right below a line of a paragraph."""

    @property
    def text(self) -> str:
        """The line without the blanks around it."""
        return self.source[self.start : self.end].rstrip()


_Rule = Callable[[_Candidate], "_Found | None"]

_READ = r"alt|aria-label|caption|description|fig-alt|fig-cap|summary|title"
_ATTRIBUTE = re.compile(
    rf"""(?<![\w-])(?P<name>{_READ})\s*=\s*(?P<quote>["'])(?P<text>(?:(?!(?P=quote)).)*)(?P=quote)""", re.DOTALL
)
_CONTAINER = re.compile(
    r":{3,}[ \t]*(?:\{(?P<attributes>[^{}\n]*)\}[ \t]*|(?P<name>[\w-]+)(?:\[(?P<label>[^\]\n]*)\]|[ \t]+(?!\{))?)?"
    r"(?P<title>[^\n{]*?)(?:\{(?P<options>[^{}\n]*)\})?[ \t]*:*$"
)
_ADMONITION = re.compile(r"(?:!!!|\?\?\?)\+?[ \t]+[\w -]+?[ \t]*(?:(?P<quote>\")(?P<text>.*)\")?$")
_TAB = re.compile(r"===[!+]*[ \t]+(?P<quote>[\"'])(?P<text>.*)(?P=quote)$")
_BLOCK = re.compile(r"/{3,}(?:[ \t]*[\w-]+)?(?:[ \t]*\|[ \t]*(?P<text>.*))?$")
_CALLOUT = re.compile(r"\[![\w-]+(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<text>.*)$")
_ABBREVIATION = re.compile(r"\*\[[^\]\n]+\]:[ \t]*(?P<text>.*)$")
_TITLE_BLOCK = re.compile(r"%[ \t]+(?P<text>.*)$")
_WHOLE = re.compile(
    r"\{(?:[:#.*!/+@]|[\w-]+=)[^\n]*\}|--8<--.*|<<<[ \t]+[@./~].*|\([\w:.-]+\)=|!?\[\[[^\[\]|\n]+\]\]|\[_?TOC_?\]|\[\[_TOC_\]\]"
    r"|\[!(?:INCLUDE|code)\b.*|\+{3}.*",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\{/\*(?:(?!\n[ \t]*\n).)*?\*/\}[ \t]*(?=\n|\Z)", re.DOTALL)
_TAGS = re.compile(rf"(?:(?:{SHORTCODE})[ \t]*)+(?=\n|\Z)", re.DOTALL)
_VERBATIM = re.compile(
    r"\{\{[<%][ \t]*(code-toggle|highlight|mermaid|raw|tabs-raw)\b|\{%-?[ \t]*(highlight|raw|comment)\b"
)
_IMPORT = re.compile(r"import[ \t]+(?:[\w*{][^\"']*[ \t}]from[ \t]+)?[\"'][^\"'\n]+[\"'];?[ \t]*(?://.*)?$")
_EXPORT = re.compile(
    r"export[ \t]+(?:const|let|var|default|function|async|class)\b.*(?:[{(=;\[]|[^.]$)|export[ \t]+[*{].*"
)
_MODULE = re.compile(r"(?:import|export)[ \t]+[\w*{\"']")
_OPEN_TAG = re.compile(JSX)
_ANY_TAG = re.compile(rf"{JSX}|</?[a-z][\w.-]*(?:\s[^<>]*)?/?>|</?>")
_BLOCK_TAG = re.compile(
    r"</?(?:[A-Z]|>|(?:address|article|aside|blockquote|br|center|details|div|dl|dt|dd|figcaption|figure|footer|form|h[1-6]"
    r"|header|hr|iframe|img|li|main|nav|ol|p|picture|section|source|summary|svg|table|tbody|td|tfoot|th|thead|tr|ul|video)\b)"
)
_OPTION = re.compile(r":(?P<name>[\w-]+):[ \t]*(?P<text>.*)$")
_DIRECTIVE = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*\{(?P<name>[\w:-]+)\}[ \t]*(?P<text>.*)$")
PROSE = frozenset((
    "admonition", "aside", "attention", "callout", "caution", "card", "corollary", "danger", "definition",
    "deprecated", "dropdown", "epigraph", "error", "example", "exercise", "figure", "grid", "grid-item-card", "hint",
    "important", "lemma", "margin", "note", "proof", "pull-quote", "remark", "seealso", "sidebar", "solution",
    "tab-item", "tab-set", "theorem", "tip", "todo", "topic", "versionadded", "versionchanged", "warning",
))  # fmt: skip
"""Directives of MyST whose body is prose; that of all others is code, or data."""
_LINES = 300
"""No construct goes on for more lines."""


_KIND = re.compile(r"(?:\[!|(?:!!!|\?\?\?)\+?[ \t]+|:::+[ \t]*\{?|///+[ \t]*|`{3,}\{)([A-Za-z]+)")
"""The opening of an admonition, as GitHub, MkDocs, Docusaurus, PyMdown and MyST write it; group 1 is its kind."""
_SIGN_OF = {
    **dict.fromkeys(("note", "info", "seealso", "abstract", "summary"), "ℹ️"),
    **dict.fromkeys(("tip", "hint", "success"), "💡"),
    **dict.fromkeys(("important", "attention"), "❗"),
    **dict.fromkeys(("warning", "caution"), "⚠️"),
    **dict.fromkeys(("danger", "error", "failure", "bug"), "⛔"),
    **dict.fromkeys(("question", "help", "faq"), "❓"),
}
"""A kind of admonition -> what a reader in any language sees of it."""


def add(md: MarkdownIt, dialect: str) -> None:
    """Teach a parser the opaque lines; their tokens are of the type `opaque`.

    `meta["texts"]` has their readable texts, `meta["sign"]` the rest, which no translation may change.
    """

    def opaque(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        found = _find(state, start, end, dialect, silent)
        if found is None or silent:
            return found is not None
        last = start + 1
        while last < end and state.eMarks[last - 1] < found.end:
            last += 1
        _push(state, start, last, found.texts)
        state.line = last
        if found.indented:
            _body(state, start, last, end)
        return True

    def directive(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.is_code_block(start):
            return False
        match = _DIRECTIVE.match(state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip())
        if match is None or match["name"].rpartition(":")[2] not in PROSE:
            return False
        close = next((line for line in range(start + 1, end) if _closes(state, line, match["fence"])), None)
        if close is None or silent:
            return close is not None
        at = state.bMarks[start] + state.tShift[start]
        _push(state, start, start + 1, _words(match, at) if match["name"] != "figure" else ())
        limit, state.lineMax = state.lineMax, close
        state.md.block.tokenize(state, start + 1, close)
        state.lineMax = limit
        _push(state, close, close + 1, ())
        state.line = close + 1
        return True

    alt: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.before("table", "opaque", opaque, alt)
    md.block.ruler.before("fence", "directive", directive, alt)
    if dialect in MDX:
        md.block.ruler.disable("code")

    def rendered(renderer: object, tokens: Sequence[Token], at: int, options: object, env: Any) -> str:
        """The readable texts of an opaque line as paragraphs, strong and behind a sign where it opens an admonition; a formula
        as it is written."""
        token = tokens[at]
        if token.content.startswith("$$"):
            return f"<pre>{html.escape(token.content)}</pre>\n"
        start, said = 0, []
        for text, sign in zip(token.meta["texts"], token.meta["sign"], strict=False):
            start += len(sign)
            said.append(token.content[start : start + text.end - text.start])
            start += text.end - text.start
        links = {"references": env.get("references", {})}  # not the footnotes, which would be listed again
        inner = [md.renderInline(one, links) for one in said]
        if (opened := _KIND.match(token.content)) and (sign := _SIGN_OF.get(opened[1].lower())):
            return f"<p><strong>{' '.join([sign, *inner])}</strong></p>\n"
        return "".join(f"<p>{one}</p>\n" for one in inner)

    md.add_render_rule("opaque", rendered)


def _find(state: StateBlock, line: int, end: int, dialect: str, interrupts: bool) -> _Found | None:
    if state.is_code_block(line) and dialect not in MDX:
        return None
    start, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    if start >= stop or state.src[start] not in _FIRST:
        return None
    last = state.tokens[-1] if state.tokens else None
    at = _Candidate(
        state.src,
        start,
        stop,
        state.eMarks[min(end, line + _LINES) - 1],
        dialect,
        state.parentType == "blockquote",
        start == 0,
        last is not None and last.type == "opaque" and last.map is not None and last.map[1] == line,
        interrupts,
    )
    return next((found for rule in _RULES[state.src[start]] if (found := rule(at)) is not None), None)


def _closes(state: StateBlock, line: int, fence: str) -> bool:
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
    return len(text) >= len(fence) and not text.strip(fence[0]) and state.sCount[line] - state.blkIndent < 4


def _push(state: StateBlock, start: int, end: int, texts: Sequence[Readable]) -> None:
    """A token for these lines."""
    token = state.push("opaque", "", 0)
    token.map = [start, end]
    begin, stop = state.bMarks[start] + state.tShift[start], state.eMarks[end - 1]
    token.content = state.src[begin:stop]
    texts = [text for text in texts if any(map(str.isalpha, state.src[text.start : text.end]))]
    bounds = [begin, *(at for text in texts for at in (text.start, text.end)), stop]
    token.meta["texts"] = texts
    token.meta["sign"] = tuple(state.src[one:other] for one, other in zip(bounds[::2], bounds[1::2], strict=True))


def _body(state: StateBlock, opener: int, start: int, end: int) -> None:
    """Read what is indented below an opener as blocks of their own."""
    indent = state.sCount[opener] + 4
    last = stop = start
    while stop < end and (state.isEmpty(stop) or state.sCount[stop] >= indent):
        stop += 1
        if not state.isEmpty(stop - 1):
            last = stop
    if last == start:
        return
    blank, limit = state.blkIndent, state.lineMax
    state.blkIndent, state.lineMax = indent, last
    state.md.block.tokenize(state, start, last)
    state.blkIndent, state.lineMax = blank, limit
    state.line = last


def _words(
    match: re.Match[str], at: int, group: str = "text", name: str = "title", quote: str = ""
) -> tuple[Readable, ...]:
    """The text of a group of a match that began at the offset `at`; none where it is empty."""
    if not (match[group] or "").strip():
        return ()
    start, end = match.span(group)
    said = match[group]
    start += len(said) - len(said.lstrip())
    return (Readable(at + start, at + end - (len(said) - len(said.rstrip())), quote, name),)


def _attributes(source: str, start: int, end: int) -> Iterator[Readable]:
    """The readable attributes in a piece of the source."""
    for match in _ATTRIBUTE.finditer(source, start, end):
        if match["text"].strip() and "{{" not in match["text"]:
            yield Readable(*match.span("text"), match["quote"], match["name"])


def _simple(pattern: re.Pattern[str], quote: str = "", indented: bool = False, name: str = "title") -> _Rule:
    """A rule for a line that is a sign and a text."""

    def rule(line: _Candidate) -> _Found | None:
        match = pattern.match(line.text)
        if match is None:
            return None
        return _Found(line.end, _words(match, line.start, name=name, quote=quote), indented)

    return rule


def _container(line: _Candidate) -> _Found | None:
    if not line.text.startswith(":::"):
        return None
    match = _CONTAINER.match(line.text)
    if match is None:
        return _Found(line.end)
    texts = [*_words(match, line.start, "label", quote="]")]
    if match["attributes"] != "figure":  # its argument is a file
        texts += _words(match, line.start, "title")
    for group in ("attributes", "options"):
        if match[group]:
            texts += _attributes(line.source, line.start + match.start(group), line.start + match.end(group))
    return _Found(line.end, tuple(sorted(texts, key=lambda text: text.start)))


def _callout(line: _Candidate) -> _Found | None:
    return _simple(_CALLOUT)(line) if line.quoted else None


def _abbreviation(line: _Candidate) -> _Found | None:
    return None if line.interrupts else _simple(_ABBREVIATION, name="abbreviation")(line)


def _title_block(line: _Candidate) -> _Found | None:
    if line.dialect == "myst" or line.text.startswith("%%"):
        return _comment(line) if line.text.startswith("%%") else _Found(line.end)
    return _simple(_TITLE_BLOCK)(line) if line.first or line.below else None


def _comment(line: _Candidate) -> _Found:
    """`%% … %%` of Obsidian, on one line or several."""
    close = line.source.find("%%", line.start + 2, line.limit)
    return _Found(_line_end(line.source, close) if close >= 0 else line.end)


def _whole(line: _Candidate) -> _Found | None:
    return _Found(line.end) if _WHOLE.fullmatch(line.text) else None


def _multiline_comment(line: _Candidate) -> _Found | None:
    match = _COMMENT.match(line.source, line.start, line.limit)
    return _Found(match.end()) if match else None


def _tags(line: _Candidate) -> _Found | None:
    """Tags of a template that are all of a line, or of several; what they say to be code is part of them."""
    match = _TAGS.match(line.source, line.start, line.limit)
    if match is None or re.search(r"\n[ \t]*\n", match[0]):
        return None
    verbatim = _VERBATIM.match(match[0])
    if verbatim and not match[0].rstrip().endswith(("/>}}", "/%}}")):
        name = re.escape(verbatim[1] or verbatim[2])
        close = re.compile(rf"\{{\{{[<%][ \t]*/[ \t]*{name}\b|\{{%-?[ \t]*end{name}\b").search(line.source, match.end())
        if close:
            return _Found(_line_end(line.source, close.start()))
    return _Found(match.end(), tuple(_attributes(line.source, *match.span())))


def _formula(line: _Candidate) -> _Found | None:
    close = line.source.find("$$", line.start + 2, line.limit)
    if close < 0:
        return None
    end = _line_end(line.source, close)
    rest = line.source[close + 2 : end].strip()
    return _Found(end) if not rest or rest.startswith(("{", "(")) else None


def _module(line: _Candidate) -> _Found | None:
    """`import` and `export` of a module; they end at a blank line outside of brackets."""
    if not (_IMPORT.match(line.text) or _EXPORT.match(line.text) or (line.dialect in MDX and _MODULE.match(line.text))):
        return None
    if _IMPORT.match(line.text):
        return _Found(line.end)
    at, depth = line.start, 0
    while True:
        end = _line_end(line.source, at)
        depth += sum(line.source.count(char, at, end) for char in "({[") - sum(
            line.source.count(char, at, end) for char in ")}]"
        )
        following = _line_end(line.source, end + 1) if end < line.limit else end
        if end >= line.limit or (depth <= 0 and not line.source[end + 1 : following].strip()):
            return _Found(min(end, line.limit))
        at = end + 1


def _component(line: _Candidate) -> _Found | None:
    """Tags of components at the beginning of a line, and those at its end; what stands between is text."""
    source = line.source
    if not (_BLOCK_TAG if line.dialect in MDX else _OPEN_TAG).match(source, line.start, line.limit):
        return None
    at, texts = line.start, list[Readable]()
    while match := _ANY_TAG.match(source, at, line.limit):
        texts += _attributes(source, *match.span())
        at = match.end()
        while source[at : at + 1] in (" ", "\t"):
            at += 1
        if source[at : at + 1] in ("\n", "") or not _BLOCK_TAG.match(source, at):
            break
    if at == line.start:
        return None
    end = _line_end(source, at)
    stop = len(source[:end].rstrip())
    while stop > at and (closing := re.search(r"</[A-Za-z][\w.-]*>\s*$|</>\s*$", source[at:stop])):
        stop = at + len(source[at : at + closing.start()].rstrip())
    if source[at:stop].strip():
        texts.append(Readable(at, stop, "", "text"))
    return _Found(end, tuple(texts))


def _option(line: _Candidate) -> _Found | None:
    """`:key: value` below an opener."""
    match = _OPTION.match(line.text) if line.below else None
    if match is None:
        return None
    return _Found(line.end, _words(match, line.start) if re.fullmatch(_READ, match["name"]) else ())


def _line_end(source: str, at: int) -> int:
    """The offset of the end of the line that holds an offset."""
    end = source.find("\n", at)
    return end if end >= 0 else len(source)


_RULES: dict[str, tuple[_Rule, ...]] = {
    ":": (_container, _option),
    "!": (_simple(_ADMONITION, '"', indented=True), _whole),
    "?": (_simple(_ADMONITION, '"', indented=True),),
    "=": (_simple(_TAB, '"', indented=True, name="tab"),),
    "/": (_simple(_BLOCK),),
    "[": (_callout, _whole),
    "*": (_abbreviation,),
    "%": (_title_block,),
    "{": (_tags, _multiline_comment, _whole),
    "$": (_formula,),
    "i": (_module,),
    "e": (_module,),
    "<": (_component, _whole),  # includes of VitePress: `<<< @/a.js`
    "-": (_whole,),
    "(": (_whole,),
    "+": (_whole,),
}
_FIRST = frozenset(_RULES)
