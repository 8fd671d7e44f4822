"""Defects put into good translations, one at a time: what `benchmarks.checks` counts the findings of.

A kind is a function of a translation, its source and a random number generator; it gives the damaged translation, or None
where the text has no place for it. The names in `KINDS` are those of `kinds.tsv`, which says of each kind its languages,
whether it is prose, and which rule is to find it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from toolkit.language import TIBETAN_DIGITS


@dataclass(frozen=True, slots=True)
class Text:
    """A good pair, another one beside it, and the language of the translation."""

    source: str
    target: str
    other: str
    """The translation of another source."""
    language: str

    @property
    def tibetan(self) -> bool:
        """Whether the translation is in Tibetan."""
        return self.language == "bo"

    @property
    def pieces(self) -> list[str]:
        """The syllables or characters, with what stands behind each."""
        return re.findall(r"[^་]*་?", self.target)[:-1] if self.tibetan else list(self.target)

    @property
    def stop(self) -> str:
        """The mark at the end."""
        return "།" if self.tibetan else "。"


Seed = Callable[[Text, Random], "str | None"]
_NUMBER = re.compile(r"(?<![\d.,:])(?:[\d༠-༩]+[,.]?)*[\d༠-༩]{2,}")
_ANY_NUMBER = re.compile(r"[\d༠-༩]+(?:[.,][\d༠-༩]+)*")
_END = re.compile(r"[。．.!！?？།]+[”’\"」』)）]*\s*$")


def _one(pattern: str | re.Pattern[str], text: Text, random: Random, new: Callable[[re.Match[str]], str]) -> str | None:
    found = list(re.finditer(pattern, text.target))
    if not found:
        return None
    at = random.choice(found)
    changed = text.target[: at.start()] + new(at) + text.target[at.end() :]
    return changed if changed != text.target else None


def _digit(text: Text, random: Random) -> str | None:
    def new(found: re.Match[str]) -> str:
        digits = list(found[0])
        places = [n for n, char in enumerate(digits) if char.isdigit()]
        at = random.choice(places)
        zero = "༠" if digits[at] >= "༠" else "0"
        value = (ord(digits[at]) - ord(zero) + random.randint(1, 8)) % 10
        digits[at] = chr(ord(zero) + (value or 9))
        return "".join(digits)

    return _one(_NUMBER, text, random, new)


def _digits_swapped(text: Text, random: Random) -> str | None:
    def new(found: re.Match[str]) -> str:
        chars = list(found[0])
        places = [
            n
            for n in range(len(chars) - 1)
            if chars[n].isdigit() and chars[n + 1].isdigit() and chars[n] != chars[n + 1]
        ]
        if not places:
            return found[0]
        at = random.choice(places)
        chars[at], chars[at + 1] = chars[at + 1], chars[at]
        return "".join(chars)

    return _one(_NUMBER, text, random, new)


def _times_ten(text: Text, random: Random) -> str | None:
    return _one(
        r"(?<![\d.,:༠-༩])[1-9༡-༩][\d༠-༩]+(?![\d.,༠-༩])", text, random, lambda m: m[0] + ("༠" if m[0][0] >= "༠" else "0")
    )


def _dropped(text: Text, random: Random) -> str | None:
    return _one(_NUMBER, text, random, lambda m: "")


def _numbers_swapped(text: Text, random: Random) -> str | None:
    found = [m for m in _ANY_NUMBER.finditer(text.target) if len(m[0]) > 1]
    if len(found) < 2 or found[0][0] == found[1][0]:
        return None
    first, second = found[:2]
    t = text.target
    return t[: first.start()] + second[0] + t[first.end() : second.start()] + first[0] + t[second.end() :]


def _scale(text: Text, random: Random) -> str | None:
    if text.tibetan:
        return _one(
            r"(?<![\u0f40-\u0fbc])(?:ས་ཡ|ཐེར་འབུམ|དུང་ཕྱུར|ཁྲི)(?=[་ ]{0,2}[$£€]?[\d༠-༩])",
            text,
            random,
            lambda m: {"ས་ཡ": "ཐེར་འབུམ", "ཐེར་འབུམ": "ས་ཡ", "དུང་ཕྱུར": "ས་ཡ", "ཁྲི": "ས་ཡ"}[m[0]],
        )
    return _one(r"(?<=[\d])[万亿]", text, random, lambda m: {"万": "亿", "亿": "万"}[m[0]])


def _word_of_number(text: Text, random: Random) -> str | None:
    if text.tibetan:
        names = ["གཉིས", "གསུམ", "བཞི", "ལྔ", "དྲུག", "བདུན", "བརྒྱད", "དགུ"]
        pattern = r"(?<![\u0f40-\u0fbc])(?:" + "|".join(names) + r")(?![\u0f40-\u0fbc])"
    else:
        names = list("两三四五六七八九")
        pattern = r"[两三四五六七八九](?=[个名年人天次位家种场])"
    return _one(pattern, text, random, lambda m: random.choice([name for name in names if name != m[0]]))


def _weekday(text: Text, random: Random) -> str | None:
    if text.tibetan:
        days = ["ཟླ་བ", "མིག་དམར", "ལྷག་པ", "ཕུར་བུ", "པ་སངས", "སྤེན་པ", "ཉི་མ"]
        return _one(
            "(?<=གཟའ་)(?:" + "|".join(days) + ")", text, random, lambda m: random.choice([d for d in days if d != m[0]])
        )
    return _one(
        r"(?<=星期|礼拜)[一二三四五六]|(?<=周)[一二三四五六](?![天年个])",
        text,
        random,
        lambda m: random.choice([d for d in "一二三四五六" if d != m[0]]),
    )


def _month(text: Text, random: Random) -> str | None:
    if text.tibetan:
        months = ["དང་པོ", "གཉིས", "གསུམ", "བཞི", "ལྔ", "དྲུག", "བདུན", "བརྒྱད", "དགུ"]

        def new(m: re.Match[str]) -> str:
            if m[0] in months:
                return random.choice([one for one in months if one != m[0]])
            return str(random.choice([n for n in range(1, 13) if str(n) != m[0].translate(_BACK)])).translate(
                TIBETAN_DIGITS if m[0] >= "༠" else {}
            )

        return _one(
            r"(?<=ཟླ་)(?:[\d༠-༩]{1,2}|" + "|".join(months) + r")|(?<=ཟླ་བ་)(?:[\d༠-༩]{1,2}|" + "|".join(months) + ")",
            text,
            random,
            new,
        )
    return _one(
        r"(?<!\d)\d{1,2}(?=月)", text, random, lambda m: str(random.choice([n for n in range(1, 13) if str(n) != m[0]]))
    )


_BACK = str.maketrans("༠༡༢༣༤༥༦༧༨༩", "0123456789")


def _percent(text: Text, random: Random) -> str | None:
    return _one(r"(?<=[\d༠-༩]) ?%", text, random, lambda m: "")


def _phrase(text: Text, random: Random, times: int) -> str | None:
    pieces = text.pieces
    size = random.randint(3, 6) if text.tibetan else random.randint(4, 9)
    words = [
        n
        for n in range(len(pieces) - size - 1)
        if not re.search(r"[\s，。、；：“”།(（)）]", "".join(pieces[n : n + size]))
    ]
    if not words:
        return None
    at = random.choice(words)
    return "".join([*pieces[: at + size], *pieces[at : at + size] * (times - 1), *pieces[at + size :]])


def _twice(text: Text, random: Random) -> str | None:
    return None if len(text.target) < 12 else f"{text.target.rstrip()}{' ' if text.tibetan else ''}{text.target}"


def _sign(sign: str) -> Seed:
    def seed(text: Text, random: Random) -> str | None:
        pieces = text.pieces
        if len(pieces) < 6:
            return None
        pieces[random.randrange(1, len(pieces) - 1)] = sign
        return "".join(pieces)

    return seed


_REMARKS = {
    "bo": [
        "Here is the Tibetan translation: ",
        "བོད་ཡིག: ",
        "Translation: ",
        "Sure! Here is the translation:\n",
        "གཤམ་གསལ་བོད་ཡིག་བསྒྱུར་བ། ",
    ],
    "zh": ["Here is the Chinese translation: ", "翻译：", "以下是译文：", "好的，以下是翻译：\n", "译文如下："],
}
_NOTES = {
    "bo": ["\n\nNote: This is a literal translation.", " (Note: names were kept.)", "\n\nམཆན། མིང་རྣམས་སོར་བཞག་བྱས་ཡོད།"],
    "zh": [
        "\n\n注：人名保留原文。",
        "\n\nNote: I kept the names in English.",
        "\n\n（译者注：此处为直译）",
        "\n\n希望这个翻译对您有帮助！",
    ],
}


def _remark(text: Text, random: Random) -> str | None:
    return random.choice(_REMARKS["bo" if text.tibetan else "zh"]) + text.target


def _note(text: Text, random: Random) -> str | None:
    return text.target + random.choice(_NOTES["bo" if text.tibetan else "zh"])


def _cut(share: float, mended: bool) -> Seed:
    def seed(text: Text, random: Random) -> str | None:
        pieces = text.pieces
        if len(pieces) < 16:
            return None
        kept = "".join(pieces[: round(len(pieces) * share)]).rstrip("་，、；：། ")
        return kept + text.stop if mended else kept

    return seed


def _sentence_lost(text: Text, random: Random) -> str | None:
    found = _sentences(text)
    if len(found) < 3:
        return None
    del found[random.randrange(len(found))]
    return "".join(found)


def _sentence_twice(text: Text, random: Random) -> str | None:
    found = _sentences(text)
    long = [n for n, one in enumerate(found) if len(one) > 8]
    if len(found) < 2 or not long:
        return None
    at = random.choice(long)
    found.insert(at, found[at])
    return "".join(found)


def _sentences(text: Text) -> list[str]:
    return re.findall(r".+?།[།\s]*(?=\S|$)|.+$" if text.tibetan else r".+?[。！？][”’」]?|.+$", text.target, re.DOTALL)


def _other(text: Text, random: Random) -> str | None:
    return text.other if 0.87 < len(text.other) / max(1, len(text.target)) < 1.13 else None


def _spliced(text: Text, random: Random) -> str | None:
    ours, theirs = text.pieces, Text("", text.other, "", text.language).pieces
    if min(len(ours), len(theirs)) < 16:
        return None
    return "".join([*ours[: len(ours) // 2], *theirs[len(theirs) // 2 :]])


def _copied(text: Text, random: Random) -> str | None:
    return text.source


def _half_copied(text: Text, random: Random) -> str | None:
    words, pieces = text.source.split(), text.pieces
    if len(words) < 10:
        return None
    return "".join(pieces[: len(pieces) // 2]) + " " + " ".join(words[len(words) // 2 :])


def _words_left(count: int) -> Seed:
    def seed(text: Text, random: Random) -> str | None:
        words = text.source.split()
        plain = [
            n
            for n in range(len(words) - count + 1)
            if all(re.fullmatch(r"[a-z]{4,}", word) for word in words[n : n + count])
        ]
        pieces = text.pieces
        if not plain or len(pieces) < 10:
            return None
        at = random.choice(plain)
        place = random.randrange(2, len(pieces) - 3)
        return "".join(pieces[:place]) + " ".join(words[at : at + count]) + "".join(pieces[place + count :])

    return seed


def _half_latin(text: Text, random: Random) -> str | None:
    names = re.findall(r"\b[A-Z][a-z]{4,}\b", text.source)
    letters = [n for n, char in enumerate(text.target) if "\u4e00" <= char <= "\u9fff"]
    if not names or len(letters) < 8 or text.tibetan:
        return None
    at = random.choice(letters[2:-2])
    return text.target[: at + 1] + random.choice(names)[1:] + text.target[at + 2 :]


def _misspelt(text: Text, random: Random) -> str | None:
    def new(found: re.Match[str]) -> str:
        name = found[0]
        at = random.randrange(1, len(name) - 1)
        letter = random.choice([c for c in "aeiourlnst" if c != name[at]])
        return random.choice(
            (name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :], name[: at + 1] + name[at:])
        )

    shared = {w for w in re.findall(r"[A-Z][a-z]{4,}", text.target) if w in text.source}
    return _one("|".join(map(re.escape, sorted(shared))), text, random, new) if shared else None


def _negation(text: Text, random: Random) -> str | None:
    if not re.search(r"\b(?:not|never|no|cannot)\b|n['’]t\b", text.source):
        return None
    if text.tibetan:
        return _one(r"(?<![\u0f40-\u0fbc])(?:མ|མི)་", text, random, lambda m: "") or _one(
            "མེད", text, random, lambda m: "ཡོད"
        )
    return _one(
        r"没有|不是|并不|从未|不(?![仅断同过少久])|没|未",
        text,
        random,
        lambda m: {"没有": "有", "不是": "是"}.get(m[0], ""),
    )


def _no_end(text: Text, random: Random) -> str | None:
    if not re.search(r"[.!?][”\"’']?\s*$", text.source) or not _END.search(text.target):
        return None
    return _END.sub("", text.target)


def _statement(text: Text, random: Random) -> str | None:
    if not text.source.rstrip('”" ').endswith("?") or not re.search("[?？]", text.target):
        return None
    return re.sub("[?？]", "。", text.target)


def _lost(pattern: str) -> Seed:
    return lambda text, random: _one(pattern, text, random, lambda m: "")


def _stray(marks: str) -> Seed:
    def seed(text: Text, random: Random) -> str | None:
        pieces = text.pieces
        if len(pieces) < 8:
            return None
        pieces.insert(random.randrange(2, len(pieces) - 2), random.choice(marks))
        return "".join(pieces)

    return seed


_DZONGKHA = {
    "ཡིན": "ཨིན", "ཡོད": "ཡོདཔ", "རེད": "ཨིན", "འདུག": "ནུག", "བྱེད": "འབད", "བྱས": "འབདཝ", "ལ": "ལུ", "དུ": "ལུ", "ཏུ": "ལུ", "རྣམས": "ཚུ", "ཚོ": "ཚུ",
    "དགོས": "དགོཔ", "མེད": "མེདཔ", "ནས": "སྦེ", "བཞིན": "དོ",
}  # fmt: skip


def _dzongkha(text: Text, random: Random) -> str | None:
    if not text.tibetan:
        return None
    changed = re.sub(
        r"(?<![\u0f40-\u0fbc])(" + "|".join(_DZONGKHA) + r")(?![\u0f40-\u0fbc])", lambda m: _DZONGKHA[m[1]], text.target
    )
    return (
        changed if sum(a != b for a, b in zip(changed.split("་"), text.target.split("་"), strict=False)) > 3 else None
    )


def _traditional(text: Text, random: Random) -> str | None:
    import opencc

    changed = str(opencc.OpenCC("s2t").convert(text.target))
    return changed if sum(a != b for a, b in zip(changed, text.target, strict=False)) > 3 else None


def _word(words: Sequence[str]) -> Seed:
    def seed(text: Text, random: Random) -> str | None:
        pieces = text.pieces
        if len(pieces) < 8:
            return None
        pieces[random.randrange(2, len(pieces) - 2)] = random.choice(words)
        return "".join(pieces)

    return seed


def _half_width(text: Text, random: Random) -> str | None:
    return _one(
        "[，；：？！](?=[\u4e00-\u9fff])",
        text,
        random,
        lambda m: {"，": ",", "；": ";", "：": ":", "？": "?", "！": "!"}[m[0]],
    )


def _half_stop(text: Text, random: Random) -> str | None:
    return text.target[:-1] + "." if text.target.endswith("。") else None


def _straight(text: Text, random: Random) -> str | None:
    return re.sub("[“”]", '"', text.target) if text.target.count("“") == text.target.count("”") > 0 else None


def _shad_as_dot(text: Text, random: Random) -> str | None:
    return re.sub(r"།(\s*)$", r".\1", text.target) if re.search(r"[\u0f40-\u0fbc]།\s*$", text.target) else None


def _tsheg_shad(text: Text, random: Random) -> str | None:
    return _one(r"(?<=[\u0f42-\u0f44\u0f46-\u0f66])(?<!ང)།", text, random, lambda m: "་།")


def _double_tsheg(text: Text, random: Random) -> str | None:
    return _one("་(?=[\u0f40-\u0fbc])", text, random, lambda m: "་་")


def _no_blank(text: Text, random: Random) -> str | None:
    return _one("(?<=།) (?=[\u0f40-\u0fbc])", text, random, lambda m: "")


def _two_digits(text: Text, random: Random) -> str | None:
    found = list(_ANY_NUMBER.finditer(text.target))
    if len(found) < 2:
        return None
    at = found[0]
    changed = at[0].translate(_BACK) if at[0][0] >= "༠" else at[0].translate(TIBETAN_DIGITS)
    return text.target[: at.start()] + changed + text.target[at.end() :]


def _two_vowels(text: Text, random: Random) -> str | None:
    return _one("[ིེོུ](?![ིེོུ])", text, random, lambda m: m[0] * 2)


def _orphan(text: Text, random: Random) -> str | None:
    return _one("་(?=[\u0f40-\u0f6c])", text, random, lambda m: "་" + random.choice("ིེོུ"))


def _small_word_twice(text: Text, random: Random) -> str | None:
    if text.tibetan:
        return _one(r"(?<![\u0f40-\u0fbc])(དང|ནི|ལ|ནས|གི|ཀྱི|པའི|འདི|དེ)་", text, random, lambda m: m[0] * 2)
    return _one("的|在|是|和|对|被|将", text, random, lambda m: m[0] * 2)


def _double_mark(text: Text, random: Random) -> str | None:
    return _one("[，。]", text, random, lambda m: m[0] * 2) if not text.tibetan else None


def _blank_inside(text: Text, random: Random) -> str | None:
    return _one("(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", text, random, lambda m: " ")


def _shuffled(text: Text, random: Random) -> str | None:
    if text.tibetan:
        end = _END.search(text.target)
        words = list(re.findall(r"[^་།\s]+", text.target))
        random.shuffle(words)
        return "་".join(words) + (end[0] if end else "") if len(words) > 10 else None
    words = re.findall("[\u4e00-\u9fff]{2}|.", text.target)
    random.shuffle(words)
    return "".join(words) if len(words) > 10 else None


def _listed(text: Text, random: Random) -> str | None:
    return (
        None
        if _ANY_NUMBER.match(text.target)
        else f"{random.randint(2, 9)}{random.choice('、.')}{' ' * random.randint(0, 1)}{text.target}"
    )


KINDS: dict[str, Seed] = {
    "digit changed": _digit,
    "digits swapped": _digits_swapped,
    "times ten": _times_ten,
    "number dropped": _dropped,
    "numbers swapped": _numbers_swapped,
    "scale changed": _scale,
    "number word changed": _word_of_number,
    "list number invented": _listed,
    "percent lost": _percent,
    "weekday changed": _weekday,
    "month changed": _month,
    "loop x4": lambda text, random: _phrase(text, random, 4),
    "phrase x2": lambda text, random: _phrase(text, random, 2),
    "sentence x2": _twice,
    "small word x2": _small_word_twice,
    "<unk>": _sign("<unk>"),
    "unknown sign": _sign(" ⁇ "),
    "U+FFFD": _sign("\ufffd"),
    "remark before": _remark,
    "note behind": _note,
    "half lost": _cut(0.5, False),
    "half lost, mended": _cut(0.5, True),
    "40 % lost, mended": _cut(0.6, True),
    "paragraph: sentence lost": _sentence_lost,
    "paragraph: sentence x2": _sentence_twice,
    "another sentence": _other,
    "half of another": _spliced,
    "words shuffled": _shuffled,
    "source copied": _copied,
    "half copied": _half_copied,
    "four words left": _words_left(4),
    "one word left": _words_left(1),
    "half a Latin word": _half_latin,
    "Latin name misspelt": _misspelt,
    "negation lost": _negation,
    "end mark lost": _no_end,
    "question lost": _statement,
    "quote lost": _lost("[“”「」《》]"),
    "bracket lost": _lost("[（）()]"),
    "stray quote": _stray("“”》"),
    "stray bracket": _stray("（)）("),
    "Dzongkha": _dzongkha,
    "Traditional": _traditional,
    "Cyrillic word": _word(["город", "мост", "река"]),
    "half-width mark": _half_width,
    "half-width stop": _half_stop,
    "straight quotes": _straight,
    "double mark": _double_mark,
    "blank between": _blank_inside,
    "shad as dot": _shad_as_dot,
    "tsheg before shad": _tsheg_shad,
    "double tsheg": _double_tsheg,
    "no blank behind shad": _no_blank,
    "two digit systems": _two_digits,
    "vowel sign x2": _two_vowels,
    "orphan sign": _orphan,
}


def kinds(language: str) -> list[tuple[str, str]]:
    """The kinds for a language, in the file's order: name, and the rule that is to find it."""
    rows = [
        line.split("\t")
        for line in (Path(__file__).with_name("kinds.tsv")).read_text("utf-8").split("\n")
        if line and line[0] != "#"
    ]
    return [(name, rule) for name, languages, rule in rows if language.split("-")[0] in languages.split()]
