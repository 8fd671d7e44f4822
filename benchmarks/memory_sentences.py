"""How many sentences of reviewed paragraphs does the memory hold, how many of them wrong, and what does reading them cost?

    python -m benchmarks.memory_sentences FOLDER [--paragraphs 400] [--edited 0.3] [--untouched 0.4] [--show 0]

FOLDER and the paragraphs are those of `benchmarks.reuse`: published translations as they are, with two sentences joined, one
split, both, or two swapped. They become the catalogs of a project, 20 paragraphs each, all approved. Of each draft the share
`--untouched` of the sentences is what the reviewer left as it was, in the others runs of it are replaced (`--edited`).

For each language: the sentences, and those that the memory holds with their reviewed translation, where the drafts are known
(the `.sentences` files) and where they are not, and the wrong ones: those with another text than the one that is theirs alone.
Held before: sentences that stand as they were drafted. Then the processor time of `lokta memory rebuild`, three ways in turns,
the median of three: only sentences as drafted, traced, and traced or aligned; with the drafts of half of the catalogs.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from unittest import mock

from benchmarks.reuse import FILES, Paragraph, _alone, _lines, paragraphs
from toolkit.catalog import approve, drafted
from toolkit.catalog.po import dump
from toolkit.memory import entries
from toolkit.pipeline.memory import refreshed
from toolkit.project.config import load
from toolkit.project.context import Context
from toolkit.units import Catalog, LanguagePair, Unit, text_hash

_IN_A_CATALOG = 20


def main() -> None:
    """Make projects, read their memory, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--paragraphs", type=int, default=400)
    parser.add_argument("--edited", type=float, default=0.3)
    parser.add_argument("--untouched", type=float, default=0.4)
    parser.add_argument("--show", type=int, default=0, help="print so many wrong ones")
    given = parser.parse_args()
    english = _lines(given.folder / "ntrex128.en")
    for tag, name in FILES.items():
        other = _lines(given.folder / f"ntrex128.{name}")
        chosen = [n for n in range(len(english)) if _alone(english[n], "en") and _alone(other[n], tag)]
        made = paragraphs(english, other, chosen, tag, given.paragraphs, given.edited)
        made = [_untouched(one, given.untouched, random.Random(number)) for number, one in enumerate(made)]
        with tempfile.TemporaryDirectory() as folder:
            _language(Path(folder), made, tag, given.show)


def _untouched(one: Paragraph, share: float, rng: random.Random) -> Paragraph:
    """The paragraph, with drafts of single sentences as the reviewer left them."""
    own = {rows[0]: text for rows, text in one.owns if len(rows) == 1}
    drafts = (own[n] if n in own and rng.random() < share else text for n, text in enumerate(one.drafts))
    return replace(one, drafts=tuple(drafts))


def _language(root: Path, made: Sequence[Paragraph], tag: str, show: int) -> None:
    print(f"{tag}: {len(made)} paragraphs, {sum(len(one.sources) for one in made)} sentences", flush=True)
    for name, of_all in (("known", True), ("unknown", False)):
        folder = root / name
        _project(folder, made, tag, lambda number, known=of_all: known)  # type: ignore[misc]
        with Context.of(load(folder)) as context:
            if of_all:
                with mock.patch.object(entries, "_traced", return_value={}):
                    _judge(context, made, tag, "drafts known, before", 0)
            _judge(context, made, tag, f"drafts {name}, now", show)
    folder = root / "half"
    _project(folder, made, tag, lambda number: number % 2 == 0)
    took: dict[str, list[float]] = {"as drafted": [], "traced": [], "traced or aligned": []}
    for _ in range(3):
        for name, seconds in took.items():
            entries._traced.cache_clear()
            with Context.of(load(folder)) as context:
                begin = time.process_time()
                if name == "as drafted":
                    with mock.patch.object(entries, "_traced", return_value={}):
                        refreshed(context, again=True, align=False)
                else:
                    refreshed(context, again=True, align=name != "traced")
                seconds.append(time.process_time() - begin)
    catalogs = -(-len(made) // _IN_A_CATALOG)
    said = ", ".join(f"{name} {median(seconds):.2f} s" for name, seconds in took.items())
    print(f"  rebuild, {catalogs} catalogs, drafts of half of them: {said}", flush=True)


def _project(folder: Path, made: Sequence[Paragraph], tag: str, known: object) -> None:
    """A project of approved catalogs; beside those with a number that is `known`, the sentences of the drafts."""
    locale = folder / "locales" / tag.replace("-", "_") / "LC_MESSAGES"
    locale.mkdir(parents=True)
    (folder / "lokta.toml").write_text(f'source_language = "en"\n[target.{tag}]\n', encoding="utf-8")
    for number in range(0, len(made), _IN_A_CATALOG):
        some = made[number : number + _IN_A_CATALOG]
        name = f"a{number // _IN_A_CATALOG:04d}"
        units = tuple(approve(Unit(" ".join(one.sources), one.target), "Tashi", "2026-11-25") for one in some)
        header = {"X-Lokta-Article": name, "X-Source-Language": "en", "Language": tag.replace("-", "_")}
        (locale / f"{name}.po").write_text(dump(Catalog("en", tag, units, header)), encoding="utf-8")
        if known(number // _IN_A_CATALOG):  # type: ignore[operator]
            drafts = {text_hash(" ".join(one.sources)): one.drafts for one in some}
            (locale / f"{name}.sentences").write_text(drafted.spell(drafts), encoding="utf-8")


def _judge(context: Context, made: Sequence[Paragraph], tag: str, name: str, show: int) -> None:
    truth: dict[str, set[str]] = {}
    for one in made:
        for rows, text in one.owns:
            if len(rows) == 1:
                truth.setdefault(one.sources[rows[0]], set()).add(text)
    able = sum(len(rows) == 1 for one in made for rows, _ in one.owns)
    found = [one for one in refreshed(context, again=True).entries(LanguagePair("en", tag)) if one.kind == "sentence"]
    wrong = [one for one in found if one.target not in truth.get(one.source, ())]
    right = len(found) - len(wrong)
    print(
        f"  {name}: {right} of {able} sentences with a translation of their own ({right / able:.1%}), {len(wrong)} wrong "
        f"({len(wrong) / max(1, len(found)):.2%})",
        flush=True,
    )
    for one in wrong[:show]:
        print("    wrong:", one.source, "|", one.target, "|", truth.get(one.source))


if __name__ == "__main__":
    main()
