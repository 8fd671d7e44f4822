"""Traditional Chinese is not translated a second time: it is derived from what stands in simplified characters.

    convert_from   the zh-Hant catalog with what its zh-Hans sister says, for a person to look at
    Convert        the same as an engine: for articles in zh-Hans, and as the last leg where a model writes zh-Hans alone

OpenCC knows words and phrases; names that it takes for words are in `data/hant_names.txt`, quotation marks are the
business of the language's typography, and codes pass by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Literal

from toolkit import codes
from toolkit.language import language
from toolkit.language.chinese import HANS, HANT
from toolkit.language.typography import polish
from toolkit.memory.glossary import Glossary
from toolkit.units import (
    Abilities,
    Answer,
    Catalog,
    Code,
    Engine,
    Identity,
    LanguagePair,
    Match,
    ProvenanceLine,
    Request,
    State,
    Unit,
    text_hash,
)

VARIANTS = {"tw": "s2twp", "hk": "s2hk"}
"""Where the readers are -> OpenCC's name: Taiwan, its vocabulary included, or Hong Kong."""

_HAN = "\u3400-\u9fff\uf900-\ufaff"


def convert(text: str, found: Sequence[Code] = (), variant: str = "tw") -> str:
    """A text in simplified characters in traditional ones; `found` are its codes, which stay. `variant`: see VARIANTS."""
    result, at = [], 0
    for code in found:
        result += [_converted(text[at : code.start], variant), text[code.start : code.end]]
        at = code.end
    return "".join(result) + _converted(text[at:], variant)


def convert_from(hant: Catalog, hans: Catalog, variant: str = "tw", terms: Glossary | None = None) -> Catalog:
    """The catalog in zh-Hant with what the one in zh-Hans says of the same sources; both are of one article.

    A unit is derived when it is empty, or outdated, or was derived before and the other has changed; a machine's draft
    gives way to what a person approved. What a person wrote, and what comes from a person by the memory, stays. Approved
    `terms` are called as the readers of zh-Hant call them.
    """
    theirs = {unit.key: unit for unit in hans.live if unit.target and not unit.previous_source}
    units = tuple(
        unit if unit.obsolete else _derived(unit, theirs.get(unit.key), hant, variant, terms) for unit in hant.units
    )
    return replace(hant, units=units)


class Convert(Engine):
    """The engine `convert`: it has an answer to zh-Hans alone."""

    name = "convert"

    def __init__(self, variant: str = "tw", grain: Literal["sentence", "unit"] = "unit") -> None:
        self.variant = variant
        self.abilities = Abilities(grain=grain, independent=True, codes="kept", checked=True, processes=True)
        self.model = f"opencc:{VARIANTS[variant]}"

    @property
    def identities(self) -> frozenset[Identity]:
        """OpenCC with the variant's configuration."""
        return frozenset((Identity(self.name, self.model),))

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Every request converted, with the score of certainty; None for any other pair of languages."""
        for request in requests:
            if pair != (HANS, HANT):
                yield None
            else:
                target = convert(request.source, request.codes, self.variant)
                yield Match(target, "mt", self.name, 0.0, self.model)


def _derived(unit: Unit, theirs: Unit | None, hant: Catalog, variant: str, terms: Glossary | None) -> Unit:
    if theirs is None or not unit.machine or not _gives_way(unit, theirs):
        return unit
    target = _in_traditional(theirs.target, hant, variant)
    if terms is not None:
        found = (codes.find(text, hant.markup) for text in (unit.source, target))
        target = terms.mended(unit.source, target, *found)
    if codes.compare(theirs.target, target, hant.markup) or codes.compare(unit.source, target, hant.markup):
        return unit
    said = (("from", HANS), ("by", f"opencc:{VARIANTS[variant]}"), *_made_by(theirs), ("hash", text_hash(target)))
    line = ProvenanceLine("convert", said)
    return unit if unit.target == target and unit.line("convert") == line else unit.drafted(target, line)


def _made_by(theirs: Unit) -> tuple[tuple[str, str], ...]:
    """Whose draft was converted, so that its model is named and its label shown here too; nothing for a person's words."""
    line = theirs.line("mt")
    if line is None or theirs.state.approved:
        return ()
    return tuple((key, line.get(key)) for key in ("engine", "model", "note") if line.get(key))


def _gives_way(unit: Unit, theirs: Unit) -> bool:
    """Whether a target that is a machine's gives way to one that is derived."""
    if unit.state in (State.INITIAL, State.OUTDATED) or unit.line("convert"):
        return True
    return unit.line("mt") is not None and theirs.state.approved


def _in_traditional(text: str, hant: Catalog, variant: str) -> str:
    """The text converted, and in the typography of its readers, quotation marks above all."""
    target = convert(text, codes.find(text, hant.markup), variant)
    spans = [(code.start, code.end) for code in codes.find(target, hant.markup)]
    better = polish(target, language(HANT), spans)
    return target if codes.compare(text, better, hant.markup) else better


def _converted(text: str, variant: str) -> str:
    """A text without codes: names by the list, all else by OpenCC."""
    if not re.search(f"[{_HAN}]", text):
        return text
    names, written = _names(variant)
    result, at = [], 0
    for found in names.finditer(text):
        result += [_opencc(variant)(text[at : found.start()]), written[found[0]]]
        at = found.end()
    return "".join(result) + _opencc(variant)(text[at:])


@cache
def _opencc(variant: str) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC(VARIANTS[variant]).convert
    return convert


@cache
def _names(variant: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds the names of the list that matter to a variant, and how each is written."""
    lines = _lines()
    titles = "|".join(sorted((word for kind, *words in lines if kind == "title" for word in words), key=len)[::-1])
    lead = "".join(char for kind, *words in lines if kind == "lead" for char in "".join(words))
    found: dict[str, str] = {}
    patterns = []
    for kind, *rest in lines:
        if kind not in ("surname", "name", f"name:{variant}"):
            continue
        simplified, traditional, *guards = rest
        guard = dict(zip(guards[::2], guards[1::2], strict=True))
        before, after = guard.get("not-after", ""), guard.get("not-before", "")
        if kind == "surname":
            leads = "".join(char for char in lead if char not in before)
            patterns.append((simplified, f"(?:(?<![{_HAN}])|(?<=[{leads}])){simplified}(?={titles})"))
        else:
            behind = f"(?<![{before}])" if before else ""
            patterns.append((simplified, f"{behind}{simplified}" + (f"(?![{after}])" if after else "")))
        found[simplified] = traditional
    longest_first = sorted(patterns, key=lambda pattern: -len(pattern[0]))
    return re.compile("|".join(pattern for _, pattern in longest_first)), found


def _lines() -> list[list[str]]:
    """The list's lines as words, remarks left out."""
    text = files(__package__).joinpath("data", "hant_names.txt").read_text(encoding="utf-8")
    return [line.split() for line in text.split("\n") if line.strip() and not line.startswith("#")]
