"""The models on this machine: our folder, what Argos Translate installed, and data packages such as the starter.

A person adds a model by putting an Argos package (its folder, or the `.argosmodel` file as downloaded) into
`folder()`; a distribution adds models by an entry point `lokta.models`: a function that gives a list of cards,
dicts with the fields of `Package` (`path` a file's full path, `pairs` pairs of BCP 47 tags).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from toolkit.errors import LoktaError, ModelError
from toolkit.files import printable, show
from toolkit.language import language
from toolkit.models import argos
from toolkit.models.package import Package, size_of

__all__ = ["Package", "Scan", "folder", "installed", "scan"]


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


def installed() -> tuple[Package, ...]:
    """The packages that can be used; see `scan`."""
    return scan().packages


def scan() -> Scan:
    """Look at all three places anew; a broken package becomes a warning, never an error.

    Order: our folder, Argos's own, data packages; a model that warns of itself comes after all others. A package
    of the same name and engine further down is passed over.
    """
    found: dict[tuple[str, str], Package] = {}
    warnings = []
    for item in (*_argos(folder(), "folder"), *_argos(argos.argos_folder(), "argos"), *_data_packages()):
        if isinstance(item, Package):
            found.setdefault((item.engine, item.name), item)
        else:
            warnings.append(item)
    ranked = sorted(found.values(), key=lambda package: bool(package.label))
    return Scan(tuple(ranked), tuple(warnings))


def _argos(where: Path, origin: str) -> Iterator[Package | str]:
    for path in argos.candidates(where):
        try:
            package = argos.read(path, origin)
        except LoktaError as error:
            yield str(error)
        except OSError as error:
            yield f"{show(path)}: cannot be read ({error.strerror}); check its permissions"
        else:
            if package is not None:
                yield package


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
    pairs = tuple((language(source).tag, language(target).tag) for source, target in card["pairs"])
    texts = {key: str(card.get(key, "")) for key in ("version", "licence", "label", "family")}
    engine, name = str(card["engine"]), str(card["name"])
    return Package(name, engine, pairs, path, origin=distribution, size=size_of(path), **texts)
