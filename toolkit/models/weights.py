"""Installation of language models (GGUF files): from a repository of the hub, from an address, or from this machine.

A person sees the licence and the memory that the model takes before gigabytes are downloaded. The licence and the card of
the same commit are installed beside the file. A name that was installed once stays at its commit.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from toolkit.errors import DataError, ModelError, UsageError
from toolkit.files import decode, move, printable, read_bytes, show, stream
from toolkit.models import download, folder, gguf, hub, licences, memory, offers, store, tokens
from toolkit.models.download import Progress
from toolkit.models.families import BUILT_IN, Families, Family
from toolkit.models.gguf import Header
from toolkit.models.hub import File, Listing
from toolkit.models.lockfile import Locked
from toolkit.models.offers import Offer
from toolkit.models.package import keep_digest
from toolkit.models.store import PARTS, Agree, Terms
from toolkit.remotes.address import allowed

_CHUNK = 2**20
_TEXT_LIMIT = 2**20
"""Bytes of a licence or a card."""
_LICENCE = re.compile(r"(licen[cs]e|copying)([._-][\w.-]{1,60})?", re.I | re.A)
_BESIDE = re.compile(r"(notice|readme)(\.(md|txt))?", re.I | re.A)
_USUAL = ("Q4_K_M", "Q6_K", "Q8_0")
"""Quantizations to be recommended, the smallest first: below it users report bad Tibetan, above the last no gain."""
_QUANT = re.compile(r"I?Q\d(_[A-Z0-9]{1,3}){1,3}|B?F16|F32|MXFP4", re.A)
_QUANT_IN_NAME = re.compile(rf"(?<![A-Z0-9])({_QUANT.pattern})(?![A-Z0-9_])", re.A)
_GGUF = re.compile(r"[A-Za-z0-9][\w.+-]{0,150}\.gguf", re.A)
_PART = re.compile(r"-\d{5}-of-\d{5}\.gguf", re.I)
_NO_MODEL = re.compile(r"mmproj|imatrix", re.I)
"""In the names of GGUF files that hold something else."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to be installed from the hub."""

    name: str
    """Of the package."""
    repository: str
    family: Family
    quant: str
    revision: str = ""
    """Empty: the newest commit."""
    offer: Offer | None = None
    """The repository's entry in the short list."""

    @property
    def source(self) -> str:
        return f"hf:{self.repository}"

    @property
    def people(self) -> tuple[str, str]:
        """The maker, where known, and the publisher."""
        if self.offer:
            return self.offer.made_by, self.offer.published_by
        return "", self.repository.partition("/")[0]


def install_offer(offer: Offer, quant: str, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install a language model of the short list; raises LoktaError, and then nothing is left in the folder."""
    quant = _quantization(quant)
    name = f"{offer.name}-{quant.lower()}"
    revision = _recorded(name, offer.repository) or offer.revision or _sisters(offer.repository)
    return _from_hub(_Wanted(name, offer.repository, BUILT_IN[offer.family], quant, revision, offer), agree, progress)


def install_repository(
    repository: str,
    revision: str,
    family_name: str,
    quant: str,
    agree: Agree,
    progress: Progress | None = None,
    families: Families = BUILT_IN,
) -> Locked:
    """Install a quantization from `owner/name`; without a revision at the commit installed before, else the newest."""
    hub.check(repository, revision)
    quant = _quantization(quant)
    offer = offers.of(repository)
    stem = re.sub(r"[-_.]?gguf$", "", repository.rpartition("/")[2], flags=re.I)
    name = f"{offer.name if offer else plain(stem)}-{quant.lower()}"
    here = store.recorded().get(name)
    known = here.family if here and here.source == f"hf:{repository}" else offer.family if offer else ""
    chosen = asked_family(family_name or known, f"hf:{repository}", families)
    revision = revision or _recorded(name, repository) or _sisters(repository)
    return _from_hub(_Wanted(name, repository, chosen, quant, revision, offer), agree, progress)


def install_file(path: Path, family_name: str, agree: Agree, families: Families = BUILT_IN) -> Locked:
    """Install a copy of a file on this machine; the file itself is deleted only if it lay in Lokta's own folder."""
    if not path.is_file():
        raise DataError(f"{show(path)}: no such file; name a .gguf, an address, or a model of the short list")
    chosen = asked_family(family_name, show(path), families)
    header = gguf.read(path)
    name = plain(path.stem)
    with store.workplace() as place:
        agree(_terms(name, header, path.stat().st_size, chosen))
        digest = _copy(path, place / name / f"{name}.gguf")
        locked = _settle(place / name, _record(name, path.name, chosen, header.licence), digest)
    if path.resolve().parent == folder().resolve():
        path.unlink()
    return locked


def install_url(
    url: str, family_name: str, agree: Agree, progress: Progress | None = None, families: Families = BUILT_IN
) -> Locked:
    """Install the file at an address; its licence is the one in its own header."""
    allowed(url)
    chosen = asked_family(family_name, url, families)
    name = plain(Path(unquote(urlsplit(url).path)).stem)
    with store.workplace() as place:
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


def holds_gguf(repository: str, family_name: str, quant: str, families: Families = BUILT_IN) -> bool:
    """Whether a repository of the hub is one of GGUF files, judged without asking the hub."""
    if family_name and family_name not in (known := (*tokens.families(), *families.names)):
        raise UsageError(f"unknown family {printable(family_name)!r}; known are {', '.join(sorted(known))}")
    if family_name in tokens.families():
        if quant:
            raise UsageError(f"--quant: {family_name} is no family of language models; leave --quant out")
        return False
    recorded = any(one.engine == "llama" for one in store.recorded().values() if one.source == f"hf:{repository}")
    words = "gguf" in repository.lower() or offers.of(repository) is not None
    return bool(quant) or recorded or words or family_name in families


def asked_family(name: str, what: str, families: Families) -> Family:
    """The family that a person named for `what`; UsageError, naming the known ones, for an unknown one and for none."""
    if name in families:
        return families[name]
    said = f"unknown family {printable(name)!r}" if name else f"{printable(what)}: say how it wants to be asked"
    raise UsageError(f"{said}: --family {'|'.join(families.names)}")


def plain(stem: str) -> str:
    """The name of a package, from that of a file: small letters, digits, dashes."""
    name = re.sub(r"[^a-z0-9._-]+", "-", re.sub(r"\.(?=i?q\d|b?f\d\d)", "-", stem.lower()), flags=re.A)
    return name.strip("-._")[:80] or "model"


def _quantization(said: str) -> str:
    """A quantization in llama.cpp's spelling, the usual one for an empty text; UsageError for what is none."""
    quant = said.upper() or offers.QUANT
    if not _QUANT.fullmatch(quant):
        raise UsageError(f"--quant {printable(said)!r}: is none; usual are {', '.join(_USUAL)}")
    return quant


def _file_in(listing: Listing, quant: str) -> File:
    """The one file of a repository in that quantization; UsageError names those that are there, ModelError says none is."""
    where = f"hf:{listing.name}"
    held = {name: _quant_of(name) for name in listing.files if _GGUF.fullmatch(name) and not _NO_MODEL.search(name)}
    whole = {name: said for name, said in held.items() if not _PART.search(name)}
    found = [name for name, said in whole.items() if said == quant]
    if len(found) == 1:
        return listing.files[found[0]]
    if not any(name.lower().endswith(".gguf") for name in listing.files):
        raise ModelError(f"{where}: holds no GGUF file; choose a repository of such files, mostly named …-GGUF")
    if found:
        raise UsageError(
            f"{where}: holds several files in {quant} ({', '.join(found)}); install one by its address: "
            f"lokta models install https://…/{found[0]} --family NAME"
        )
    others = ", ".join(sorted({said for said in whole.values() if said})) or "none in one file"
    parts = " but in parts, which cannot be used" if quant in held.values() else ""
    raise UsageError(f"{where}: holds no file in {quant}{parts}; it has: {others}")


def _quant_of(name: str) -> str:
    """The last quantization in the name of a file; empty where there is none."""
    said = [found[1] for found in _QUANT_IN_NAME.finditer(name.upper())]
    return said[-1] if said else ""


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
    file = _file_in(listing, wanted.quant)
    _check_known(wanted, listing, file)
    with store.workplace() as place:
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
        made, published = wanted.people
        locked = replace(locked, revision=listing.revision, made_by=made, published_by=published)
        return _settle(top, locked, fetched.sha256)


def _check_known(wanted: _Wanted, listing: Listing, file: File) -> None:
    """Raise DataError for a file without a SHA-256, and for one that is not the known one of a known commit."""
    offer = wanted.offer
    if offer and offer.revision == listing.revision and offer.sha256.get(file.name, file.sha256) != file.sha256:
        raise DataError(f"{wanted.name}: {file.name} on the hub is not the one that is known; nothing was installed")
    if not file.sha256:
        raise DataError(f"{wanted.source}: the hub has no SHA-256 of {file.name}; nothing was installed")


def _texts(listing: Listing, top: Path) -> str:
    """Download the licence, the notice and the card of the commit into `top`; gives the text of the licence."""
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
    made, published = wanted.people
    return replace(
        terms,
        licence=licence,
        commercial=licences.commercial(licence),
        made_by=made,
        published_by=published,
        text=text,
        before=_before(wanted, listing, licence),
    )


def _before(wanted: _Wanted, listing: Listing, licence: str) -> str:
    """Another licence that this model had at another commit, or has in the short list; empty where there is none."""
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
    """Check the header of the file in `top`, and put the package in place."""
    (file,) = top.glob("*.gguf")
    header = gguf.read(file)
    done = store.settle(top, replace(locked, version=header.quantization, cache=header.cache), {file.name: digest})
    keep_digest(folder() / done.name / file.name, digest)
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
