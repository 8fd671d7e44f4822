"""The file of a language model (GGUF) becomes a package: from a repository of the hub, an https address, or this machine.

What it needs is said, and its licence shown, before gigabytes come. Beside the weights lie the licence and the card of the
same commit. A name once installed stays at its commit.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from toolkit.errors import DataError, UsageError
from toolkit.files import decode, lock, move, printable, read_bytes, show, stream
from toolkit.models import download, folder, gguf, hub, licences, memory, offers, quants, store, tokens
from toolkit.models.download import Progress
from toolkit.models.families import families, family
from toolkit.models.family import Family
from toolkit.models.gguf import Header
from toolkit.models.hub import File, Listing
from toolkit.models.lockfile import Locked
from toolkit.models.offers import Offer
from toolkit.models.package import remember
from toolkit.models.store import PARTS, Agree, Terms

_CHUNK = 2**20
_TEXT_LIMIT = 2**20
"""Bytes of a licence or a card."""
_LICENCE = re.compile(r"(licen[cs]e|copying)([._-][\w.-]{1,60})?", re.I | re.A)
_BESIDE = re.compile(r"(notice|readme)(\.(md|txt))?", re.I | re.A)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be got from the hub."""

    name: str
    repository: str
    family: Family
    quant: str
    revision: str = ""
    """Empty: the newest."""
    offer: Offer | None = None
    """Of the short list, where it stands there."""

    @property
    def source(self) -> str:
        return f"hf:{self.repository}"


def install_offer(offer: Offer, quant: str, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install a language model of the short list; raises LoktaError, in one line, and then nothing is left behind."""
    quant = quants.named(quant)
    name = f"{offer.name}-{quant.lower()}"
    revision = _recorded(name, offer.repository) or offer.revision or _sisters(offer.repository)
    return _from_hub(_Wanted(name, offer.repository, family(offer.family), quant, revision, offer), agree, progress)


def install_repository(
    repository: str, revision: str, family_name: str, quant: str, agree: Agree, progress: Progress | None = None
) -> Locked:
    """Install one quantization of `owner/name`; without a revision the one that was installed before, else the newest."""
    hub.check(repository, revision)
    quant = quants.named(quant)
    offer = offers.of(repository)
    stem = re.sub(r"[-_.]?gguf$", "", repository.rpartition("/")[2], flags=re.I)
    name = f"{offer.name if offer else plain(stem)}-{quant.lower()}"
    here = store.recorded().get(name)
    known = here.family if here and here.source == f"hf:{repository}" else offer.family if offer else ""
    chosen = asked_family(family_name or known, f"hf:{repository}")
    revision = revision or _recorded(name, repository) or _sisters(repository)
    return _from_hub(_Wanted(name, repository, chosen, quant, revision, offer), agree, progress)


def install_file(path: Path, family_name: str, agree: Agree) -> Locked:
    """Install a file that is on this machine: it is copied, and taken away only if it lay loose in our own folder."""
    if not path.is_file():
        raise DataError(f"{show(path)}: no such file; name a .gguf, an address, or a model of the short list")
    chosen = asked_family(family_name, show(path))
    header = gguf.read(path)
    name = plain(path.stem)
    with lock(folder()), store.swept(), store.workplace() as place:
        agree(_terms(name, header, path.stat().st_size, chosen))
        digest = _copy(path, place / name / f"{name}.gguf")
        locked = _settle(place / name, _record(name, path.name, chosen, header.licence), digest)
    if path.resolve().parent == folder().resolve():
        path.unlink()
    return locked


def install_url(url: str, family_name: str, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install the file at an address; its licence is what the file's own header says."""
    download.allowed(url)
    chosen = asked_family(family_name, url)
    name = plain(Path(unquote(urlsplit(url).path)).stem)
    with lock(folder()), store.swept(), store.workplace() as place:
        start = download.beginning(url, gguf.BEGINNING)
        said = gguf.begin(start, hub.LIMIT, printable(url)) if start else Header("")
        agree(_terms(name, said, 0, chosen))
        fetched = download.fetch(url, folder() / PARTS, limit=hub.LIMIT, progress=progress)
        file = place / name / f"{name}.gguf"
        file.parent.mkdir()
        move(fetched.path, file)
        fetched.forget()
        header = gguf.read(file)
        if header.licence != said.licence:
            agree(_terms(name, header, fetched.size, chosen))
        return _settle(file.parent, _record(name, url, chosen, header.licence), fetched.sha256)


def is_gguf(what: str) -> bool:
    """Whether an address or a path is that of a GGUF file."""
    if "://" in what:
        return urlsplit(what).path.lower().endswith(".gguf")
    return what.lower().endswith(".gguf")


def holds_gguf(repository: str, family_name: str, quant: str) -> bool:
    """Whether a repository of the hub is one of GGUF files, as far as can be told before it is asked."""
    if family_name and family_name not in (known := (*tokens.families(), *families())):
        raise UsageError(f"unknown family {printable(family_name)!r}; known are {', '.join(sorted(known))}")
    if family_name in tokens.families():
        if quant:
            raise UsageError(f"--quant: {family_name} is no family of language models; leave --quant out")
        return False
    recorded = any(one.engine == "llama" for one in store.recorded().values() if one.source == f"hf:{repository}")
    words = "gguf" in repository.lower() or offers.of(repository) is not None
    return bool(quant) or recorded or words or family_name in families()


def asked_family(name: str, what: str) -> Family:
    """The family that a person named; UsageError, naming the known ones, for an unknown one and for none."""
    if name in families():
        return family(name)
    said = f"unknown family {printable(name)!r}" if name else f"{printable(what)}: say how it wants to be asked"
    raise UsageError(f"{said}: --family {'|'.join(families())}")


def plain(stem: str) -> str:
    """A package's name, from a file's: small letters, digits, dashes."""
    name = re.sub(r"[^a-z0-9._-]+", "-", re.sub(r"\.(?=i?q\d|b?f\d\d)", "-", stem.lower()), flags=re.A)
    return name.strip("-._")[:80] or "model"


def _recorded(name: str, repository: str) -> str:
    """The commit at which the package was installed before."""
    here = store.recorded().get(name)
    return here.revision if here and here.source == f"hf:{repository}" else ""


def _sisters(repository: str) -> str:
    """The commit at which another file of the repository was installed."""
    found = (one.revision for one in store.recorded().values() if one.source == f"hf:{repository}")
    return next(found, "")


def _from_hub(wanted: _Wanted, agree: Agree, progress: Progress | None) -> Locked:
    here = store.whole(wanted.name, wanted.revision) if wanted.revision else None
    if here and here.source == wanted.source:
        return here if here.family == wanted.family.name else store.record(_asked_as(here, wanted.family))
    listing = hub.look(wanted.repository, wanted.revision, offers.LLAMA)
    file = quants.pick(listing, wanted.quant)
    _check_known(wanted, listing, file)
    with lock(folder()), store.swept(), store.workplace() as place:
        top = place / wanted.name
        top.mkdir()
        text = _texts(listing, top)
        start = download.beginning(hub.address(listing, file), gguf.BEGINNING)
        header = gguf.begin(start, file.size, f"{wanted.source}: {file.name}") if start else Header("")
        licence = licences.agreed(listing.licence, text) or header.licence
        agree(_hub_terms(wanted, listing, _terms(wanted.name, header, file.size, wanted.family), licence, text))
        fetched = hub.get(listing, file, folder() / PARTS, progress)
        move(fetched.path, top / file.name)
        fetched.forget()
        locked = _record(wanted.name, wanted.source, wanted.family, licence)
        made, published = _people(wanted)
        locked = replace(locked, revision=listing.revision, made_by=made, published_by=published)
        return _settle(top, locked, fetched.sha256)


def _check_known(wanted: _Wanted, listing: Listing, file: File) -> None:
    """Of a commit that is known here, the sums are known too."""
    offer = wanted.offer
    if offer and offer.revision == listing.revision and offer.sha256.get(file.name, file.sha256) != file.sha256:
        raise DataError(f"{wanted.name}: {file.name} on the hub is not the one that is known; nothing was installed")
    if not file.sha256:
        raise DataError(f"{wanted.source}: the hub has no SHA-256 of {file.name}; nothing was installed")


def _texts(listing: Listing, top: Path) -> str:
    """Get the licence, the notice and the card of the commit; gives the text of the licence."""
    said = []
    for name, file in sorted(listing.files.items()):
        licence = bool(_LICENCE.fullmatch(name))
        if not licence and not _BESIDE.fullmatch(name):
            continue
        if file.size > _TEXT_LIMIT:
            raise DataError(f"hf:{listing.name}: {name} has {file.size} bytes, which is no text; nothing was installed")
        fetched = hub.get(listing, file, folder() / PARTS)
        move(fetched.path, top / name)
        fetched.forget()
        if licence:
            said.append(decode(read_bytes(top / name), f"hf:{listing.name}: {name}"))
    return "\n\n".join(said)


def _terms(name: str, header: Header, size: int, chosen: Family) -> Terms:
    return Terms(
        name,
        header.licence,
        licences.commercial(header.licence),
        size,
        memory=memory.needed(size, header.cache or memory.CACHE, chosen.context) if size else 0,
        must_be_free=True,
    )


def _hub_terms(wanted: _Wanted, listing: Listing, terms: Terms, licence: str, text: str) -> Terms:
    made, published = _people(wanted)
    return replace(
        terms,
        licence=licence,
        commercial=licences.commercial(licence),
        made_by=made,
        published_by=published,
        text=text,
        before=_before(wanted, listing, licence),
    )


def _people(wanted: _Wanted) -> tuple[str, str]:
    """Who made it, where that is known, and who published it."""
    offer = wanted.offer
    return (offer.made_by, offer.published_by) if offer else ("", wanted.repository.partition("/")[0])


def _before(wanted: _Wanted, listing: Listing, licence: str) -> str:
    """The licence of this model as it was at another commit, if it was another one; else as it is known here."""
    records = [one for one in store.recorded().values() if one.source == wanted.source]
    others = [one.licence for one in records if one.revision != listing.revision and one.licence != licence]
    if not records and wanted.offer and wanted.offer.licence != licence:
        others.append(wanted.offer.licence)
    return next(iter(others), "")


def _record(name: str, source: str, chosen: Family, licence: str) -> Locked:
    commercial = licences.commercial(licence)
    return _asked_as(Locked(name, "llama", source, "", licence=licence, commercial=commercial), chosen)


def _asked_as(locked: Locked, chosen: Family) -> Locked:
    return replace(locked, family=chosen.name, languages=tuple(chosen.languages))


def _settle(top: Path, locked: Locked, digest: str) -> Locked:
    """The header of what came is read, and the package put in place."""
    (file,) = top.glob("*.gguf")
    header = gguf.read(file)
    done = store.settle(top, replace(locked, version=header.quantization, cache=header.cache), {file.name: digest})
    remember(folder() / done.name / file.name, digest)
    return done


def _copy(source: Path, target: Path) -> str:
    """Copy a file, and give the SHA-256 of what was read."""
    size = source.stat().st_size
    if shutil.disk_usage(folder()).free < size:
        raise DataError(f"{show(folder())}: has no room for {size / 1e6:.1f} MB; make room and try again")
    whole = hashlib.sha256()
    try:
        with source.open("rb") as file, stream(target) as copy:
            while chunk := file.read(_CHUNK):
                whole.update(chunk)
                copy.write(chunk)
    except OSError as error:
        raise DataError(f"{show(source)}: cannot be copied ({error.strerror}); nothing was installed") from None
    return whole.hexdigest()
