"""An engine that is not asked twice: what it said to exactly the same question lies in the draft cache.

A window's open questions are asked together, and their answers, refusals included, are kept in one transaction: an
interrupted job finds a window as it was before or as it is after, asks the same questions together, and gets the same
bytes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from toolkit.errors import EngineFailed
from toolkit.memory.drafts import Drafts, Kept, key
from toolkit.translation.identity import identities
from toolkit.translation.wrappers.base import Wrapper
from toolkit.units import Answer, Engine, Match, Refusal, Request

_RULES = "1"
"""To be raised when the rules of refusal, of masking or of post-editing inside become others: old answers are stale then."""


class Cached(Wrapper):
    """Stands inside of what hides codes, so that equal sentences with unlike links are one question, and outside of what refuses."""

    def __init__(self, inner: Engine, drafts: Drafts, ask_refused: bool = False) -> None:
        super().__init__(inner)
        self.drafts = drafts
        self.ask_refused = ask_refused
        """Ask again what was refused before."""

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """What is kept, and the inner engine's answers to the rest, window by window."""
        waiting = iter(requests)
        asked = ""
        while window := list(islice(waiting, max(self.window, 1))):
            asked = asked or f"{_RULES} {fingerprint(self.inner)}"
            keys = [key(request, source_language, target_language, asked) for request in window]
            known = self._known(keys)
            open_ = {name: request for name, request in zip(keys, window, strict=True) if name not in known}
            if open_:
                began = time.monotonic()
                answers = list(self.inner.translate(open_.values(), source_language, target_language))
                if len(answers) != len(open_):
                    raise EngineFailed(
                        f"{self.name}: gave fewer answers than it was asked for; the same command goes on"
                    )
                self.drafts.keep(_worth(list(open_), answers))
                characters = sum(len(request.source) for request in open_.values())
                self.drafts.measured(asked, self._model, len(open_), characters, time.monotonic() - began)
                known |= zip(open_, answers, strict=True)
            yield from (known[name] for name in keys)

    def unknown(
        self, requests: Sequence[Request], source_language: str, target_language: str
    ) -> tuple[list[Request], float | None]:
        """The requests that would have to be asked, each once, and the characters a second that the engine does here."""
        asked = f"{_RULES} {fingerprint(self.inner)}"
        keys = [key(request, source_language, target_language, asked) for request in requests]
        known = self._known(keys)
        open_ = {name: request for name, request in zip(keys, requests, strict=True) if name not in known}
        return list(open_.values()), self.drafts.speed(asked)

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Answer]:
        found = self.drafts.find(keys)
        return {name: kept for name, kept in found.items() if not (self.ask_refused and isinstance(kept, Refusal))}

    @property
    def _model(self) -> str:
        return " ".join(sorted(f"{made.engine} {made.model}".strip() for made in self.identities))


def fingerprint(engine: Engine) -> str:
    """All that an engine's answers depend on beside the question; an engine that says nothing is known by its signatures."""
    said = getattr(engine, "fingerprint", "")
    return str(said) or " ".join(sorted(f"{made.engine} {made.model}" for made in identities(engine)))


def _worth(keys: Sequence[bytes], answers: Sequence[Answer]) -> Iterator[tuple[bytes, Kept]]:
    """Silence and what comes from a memory are not kept."""
    for name, answer in zip(keys, answers, strict=True):
        if isinstance(answer, Refusal) or (isinstance(answer, Match) and answer.type == "mt"):
            yield name, answer
