"""Inline codes pass through an engine that knows nothing of them: hidden before, put back after, each exactly once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace

from toolkit import codes
from toolkit.translation.wrappers.base import Wrapper
from toolkit.translation.wrappers.passing import closed
from toolkit.units import Answer, Engine, Match, Request


class Protect(Wrapper):
    """Gives the engine markers in place of codes, or, where it breaks markers (`markers = False`), no codes at all.

    Codes that did not come back are put where they stood in proportion to the source, and a remark says which.
    """

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner)
        self._hide = codes.mask if getattr(inner, "markers", True) else codes.strip

    def hidden(self, requests: Iterable[Request]) -> list[Request]:
        """The requests as the engine sees them."""
        return [
            replace(request, source=self._hide(request.source, request.codes).text, codes=()) for request in requests
        ]

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answers whose codes are those of their requests."""
        waiting: deque[codes.Masked] = deque()

        def hidden() -> Iterator[Request]:
            for request in requests:
                waiting.append(self._hide(request.source, request.codes))
                yield replace(request, source=waiting[-1].text, codes=())

        with closed(self.inner.translate(hidden(), source_language, target_language)) as answers:
            for answer in answers:
                masked = waiting.popleft()
                if isinstance(answer, Match) and masked.codes:
                    target, remarks = codes.restore(answer.target, masked)
                    answer = replace(answer, target=target, remarks=answer.remarks + remarks)
                yield answer
