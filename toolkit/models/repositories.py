"""Installation of CTranslate2 models, from a repository of the hub: by the short list, or by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.errors import DataError, ModelError
from toolkit.files import move
from toolkit.models import folder, hub, licences, store, tokens
from toolkit.models.download import Fetched, Progress
from toolkit.models.hub import File, Listing
from toolkit.models.lockfile import Locked
from toolkit.models.offers import Offer
from toolkit.models.store import PARTS, Agree, Terms

_TEXTS = re.compile(r"(readme|licen[cs]e|notice|copying)(\.[a-z]{2,4})?", re.I)
"""Names of files that are installed beside the model."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a CTranslate2 model, at one commit."""

    listing: Listing
    family: str
    files: tuple[File, ...]
    """The files that are needed, the smallest first: an error shows before gigabytes came."""

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


def install_offer(offer: Offer, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install a model of the short list at its pinned commit; its files must have the SHA-256 that is known here."""
    if here := store.whole(offer.name, offer.revision):
        return here
    agree(Terms(offer.name, offer.licence, offer.commercial, offer.size, offer.published_by))
    described = describe(offer.repository, offer.revision, offer.family)
    for file in described.files:
        if file.sha256 and offer.sha256.get(file.name, file.sha256) != file.sha256:
            raise DataError(f"{offer.name}: {file.name} on the hub is not the one that is known; nothing was installed")
    return _install(described, offer.name, offer.licence, progress)


def install_repository(
    repository: str, revision: str, family: str, agree: Agree, progress: Progress | None = None
) -> Locked:
    """Install `owner/name`; without a revision at the commit that was installed before, else at the newest."""
    owner, _, name = repository.rpartition("/")
    recorded = store.recorded().get(name)
    if recorded and recorded.source == f"hf:{repository}":
        revision, family = revision or recorded.revision, family or recorded.family
        if here := store.whole(name, revision):
            return here
    described = describe(repository, revision, family)
    licence = described.listing.licence
    agree(Terms(name, licence, licences.commercial(licence), described.size, owner))
    return _install(described, name, licence, progress)


def describe(repository: str, revision: str = "", family: str = "") -> Repository:
    """Ask the hub for a repository and choose the files that are needed; an empty family is guessed from the name.

    Raises as `hub.look` does, UsageError for an unknown family, and ModelError for a repository without such a model.
    """
    hub.check(repository, revision)
    family = tokens.tokens(family).name if family else tokens.guess(repository)
    listing = hub.look(repository, revision)
    return Repository(listing, family, _needed(listing.files, family, repository))


def _needed(listed: Mapping[str, File], family: str, repository: str) -> tuple[File, ...]:
    vocabularies = [f"{stem}{suffix}" for stem in tokens.VOCABULARIES for suffix in (".json", ".txt")]
    tokenizer = tokens.tokenizer(family, listed)
    wanted = ["model.bin", "config.json", tokenizer, *[name for name in vocabularies if name in listed]]
    for name in wanted:
        if name not in listed:
            missing = name or tokens.tokens(family).tokenizers[0]
            raise ModelError(f"hf:{repository}: holds no {missing}; it is not ready for CTranslate2, choose another")
    if not any(name in listed for name in vocabularies):
        raise ModelError(f"hf:{repository}: holds no shared_vocabulary.json; it is not ready for CTranslate2")
    texts = sorted(name for name in listed if _TEXTS.fullmatch(name))
    return tuple(sorted((listed[name] for name in (*wanted, *texts)), key=lambda file: (file.size, file.name)))


def _install(described: Repository, name: str, licence: str, progress: Progress | None) -> Locked:
    """Download a repository whose terms were agreed to, and put it into the folder."""
    with store.workplace() as place:
        came: list[Fetched] = []
        done = 0
        for file in described.files:
            start = done
            report = (lambda here, _, start=start: progress(start + here, described.size)) if progress else None
            came.append(hub.get(described.listing, file, folder() / PARTS, report))
            done += file.size
        top = place / name
        top.mkdir()
        for file, fetched in zip(described.files, came, strict=True):
            move(fetched.path, top / file.name)
            fetched.forget()
        locked = Locked(
            name=name,
            engine="ctranslate2",
            source=f"hf:{described.listing.name}",
            sha256="",
            revision=described.listing.revision,
            family=described.family,
            languages=tokens.spoken(described.family, top),
            licence=licence,
            commercial=licences.commercial(licence),
        )
        return store.settle(top, locked)
