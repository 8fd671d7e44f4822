"""Corrects the typography of machine output by rules that a language's data file names (`typography`).

Sources: W3C clreq and GB/T 15834 for Chinese, W3C tlreq for Tibetan.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from toolkit.language import Language

Rule = Callable[[str, Language], str]

_ROUNDS = 8
_FIRST_HIDDEN, _LAST_HIDDEN = 0xE000, 0xF8FF
_HIDDEN = re.compile("[\ue000-\uf8ff]")
_X = f"{_HIDDEN.pattern}*"
"""Private-use characters, which stand for protected spans while the rules run; the rules skip over them."""
_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_FULL = "，。；：！？、"
_CLOSED = "”’）」』》〉】"


def polish(text: str, language: Language, protected: Sequence[tuple[int, int]] = ()) -> str:
    """The text with its language's rules applied; `protected` spans (inline codes, addresses) stay as they are.

    A second application changes nothing. A text that holds private-use characters itself is returned unchanged.
    """
    rules = language.data.get("typography", ())
    spans = sorted(protected)
    if not rules or len(spans) > _LAST_HIDDEN - _FIRST_HIDDEN or _HIDDEN.search(text):
        return text
    pieces, at = [], 0
    for number, (start, end) in enumerate(spans):
        if start >= at:
            pieces += [text[at:start], chr(_FIRST_HIDDEN + number)]
            at = end
    hidden = "".join(pieces) + text[at:]
    for _ in range(_ROUNDS):  # one rule may make room for another; in real text the second round changes nothing
        before = hidden
        for name in rules:
            hidden = RULES[name](hidden, language)
        if hidden == before:
            break
    return _HIDDEN.sub(lambda found: text[slice(*spans[ord(found[0]) - _FIRST_HIDDEN])], hidden)


_HAS_HAN = re.compile(f"[{_HAN}]")
_TO_FULL = {",": "，", ".": "。", ";": "；", ":": "：", "!": "！", "?": "？"}
_AFTER_HAN = re.compile(rf"([{_HAN}{_CLOSED}]{_X}) ?([,;:!?]|\.(?![A-Za-z0-9.]))(?!{_X}[A-Za-z0-9]:)")
_BEFORE_HAN = re.compile(rf"([A-Za-z0-9%]{_X}) ?([,;!?]) ?(?={_X}[{_HAN}“‘「『《（])")
_WIDE_ASCII = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_DOT = re.compile(rf"(?<=[{_HAN}])[・•‧∙](?=[{_HAN}])")
_TRANSCRIBES = (
    "阿埃艾爱安奥巴白拜班邦保鲍贝本比彼毕宾波伯博布查达戴丹道德登邓迪蒂丁东杜多厄恩尔法凡范菲费芬佛弗福富盖冈戈格古哈海汉赫亨洪胡华怀霍基吉加贾杰金卡凯坎康"
    "考柯科克肯库夸拉莱兰朗劳勒雷李里理利列林龙卢鲁路伦罗洛马玛迈麦曼梅门蒙米密明莫姆穆纳娜奈内尼涅宁纽诺欧帕潘庞佩彭皮平普奇齐恰乔切丘让热日荣瑞萨塞桑沙山尚舍申圣施史斯"
    "丝索塔泰坦汤唐特腾提田廷图托瓦万威韦维温文沃乌武西希锡夏香肖谢辛欣休许雪雅亚延扬耶叶伊依英尤于约詹扎珍朱卓佐兹"
)
"""Characters that foreign names are written with."""
_NAME_DOT = re.compile(rf"([{_TRANSCRIBES}]{{2}})[.．](?=[{_TRANSCRIBES}]{{2}})")
"""唐纳德.特朗普: a point between parts of a name ends no sentence."""
_CORNERS = re.compile("[「」『』]")
_MIXED = re.compile(r"(?:（([^()（）]*)\)|\(([^()（）]*[\u3400-\u9fff][^()（）]*)）)")
_AFTER_MARK = re.compile(r"(?<=[？！])[!?]")
_ROUND = re.compile(r"\(([^()]*)\)")
_ELLIPSIS = re.compile(r"\.{3,}|。{3,}|…+")
_STOPS = re.compile(r"([，。；：、])\1+")
_DASH = re.compile(rf"(?<=[{_HAN}{_CLOSED}{_FULL}])({_X}) *(?:—+|--+|–|(?<= )-(?= )) *(?={_X}[{_HAN}“‘「『《])")
_GAP = re.compile(rf"(?<=[{_HAN}{_FULL}“‘「『（《{_CLOSED}])({_X})[ \t]+(?={_X}[{_HAN}{_FULL}{_CLOSED}“‘「『（《])")
_AFTER_FULL = re.compile(rf"(?<=[{_FULL}])({_X})[ \t]+(?=\S)")


def chinese(text: str, language: Language) -> str:
    """Chinese rules (clreq): full-width marks beside Han, paired quotation marks, six dots, two-em dashes, no blanks between Han."""
    if not _HAS_HAN.search(text):
        return text
    there = set(text)  # most texts have few of the signs that a rule begins with
    text = _WIDE_ASCII.sub(lambda found: chr(ord(found[0]) - 0xFEE0), text)
    if there & set(".．・•‧∙"):
        text = _DOT.sub("·", _NAME_DOT.sub(r"\1·", text))
    if language.quotes[0] == "“" and there & set("「」『』"):
        text = _CORNERS.sub(lambda found: "“”‘’"["「」『』".index(found[0])], text)
    if there & set(".。…"):
        text = _ELLIPSIS.sub("……", text)
    if any(mark * 2 in text for mark in "，。；：、"):
        text = _STOPS.sub(r"\1", text)
    text = _quoted(text, language)
    if there & set("()"):
        text = _MIXED.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
        text = _ROUND.sub(_round, text)
    if there & set(",.;:!?"):
        text = _AFTER_HAN.sub(lambda found: found[1] + _TO_FULL[found[2]], text)
        text = _AFTER_MARK.sub(lambda found: _TO_FULL[found[0]], text)
        text = _BEFORE_HAN.sub(lambda found: found[1] + _TO_FULL[found[2]], text)
    if there & set("—–-"):
        text = _DASH.sub(r"\1——", text)
    if there & set(" \t"):
        text = _AFTER_FULL.sub(r"\1", _GAP.sub(r"\1", text))
    return text


def _round(found: re.Match[str]) -> str:
    """The bracketed text, with full-width brackets if it holds Han or follows it."""
    before = found.string[: found.start()].rstrip("\ue000")[-1:]
    wide = _HAS_HAN.search(found[1]) or (before and _HAS_HAN.match(before))
    return f"（{found[1]}）" if wide else found[0]


def _quoted(text: str, language: Language) -> str:
    """The text with straight quotation marks, where they are paired, replaced by those of the language.

    Where the language has corner brackets, curly marks around Han become those too.
    """
    opening, closing, inner, inner_closing = language.quotes
    if opening != "「" and '"' not in text and "'" not in text:
        return text
    chars = list(text)
    for mark, first, second in (('"', opening, closing), ("'", inner, inner_closing)):
        places = [at for at, char in enumerate(chars) if char == mark and not (mark == "'" and _apostrophe(text, at))]
        if len(places) % 2 == 0:
            for number, place in enumerate(places):
                chars[place] = second if number % 2 else first
    if opening == "「":
        _cornered(text, chars)
    return "".join(chars)


def _apostrophe(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _cornered(text: str, chars: list[str]) -> None:
    """Replace curly marks in `chars` by corner brackets, pair by pair: “我‘不’走” -> 「我『不』走」. Quotations without Han stay."""
    stack: list[int] = []
    for at, char in enumerate(text):
        if char in "“‘":
            stack.append(at)
        elif char in "”’" and stack and text[stack[-1]] == "“‘"["”’".index(char)]:
            start = stack.pop()
            if _HAS_HAN.search(text, start, at):
                chars[start], chars[at] = ("「", "」") if char == "”" else ("『", "』")


_SHAD = "།༎"
_LETTER = "\u0f40-\u0fbc"
_VOWELS = "[\u0f71-\u0f7e\u0f80-\u0f84]*"
_TSHEGS = re.compile(r"([་༌])[་༌]+")
_TWO_TSHEGS = tuple(one + other for one in "་༌" for other in "་༌")
_SHAD_AND_TSHEG = tuple(shad + tsheg for shad in _SHAD for tsheg in "་༌")
_TSHEG_SHAD = re.compile(rf"([་༌])(?<!ང[་༌])({_X})(?=[{_SHAD}])")
_NGA = re.compile(rf"(ང{_VOWELS})[་༌]?({_X})(?=[{_SHAD}])")
_TSHEG_BLANK = re.compile(rf"(?<=[{_LETTER}])[་༌]({_X})(?=[ \u00a0]+{_X}[{_SHAD}])")
_BLANK_SHAD = re.compile(rf"(?<=[\u0f42-\u0fbc])(?<![ཀགཤ])(?<![ཀགཤ][ིེོུ])({_X})[ \u00a0]+({_X})(?=[{_SHAD}])")
_NO_BLANK = re.compile(rf"([{_SHAD}])(?<![ \u00a0].)(?=[\u0f40-\u0f6c])")
_BLANKS = re.compile(rf"[ \u00a0](?<=[{_LETTER}{_SHAD}་].)[ \u00a0]+(?=[{_LETTER}])")
_BEFORE_SHAD = re.compile(rf"[ \u00a0]{_X}[{_SHAD}]")
_COMMA = re.compile(rf"(?<=[{_LETTER}])[་༌]?[,，](?={_X}[ \u00a0])({_X})")
_SHAD_TSHEG = re.compile(rf"([{_SHAD}])[་༌]")
_BEFORE_BRACKET = re.compile(rf"(?<=[{_LETTER}])[་༌]({_X})(?=[)）\]］])")
_FULL_STOP = re.compile(rf"(?<=[{_LETTER}])[.。]({_X})(?=\s|$)")


def tibetan(text: str, language: Language) -> str:
    """Tibetan rules (tlreq): no tsheg before a shad, but U+0F0C between nga and a shad; a blank after a shad."""
    text = (
        unicodedata.normalize("NFC", text)
        .replace("\u0f77", "\u0fb2\u0f71\u0f80")
        .replace("\u0f79", "\u0fb3\u0f71\u0f80")
    )
    text = unicodedata.normalize("NFC", text)
    there = set(text)  # most texts have few of the signs that a rule begins with
    if any(two in text for two in _TWO_TSHEGS):
        text = _TSHEGS.sub(r"\1", text)
    text = _BLANKS.sub(" ", text)
    if there & set(",，"):
        text = _COMMA.sub(r"།\1", text)
    if any(two in text for two in _SHAD_AND_TSHEG):
        text = _SHAD_TSHEG.sub(r"\1", text)
    if there & set(")）]］"):
        text = _BEFORE_BRACKET.sub(r"\1", text)
    if text.count('"') % 2 == 0:
        text = _quoted(text, language)
    text = text.replace("\u0f7f་", "\u0f7f")
    if there & set(".。"):
        text = _FULL_STOP.sub(r"།\1", text)
    if _BEFORE_SHAD.search(text):
        text = _TSHEG_BLANK.sub(r"\1", text)
        text = _BLANK_SHAD.sub(r"\1\2", text)
    text = _TSHEG_SHAD.sub(r"\2", text)
    text = _NGA.sub(r"\1༌\2", text)
    return _NO_BLANK.sub(r"\1 ", text)


RULES: dict[str, Rule] = {"chinese": chinese, "tibetan": tibetan}
"""Name -> rule; `typography` in a data file lists such names."""
