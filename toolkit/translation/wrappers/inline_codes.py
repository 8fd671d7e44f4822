"""Inline codes pass through an engine that knows nothing of them: hidden before, put back after, each exactly once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit import codes
from toolkit.translation.wrappers.base import Wrapper, closed
from toolkit.units import Answer, Engine, Estimate, LanguagePair, Match, Request


class InlineCodes(Wrapper):
    """Gives the engine placeholders in place of codes, or no codes at all where it breaks placeholders.

    Codes that did not come back are put where they stood in proportion to the source, and a remark says which.
    """

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner, codes="kept")
        self._hide = codes.strip if inner.abilities.codes == "removed" else codes.mask

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Answers whose codes are those of their requests."""
        waiting: deque[codes.Masked] = deque()

        def hidden() -> Iterator[Request]:
            for request in requests:
                waiting.append(self._hide(request.source, request.codes))
                yield replace(request, source=waiting[-1].text, codes=())

        with closed(self.inner.translate(hidden(), pair)) as answers:
            for answer in answers:
                masked = waiting.popleft()
                if isinstance(answer, Match) and masked.codes:
                    target, remarks = codes.restore(answer.target, masked)
                    answer = replace(answer, target=target, remarks=answer.remarks + remarks)
                yield answer

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """That of the engine inside, which sees equal texts with unlike codes as one."""
        hidden = {
            number: replace(request, source=self._hide(request.source, request.codes).text, codes=())
            for number, request in requests.items()
        }
        return self.inner.estimate(hidden, pair)
