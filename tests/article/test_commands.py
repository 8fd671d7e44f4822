"""Commands in a document's comments: nothing is offered between off and on, and a note reaches the translator."""

from __future__ import annotations

import pytest

from toolkit.article import format_of, read

MARKDOWN = """One.

<!-- lokta: off -->

Two.

- three

<!-- lokta: on -->

<!-- lokta: note Four is a name,
it stays. -->
Four.

Five.
"""
HTML = (
    "<p>One.</p><!-- lokta: off --><p>Two.</p><ul><li>three</li></ul><!--lokta:on-->"
    "<!-- lokta: note Four is a name, it stays. --><p>Four.</p><p>Five.</p>"
)


@pytest.mark.parametrize(("name", "text"), [("a.md", MARKDOWN), ("a.html", HTML)])
def test_off_on_and_note(name: str, text: str) -> None:
    article = read(text, format_of(name), file=name, source_language="en")
    assert [(block.source, block.translate) for block in article.blocks] == [
        ("One.", True), ("Two.", False), ("three", False), ("Four.", True), ("Five.", True),
    ]  # fmt: skip
    notes = {block.source: block.notes for block in article.blocks}
    assert notes["Two."] == ("skipped: lokta: off",) and notes["Four."] == ("Four is a name, it stays.",)
    assert notes["Five."] == ()


def test_plain_text_has_no_commands() -> None:
    article = read("<!-- lokta: off -->\n\nOne.\n", format_of("a.txt"))
    assert all(block.translate for block in article.blocks if block.source == "One.")
