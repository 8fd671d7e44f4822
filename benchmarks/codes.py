"""What becomes of inline codes when an engine drafts sentences that hold them.

    python -m benchmarks.codes [--engine ENGINE[/MODEL]] [--to zh-Hans] [--limit N] [--show N]

The sentences of tests/codes/coded.txt (or `--sentences FILE`: markup, a tab, the sentence) go the way of every draft:
picked engine, protected codes, typography, the last look before a draft is written. A draft counts as whole if
`codes.compare` finds all codes of its source in it, once each and properly nested. Which of them the engine itself had
kept, and which had to be put back, is what the remarks say. `--show` prints drafts to read, `--tsv` all of them to a file.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from toolkit import codes
from toolkit.models.families import Families
from toolkit.translation.cache import DraftCache
from toolkit.translation.drafting.layout import Job
from toolkit.translation.drafting.run import draft
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers.base import Wrapper, paired
from toolkit.units import Answer, Catalog, Code, Engine, LanguagePair, Markup, Match, Request, Unit

SENTENCES = Path(__file__).resolve().parent.parent / "tests" / "codes" / "coded.txt"
REMARK = "code re-inserted: "


@dataclass(frozen=True, slots=True)
class Drafted:
    """One sentence, what became of it, and the codes that were put back by rule."""

    markup: Markup
    source: str
    target: str
    """Empty if the draft was refused."""
    why: str
    put_back: tuple[str, ...]
    """As a person would write them: `**…**`, `<1>`."""

    @property
    def whole(self) -> bool:
        return bool(self.target) and not codes.compare(self.source, self.target, self.markup)

    @property
    def all_codes(self) -> int:
        return len(codes.find(self.source, self.markup))

    @property
    def kept(self) -> int:
        """Codes that came back from the engine; halves of pairs count for themselves."""
        lost = sum(2 if "…" in data else 1 for data in self.put_back)
        return max(self.all_codes - lost, 0) if self.target else 0


class Listening(Wrapper):
    """Notes all remarks on codes, before equal ones of a unit become one."""

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner)
        self.put_back: dict[str, tuple[str, ...]] = {}

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        for request, answer in paired(requests, lambda taken: self.inner.translate(taken, pair)):
            if isinstance(answer, Match):
                self.put_back[request.source] = tuple(reinserted(answer.remarks))
            yield answer


def reinserted(remarks: Iterable[str]) -> Iterator[str]:
    """The codes that remarks call re-inserted."""
    return (remark.removeprefix(REMARK) for remark in remarks if remark.startswith(REMARK))


def read(path: Path = SENTENCES, limit: int = 0) -> list[tuple[Markup, str]]:
    """The coded sentences of a file; of a limit, some from every part of it."""
    rows: list[tuple[Markup, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        name, tab, sentence = line.partition("\t")
        markup: Markup | None = next((known for known in get_args(Markup) if known == name), None)
        if not tab or markup is None:
            raise SystemExit(f"{path}:{number}: not `markup<TAB>sentence`")
        rows.append((markup, sentence))
    return rows[:: max(len(rows) // limit, 1)][:limit] if limit else rows


def run(engine: Engine, rows: list[tuple[Markup, str]], target_language: str) -> list[Drafted]:
    """Each sentence as the catalog would hold it afterwards, in order."""
    listening = Listening(engine)
    units: dict[tuple[Markup, str], Unit] = {}
    for markup in get_args(Markup):
        sources = dict.fromkeys(sentence for name, sentence in rows if name == markup)
        catalog = Catalog("en", target_language, tuple(map(Unit, sources)), {"X-Lokta-Markup": markup})
        units |= {(markup, unit.source): unit for unit in draft(Job((catalog,), listening))[0].units}
    return [_drafted(units[row], *row, listening) for row in rows]


def _drafted(unit: Unit, markup: Markup, source: str, listening: Listening) -> Drafted:
    refused, made = unit.line("refused"), unit.line("mt")
    pieces = [put_back for asked, put_back in listening.put_back.items() if asked in source]
    put_back = tuple(data for piece in pieces for data in piece)
    noted = tuple(reinserted(made.get("note").split("; "))) if made else ()
    if set(noted) - set(put_back):  # the whole unit was mended, after its sentences were joined
        put_back = noted
    return Drafted(markup, source, unit.target, refused.get("why") if refused else "", put_back)


def enclosed(text: str, markup: Markup) -> Iterator[str]:
    """Each code with what it stands around, or with its neighbours: `**…** words`, `{name} after | before`."""
    open_: list[Code] = []
    for code in codes.find(text, markup):
        if code.kind == "sc":
            open_.append(code)
        elif code.kind == "ec" and open_:
            first = open_.pop()
            yield f"{first.data}…{code.data}  {text[first.end : code.start]}"
        else:
            yield f"{code.data}  {text[max(code.start - 8, 0) : code.start]} | {text[code.end : code.end + 8]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", default="", help="ENGINE or ENGINE/MODEL; the best that is installed")
    parser.add_argument("--to", default="zh-Hans")
    parser.add_argument("--sentences", type=Path, default=SENTENCES)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N drafts, drawn by a fixed seed")
    parser.add_argument("--tsv", type=Path, help="write markup, source, draft, codes put back, reason of refusal")
    parser.add_argument("--cache", type=Path, help="keep the raw answers in this file: the next run asks no model")
    given = parser.parse_args()
    cache = DraftCache(given.cache) if given.cache else None
    resources = Resources(engines(), Families(), cache=cache)
    engine = pick(given.engine, LanguagePair("en", given.to), Options(), resources)
    if engine is None:
        raise SystemExit(f"no engine for en -> {given.to}")
    begun = time.perf_counter()
    drafted = run(engine, read(given.sentences, given.limit), given.to)
    seconds = time.perf_counter() - begun
    if given.tsv:
        rows = ("\t".join((d.markup, d.source, d.target, " ".join(d.put_back), d.why)) for d in drafted)
        given.tsv.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    for one in random.Random(1).sample(drafted, min(given.show, len(drafted))):
        _show(one)
    _report(drafted, seconds)


def _show(one: Drafted) -> None:
    print(f"{one.markup}\n  {one.source}\n  {one.target or f'refused: {one.why}'}")
    for side, text in (("source", one.source), ("draft", one.target)):
        for line in enclosed(text, one.markup):
            print(f"    {side}: {line}")
    for data in one.put_back:
        print(f"    put back: {data}")


def _report(drafted: list[Drafted], seconds: float) -> None:
    answered = [one for one in drafted if one.target]
    for name in (*get_args(Markup), "all"):
        some = [one for one in answered if name in (one.markup, "all")]
        if some:
            whole, total = sum(one.whole for one in some), sum(one.all_codes for one in some)
            kept = sum(one.kept for one in some)
            print(
                f"{name:9}{len(some):4} drafts: {whole / len(some):7.1%} with all codes once each and nested; "
                f"of {total} codes the engine kept {kept} ({kept / total:.1%}), {total - kept} were put back"
            )
    refused = [one.why for one in drafted if not one.target]
    reasons = "".join(f"; {refused.count(why)} {why or 'without a reason'}" for why in dict.fromkeys(refused))
    print(f"{len(drafted)} sentences in {seconds:.0f} s; {len(refused)} refused{reasons}")
    for one in answered:
        if not one.whole:
            print(f"NOT WHOLE {one.markup}: {one.source}\n  {one.target}")


if __name__ == "__main__":
    main()
