"""Our own lines in a catalog are translator comments, which every PO tool keeps.

    # lokta: KIND key=value key="a value with blanks"

In quotes, `\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\uXXXX` stand for what would end the value or the line. No line is longer
than 72 columns, because other tools fold comments (Babel at 76, polib at 78). What does not fit takes several lines of its
kind, each with the hash that binds the record to its text:

    # lokta: mt engine=llama model=lokta-starter-en-zh@1e626074 hash=41c8d61d94ef
    # lokta: mt score=-1.036 hash=41c8d61d94ef

A value that is too long for a line goes on in the next one under the key `more`. Lines that an earlier version wrote
longer, and that another tool folded, are read joined. A comment that does not follow the grammar is somebody's remark and
stays one; what begins as a record of a kind that has a hash, and has none, is damaged, not absent
(`ProvenanceLine.damaged`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from toolkit.errors import CatalogError
from toolkit.units import HASHED, ProvenanceLine

WIDTH = 72
"""Columns of a comment, its `# ` included."""
_JOINED = HASHED | {"refused"}
"""Kinds of which a record may take several lines."""
_KEYS = frozenset(
    {
        *("engine", "model", "score", "hash", "via", "second", "second-hash", "examples", "agree", "by", "note", "why"),
        *("more", "match", "origin", "from", "date", "sure", "kept", "new", "unsure", "for", "edited", "withdrawn"),
    }
)
"""Keys that may stand at the beginning of a folded line."""
_FOLDED = 12
"""Lines at most into which a tool folds one of ours."""
_TRIES = 64
"""Ways at most of joining the same lines."""
_PARTS = {"note": "; ", "model": " "}
"""Values of several parts, by what stands between them: notes, and the models of a pivot. Each part has a line of its own."""
_MORE = "more"
"""The key of the rest of a value that did not fit into its line."""
_LONGEST = 200
_PREFIX = "lokta:"
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_BARE = re.compile(r'[^\s"\\=]+')
_LINE = re.compile(rf"{_PREFIX}[ \t]*({_NAME})((?:[ \t].*)?)", re.DOTALL)
_PAIR = re.compile(rf'[ \t]+({_NAME})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"\\=]*))(?=[ \t]|\Z)', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that could end a line, or that a terminal or editor would not show as they are."""
_ESCAPED = re.compile(rf'{_HIDDEN.pattern}|["\\]')
_SPELLED = {value: "\\" + letter for letter, value in _LETTERS.items()}
_HYPHEN = re.compile(r"\w-\Z")


@dataclass(frozen=True, slots=True)
class Record:
    """A provenance line and the comments that spell it: those with the numbers from `start` to `end` - 1."""

    start: int
    end: int
    line: ProvenanceLine


def records(comments: Sequence[str], fits: Callable[[ProvenanceLine], bool]) -> list[Record]:
    """The provenance lines in an entry's adjacent comments (each without its `# `), with folded lines joined.

    `fits` says whether a record's hash is that of the entry's text. A join whose hash fits wins over one whose hash does
    not; a remark is never taken for a part of a record.
    """
    found: list[Record] = []
    at = 0
    while at < len(comments):
        record = _record(comments, at, fits) if comments[at].lstrip().startswith(_PREFIX) else None
        at = record.end if record else at + 1
        if record is None:
            continue
        before = found[-1] if found else None
        if before is not None and before.end == record.start and _continues(before.line, record.line):
            values = (*before.line.values, *record.line.values)
            found[-1] = Record(before.start, record.end, ProvenanceLine(record.line.kind, values))
        else:
            found.append(record)
    return [replace(one, line=_whole(one.line)) for one in found]


def parse(comment: str) -> ProvenanceLine | None:
    """The provenance line that a comment (without its `# `) spells, or None when it is not one of ours."""
    line = _LINE.fullmatch(comment)
    values = None if line is None else _pairs(line[2])
    return None if line is None or values is None else ProvenanceLine(line[1], values)


def spelled(line: ProvenanceLine) -> list[str]:
    """The comments (without their `# `) that spell a provenance line, of 72 columns at most for the kinds that we know.

    Raises CatalogError when a kind or key is not a plain name.
    """
    for name in (line.kind, *(key for key, _ in line.values)):
        if not re.fullmatch(_NAME, name):
            raise CatalogError(f"{name!r}: cannot name a line or its key; use letters, digits, '.', '_' and '-'")
    head, tail = f"{_PREFIX} {line.kind}", ""
    pairs = [f" {key}={_spell(value)}" for key, value in _separate(line)]
    if line.kind in HASHED and line.values and line.values[-1][0] == "hash":
        tail = pairs.pop()
    if line.kind not in _JOINED:
        return [head + "".join(pairs)]
    lines = [head]
    for pair in pairs:
        full = len(lines[-1]) + len(pair) + len(tail) > WIDTH - 2
        twice = pair.partition("=")[0] + "=" in lines[-1]
        if lines[-1] != head and (full or twice):
            lines.append(head)
        lines[-1] += pair
    return [one + tail for one in lines]


def unwrapped(line: ProvenanceLine) -> str:
    """The comment (without its `# `) that spells a provenance line whole, however long, for files other than catalogs."""
    return "".join([f"{_PREFIX} {line.kind}", *(f" {key}={_spell(value)}" for key, value in line.values)])


def fitted(kind: str, key: str, value: str) -> str:
    """The value as a catalog keeps it: very long ones are shortened; a model keeps its digest."""
    most = _LONGEST if kind in _JOINED else WIDTH - len(f"# {_PREFIX} {kind} {key}= date=2026-11-26")
    if kind not in (*_JOINED, "needs-work", "settled", "ignore") or len(_spell(value)) <= most:
        return value
    name, at, digest = value.rpartition("@")
    name, digest = (name, at + digest) if at and name and len(digest) <= 24 else (value, "")
    while len(_spell(f"{name}…{digest}")) > most:
        name = name[:-1]
    return f"{name}…{digest}"


def _separate(line: ProvenanceLine) -> Iterator[tuple[str, str]]:
    """The values in pieces that each fit into a line: the parts of those that have several, and what is too long."""
    for key, value in line.values:
        several = key in _PARTS and line.kind in HASHED
        for part in value.split(_PARTS[key]) if several else [value]:
            yield from _pieces(line.kind, key, fitted(line.kind, key, part))


def _pieces(kind: str, key: str, value: str) -> Iterator[tuple[str, str]]:
    """A value, cut where it would not fit into a line of its kind; the rest has the key `more`."""
    room = WIDTH - len(f"# {_PREFIX} {kind} {key}=") - (len(" hash=") + 12 if kind in HASHED else 0)
    size = len(value)
    while kind in _JOINED and key != "hash" and len(_spell(value[:size])) > room and size > 1:
        size -= 1
    yield key, value[:size]
    if value[size:]:
        yield from _pieces(kind, _MORE, value[size:])


def _whole(line: ProvenanceLine) -> ProvenanceLine:
    """A record with the pieces of its values joined."""
    values: dict[str, str] = {}
    last = ""
    for key, value in line.values:
        if key == _MORE and last and line.kind in _JOINED:
            values[last] += value
        elif key in _PARTS and key in values:
            values[key] += _PARTS[key] + value
        else:
            values[key] = value
        last = last if key == _MORE else key
    return ProvenanceLine(line.kind, tuple(values.items())) if line.kind in _JOINED else line


def _continues(before: ProvenanceLine, line: ProvenanceLine) -> bool:
    """Whether a line goes on with the record of the line before.

    One of the two may have lost its hash: Babel drops the second of two comments that are alike, folded ones too.
    """
    shared = {key for key, _ in before.values} & {key for key, _ in line.values}
    hashes = {before.get("hash"), line.get("hash")} - {""}
    if before.kind != line.kind or line.kind not in _JOINED or not shared <= {"hash", _MORE, *_PARTS}:
        return False
    return len(hashes) == 1 if line.kind in HASHED else not hashes


def _record(comments: Sequence[str], at: int, fits: Callable[[ProvenanceLine], bool]) -> Record | None:
    """The record that begins with this comment; None: it is a remark."""
    first = comments[at].lstrip()
    alone = parse(first)
    kind = _LINE.match(first)
    hashed = kind is not None and kind[1] in HASHED
    if alone is not None and not (hashed and alone.damaged):
        best = Record(at, at + 1, alone)
        if hashed and not fits(alone):
            best = next((one for one in _joins(comments, at) if fits(one.line)), best)
        elif alone.kind == "refused" and _HYPHEN.search(first):
            best = next(_joins(comments, at), best)
    else:
        candidates = list(_joins(comments, at))
        whole = [one for one in candidates if not (hashed and one.line.damaged)]
        if not whole and (not hashed or kind is None):
            return None if alone is None else Record(at, at + 1, alone)
        if not whole:
            values = alone.values if alone is not None else _pairs(kind[2], partly=True) if kind else ()
            return Record(at, at + 1, ProvenanceLine(kind[1] if kind else "", values or ()))
        best = next((one for one in whole if fits(one.line)), whole[0])
    return _with_rest(comments, best) if best.line.kind in _JOINED else best


def _joins(comments: Sequence[str], at: int) -> Iterator[Record]:
    """The provenance lines that this comment spells together with the next ones, the shortest first."""
    for end in range(at + 2, min(at + _FOLDED, len(comments)) + 1):
        if comments[end - 1].lstrip().startswith(_PREFIX):
            return
        for text in _joined(comments[at:end]):
            if line := parse(text.lstrip()):
                yield Record(at, end, line)
                break


def _with_rest(comments: Sequence[str], record: Record) -> Record:
    """The record with the folded lines behind it that hold further keys of it."""
    while record.end < len(comments):
        key, equals, _ = comments[record.end].partition("=")
        known = {key for key, _ in record.line.values}
        if not equals or key not in _KEYS or key in known:
            break
        for end in range(record.end + 1, min(record.end + _FOLDED, len(comments)) + 1):
            values = next(filter(None, map(_pairs, (" " + one for one in _joined(comments[record.end : end])))), ())
            if values and _KEYS.issuperset(keys := {key for key, _ in values}) and not keys & known:
                line = replace(record.line, values=(*record.line.values, *values))
                record = Record(record.start, end, line)
                break
        else:
            break
    return record


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """A line that was folded, as it may have been: behind a hyphen inside of a word, or in the place of a blank."""
    ways = [("", " ") if _HYPHEN.search(line) else (" ", "") for line in lines[:-1]]
    for gaps in islice(product(*ways), _TRIES):
        yield "".join(piece for pair in zip(lines, (*gaps, ""), strict=True) for piece in pair)


def _pairs(text: str, partly: bool = False) -> tuple[tuple[str, str], ...] | None:
    """The keys and values in the rest of a line; None where it does not follow the grammar, or as far as it does."""
    rest = text.rstrip(" \t")
    values: list[tuple[str, str]] = []
    at = 0
    while at < len(rest):
        pair = _PAIR.match(rest, at)
        value = None if pair is None else _unescape(pair[2]) if pair[2] is not None else pair[3]
        if pair is None or value is None:
            return tuple(values) if partly else None
        values.append((pair[1], value))
        at = pair.end()
    return tuple(values)


def _spell(value: str) -> str:
    if _BARE.fullmatch(value) and not _HIDDEN.search(value):
        return value
    return '"' + _ESCAPED.sub(lambda found: _SPELLED.get(found[0]) or f"\\u{ord(found[0]):04x}", value) + '"'


def _unescape(text: str) -> str | None:
    """The value between quotes; None when it holds an escape that the grammar does not have."""
    if "\\" not in text:
        return text
    known = True

    def character(found: re.Match[str]) -> str:
        nonlocal known
        number = int(found[1] or found[2] or "0", 16)
        if found[3] is None and number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
            return chr(number)
        known = known and found[3] in _LETTERS
        return _LETTERS.get(found[3], "")

    value = _ESCAPE.sub(character, text)
    return value if known else None
