"""The models on this machine: our folder, what Argos Translate installed, and data packages such as the starter.

A person adds a model by `lokta models install` (store.py), or by putting an Argos package (its folder, or the
`.argosmodel` file as downloaded) into `folder()`; a distribution adds models by an entry point `lokta.models`: a
function that gives a list of cards, dicts with the fields of `Package` (`path` a file's full path, `pairs` pairs of
BCP 47 tags).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from toolkit.errors import LoktaError, ModelError
from toolkit.files import printable, show
from toolkit.language import language
from toolkit.models import argos, licences, lockfile, memory, offers, tokens
from toolkit.models.families import BUILT_IN, Families
from toolkit.models.lockfile import Locked
from toolkit.models.package import Package, size_of
from toolkit.units import LanguagePair

__all__ = ["Package", "Scan", "folder", "installed", "non_commercial", "scan"]


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found, best first for any pair, and what was left out."""

    packages: tuple[Package, ...]
    warnings: tuple[str, ...]
    """One line for each package that cannot be used: where it lies, why, what to do."""


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a person puts packages: `LOKTA_MODELS`, else the user's data folder."""
    if environ.get("LOKTA_MODELS"):
        return Path(environ["LOKTA_MODELS"])
    from platformdirs import user_data_path

    return user_data_path("lokta", appauthor=False) / "models"


def installed(families: Families = BUILT_IN) -> tuple[Package, ...]:
    """The packages that can be used; see `scan`."""
    return scan(families).packages


def scan(families: Families = BUILT_IN) -> Scan:
    """Look at all three places anew; a broken package becomes a warning, never an error.

    Order: our folder, Argos's own, data packages; a model that warns of itself comes after all others. A package
    of the same name and engine further down is passed over. A language model whose family is not among `families` is left
    out.
    """
    found: dict[tuple[str, str], Package] = {}
    warnings = []
    locked, broken = _lock()
    ours = (*broken, *_ours(locked, families), *_loose(locked), *_argos(folder(), "folder", locked))
    for item in (*ours, *_argos(argos.argos_folder(), "argos"), *_data_packages()):
        if isinstance(item, Package):
            found.setdefault((item.engine, item.name), item)
        else:
            warnings.append(item)
    ranked = sorted(found.values(), key=lambda package: bool(package.label))
    return Scan(tuple(ranked), tuple(warnings))


def non_commercial(signature: str) -> bool:
    """Whether a draft's `model=` names a model whose licence, as recorded at its installation, forbids commercial use."""
    recorded, _ = _lock()
    here = {package.name: package for package in installed()}
    for name in licences.names(signature):
        known: list[Mapping[str, Locked | offers.Offer | Package]] = [recorded, offers.named(), here]
        beginning, cut, _ = name.partition("…")  # a catalog shortens long names: any that it may stand for counts
        said = [one[other] for one in known for other in one if other == name or (cut and other.startswith(beginning))]
        if any(one.commercial is False for one in (said if cut else said[:1])):
            return True
    return False


def _lock() -> tuple[Mapping[str, Locked], tuple[str, ...]]:
    """What our lock file records, and the line that says why it cannot be read."""
    try:
        return lockfile.load(folder()), ()
    except LoktaError as error:
        return {}, (str(error),)


def _ours(locked: Mapping[str, Locked], families: Families) -> Iterator[Package | str]:
    """Models of many languages and language models that are recorded, and language models that lie there loose."""
    for name, entry in locked.items():
        if entry.engine == "llama" and entry.installed:
            yield from _llama(name, entry, families)
        path = folder() / name
        if entry.engine != "ctranslate2" or not entry.installed or not (path / "model.bin").is_file():
            continue
        try:
            pairs = tokens.pairs(entry.family, entry.languages)
            size = size_of(path)
        except (LoktaError, OSError) as error:
            yield f"{show(path)}: {error}; install it again"
            continue
        yield _recorded(Package(name, entry.engine, pairs, path, origin="folder", size=size), entry)


def _llama(name: str, entry: Locked, families: Families) -> Iterator[Package | str]:
    path = next((folder() / name / file for file in entry.files if file.endswith(".gguf")), folder() / name)
    if not path.is_file():
        return
    try:
        chosen = families[entry.family]
        pairs, size = chosen.pairs, size_of(path)
    except (LoktaError, OSError) as error:
        yield f"{show(path.parent)}: {error}"
        return
    needed = memory.needed(size, entry.cache, chosen.context) if entry.cache else 0
    yield _recorded(Package(name, "llama", pairs, path, origin="folder", size=size, memory=needed), entry)


def _loose(locked: Mapping[str, Locked]) -> Iterator[str]:
    """A line for each GGUF file that was put into our folder by hand: nobody knows how it wants to be asked."""
    files = (*folder().glob("*.gguf"), *folder().glob("[!.]*/*.gguf"))
    for path in sorted(files):
        if path.parent == folder() or path.parent.name not in locked:
            yield f"{show(path)}: says not how it wants to be asked; lokta models install {show(path)} --family NAME"


def _recorded(package: Package, entry: Locked) -> Package:
    """The package with what was recorded of it at its installation."""
    from_where = f"{entry.source}@{entry.revision}" if entry.revision else entry.source
    return replace(
        package,
        version=package.version or entry.version,
        licence=entry.licence,
        commercial=entry.commercial,
        family=entry.family,
        source=from_where,
    )


def _argos(where: Path, origin: str, locked: Mapping[str, Locked] | None = None) -> Iterator[Package | str]:
    for path in argos.candidates(where):
        try:
            package = argos.read(path, origin)
        except LoktaError as error:
            yield str(error)
        except OSError as error:
            yield f"{show(path)}: cannot be read ({error.strerror}); check its permissions"
        else:
            if package is not None:
                entry = (locked or {}).get(package.name)
                yield _recorded(package, entry) if entry and entry.installed else package


def _data_packages() -> Iterator[Package | str]:
    for entry in sorted(entry_points(group="lokta.models"), key=lambda entry: (entry.name, entry.value)):
        distribution = entry.dist.name if entry.dist else entry.name
        try:
            for card in entry.load()():
                yield _from_card(card, distribution)
        except Exception as error:  # whatever a stranger's module does wrong must not stop the others
            yield printable(f"models of the package {distribution} are left out: {error}; install it again")


def _from_card(card: Mapping[str, Any], distribution: str) -> Package:
    path = Path(card["path"])
    if not path.is_file():
        raise ModelError(f"{show(path)} is missing")
    pairs = tuple(LanguagePair(language(source).tag, language(target).tag) for source, target in card["pairs"])
    texts = {key: str(card.get(key, "")) for key in ("version", "licence", "label", "family")}
    engine, name = str(card["engine"]), str(card["name"])
    figures = card.get("figures", "")
    said = "; ".join(f"{what} {value}" for what, value in figures.items()) if isinstance(figures, Mapping) else figures
    return Package(
        name,
        engine,
        pairs,
        path,
        origin=distribution,
        size=size_of(path),
        commercial=licences.commercial(texts["licence"]),
        figures=str(said),
        version=texts["version"],
        licence=texts["licence"],
        label=texts["label"],
        family=texts["family"],
    )
