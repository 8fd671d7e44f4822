"""What a job has to ask, laid out so that being interrupted makes no difference.

The distinct texts of all units that are this engine's business, drafted already or not, stand in one list in the order of
the catalogs; windows are cut from that list. int8 results depend on what shares a window, and the list is the same before,
during and after the job: a window with anything missing is asked whole again, with the same mates, and gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toolkit import codes
from toolkit.segment import sentences
from toolkit.translation.background import surroundings
from toolkit.translation.identity import Identity, drafted_by, refused_by
from toolkit.translation.second import NONE, Second, Seconds
from toolkit.units import Catalog, Code, Engine, Request, Unit


@dataclass(frozen=True, slots=True)
class Plan:
    """A unit that may be drafted, cut into what is asked."""

    catalog: int
    """Its place among the job's catalogs."""
    unit: Unit
    pieces: tuple[tuple[str, str | int], ...]
    """In order: what stands before the piece, and the number of its request, or a text that needs no translation."""
    tail: str
    """What stands after the last piece."""
    missing: bool
    """To be drafted now; otherwise it is here for its place in the windows."""
    second: Second | None = None
    """What its requests carry of it."""

    @property
    def asks(self) -> tuple[int, ...]:
        """The numbers of its requests."""
        return tuple(piece for _, piece in self.pieces if isinstance(piece, int))


@dataclass(slots=True)
class Layout:
    """All plans of a job, and their distinct requests in order."""

    by_sentence: bool = False
    plans: list[Plan] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    _numbers: dict[Request, int] = field(default_factory=dict)

    def number(self, request: Request) -> int:
        """The request's place in the list; equal requests share one."""
        if request not in self._numbers:
            self._numbers[request] = len(self.requests)
            self.requests.append(request)
        return self._numbers[request]

    def add(
        self, number: int, catalog: Catalog, unit: Unit, missing: bool, blank: Request, second: Second | None
    ) -> None:
        """Plan a unit of the catalog of that number; `blank` holds its background."""
        found = codes.find(unit.source, catalog.markup)
        cuts = [_trimmed(unit.source)]
        if self.by_sentence:
            cuts = sentences(unit.source, catalog.source_language, found)
        if second is None or len(second.texts) != len(cuts):
            second = None
        texts = second.texts if second is not None else [""] * len(cuts)
        language = second.language if second is not None else ""
        pieces: list[tuple[str, str | int]] = []
        end = 0
        for (start, stop), text in zip(cuts, texts, strict=True):
            helped = replace(blank, second_source=text, second_language=language)
            piece = self._piece(unit.source[start:stop], codes.within(found, start, stop), helped)
            pieces.append((unit.source[end:start], piece))
            end = stop
        self.plans.append(Plan(number, unit, tuple(pieces), unit.source[end:], missing, second))

    def _piece(self, text: str, inside: tuple[Code, ...], blank: Request) -> str | int:
        """The number of the request; a sentence without letters outside its codes is its own translation."""
        if self.by_sentence and not any(char.isalpha() for char in codes.strip(text, inside).text):
            return text
        return self.number(replace(blank, source=text, codes=inside))


def lay_out(
    catalogs: Sequence[Catalog],
    engine: Engine,
    made: frozenset[Identity],
    redraft: bool,
    seconds: Sequence[Seconds] = (),
    alone: bool = False,
) -> Layout:
    """The job of an engine of these identities, over catalogs of one pair of languages.

    `seconds`: what may help, for each catalog. `alone`: the units are no article, so none is another's background.
    """
    layout = Layout(engine.grain == "sentence")
    none = alone or layout.by_sentence
    wants: frozenset[str] = frozenset() if none else getattr(engine, "background", frozenset())
    for number, catalog in enumerate(catalogs):
        helps = seconds[number] if seconds else NONE
        for unit, blank in zip(catalog.live, surroundings(catalog, wants), strict=True):
            missing = wanted(unit, made, redraft, helps)
            if unit.source.strip() and (missing or drafted_by(unit, made) or refused_by(unit, made)):
                second = helps.helps(unit) if helps.language in getattr(engine, "seconds", ()) else None
                if second is not None and not missing and second.hash != _asked_with(unit, made):
                    second = None  # it is here for its place in the windows, and was asked without
                layout.add(number, catalog, unit, missing, blank, second)
    return layout


def wanted(unit: Unit, made: frozenset[Identity], redraft: bool, seconds: Seconds = NONE) -> bool:
    """Whether a machine of these identities should draft this unit now; never if a person wrote its target.

    Empty units, and machine drafts of an older source or with the help of older words, unless these identities were
    refused there before with the same help; with `redraft` the drafts of other machines as well, those made without the
    help that there is now, and what was refused.
    """
    if not unit.machine:
        return False
    if not unit.target or unit.previous_source or seconds.stale(unit):
        return redraft or not _refused(unit, made, seconds)
    mark = unit.mark("mt")
    if not redraft or mark is None:
        return False
    return not drafted_by(unit, made) or seconds.hash(unit) not in ("", mark.get("second-hash"))


def _refused(unit: Unit, made: frozenset[Identity], seconds: Seconds) -> bool:
    """Whether this very question was refused; with another second source it is another one."""
    return refused_by(unit, made) and _asked_with(unit, made) == seconds.hash(unit)


def _asked_with(unit: Unit, made: frozenset[Identity]) -> str:
    """The hash of the second source that was in its requests."""
    line = unit.mark("refused" if refused_by(unit, made) else "mt")
    return line.get("second-hash") if line is not None else ""


def _trimmed(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
