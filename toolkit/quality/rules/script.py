"""The translation is written in another script than its language is: Chinese in Tibetan, Traditional in Simplified."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from toolkit.language import Language, language
from toolkit.language.chinese import is_chinese, other_chinese, other_name
from toolkit.language.detect import in_script
from toolkit.language.measures import folded_words, foreign_runs, letters_of, script_family, without_asides, words
from toolkit.quality.pair import Compared, Draft, data, of_unit
from toolkit.units import Catalog, Finding, Unit

_SHOWN = 3
_STRAY_WORDS = 3
"""So many small words in Latin letters that the source does not have are no names."""
_SURE = 3
"""So many different characters of the other Chinese are no accident; one or two may be a name."""


def script(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A word in a script that is neither the language's nor quoted is an error, a single letter a warning."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    source, target = pair.source, pair.target
    origin, spoken = language(catalog.source_language), language(catalog.target_language)
    yield from _mostly_latin(source, target, spoken)
    yield from _foreign(source, target, origin, spoken)
    if spoken.tag == "bo":
        yield from _dzongkha(target)
    if is_chinese(spoken):
        yield from _other_chinese("" if script_family(origin) == "Han" else source, target, spoken)


_SMALL_WORD = regex.compile(r"(?<![\p{L}\p{M}])\p{Ll}{2,}(?![\p{L}\p{M}])")


def _mostly_latin(source: str, target: str, spoken: Language) -> Iterator[Finding]:
    """Words that are neither the language's nor the source's, such as Wylie or Pinyin."""
    if spoken.cased or in_script(target, spoken) >= 0.5:
        return
    known = set(_SMALL_WORD.findall(source))
    stray = [word for word in _SMALL_WORD.findall(target) if word not in known]
    if len(stray) >= _STRAY_WORDS:
        yield Finding(f"not in {letters_of(script_family(spoken))}: {' '.join(stray[:_SHOWN])} …", "error")


def _foreign(source: str, target: str, origin: Language, spoken: Language) -> Iterator[Finding]:
    """Letters of other scripts; the source's own may stand in brackets or quotes, a third one's where it has them."""
    found: dict[str, list[str]] = {}
    for name, run in foreign_runs(target, spoken):
        if name == "Grek" and len(run) == 1:
            continue
        if run not in source or (in_script(run, origin) > 0 and run in without_asides(target)):
            found.setdefault(name, []).append(run)
    for name, runs in found.items():
        shown = ", ".join(dict.fromkeys(runs[:_SHOWN])) + (" …" if len(runs) > _SHOWN else "")
        message = f"{letters_of(name)} in the {spoken.name} text: {shown}"
        yield Finding(message, "error" if max(map(len, runs)) > 1 else "warning")


_DZONGKHA = regex.compile(
    r"(?<![\u0f40-\u0fbc])(?:ཨིན(?:མ|པ|ན)?|ཡོདཔ|ཡོད་མི|མེདཔ|དགོཔ|འོངམ|འབདཝ(?:་ད)?|འབད་(?:ནི|མི|དེ|བ)|སྦེ|ལུ|ནུག|ཚུ|ཅིག་མེད|བཏོན་ནུག|བཟུམ|ཨ་ནི|ཨིན་པས|གྱི་དོན་ལུ|གི་དོན་ལུ|ནང་ལུ)(?![\u0f40-\u0fbc])"
)
"""Words that Dzongkha has and Tibetan does not, or hardly ever."""
_DZONGKHA_LEAST, _DZONGKHA_SHARE = 2, 0.06


def _dzongkha(target: str) -> Iterator[Finding]:
    """Dzongkha, which has the same letters."""
    found = dict.fromkeys(_DZONGKHA.findall(target))
    syllables = target.count("་") + 1
    if len(found) >= _DZONGKHA_LEAST and sum(1 for _ in _DZONGKHA.finditer(target)) >= _DZONGKHA_SHARE * syllables:
        yield Finding(f"reads like Dzongkha, not Tibetan: {', '.join(list(found)[:_SHOWN])}", "error")


def _other_chinese(quotable: str, target: str, spoken: Language) -> Iterator[Finding]:
    wrong = dict.fromkeys(char for char in other_chinese(target, spoken) if char not in quotable)
    if wrong:
        sure = len(wrong) >= _SURE
        hint = "" if sure else " (right only in a name)"
        yield Finding(f"{other_name(spoken)} characters{hint}: {''.join(wrong)}", "error" if sure else "warning")


_SMALL = regex.compile(r"(?<![\p{L}\p{M}\p{Nd}@./_-])\p{Ll}{2,}(?![\p{L}\p{M}\p{Nd}@/_-])")
_STRAY_WORDS, _STRAY_SHARE = 4, 0.15
_TONES = regex.compile(r"(?i)\b\p{L}*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\p{L}*\b")
_ENGLISH_SHARE = 0.12
_SURE_SHARES = ((3, 0.02), (2, 0.1))
"""So many different characters of the other Chinese, and such a share of the text, are no names."""


def foreign_letters(draft: Draft) -> str:
    """Letters of a script that neither language has, or the source's, in the open."""
    known = draft.source + draft.request.reference + "".join(map("".join, draft.request.terms))
    for name, run in foreign_runs(draft.target, draft.spoken):
        if len(run) >= 2 and run not in known and not (name == "Grek" and len(run) < 4):
            return f"holds {letters_of(name)}"
    return ""


def romanised(draft: Compared) -> str:
    """Pinyin, Wylie or an explanation: small words in Latin letters that the source does not have."""
    if draft.spoken.cased or draft.spoken.script == "Latn":
        return ""
    known = {word.casefold() for word in words(draft.source)}
    stray = [word for word in _SMALL.findall(draft.target) if word not in known]
    letters = sum(map(str.isalpha, draft.target))
    toned = [word for word in _TONES.findall(draft.target) if word.casefold() not in known]
    if len(toned) >= 3 or (len(stray) >= _STRAY_WORDS and sum(map(len, stray)) >= _STRAY_SHARE * letters):
        return f"words in Latin letters that are not {draft.spoken.name.split(' (')[0]}"
    return ""


def english(draft: Draft) -> str:
    """English where another language in Latin letters was asked for."""
    if draft.spoken.script != "Latn" or draft.spoken.tag.split("-")[0] == "en":
        return ""
    told, small = folded_words(draft.open), frozenset(data()["small_words"])
    share = sum(word in small for word in told) / len(told) if len(told) >= 8 else 0
    return f"in English, not in {draft.spoken.name}" if share >= _ENGLISH_SHARE else ""


def written_in_the_other(draft: Compared) -> str:
    """Traditional characters where Simplified were asked for, and the reverse."""
    if not is_chinese(draft.spoken):
        return ""
    quotable = "" if is_chinese(draft.origin) else draft.source
    wrong = [char for char in other_chinese(draft.target, draft.spoken) if char not in quotable]
    sure = any(len(set(wrong)) >= least and len(wrong) >= share * len(draft.target) for least, share in _SURE_SHARES)
    return f"written in {other_name(draft.spoken)} characters" if sure else ""
