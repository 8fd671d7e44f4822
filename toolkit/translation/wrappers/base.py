"""What engines around other engines share: one child passed on, abilities composed, requests cut to what an engine takes."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from toolkit.units import Abilities, Answer, Engine, Estimate, Identity, LanguagePair, Request

_Item = TypeVar("_Item")
_CODES: tuple[Literal["removed", "placeholders", "kept"], ...] = ("removed", "placeholders", "kept")
"""The more careful first."""


def compose(how: Literal["either", "chain"], *parts: Abilities) -> Abilities:
    """The abilities of an engine around engines with these abilities.

    either: any of the parts may answer a request. chain: the answers of the first are the requests of the second. A wrapper
    around one engine has that engine's abilities, apart from those that it adds.
    """
    chain = how == "chain"
    taken = parts[:1] if chain else parts
    return Abilities(
        grain="unit" if all(one.grain == "unit" for one in parts) else "sentence",
        independent=all(one.independent for one in parts),
        window=max(one.window for one in parts),
        codes=min((one.codes for one in parts), key=_CODES.index),
        checked=not chain and all(one.checked for one in parts),
        verbatim=all(one.verbatim for one in parts),
        background=frozenset().union(*(one.background for one in taken)),
        reference_languages=frozenset().union(*(one.reference_languages for one in taken)),
        terms=not chain and any(one.terms for one in parts),
        examples=0 if chain else max(one.examples for one in parts),
        counts_tokens=any(one.counts_tokens for one in parts),
        processes=all(one.processes for one in parts),
    )


def fitted(request: Request, abilities: Abilities) -> Request:
    """The request without what an engine of these abilities takes no notice of, so that what another engine wants does not
    make two questions of one."""
    gone: dict[str, Any] = dict.fromkeys({"title", "before", "after"} - abilities.background, "")
    if request.reference_language not in abilities.reference_languages:
        gone |= {"reference": "", "reference_language": ""}
    gone |= {} if abilities.terms else {"terms": ()}
    gone |= {} if abilities.examples else {"examples": ()}
    return replace(request, **gone)


class Wrapper(Engine):
    """An engine around one engine; it answers as that one does unless a subclass says otherwise."""

    def __init__(self, inner: Engine, **added: Any) -> None:
        """`added`: abilities that the wrapper changes."""
        self.inner = inner
        self.children = (inner,)
        self.name = inner.name
        self.label = inner.label
        self.via = inner.via
        self.abilities = replace(inner.abilities, **added)

    @property
    def identities(self) -> frozenset[Identity]:
        """Those of the engine inside."""
        return self.inner.identities

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """The answers of the engine inside."""
        return self.inner.translate(requests, pair)

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """That of the engine inside."""
        return self.inner.estimate(requests, pair)


def innermost(engine: Engine) -> Engine:
    """The engine inside all wrappers that have one child."""
    while len(engine.children) == 1:
        (engine,) = engine.children
    return engine


def paired(
    requests: Iterable[Request], ask: Callable[[Iterator[Request]], Iterator[Answer]]
) -> Generator[tuple[Request, Answer], None, None]:
    """Each request with its answer, however far ahead the engine takes them."""
    waiting: deque[Request] = deque()

    def taken() -> Iterator[Request]:
        for request in requests:
            waiting.append(request)
            yield request

    with closed(ask(taken())) as answers:
        for answer in answers:
            yield waiting.popleft(), answer


@contextlib.contextmanager
def closed(items: Iterator[_Item]) -> Iterator[Iterator[_Item]]:
    """The items; on any way out the generator behind them is closed, so that an engine's threads and streams end."""
    try:
        yield items
    finally:
        if isinstance(items, Generator):
            items.close()
