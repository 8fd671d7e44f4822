"""Which engine drafts a pair of languages: what the user named, else the best that is installed, else through a third."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

from toolkit.errors import NoModel, UsageError
from toolkit.files import printable, show
from toolkit.models import Package, argos, folder, offers, scan
from toolkit.models.families import family
from toolkit.remotes import named
from toolkit.translation import llama
from toolkit.translation.convert import HANS, HANT, Convert
from toolkit.translation.options import Options
from toolkit.translation.table import candidates, engines, guarded, maker
from toolkit.translation.wrappers import Cascade, Pivot, Protect
from toolkit.units import Engine

_BEST = ("argos", "ctranslate2", "llama")
"""Engines that need a package, the better first. Before all goes a language model that was made to translate (whoever
installed so large a file wants it), after all a model that warns of itself."""
_PIVOTS = ("en", "zh-Hans")
"""Languages in between, the likelier first; then any other by its tag."""


def pick(spec: str, source_language: str, target_language: str, options: Options | None = None) -> Engine | None:
    """The engine for a pair: `spec` is empty (the best), `ENGINE`, `ENGINE/MODEL`, or several with commas (a cascade).

    None if nothing is installed for the pair. Raises NoModel if an engine was named and lacks it, UsageError for an
    unknown engine. Nothing heavy is imported, no model is read.
    """
    chosen = options or Options()
    names = [name.strip() for name in spec.split(",") if name.strip()]
    if not names:
        return _best(source_language, target_language, chosen)
    found = [_named(name, source_language, target_language, chosen) for name in names]
    if len({engine.grain for engine in found}) > 1:
        raise UsageError(f"--engine {spec}: these want different portions of text; name one of them")
    return found[0] if len(found) == 1 else Cascade(found)


def way_to_model(source_language: str, target_language: str) -> str:
    """One line for a pair without a model: what installs one, or which file goes into which folder, and what to run then."""
    command = f"lokta translate --to {target_language}"
    package = next(iter(candidates("llama", source_language, target_language)), None)
    if package is not None and not llama.ready():
        return f"{target_language}: the model {package.name} needs an extra: {llama.INSTALL}; then {command}"
    file = f"translate-{argos.code(source_language)}_{argos.code(target_language)}-….argosmodel"
    offered = offers.way(source_language, target_language)
    way = f"install one: {offered}; or put" if offered else "put"
    left_out = next((line for line in scan().warnings), "")
    return (
        f"{target_language}: no model from {source_language}; {way} an Argos package ({file}) into {show(folder())}, "
        f"then {command}{f' (left out: {left_out})' if left_out else ''}"
    )


def _named(name: str, source_language: str, target_language: str, options: Options) -> Engine:
    engine, _, model = name.partition("/")
    make = maker(engine)
    if engine == "llama" and not llama.ready():
        raise NoModel(f"the engine llama is an extra: {llama.INSTALL}")
    direct = None if options.via else make(model, source_language, target_language, options)
    if direct is not None:
        return direct
    if _through_simplified(source_language, target_language, options):
        with contextlib.suppress(NoModel):
            return _converted(_named(name, source_language, HANS, replace(options, via="")), options)
    alone = engine == "llama" and not options.via  # what a family does not know it is not made to know by a detour
    for via in () if alone else _vias(source_language, target_language, options):
        first = make(model, source_language, via, options)
        second = make(model, via, target_language, options)
        if first is not None and second is not None:
            return guarded(Pivot(_bare(first), _bare(second), via))
    raise NoModel(_lacks(name, source_language, target_language, options))


def _lacks(name: str, source_language: str, target_language: str, options: Options) -> str:
    engine, _, model = name.partition("/")
    if engine == "chat":
        remote = named("chat", model, options.remotes)
        return (
            f"[remote.{remote.name}] is asked as the family {printable(remote.family)}, which does not know {source_language} -> "
            f"{target_language}; name another family in its table, or describe your model in families/NAME.toml"
        )
    here = [package.name for package in scan().packages if package.engine == engine]
    through = f" through {options.via}" if options.via else ""
    lacks = f"{printable(name)} has no model for {source_language} -> {target_language}{through}"
    if model and model not in here:
        lacks = f"{engine} has no model {printable(model)!r}; installed: {', '.join(here) or 'none'}"
        if here:  # the name is wrong, or its package is left out; another model is not what is wanted
            return lacks + next((f" (left out: {line})" for line in scan().warnings), "")
    return f"{lacks}; {way_to_model(source_language, target_language)}"


def _best(source_language: str, target_language: str, options: Options) -> Engine | None:
    direct = None if options.via else _direct(source_language, target_language, options)
    if direct is not None:
        return direct
    if _through_simplified(source_language, target_language, options):
        simplified = _best(source_language, HANS, replace(options, via=""))
        if simplified is not None:
            return _converted(simplified, options)
    for via in _vias(source_language, target_language, options):
        first, second = _direct(source_language, via, options), _direct(via, target_language, options)
        if first is not None and second is not None:
            return guarded(Pivot(_bare(first), _bare(second), via))
    if options.via:
        raise NoModel(_lacks("any engine", source_language, target_language, options))
    return None


def _through_simplified(source_language: str, target_language: str, options: Options) -> bool:
    """Whether zh-Hant may be derived from what a model writes in zh-Hans."""
    return target_language == HANT and source_language != HANS and options.via in ("", HANS)


def _converted(engine: Engine, options: Options) -> Engine:
    return guarded(Pivot(_bare(engine), Convert(options.variant, engine.grain), HANS))


def _direct(source_language: str, target_language: str, options: Options) -> Engine | None:
    if (source_language, target_language) == (HANS, HANT):
        return Convert(options.variant)
    ready = [engine for engine in _BEST if engine != "llama" or llama.ready()]
    found = [package for engine in ready for package in candidates(engine, source_language, target_language)]
    for package in sorted(found, key=lambda package: (bool(package.label), not _translator(package))):
        engine = engines()[package.engine](package.name, source_language, target_language, options)
        if engine is not None:
            return engine
    return None


def _translator(package: Package) -> bool:
    return package.engine == "llama" and family(package.family).translator


def _vias(source_language: str, target_language: str, options: Options) -> Iterator[str]:
    if options.via:
        yield options.via
        return
    pairs = [pair for package in scan().packages for pair in package.pairs]
    known = {end for start, end in pairs if start == source_language} & {
        start for start, end in pairs if end == target_language
    }
    ordered = [tag for tag in _PIVOTS if tag in known] + sorted(known - set(_PIVOTS))
    yield from (tag for tag in ordered if tag not in (source_language, target_language))


def _bare(engine: Engine) -> Engine:
    """A leg keeps its checks and its cache, but codes stay hidden over both legs."""
    return engine.inner if isinstance(engine, Protect) else engine
