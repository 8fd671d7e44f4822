"""The engines by name, each a function that makes one for a model and a pair of languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from toolkit.errors import NoModel, UsageError
from toolkit.files import printable
from toolkit.language.chinese import HANT
from toolkit.memory import Memory
from toolkit.models import Package, installed
from toolkit.remotes import Kind, Remote, named
from toolkit.translation.engines import argostranslate as original
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.chat import Chat
from toolkit.translation.engines.convert import VARIANTS, Convert
from toolkit.translation.engines.ctranslate import CTranslate
from toolkit.translation.engines.libretranslate import LibreTranslate
from toolkit.translation.engines.llama import Llama
from toolkit.translation.engines.pseudo import Pseudo
from toolkit.translation.options import Maker, Options, Resources
from toolkit.units import Engine, LanguagePair


def argos(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """The best Argos package of the pair, or the named one."""
    package = _package("argos", model, pair, resources)
    return Argos(package, options, resources) if package else None


def argostranslate(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """Argos Translate itself, with its own packages, splitter and pivots; None where it has nothing for the pair."""
    if not original.ready():
        raise NoModel(f"the engine argostranslate is an extra: {original.INSTALL}")
    if model:
        raise NoModel(f"argostranslate chooses among its packages itself, {printable(model)!r} cannot be named")
    engine = original.ArgosTranslate(pair)
    return engine if engine.translation is not None else None


def ctranslate2(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """The first model of many languages that knows the pair, or the named one."""
    package = _package("ctranslate2", model, pair, resources)
    return CTranslate(package, options, resources) if package else None


def llama(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """The best language model that knows the pair, or the named one."""
    package = _package("llama", model, pair, resources)
    if package is None or not (family := resources.families[package.family]).knows(pair):
        return None
    return Llama(package, family, options, resources)


def chat(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """A language model behind an OpenAI-compatible server that the project opted in to; None if its family lacks the pair."""
    remote = _remote("chat", model, resources)
    family = resources.families[remote.family]
    return Chat(remote, family, options, resources) if family.knows(pair) else None


def libretranslate(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """A LibreTranslate server; it is asked for its pairs when there is something to translate."""
    return LibreTranslate(_remote("libretranslate", model, resources), options, resources)


def convert(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """No machine: zh-Hant as derived from zh-Hans, for Taiwan or Hong Kong: `convert/tw`, `convert/hk`."""
    if model not in ("", *VARIANTS):
        raise NoModel(f"convert knows {' and '.join(VARIANTS)}, not {printable(model)!r}: --engine convert/hk")
    return Convert(model or options.variant) if pair.target == HANT else None


def memory(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """No machine: an empty memory, so that only what is in the catalogs is used."""
    return Memory()


def pseudo(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """Pseudo-localization; `pseudo/brackets` makes cut-off and glued texts visible, `pseudo/longer` adds 30 percent."""
    if model not in ("", "brackets", "longer"):
        raise NoModel(f"pseudo knows brackets and longer, not {model!r}: --engine pseudo/brackets")
    return Pseudo(brackets=model != "", longer=0.3 if model == "longer" else 0.0)


ENGINES: Mapping[str, Maker] = {
    "argos": argos,
    "argostranslate": argostranslate,
    "chat": chat,
    "convert": convert,
    "ctranslate2": ctranslate2,
    "libretranslate": libretranslate,
    "llama": llama,
    "memory": memory,
    "pseudo": pseudo,
}


NETWORK = frozenset(("chat", "libretranslate"))
"""Those that send texts to a server; none is chosen unless somebody names it."""


def over_network(spec: str) -> bool:
    """Whether an engine of this `--engine` sends texts to a server."""
    return any(name.strip().partition("/")[0] in NETWORK for name in spec.split(","))


def engines() -> Mapping[str, Maker]:
    """The engines of this distribution and those of others (entry points `lokta.engines`); ours win."""
    others = {entry.name: _late(entry) for entry in entry_points(group="lokta.engines")}
    return {**dict(sorted(others.items())), **ENGINES}


def candidates(engine: str, pair: LanguagePair, resources: Resources) -> Iterator[Package]:
    """The installed packages of an engine for the pair, best first."""
    packages = installed(resources.families)
    return (package for package in packages if package.engine == engine and pair in package.pairs)


def _package(engine: str, model: str, pair: LanguagePair, resources: Resources) -> Package | None:
    found = candidates(engine, pair, resources)
    return next((package for package in found if model in ("", package.name)), None)


def _remote(kind: Kind, name: str, resources: Resources) -> Remote:
    return named(kind, name, resources.remotes)


def _late(entry: EntryPoint) -> Maker:
    """The maker of another distribution, imported when it is asked for; UsageError for what is no engine."""

    def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
        made: Callable[..., object] = entry.load()
        engine = made(model, pair, options, resources)
        if engine is not None and not isinstance(engine, Engine):
            raise UsageError(
                f"the engine {printable(entry.name)} is no toolkit.units.Engine; its package is too old for this Lokta"
            )
        return engine

    return make
