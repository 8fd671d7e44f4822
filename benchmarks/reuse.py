"""How many unchanged sentences of edited paragraphs keep their reviewed translation, and how many get another one?

    python -m benchmarks.reuse FOLDER [--paragraphs 400] [--edited 0.3] [--show 0]
    python -m benchmarks.reuse --source FILE --target FILE --draft FILE --to LANG [--paragraphs 400] [--show 0]

FOLDER holds `ntrex128.en`, `ntrex128.zh` and `ntrex128.bo`: the same sentence in the same line of each. A paragraph is 3 to 8
lines in a row. The reviewer's version is the published translation as it is, with two sentences joined, one split, both, or two
swapped; the draft is the published sentence with runs of it replaced by runs of other sentences (`--edited`: the share). Then 1
to 3 sentences of the source change: a number, a denial, another word, another sentence. All goes through the catalog: merge, then
the plan of what is kept; "Poedit": the catalog was written by polib before. The memory of the aligner is the other half of the
lines. With `--draft` the drafts are those of a real engine, and the published translation, which nobody made from them, is the
reviewer's version: a reviewer who writes all anew. "As evidence": the translation was there first, and the draft is made now. Of
the lines those are taken that `benchmarks/reuse_fit.py` left out.

Printed for each language and kind, with the draft's sentences and without: the share of unchanged sentences that keep exactly
their reviewed translation, and the wrong ones. A sentence that the reviewer joined with one that changed has no translation of
its own and is left out of the share; "all" is the share with these. Then paragraphs that were split and joined, by how many of
them come out empty: as merged before, by GNU msgmerge where it is installed, and now.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.reuse_fit import BLOCK
from toolkit.alignment.sentences import Aligner
from toolkit.catalog import approve, merge, share
from toolkit.catalog.po import dump, load
from toolkit.catalog.reuse import Plan, plans
from toolkit.language import language
from toolkit.segment import sentences
from toolkit.units import Catalog, LanguagePair, Unit, text_hash

KINDS = ("as is", "joined", "split", "both", "swapped")
FILES = {"zh-Hans": "zh", "bo": "bo"}
_SYLLABLES = re.compile(r"[^་། ]+[་། ]*|[་། ]+")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with what is true of it."""

    kind: str
    sources: tuple[str, ...]
    drafts: tuple[str, ...]
    target: str
    owns: tuple[tuple[tuple[int, ...], str], ...]
    """Source sentences by number, and the reviewed text that is theirs together."""
    changed: tuple[str, ...]
    """The new source, sentence by sentence."""

    @property
    def unchanged(self) -> list[int]:
        """The numbers of the sentences that did not change."""
        return [n for n, text in enumerate(self.sources) if text == self.changed[n]]


def main() -> None:
    """Make paragraphs, change them, merge, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    for name in ("--source", "--target", "--draft"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--to")
    parser.add_argument("--paragraphs", type=int, default=400)
    parser.add_argument("--edited", type=float, default=0.3)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong ones")
    given = parser.parse_args()
    if given.draft:
        _real(given)
        return
    english = _lines(given.folder / "ntrex128.en")
    for tag, name in FILES.items():
        other = _lines(given.folder / f"ntrex128.{name}")
        chosen = [n for n in range(len(english)) if _alone(english[n], "en") and _alone(other[n], tag)]
        half = chosen[: len(chosen) // 2]
        made = paragraphs(english, other, half, tag, given.paragraphs, given.edited)
        memory = [(english[n], other[n]) for n in range(half[-1] + 1, len(english))]
        print(f"{tag}: {len(made)} paragraphs, {sum(len(one.unchanged) for one in made)} unchanged sentences")
        for poedit in (False, True):
            for known in (True, False):
                _row(made, tag, memory, known, poedit, given.show)
        _split_and_joined(made, tag)


def _real(given: argparse.Namespace) -> None:
    """The figures for the drafts of a real engine."""
    tag = language(given.to).tag
    english, other, drafts = (_lines(path) for path in (given.source, given.target, given.draft))
    chosen = [
        n
        for n in range(len(english))
        if n // BLOCK % 2 and _alone(english[n], "en") and _alone(other[n], tag) and drafts[n].strip()
    ]
    made = paragraphs(english, other, chosen, tag, given.paragraphs, 0.0, drafts)
    print(f"{tag}: {len(made)} paragraphs, {sum(len(one.unchanged) for one in made)} unchanged sentences")
    _row(made, tag, [], True, False, given.show)
    _row(made, tag, [], False, False, given.show, evidence=True)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


def _alone(text: str, tag: str) -> bool:
    """Whether a line is one whole sentence, with quotation marks in pairs."""
    end = {"en": ".?!”", "bo": "།"}.get(tag, "。！？”")
    return (
        len(text) > 8
        and text[-1] in end
        and '"' not in text
        and text.count("“") == text.count("”")
        and len(sentences(text, tag)) == 1
    )


def paragraphs(
    english: Sequence[str],
    other: Sequence[str],
    chosen: Sequence[int],
    tag: str,
    count: int,
    rate: float,
    real: Sequence[str] = (),
) -> list[Paragraph]:
    """So many paragraphs, of each kind as many; the same for the same arguments. `real`: the drafts of the lines."""
    rng = random.Random(23)
    found: list[Paragraph] = []
    seen: set[str] = set()
    while len(found) < count:
        kind = KINDS[len(found) % len(KINDS)]
        size = rng.randint(3, 8)
        at = rng.randrange(len(chosen) - size)
        sources = [english[n] for n in chosen[at : at + size]]
        targets = [other[n] for n in chosen[at : at + size]]
        items = reviewed(kind, targets, tag, rng)
        whole = " ".join(sources)
        if items is None or whole in seen or len(sentences(whole, "en")) != size:
            continue
        seen.add(whole)
        pool = [other[n] for n in rng.sample(chosen, 8)]
        owns = tuple((rows, _join(texts, tag)) for rows, texts in items)
        drafts = tuple(_edited(text, tag, rate, rng, pool) for text in targets)
        if real:
            drafts = tuple(real[n] for n in chosen[at : at + size])
        new = list(sources)
        for n in rng.sample(range(size), min(rng.randint(1, 3), size - 1)):
            new[n] = _changed(new[n], rng, [english[m] for m in rng.sample(chosen, 3)])
        found.append(Paragraph(kind, tuple(sources), drafts, _join([text for _, text in owns], tag), owns, tuple(new)))
    return found


def _join(texts: Sequence[str], tag: str) -> str:
    return (" " if tag == "bo" else "").join(texts)


Item = tuple[tuple[int, ...], list[str]]


def reviewed(kind: str, targets: Sequence[str], tag: str, rng: random.Random) -> list[Item] | None:
    """What a reviewer made of the sentences; None where none can be split."""
    items: list[Item] = [((n,), [text]) for n, text in enumerate(targets)]
    if kind in ("joined", "both"):
        n = rng.randrange(len(items) - 1)
        one, two = targets[n], targets[n + 1]
        joined = one.rstrip("། ") + " " + two if tag == "bo" else re.sub(r"[。！？]?(”?)$", r"\1，", one) + two
        items[n : n + 2] = [((n, n + 1), [joined])]
    if kind in ("split", "both"):
        able = [k for k, (rows, texts) in enumerate(items) if len(rows) == 1 and _split(texts[0], tag)]
        if not able:
            return None
        k = rng.choice(able)
        items[k] = items[k][0], _split(items[k][1][0], tag)
    if kind == "swapped":
        n = rng.randrange(len(items) - 1)
        items[n], items[n + 1] = items[n + 1], items[n]
    return items


def _split(text: str, tag: str) -> list[str]:
    """A sentence cut in two near its middle; empty where there is no place."""
    if tag == "bo":
        syllables = text.split("་")
        half = len(syllables) // 2
        return ["་".join(syllables[:half]) + "།", "་".join(syllables[half:])] if half >= 6 else []
    places = [n for n, char in enumerate(text) if char == "，" and 6 < n < len(text) - 6 and "“" not in text]
    if not places:
        return []
    place = min(places, key=lambda n: abs(n - len(text) / 2))
    return [text[:place] + "。", text[place + 1 :]]


def _edited(text: str, tag: str, rate: float, rng: random.Random, pool: Sequence[str]) -> str:
    """A draft: the text with runs of 1 to 4 characters or syllables replaced by others, until the share is reached."""
    out = _tokens(text, tag)
    gone, wanted = 0, int(len(out) * rate)
    while gone < wanted:
        size = rng.randint(1, 4)
        at = rng.randrange(max(1, len(out) - size))
        other = _tokens(rng.choice(pool), tag)
        begin = rng.randrange(max(1, len(other) - size))
        put = "".join(other[begin : begin + rng.choice((0, size, size, size + 1))])
        size = min(size, len(out) - at)
        out[at : at + size] = [put] + [""] * (size - 1)
        gone += size
    return "".join(out)


def _tokens(text: str, tag: str) -> list[str]:
    return _SYLLABLES.findall(text) if tag == "bo" else list(text)


def _changed(source: str, rng: random.Random, others: Sequence[str]) -> str:
    """The sentence with another number, a denial, another word, or another sentence in its place."""
    ways = ["word", "sentence"]
    ways += ["number"] * 2 * bool(re.search(r"\d", source)) + ["denial"] * bool(
        re.search(r"\b(is|was|will|has)\b", source)
    )
    way = rng.choice(ways)
    if way == "number":
        return re.sub(r"\d", lambda found: str((int(found[0]) + 1) % 10), source, count=1)
    if way == "denial":
        return re.sub(r"\b(is|was|will|has)\b", r"\1 not", source, count=1)
    if way == "sentence":
        return next(text for text in others if text != source)
    words = source.split(" ")
    words[rng.randrange(len(words) - 1)] = "elsewhere"
    return " ".join(words)


def merged(made: Sequence[Paragraph], tag: str, poedit: bool) -> list[Catalog]:
    """A catalog for each reviewed paragraph, merged with the changed article."""
    units = tuple(
        approve(Unit(" ".join(one.sources), one.target), "Tashi", "2026-11-25")
        if not poedit
        else Unit(" ".join(one.sources), one.target)
        for one in made
    )
    old = Catalog("en", tag, units, {"X-Lokta-Article": "a", "Language": tag.replace("-", "_")})
    if poedit:
        import polib

        old = load(dump(old))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.po"
            path.write_text(dump(old), encoding="utf-8")
            polib.pofile(str(path)).save()
            old = replace(load(path.read_text(encoding="utf-8")), source_language="en", target_language=tag)
    return [
        merge(replace(old, units=(unit,)), Catalog("en", "", (Unit(" ".join(one.changed)),)), tag)
        for unit, one in zip(old.units, made, strict=True)
    ]


def _row(
    made: Sequence[Paragraph],
    tag: str,
    memory: Sequence[tuple[str, str]],
    known: bool,
    poedit: bool,
    show: int,
    evidence: bool = False,
) -> None:
    catalogs = merged(made, tag, poedit)
    drafts = {text_hash(" ".join(one.sources)): one.drafts for one in made}
    drafted, now = drafts if known else {}, drafts if evidence else {}
    aligner = Aligner(LanguagePair("en", tag), lambda: memory)
    began = time.perf_counter()
    found = {plan.unit.source: plan for one in catalogs for plan in plans(one, drafted, aligner.groups, now)}
    took = time.perf_counter() - began
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    able: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in made:
        unchanged = set(one.unchanged)
        able[one.kind] += sum(len(rows) for rows, _ in one.owns if unchanged.issuperset(rows))
        total[one.kind] += len(unchanged)
        good, bad = _judged(one, found.get(" ".join(one.changed)), show > sum(wrong.values()))
        right[one.kind] += good
        wrong[one.kind] += bad
    how = "with the draft" if known else "drafts as evidence" if evidence else "without a draft"
    print(f"  {how}{', Poedit' if poedit else ''}: ", end="")
    print(
        f"{right.total() / able.total():.3f} kept, {wrong.total()} wrong ({wrong.total() / total.total():.2%})", end=""
    )
    print(f", all {right.total() / total.total():.3f}; {1000 * took / len(made):.1f} ms a paragraph")
    print("   ", "; ".join(f"{kind} {right[kind] / able[kind]:.3f} w{wrong[kind]}" for kind in KINDS))


def _judged(one: Paragraph, plan: Plan | None, show: bool) -> tuple[int, int]:
    """The sentences that keep their translation, and those that got another one."""
    good = bad = 0
    place = {text: n for n, text in enumerate(one.sources)}
    for piece in plan.pieces if plan else ():
        if not piece.kept:
            continue
        rows = {place[source] for source in piece.sources if source in place}
        parts = [(own, text) for own, text in one.owns if rows & set(own)]
        texts = {_join([text for _, text in order], "zh").replace(" ", "") for order in (parts, parts[::-1])}
        whole = {n for own, _ in parts for n in own} == rows and len(rows) == len(piece.sources)
        if whole and piece.kept.replace(" ", "") in texts:
            good += len(rows)
        else:
            bad += len(piece.sources)
            if show:
                print("    wrong:", " ".join(piece.sources), "|", piece.kept)
    return good, bad


def _split_and_joined(made: Sequence[Paragraph], tag: str) -> None:
    """How many of the paragraphs that come from a split or a joining are empty."""

    old_units, new_units = [], []
    halves = made[: len(made) // 2]
    for one in halves:
        old_units.append(Unit(" ".join(one.sources), one.target))
        cut = len(one.sources) // 2
        new_units += [" ".join(one.changed[:cut]), " ".join(one.changed[cut:])]
    rest = made[len(made) // 2 :]
    for one, other in zip(rest[::2], rest[1::2], strict=False):
        old_units += [Unit(" ".join(one.sources), one.target), Unit(" ".join(other.sources), other.target)]
        new_units.append(" ".join((*one.changed, *other.changed)))
    once = {unit.source: unit for unit in old_units}
    old = Catalog("en", tag, tuple(once.values()), {"Language": tag.replace("-", "_")})
    template = Catalog("en", "", tuple(map(Unit, dict.fromkeys(new_units))))
    before = merge(old, template, tag)
    now = share(old, before)
    said = [("before", before), ("now", now)]
    if shutil.which("msgmerge"):
        with tempfile.TemporaryDirectory() as folder:
            po, pot = Path(folder) / "a.po", Path(folder) / "a.pot"
            po.write_text(dump(load(dump(merge(None, replace(old, target_language=""), tag)))), encoding="utf-8")
            po.write_text(
                dump(
                    replace(
                        merge(
                            old,
                            replace(old, target_language="", units=tuple(replace(u, target="") for u in old.units)),
                            tag,
                        ),
                        raw="",
                    )
                ),
                encoding="utf-8",
            )
            pot.write_text(dump(merge(None, template, tag)), encoding="utf-8")
            text = subprocess.run(
                ["msgmerge", "--quiet", "--previous", po, pot], capture_output=True, check=True
            ).stdout
            said.insert(1, ("msgmerge", load(text.decode())))
    for name, catalog in said:
        units = list(catalog.live)
        empty = sum(not unit.target for unit in units)
        print(f"  split and joined, {name}: {empty} of {len(units)} empty ({empty / len(units):.1%})")


if __name__ == "__main__":
    main()
