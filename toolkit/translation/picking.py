"""Which engine drafts a pair of languages: what the user named, else the best that is installed, else through a third."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from toolkit.errors import NoModel, UsageError
from toolkit.files import printable, show
from toolkit.language.chinese import HANS, HANT
from toolkit.models import Package, argos, folder, offers, scan
from toolkit.remotes import named
from toolkit.translation.engines import llama
from toolkit.translation.engines.convert import Convert
from toolkit.translation.engines.registry import candidates
from toolkit.translation.options import Options, Resources
from toolkit.translation.wrappers import Fallback, Pivot, checked, guarded
from toolkit.units import Engine, LanguagePair

_BEST = ("argos", "ctranslate2", "llama")
"""Engines that need a package, the better first. Before all goes a language model that was made to translate (whoever
installed so large a file wants it), after all a model that warns of itself."""
PSEUDO = "qps-Ploc"
"""The language that is no language: what the engine `pseudo` writes."""
_PIVOTS = ("en", "zh-Hans")
"""Languages in between, the likelier first; then any other by its tag."""


def pick(spec: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """The engine for a pair: `spec` is empty (the best), `ENGINE`, `ENGINE/MODEL`, or several with commas (a fallback).

    None if nothing is installed for the pair. Raises NoModel if an engine was named and lacks it, UsageError for an
    unknown engine. Nothing heavy is imported, no model is read.
    """
    names = [name.strip() for name in spec.split(",") if name.strip()]
    if not names and pair.target == PSEUDO:
        names = ["pseudo"]
    if not names:
        best = _best(pair, options, resources)
        return best if best is None or options.raw else guarded(best)
    found = [_named(name, pair, options, resources) for name in names]
    found = found if options.raw else [guarded(engine) for engine in found]
    if len({engine.abilities.grain for engine in found}) > 1:
        raise UsageError(f"--engine {spec}: these want different portions of text; name one of them")
    return found[0] if len(found) == 1 else Fallback(found)


def way_to_model(pair: LanguagePair, resources: Resources) -> str:
    """One line for a pair without a model: what installs one, or which file goes into which folder, and what to run then."""
    command = f"lokta translate --to {pair.target}"
    package = next(candidates("llama", pair, resources), None)
    if package is not None and not llama.ready():
        return f"{pair.target}: the model {package.name} needs an extra: {llama.INSTALL}; then {command}"
    file = f"translate-{argos.code(pair.source)}_{argos.code(pair.target)}-….argosmodel"
    offered = offers.way(pair)
    way = f"install one: {offered}; or put" if offered else "put"
    left_out = next((line for line in scan(resources.families).warnings), "")
    return (
        f"{pair.target}: no model from {pair.source}; {way} an Argos package ({file}) into {show(folder())}, "
        f"then {command}{f' (left out: {left_out})' if left_out else ''}"
    )


def _named(name: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine:
    engine, _, model = name.partition("/")
    make = resources.engines.get(engine)
    if make is None:
        raise UsageError(f"unknown engine {printable(engine)!r}; known are {', '.join(sorted(resources.engines))}")
    if engine == "llama" and not llama.ready():
        raise NoModel(f"the engine llama is an extra: {llama.INSTALL}")
    direct = None if options.via else make(model, pair, options, resources)
    if direct is not None:
        return direct
    if _through_simplified(pair, options):
        with contextlib.suppress(NoModel):
            simplified = LanguagePair(pair.source, HANS)
            return _converted(_named(name, simplified, replace(options, via=""), resources), options)
    alone = engine == "llama" and not options.via  # what a family does not know it is not made to know by a detour
    for via in () if alone else _vias(pair, options, resources):
        first = make(model, LanguagePair(pair.source, via), options, resources)
        second = make(model, LanguagePair(via, pair.target), options, resources)
        if first is not None and second is not None:
            return _pivot(first, second, via, options)
    raise NoModel(_lacks(name, pair, options, resources))


def _lacks(name: str, pair: LanguagePair, options: Options, resources: Resources) -> str:
    engine, _, model = name.partition("/")
    if engine == "chat":
        remote = named("chat", model, resources.remotes)
        return (
            f"[remote.{remote.name}] is asked as the family {printable(remote.family)}, which does not know {pair}; "
            f"name another family in its table, or describe your model in families/NAME.toml"
        )
    found = scan(resources.families)
    here = [package.name for package in found.packages if package.engine == engine]
    through = f" through {options.via}" if options.via else ""
    lacks = f"{printable(name)} has no model for {pair}{through}"
    if model and model not in here:
        lacks = f"{engine} has no model {printable(model)!r}; installed: {', '.join(here) or 'none'}"
        if here:  # the name is wrong, or its package is left out; another model is not what is wanted
            return lacks + next((f" (left out: {line})" for line in found.warnings), "")
    return f"{lacks}; {way_to_model(pair, resources)}"


def _best(pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    direct = None if options.via else _direct(pair, options, resources)
    if direct is not None:
        return direct
    if _through_simplified(pair, options):
        simplified = _best(LanguagePair(pair.source, HANS), replace(options, via=""), resources)
        if simplified is not None:
            return _converted(simplified, options)
    for via in _vias(pair, options, resources):
        first = _direct(LanguagePair(pair.source, via), options, resources)
        second = _direct(LanguagePair(via, pair.target), options, resources)
        if first is not None and second is not None:
            return _pivot(first, second, via, options)
    if options.via:
        start = LanguagePair(pair.source, options.via)
        leg = LanguagePair(options.via, pair.target) if _direct(start, options, resources) is not None else start
        raise NoModel(f"through {options.via}: no engine has a model for {leg}; {way_to_model(leg, resources)}")
    return None


def _through_simplified(pair: LanguagePair, options: Options) -> bool:
    """Whether zh-Hant may be derived from what a model writes in zh-Hans."""
    return pair.target == HANT and pair.source != HANS and options.via in ("", HANS)


def _converted(engine: Engine, options: Options) -> Engine:
    return _pivot(engine, Convert(options.variant, engine.abilities.grain), HANS, options)


def _pivot(first: Engine, second: Engine, via: str, options: Options) -> Engine:
    """Each leg's drafts are checked; inline codes stay hidden over both legs."""
    return Pivot(first, second, via) if options.raw else Pivot(checked(first), checked(second), via)


def _direct(pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    if pair == (HANS, HANT):
        return Convert(options.variant)
    ready = [engine for engine in _BEST if engine != "llama" or llama.ready()]
    found = [package for engine in ready for package in candidates(engine, pair, resources)]
    for package in sorted(found, key=lambda package: (bool(package.label), not _translator(package, resources))):
        engine = resources.engines[package.engine](package.name, pair, options, resources)
        if engine is not None:
            return engine
    return None


def _translator(package: Package, resources: Resources) -> bool:
    return package.engine == "llama" and resources.families[package.family].translator


def _vias(pair: LanguagePair, options: Options, resources: Resources) -> Iterator[str]:
    if options.via:
        yield options.via
        return
    pairs = [known for package in scan(resources.families).packages for known in package.pairs]
    through = {one.target for one in pairs if one.source == pair.source} & {
        one.source for one in pairs if one.target == pair.target
    }
    ordered = [tag for tag in _PIVOTS if tag in through] + sorted(through - set(_PIVOTS))
    yield from (tag for tag in ordered if tag not in pair)
