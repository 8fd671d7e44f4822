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
from toolkit.translation.identity import Identity, drafted_by, refused_by
from toolkit.units import Catalog, Code, Request, Unit

Key = tuple[str, str]
"""Context and source: what names a unit in its catalog."""


def key(unit: Unit) -> Key:
    """What names the unit."""
    return unit.context, unit.source


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

    @property
    def asks(self) -> tuple[int, ...]:
        """The numbers of its requests."""
        return tuple(piece for _, piece in self.pieces if isinstance(piece, int))


@dataclass(slots=True)
class Layout:
    """All plans of a job, and their distinct requests in order."""

    plans: list[Plan] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    _numbers: dict[Request, int] = field(default_factory=dict)

    def number(self, request: Request) -> int:
        """The request's place in the list; equal requests share one."""
        if request not in self._numbers:
            self._numbers[request] = len(self.requests)
            self.requests.append(request)
        return self._numbers[request]


def lay_out(catalogs: Sequence[Catalog], made: frozenset[Identity], by_sentence: bool, redraft: bool) -> Layout:
    """The job of an engine of these identities, over catalogs of one pair of languages."""
    layout = Layout()
    for index, catalog in enumerate(catalogs):
        for unit in catalog.live:
            missing = wanted(unit, made, redraft)
            if unit.source.strip() and (missing or drafted_by(unit, made) or refused_by(unit, made)):
                found = codes.find(unit.source, catalog.markup)
                cuts = (
                    sentences(unit.source, catalog.source_language, found) if by_sentence else [_trimmed(unit.source)]
                )
                pieces, end = [], 0
                for start, stop in cuts:
                    pieces.append(
                        (unit.source[end:start], _piece(unit.source, found, start, stop, by_sentence, layout))
                    )
                    end = stop
                layout.plans.append(Plan(index, unit, tuple(pieces), unit.source[end:], missing))
    return layout


def wanted(unit: Unit, made: frozenset[Identity], redraft: bool) -> bool:
    """Whether a machine of these identities should draft this unit now; never if a person wrote its target.

    Empty units, and machine drafts of an older source, unless these identities were refused there before; with
    `redraft` the drafts of other machines as well, and what was refused.
    """
    if not unit.machine:
        return False
    if not unit.target or unit.previous_source:
        return redraft or not refused_by(unit, made)
    return redraft and unit.mark("mt") is not None and not drafted_by(unit, made)


def _piece(text: str, found: Sequence[Code], start: int, stop: int, by_sentence: bool, layout: Layout) -> str | int:
    """The number of the request; a sentence without letters outside its codes is its own translation."""
    inside = tuple(
        replace(code, start=code.start - start, end=code.end - start)
        for code in found
        if start <= code.start and code.end <= stop
    )
    piece = text[start:stop]
    if by_sentence and not any(char.isalpha() for char in codes.strip(piece, inside).text):
        return piece
    return layout.number(Request(piece, inside))


def _trimmed(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
