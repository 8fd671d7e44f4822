"""Terms of the project's list: an approved one that a translation lacks, and renderings that differ in one article.

`bound` makes the rule for one project, since a rule itself knows a unit and its catalog alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from toolkit.codes.spans import Span, outside
from toolkit.language.measures import script_family
from toolkit.memory.glossary import Entry, Glossary, Hit, places
from toolkit.quality.pair import Compared, of_unit
from toolkit.units import Catalog, Check, Finding, LanguagePair, Mend, Unit

NAME = "terms"
"""What `# lokta: ignore check=NAME` silences."""


def bound(glossary: Callable[[LanguagePair], Glossary]) -> Check:
    """The rule for the terms that `glossary` has for a pair of languages."""
    used = _Used()

    def terms(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
        """An approved term in no accepted rendering: an error, with a mend where another known rendering stands there."""
        if not unit.target.strip():
            return
        known = glossary(catalog.pair)
        if not known.entries:
            return
        pair = of_unit(unit, catalog)
        for hit in {hit.entries[0].term.source: hit for hit in reversed(known.find(pair.source))}.values():
            if any(entry.approved for entry in hit.entries):
                yield from _of_approved(hit, pair)
            elif differing := used.others(hit.entries[0], unit, catalog, known):
                yield differing

    return terms


def _of_approved(hit: Hit, pair: Compared) -> Iterator[Finding]:
    """What is wrong with one approved term: nothing, where the translation has it."""
    approved = [entry for entry in hit.entries if entry.approved]
    accepted = [form for entry in approved for form in entry.accepted]
    wanted = accepted[0]
    right = [span for form in accepted for span in places(pair.target, form, pair.spoken)]
    wrong = [(form, span) for form in hit.refused for span in outside(places(pair.target, form, pair.spoken), right)]
    right = outside(right, [span for _, span in wrong])
    name = approved[0].term.source
    note = f" ({approved[0].term.note})" if approved[0].term.note else ""
    source = (hit.start, hit.end) if hit.end else None
    shown = " or ".join(dict.fromkeys(accepted))
    if (
        not right
        and not wrong
        and not approved[0].term.keep
        and script_family(pair.spoken) != script_family(pair.origin)
    ):
        forms = (hit.text, *approved[0].term.forms)
        wrong = [(form, span) for form in dict.fromkeys(forms) for span in places(pair.target, form, pair.spoken)]
    wrong = _apart(wrong)
    edits = tuple(Mend(*span, wanted) for _, span in wrong)
    if not right and wrong:
        yield Finding(f"the term {name} is {shown}{note}, not {wrong[0][0]}", "error", source, wrong[0][1], edits)
    elif not right:
        yield Finding(f"the term {name} is missing: {shown}{note}", "error", source)
    elif wrong:
        said = f"the term {name} is called {wrong[0][0]} here beside {shown}{note}"
        yield Finding(said, "warning", source, wrong[0][1], edits)


def _apart(found: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """The places in order, the longest where some overlap."""
    kept: list[tuple[str, Span]] = []
    for form, span in sorted(found, key=lambda one: (one[1][0], -one[1][1])):
        if not kept or span[0] >= kept[-1][1][1]:
            kept.append((form, span))
    return kept


class _Used:
    """Which of its known renderings each term that nobody approved has in a catalog, counted once."""

    def __init__(self) -> None:
        self._units: tuple[Unit, ...] | None = None
        self._glossary: Glossary | None = None
        self._counts: dict[str, Counter[str]] = {}

    def others(self, entry: Entry, unit: Unit, catalog: Catalog, known: Glossary) -> Finding | None:
        """A warning where most paragraphs call the term otherwise than this one."""
        if len(entry.accepted) + len(entry.refused) < 2:
            return None
        if self._units is not catalog.units or self._glossary is not known:
            self._units, self._glossary = catalog.units, known
            self._counts = _counted(catalog, known)
        mine = _called(entry, of_unit(unit, catalog))
        counts = self._counts.get(entry.term.source, Counter())
        if not mine or len(counts) < 2:
            return None
        usual, many = min(counts.items(), key=lambda one: (-one[1], one[0]))
        if usual == mine:
            return None
        pair = of_unit(unit, catalog)
        at = places(pair.target, mine, pair.spoken)[0]
        said = f"{entry.term.source} is called {mine} here, {usual} in {many} other paragraph{'s' * (many > 1)}"
        return Finding(said, "warning", None, at)


def _counted(catalog: Catalog, known: Glossary) -> dict[str, Counter[str]]:
    """Term -> rendering -> paragraphs that have it."""
    counts: dict[str, Counter[str]] = {}
    for unit in catalog.live:
        if not unit.target:
            continue
        pair = of_unit(unit, catalog)
        for entry in {hit.entries[0].term.source: hit.entries[0] for hit in known.find(pair.source)}.values():
            if not entry.approved and (called := _called(entry, pair)):
                counts.setdefault(entry.term.source, Counter())[called] += 1
    return counts


def _called(entry: Entry, pair: Compared) -> str:
    """The known rendering that a translation has; empty for none, or several."""
    found = {form for form in (*entry.accepted, *entry.refused) if places(pair.target, form, pair.spoken)}
    longest = [form for form in found if not any(form != other and form in other for other in found)]
    return longest[0] if len(longest) == 1 else ""
