"""The page's own words: every one is in the template and in each language, with the same names in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.quality.test_checks import cases
from tests.support.environment import ROOT
from toolkit import catalog as catalogs
from toolkit.memory.glossary import glossary
from toolkit.memory.terms import parse
from toolkit.page import assets
from toolkit.page.words import LANGUAGES, all_words
from toolkit.quality.rules import CHECKS
from toolkit.quality.rules.terms import bound
from toolkit.units import Catalog, LanguagePair, Unit

LOCALES = ROOT / "toolkit" / "page" / "locales"
TABLES = {
    "STATES": r'\["[^"]*", "([^"]+)"\]',
    "ORIGINS": r': "([^"]+)"',
    "CHECKS": r': "([^"]+)"',
    "KEYS": r'", "([^"]+)"\]',
    "FINDINGS": r'"([^"]+)"',
    "NOUNS": r'"([^"]+)"',
}
"""Tables of words in the script, which are translated where they are shown."""
CODES = "link image bold italics strikethrough code tag address subscript superscript"


def said() -> set[str]:
    """All words that the script shows."""
    script = assets.served("app.js").decode()
    found = set(re.findall(r'\b_\("((?:[^"\\]|\\.)*)"', script))
    for name, word in TABLES.items():
        table = re.search(rf"const {name} = [\[{{](.*?)\n?[\]}}];", script, re.DOTALL)
        assert table, name
        found |= set(re.findall(word, table[1]))
    return found | set(CODES.split())


def test_every_word_is_in_the_template() -> None:
    template = {unit.source for unit in catalogs.read_catalog(LOCALES / "page.pot").live}
    assert len(said()) > 100 and said() <= template, said() - template


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "en"])
def test_every_word_is_translated(tag: str) -> None:
    words = all_words()[tag]["words"]
    for unit in catalogs.read_catalog(LOCALES / "page.pot").live:
        assert words.get(unit.source), unit.source
        assert set(re.findall(r"\{\w+\}", words[unit.source])) == set(re.findall(r"\{\w+\}", unit.source)), unit.source


def _pattern(text: str) -> str:
    """The pattern as the script makes it."""
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text))


def _of_terms() -> Iterator[str]:
    """What the rule for a project's terms says, of each kind of mistake once."""
    names = "source,note,approved,zh-Hans\nNATO,the alliance,yes,北约|!北约组织\nMugabe,,,穆加贝|穆加比\n"
    known = glossary(parse(names).terms, LanguagePair("en", "zh-Hans"))
    targets = ("北约组织", "没有", "北约北约组织", "穆加比", "穆加贝", "穆加贝")
    sources = ("NATO", "NATO met", "NATO, NATO", "Mugabe", "Mugabe went", "Mugabe came")
    units = tuple(Unit(source, target) for source, target in zip(sources, targets, strict=True))
    for several in (units, units[:-1]):
        whole = Catalog("en", "zh-Hans", several)
        found = [finding.message for unit in several for finding in bound(lambda _: known)(unit, whole)]
        assert len(found) >= 4
        yield from found


def test_what_checks_say_is_known_to_the_page() -> None:
    script = assets.served("app.js").decode()
    table = re.search(r"const FINDINGS = \[(.*?)\n\];", script, re.DOTALL)
    assert table
    patterns = [_pattern(text) for text in re.findall(r'"([^"]+)"', table[1])]
    said: set[str] = set()
    for _, languages, markup, source, target, _ in cases():
        origin, spoken = languages.split(">")
        whole = Catalog(origin, spoken, (), {"X-Lokta-Markup": markup})
        for check in CHECKS.values():
            said |= {finding.message for finding in check(Unit(source, target), whole)}
    said |= {*_of_terms()}
    strange = [one for one in said if not any(re.fullmatch(pattern, one, re.DOTALL) for pattern in patterns)]
    assert len(said) > 100 and not strange, strange
    used = {pattern for pattern in patterns for one in said if re.fullmatch(pattern, one, re.DOTALL)}
    assert len(used) > 40


def test_words_that_a_machine_wrote_say_so() -> None:
    assert all_words()["bo"]["machine"] and not all_words()["en"]["machine"]
