"""Page furniture: what a saved page says around its article, such as menus, teasers and buttons. Its blocks stay in the
document and are not offered for translation.

Here are the rules for all formats: fixed phrases, and paragraphs in another script than the article's. Those for the
elements of an HTML page are in `html/page.py`; the article's `.meta.toml` corrects what the rules misjudge.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from importlib import resources

from toolkit import codes
from toolkit.language import language
from toolkit.language.detect import in_script, script_of, script_shares
from toolkit.units import Article, Block

FURNITURE = "skipped: page furniture"
OTHER_SCRIPT = "skipped: already in another script"
"""Notes of blocks that are not offered for translation."""
_SAMPLE = 100_000
"""Characters at the beginning of an article in which its scripts are counted."""
_NO_SCRIPT = "Zyyy"
_FAMILY = dict.fromkeys(("Hira", "Kana", "Bopo"), "Han")
"""Scripts that Japanese and Chinese mix with Han characters, counted as Han."""


@cache
def phrases() -> frozenset[str]:
    """The fixed phrases of pages in all languages, in the form that `folded` gives them."""
    lines = (resources.files(__package__) / "data" / "furniture.txt").read_text("utf-8").split("\n")
    return frozenset(folded(line) for line in lines if line and line[0] not in "#[")


def folded(text: str) -> str:
    """The words of a text without capitals and punctuation, one blank between them."""
    return " ".join(re.sub(r"[^\w\u0f0b\u0f35-\u0fbc\s]", " ", text.casefold()).split()).strip("་ ")


def is_phrase(text: str) -> bool:
    """Whether a paragraph is one of the fixed phrases and nothing else: `Skip to content`."""
    return len(text) <= 80 and folded(text) in phrases()


def skipped(block: Block, why: str = FURNITURE) -> Block:
    """The block marked as not offered for translation; `why` replaces an earlier note that says so."""
    return replace(block, translate=False, notes=(*(n for n in block.notes if not n.startswith("skipped: ")), why))


def offered(block: Block) -> Block:
    """The block marked as offered for translation."""
    return replace(block, translate=True, notes=tuple(n for n in block.notes if not n.startswith("skipped: ")))


def main_scripts(text: str) -> frozenset[str]:
    """The scripts that have at least 30 per cent of the letters each; kana and bopomofo count as Han."""
    shares: dict[str, float] = {}
    for script, share in script_shares(text[:_SAMPLE]).items():
        shares[_FAMILY.get(script, script)] = shares.get(_FAMILY.get(script, script), 0) + share
    return frozenset(script for script, share in shares.items() if share >= 0.3)


def foreign(text: str, scripts: frozenset[str]) -> bool:
    """Whether the text has letters, and none in these scripts."""
    letters = False
    for char in text:
        if char.isalpha():
            script = script_of(char)
            if _FAMILY.get(script, script) in scripts:
                return False
            letters = letters or script not in ("", _NO_SCRIPT)
    return letters


def words_of(block: Block) -> str:
    """The block's source without its codes."""
    return codes.strip(block.source, block.codes).text if block.codes else block.source


def own_scripts(text: str, tag: str) -> frozenset[str]:
    """Those main scripts of a text that its language (BCP 47) is written in; all main scripts where there are none."""
    main = main_scripts(text)
    if not tag or len(main) < 2:
        return main
    samples = {script_of(char): char for char in text[:_SAMPLE] if char.isalpha()}
    own = {_FAMILY.get(script, script) for script, char in samples.items() if in_script(char, language(tag)) > 0}
    return main & own or main


def mark(article: Article) -> Article:
    """The article with fixed phrases, and blocks in another script than its own, marked as not offered."""
    words = {block.id: words_of(block) for block in article.blocks if block.translate}
    scripts = own_scripts("\n".join(words.values()), article.source_language)

    def judged(block: Block) -> Block:
        if not block.translate:
            return block
        said = words[block.id]
        if is_phrase(said) and not (block.type == "table cell" and len(said.split()) == 1):
            return skipped(block)
        return skipped(block, OTHER_SCRIPT) if scripts and foreign(said, scripts) else block

    return replace(article, parts=tuple(judged(part) if isinstance(part, Block) else part for part in article.parts))
