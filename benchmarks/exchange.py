"""Do catalogs come back whole from exchange files, do other readers read these, and are edits from two sides all kept?

    python -m benchmarks.exchange [--catalogs 1000] [--edits 200]

Prints, by format, how many of the catalogs that hypothesis makes come back as they were; what Translate Toolkit (XLIFF 1.2,
2.1, TMX) and moz.l10n (XLIFF 1.2) read in the same files, where they are installed (`pip install translate-toolkit moz.l10n`,
in an environment of its own: the first is under the GPL), and the first in the approved pairs as `lokta memory export` writes
them, with the inline codes as elements; and how many edits are missing after a reviewer (the review service)
and the command line (`lokta exchange import`) changed one catalog at once, each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from toolkit import catalog as catalogs
from toolkit.catalog.exchange import FORMATS, Document, document, load
from toolkit.catalog.exchange.xml import FORBIDDEN
from toolkit.project.context import Context
from toolkit.units import Catalog, State, Unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalogs", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=200)
    given = parser.parse_args()
    documents = list(made(given.catalogs)) if given.catalogs else []
    bad = 0
    for form in FORMATS:
        same = sum(comes_back(form, one) for one in documents)
        bad += len(documents) - same
        print(f"{form:8} {same} of {len(documents)} catalogs came back whole", flush=True)
    for name, (module, form, read) in REFEREES.items():
        try:
            found = import_module(module)
        except ImportError:
            print(f"{name:36} is not installed: not asked")
            continue
        told: Counter[str] = Counter()
        for one in documents:
            told.update(judged(one, form, lambda data, found=found, read=read: read(found, data)))
        wrong = {what: number for what, number in told.items() if what not in ("units", "files")}
        bad += sum(wrong.values())
        print(f"{name:36} read {told['units']} units in {told['files']} files; differ: {wrong or 0}", flush=True)
    bad += memories(documents)
    with tempfile.TemporaryDirectory() as folder:
        lost = at_once(Path(folder), given.edits)
    print(f"2 processes x {given.edits} edits at once: {2 * given.edits - len(lost)} present, {len(lost)} lost")
    sys.exit(1 if bad or lost else 0)


# --- round trip


def made(number: int) -> Iterator[Document]:
    """Documents that hypothesis makes, the same in every run."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st

    from tests.support.catalogs import CATALOG

    found: list[Document] = []

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(CATALOG, st.sampled_from(["plain", "tags", "markdown"]))
    def collect(catalog: Catalog, markup: Any) -> None:
        found.append(replace(document(catalog), markup=markup))

    collect()
    return iter(found)


def comes_back(form: str, sent: Document) -> bool:
    """Whether reading what was written gives the same entries: texts, states, notes, contexts, flags, provenance."""
    if form == "tmx":
        sent = replace(sent, passages=tuple(one for one in sent.passages if one.unit.target))
    back = load(FORMATS[form].dump([sent]).encode(), "x")
    units = [(one.unit, one.base, one.unit.state) for document in back for one in document.passages]
    return units == [(one.unit, one.base, one.unit.state) for one in sent.passages]


# --- referees

Read = list[tuple[str, str, bool | None]]
"""Source, target, approved (None: the format does not say it) of each unit."""


def _toolkit_12(module: Any, data: bytes) -> Read:
    return [
        (_all(unit.source_dom), _all(unit.get_target_dom()), unit.isapproved())
        for unit in _units(module.xlifffile, data)
    ]


def _toolkit_2(module: Any, data: bytes) -> Read:
    return [(str(one.source), str(one.target or ""), one.isapproved()) for one in _units(module.Xliff2File, data)]


def _toolkit_tmx(module: Any, data: bytes) -> Read:
    return [(str(one.source), str(one.target or ""), None) for one in _units(module.tmxfile, data)]


def _moz(module: Any, data: bytes) -> Read:
    targets = module.xliff_parse(data)
    sources = module.xliff_parse(data, source_entries=True)
    pairs = zip(sources.sections, targets.sections, strict=True)
    return [
        (_pattern(one.value), _pattern(other.value), other.get_meta("@approved") == "yes")
        for first, second in pairs
        for one, other in zip(first.entries, second.entries, strict=True)
    ]


def _units(kind: Any, data: bytes) -> list[Any]:
    return [unit for unit in kind.parsestring(data).units if not unit.isheader()]


def _all(element: Any) -> str:
    return "" if element is None else "".join(element.itertext())


def _pattern(message: Any) -> str:
    return "".join(part if isinstance(part, str) else "" for part in message.pattern)


REFEREES: dict[str, tuple[str, str, Callable[[Any, bytes], Read]]] = {
    "Translate Toolkit, XLIFF 1.2": ("translate.storage.xliff", "xliff", _toolkit_12),
    "Translate Toolkit, XLIFF 2.1": ("translate.storage.xliff2", "xliff2", _toolkit_2),
    "Translate Toolkit, TMX 1.4b": ("translate.storage.tmx", "tmx", _toolkit_tmx),
    "moz.l10n, XLIFF 1.2": ("moz.l10n.formats.xliff.parse", "xliff", _moz),
}


def judged(sent: Document, form: str, read: Callable[[bytes], Read]) -> Counter[str]:
    """How the units that a reader finds differ from ours, by what differs. Characters that XML forbids are not compared, nor
    codes in XLIFF 2, which stand in another place."""
    passages = [one for one in sent.passages if not _forbidden(one.unit) and (form != "tmx" or one.unit.target)]
    if form == "xliff2":
        passages = [one for one in passages if not _coded(one.unit, sent)]
    if not passages:
        return Counter()
    told: Counter[str] = Counter(files=1, units=len(passages))
    try:
        found = read(FORMATS[form].dump([replace(sent, passages=tuple(passages))]).encode())
    except Exception as error:  # a referee that stumbles is a finding
        return told + Counter({f"refused: {type(error).__name__}": 1})
    if len(found) != len(passages):
        return told + Counter({"number of units": 1})
    for (source, target, approved), passage in zip(found, passages, strict=True):
        unit = passage.unit
        told += Counter({"source": source != unit.source, "target": target != unit.target})
        if approved is not None:
            told += Counter({"approved": bool(approved) != unit.state.approved})
    return told


def memories(documents: list[Document]) -> int:
    """How many pairs of the memory do not come back from TMX with their codes and markup, or are read otherwise by Translate Toolkit."""
    from toolkit.catalog.exchange import tmx
    from toolkit.memory.entries import of_catalog, of_tmx
    from toolkit.pipeline.memory import unit_of

    try:
        referee = import_module("translate.storage.tmx")
    except ImportError:
        referee = None
    pairs = lost = differ = elements = 0
    for number, one in enumerate(documents):
        units = tuple(passage.unit for passage in one.passages if not _forbidden(passage.unit))
        units += (Unit("A <1>word<2/></1>, **two** & `three`.", f"<1>{number}<2/></1> **b** & `three`"),)
        header = {"X-Lokta-Markup": ("tags", "markdown", "plain")[number % 3]}
        held = [*of_catalog(Catalog(one.source_language, one.target_language, units, header))]
        data = "".join(tmx.write(map(unit_of, held), one.source_language)).encode()
        back = [*of_tmx(tmx.read([data], "memory.tmx"), "")]
        sent = [(entry.source, entry.target, entry.markup) for entry in held if entry.target.strip()]
        lost += [(entry.source, entry.target, entry.markup) for entry in back] != sent
        pairs += len(held)
        elements += data.count(b"<bpt") + data.count(b"<ph>")
        if referee is not None and held:
            found = [(source, target) for source, target, _ in _toolkit_tmx(referee, data)]
            differ += found != [(entry.source, entry.target) for entry in held]
    asked = f"Translate Toolkit reads {differ} of the files otherwise" if referee else "Translate Toolkit: not asked"
    print(
        f"memory as TMX: {pairs} pairs, {elements} pairs of codes and placeholders; {lost} files lost something; {asked}"
    )
    return lost + differ


def _forbidden(unit: Unit) -> bool:
    return bool(FORBIDDEN.search(unit.source + unit.target))


def _coded(unit: Unit, sent: Document) -> bool:
    from toolkit.codes import find

    return bool(find(unit.source, sent.markup) or find(unit.target, sent.markup))


# --- two at once


def at_once(folder: Path, edits: int) -> set[str]:
    """Words that are not in a catalog after two processes put in so many each, the reviewer in the even paragraphs, imports of
    exchange files in the odd ones."""
    from tests.support.projects import path_of, read, translate, write

    write(folder, "lokta.toml", "[target.bo]\n")
    write(folder, text="Title\n\n" + "".join(f"Paragraph {n} of the river.\n\n" for n in range(2 * edits)))
    translate(folder)
    path = path_of(folder)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    both = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"from benchmarks.exchange import {side}; {side}({str(folder)!r}, {str(path)!r}, {edits})",
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        for side in ("review", "imports")
    ]
    codes = [process.wait() for process in both]
    if codes != [0, 0]:
        raise SystemExit(f"a process failed: {codes}")
    targets = {unit.target: unit.state for unit in read(folder).live}
    wanted = {f"WORDS {number}" for number in range(2 * edits)}
    return {words for words in wanted if targets.get(words) is not State.REVIEWED}


def review(folder: str, path: str, edits: int) -> None:
    """Edit and approve every even paragraph, one after the other, as the review page does."""
    from toolkit.pipeline.review import ReviewService
    from toolkit.review.acts import seen

    with Context.at(Path(folder)) as context:
        service = ReviewService(context)
        for number in range(0, 2 * edits, 2):
            unit = _paragraph(context.store.read(Path(path)), number)
            service.act(Path(path), unit.key, seen(unit), "approve", f"WORDS {number}")


def imports(folder: str, path: str, edits: int) -> None:
    """Give every odd paragraph a translation by a file of its own, exported before, and imported by the command."""
    from toolkit.cli import cli

    sent = document(catalogs.read_catalog(Path(path)))
    os.chdir(folder)
    for number in range(1, 2 * edits, 2):
        (one,) = (one for one in sent.passages if one.unit.source == f"Paragraph {number} of the river.")
        text = FORMATS["xliff"].dump([replace(sent, passages=(one,))])
        text = text.replace(f">{one.unit.target}</target>", f">WORDS {number}</target>")
        text = text.replace('state="needs-review-translation"', 'state="final"')
        file = Path(f"{number}.xlf")
        file.write_text(text, encoding="utf-8")
        cli(["exchange", "import", str(file), "--yes", "--as", "Dolma"], standalone_mode=False)


def _paragraph(catalog: Catalog, number: int) -> Unit:
    wanted = f"Paragraph {number} of the river."
    return next(unit for unit in catalog.live if unit.source == wanted)


if __name__ == "__main__":
    main()
