"""Markdown: the file is divided into skeleton and blocks, and translations are spliced in; it is never printed from a tree.

A heading, paragraph, list item, table cell, quotation, footnote, definition, a text in raw HTML, a title in the front matter
or of a link is a block; code, markers, rules, link destinations and comments stay in the skeleton. No translation can change
the structure of the document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from toolkit.article.format import Disclosure, Format, Rewrite, with_skeleton
from toolkit.article.markdown import anchors, front_matter, opaque
from toolkit.article.markdown import dialects as known_dialects
from toolkit.article.markdown.links import rewrite_markdown
from toolkit.article.markdown.passages import Passage, read_passages
from toolkit.article.markdown.splicing import spliced
from toolkit.article.markdown.structure import COMMONMARK, Document
from toolkit.article.markdown.writing import inner_text, with_inner, written
from toolkit.article.rendered import Problem, Rendered, attempt
from toolkit.codes import dialects as signs
from toolkit.language import Language
from toolkit.units import Article, Block, Location, Segment

_BOX = re.compile(r"\[([ xX])\][ \t]+")


class Markdown(Format):
    """CommonMark with tables, strikethrough, footnotes, definition lists and front matter."""

    name = "markdown"
    suffixes = (".md", ".markdown", ".mkd", ".mdx", ".qmd")
    markup = "markdown"
    dialects = known_dialects.DIALECTS

    def parse(self, text: str, file: str = "", dialect: str = "") -> Article:
        """The article of a Markdown file; without a dialect, that which its name and its marks show."""
        dialect = dialect or known_dialects.of_file(text, file)
        doc, passages = read_passages(text, dialect)
        blocks = (
            (
                passage.start,
                passage.end,
                Block(
                    id=f"p{number}",
                    type=passage.type,
                    original=text[passage.start : passage.end],
                    parts=(Segment(passage.source, passage.codes),),
                    location=Location(file, passage.line),
                    codes=passage.codes,
                    spellings=passage.spellings,
                ),
            )
            for number, passage in enumerate(passages, 1)
        )
        return Article(text, "", self.name, with_skeleton(text, blocks), self._metadata(doc, passages), dialect)

    def serialize(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> Rendered:
        """The file with the targets in place.

        A target that lost codes, that added some which cannot be escaped, or that would change the structure of the document
        is left out: its block keeps the source's slice and is reported. A person may write other codes than the source has.
        """
        doc, passages = read_passages(article.original, article.dialect)
        own = {f"p{number}": passage for number, passage in enumerate(passages, 1)}
        problems: list[Problem] = []

        def put(block: Block, target: str) -> str:
            return written(doc, own[block.id], target, block.id in by_person)

        known = [block for block in article.blocks if block.id in own]
        tried: dict[str, str | None] = {}
        around = None
        for block in known:
            passage = own[block.id]
            if passage.within is None:
                around = block
                if block.id in targets:
                    tried[block.id] = attempt(block, targets[block.id], put, problems)
            elif block.id in targets and around is not None:
                title = attempt(
                    block, targets[block.id], lambda block, target: inner_text(own[block.id], target), problems
                )
                if title is not None:
                    whole = tried.get(around.id) or around.original
                    tried[around.id] = with_inner(passage, title, whole)
        text, damaging = spliced(article, doc, {id: text for id, text in tried.items() if text is not None})
        reasons = {problem.block.id: problem.reason for problem in problems}
        reasons |= dict.fromkeys(damaging, "the translation would change the structure of the document")
        refused = (block for block in article.blocks if block.id in reasons)
        return Rendered(text, tuple(Problem(block, reasons[block.id]) for block in refused))

    def to_html(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> str:
        """The content of the file with the targets in place, without front matter, footnotes at the end."""
        from markdown_it import MarkdownIt
        from mdit_py_plugins.deflist import deflist_plugin
        from mdit_py_plugins.footnote import footnote_plugin

        md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        md.options["maxNesting"] = 100  # markdown-it drops deeper blocks without a message
        md.use(footnote_plugin).use(deflist_plugin)
        if article.dialect != COMMONMARK:
            signs.add(md)
            opaque.add(md, article.dialect)
        text = self.serialize(article, targets, by_person).text
        env: dict[str, Any] = {}
        tokens = md.parse(text[len(front_matter.fenced(text)) :], env)
        for item, _, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
            words = inline.children[0] if item.type == "list_item_open" and inline.children else None
            if words is not None and words.type == "text" and (box := _BOX.match(words.content)):  # a task
                words.content = f"{'☐' if box[1] == ' ' else '☑'} {words.content[box.end() :]}"
        openings = (token for token in tokens if token.type == "heading_open")
        doc, _ = read_passages(article.original, article.dialect)
        for token, heading in zip(openings, anchors.headings(doc), strict=False):
            token.attrSet("id", heading.id)
        rendered: str = md.renderer.render(tokens, md.options, env)
        return rendered

    def declare_language(self, text: str, source: str, target: Language) -> str:
        """The file with the language in its front matter changed or added."""
        return front_matter.with_language(text, target.tag)

    def keep_anchors(self, article: Article, text: str, linked: Collection[str] = ()) -> str:
        """The file with the ids of the source's headings at its own."""
        return anchors.with_ids(article, text, linked)

    def places_linked(self, text: str) -> Iterator[tuple[str, str]]:
        """The links of a file to headings of others: `](guide/setup.md#ports)`."""
        return anchors.to_others(text)

    def disclose(self, text: str, said: Disclosure) -> str:
        """The file with a key `translation` in its front matter; without front matter, a first line in italics."""
        if front_matter.fenced(text):
            facts = {"state": said.state, "drafts": said.drafts, "reviewed": said.reviewed, "by": said.by}
            return front_matter.with_table(text, "translation", facts)
        notice = " ".join(line for _, line in said.notice)
        return f"*{notice}*\n\n{text}" if notice else text

    def rewrite_links(self, text: str, rewrite: Rewrite, dialect: str = "") -> str:
        """The file with the destinations of its links, images and definitions rewritten, and the URLs in its HTML."""
        return rewrite_markdown(text, rewrite, dialect)

    def _metadata(self, doc: Document, passages: Sequence[Passage]) -> dict[str, str]:
        """The metadata that the front matter gives; without a title there, it is the first heading."""
        lines = next((token.map[1] for token in doc.tokens if token.type == "front_matter" and token.map), 0)
        found = {
            front_matter.METADATA[value.key]: value.text
            for value in front_matter.values(doc.original, lines)
            if value.key in front_matter.METADATA
        }
        heading = next((passage for passage in passages if passage.type == "heading"), None)
        if heading and "title" not in found:
            found["title"] = self.plain_text(heading.source)
        return found
