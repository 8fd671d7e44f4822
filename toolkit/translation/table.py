"""The engines by name, each a function that makes one for a model and a pair of languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points

from toolkit.errors import NoModel, UsageError
from toolkit.files import printable
from toolkit.memory import Memory
from toolkit.models import Package, installed
from toolkit.models.families import family
from toolkit.remotes import Kind, Remote, named
from toolkit.translation.accept import Checked
from toolkit.translation.argos import Argos
from toolkit.translation.chat import Chat
from toolkit.translation.convert import HANT, VARIANTS, Convert
from toolkit.translation.ctranslate import CTranslate
from toolkit.translation.libretranslate import LibreTranslate
from toolkit.translation.llama import Llama
from toolkit.translation.options import Options
from toolkit.translation.pseudo import Pseudo
from toolkit.translation.remote import INSTALL, ready
from toolkit.translation.wrappers import Cached, Protect
from toolkit.units import Engine

Maker = Callable[[str, str, str, Options], Engine | None]
"""Given a model's name (empty: the best), source and target language and the options; None: no model for the pair."""


def argos(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """The best Argos package of the pair, or the named one."""
    package = _package("argos", model, source_language, target_language)
    return guarded(Argos(package, options), options) if package else None


def ctranslate2(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """The first model of many languages that knows the pair, or the named one."""
    package = _package("ctranslate2", model, source_language, target_language)
    return guarded(CTranslate(package, options), options) if package else None


def llama(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """The best language model that knows the pair, or the named one."""
    package = _package("llama", model, source_language, target_language)
    if package is None or not family(package.family).knows(source_language, target_language):
        return None
    return guarded(Llama(package, options), options)


def chat(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """A language model behind an OpenAI-compatible server that the project opted in to; None if its family lacks the pair."""
    remote = _remote("chat", model, options)
    if not family(remote.family).knows(source_language, target_language):
        return None
    return guarded(Chat(remote, options), options)


def libretranslate(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """A LibreTranslate server that the project opted in to; it is asked for its pairs when there is something to translate."""
    return guarded(LibreTranslate(_remote("libretranslate", model, options)), options)


def convert(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """No machine: zh-Hant as derived from zh-Hans, for Taiwan or Hong Kong: `convert/tw`, `convert/hk`."""
    if model not in ("", *VARIANTS):
        raise NoModel(f"convert knows {' and '.join(VARIANTS)}, not {printable(model)!r}: --engine convert/hk")
    return Convert(model or options.variant) if target_language == HANT else None


def memory(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """No machine: an empty memory, so that only what is in the catalogs is used."""
    return Memory()


def pseudo(model: str, source_language: str, target_language: str, options: Options) -> Engine | None:
    """Pseudo-localization; `pseudo/brackets` makes cut-off and glued texts visible, `pseudo/longer` adds 30 percent."""
    if model not in ("", "brackets", "longer"):
        raise NoModel(f"pseudo knows brackets and longer, not {model!r}: --engine pseudo/brackets")
    return Pseudo(brackets=model != "", longer=0.3 if model == "longer" else 0.0)


ENGINES: Mapping[str, Maker] = {
    "argos": argos,
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
    """Ours and those of other distributions; ours win."""
    others = {entry.name: entry.load for entry in entry_points(group="lokta.engines")}
    return {**{name: _late(load) for name, load in sorted(others.items())}, **ENGINES}


def maker(name: str) -> Maker:
    """The engine of that name; raises UsageError, naming the known ones."""
    known = engines()
    if name not in known:
        raise UsageError(f"unknown engine {printable(name)!r}; known are {', '.join(sorted(known))}")
    return known[name]


def guarded(engine: Engine, options: Options | None = None) -> Engine:
    """The engine with codes protected, useless drafts refused, and all that it says remembered, if there is a cache."""
    checked = Checked(engine)
    if options is None or options.drafts is None:
        return Protect(checked)
    return Protect(Cached(checked, options.drafts, ask_refused=options.redraft))


def candidates(engine: str, source_language: str, target_language: str) -> Iterable[Package]:
    """The installed packages of an engine for the pair, best first."""
    pair = (source_language, target_language)
    return (package for package in installed() if package.engine == engine and pair in package.pairs)


def _package(engine: str, model: str, source_language: str, target_language: str) -> Package | None:
    found = candidates(engine, source_language, target_language)
    return next((package for package in found if model in ("", package.name)), None)


def _remote(kind: Kind, name: str, options: Options) -> Remote:
    remote = named(kind, name, options.remotes)
    if not ready():
        raise NoModel(f"the engine {kind} is an extra: {INSTALL}")
    return remote


def _late(load: Callable[[], Maker]) -> Maker:
    """Imports another's engine only when it is asked for."""
    return lambda model, source, target, options: load()(model, source, target, options)
