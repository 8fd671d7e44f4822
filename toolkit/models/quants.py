"""Which file of a repository is the quantization that was asked for: found by its name in the hub's own list."""

from __future__ import annotations

import re

from toolkit.errors import ModelError, UsageError
from toolkit.files import printable
from toolkit.models.hub import File, Listing
from toolkit.models.offers import QUANT

USUAL = ("Q4_K_M", "Q6_K", "Q8_0")
"""The smaller first; of what is below the first one users report bad Tibetan, of more than the last no gain."""
_QUANT = re.compile(r"I?Q\d(_[A-Z0-9]{1,3}){1,3}|B?F16|F32|MXFP4", re.A)
_IN_NAME = re.compile(rf"(?<![A-Z0-9])({_QUANT.pattern})(?![A-Z0-9_])", re.A)
_FILE = re.compile(r"[A-Za-z0-9][\w.+-]{0,150}\.gguf", re.A)
_PART = re.compile(r"-\d{5}-of-\d{5}\.gguf", re.I)
_NO_MODEL = re.compile(r"mmproj|imatrix", re.I)


def named(said: str) -> str:
    """A quantization as llama.cpp writes it, the usual one where none is said; UsageError for what is none."""
    quant = said.upper() or QUANT
    if not _QUANT.fullmatch(quant):
        raise UsageError(f"--quant {printable(said)!r}: is none; usual are {', '.join(USUAL)}")
    return quant


def pick(listing: Listing, quant: str) -> File:
    """The one file of that quantization; UsageError names what there is, ModelError says that there is nothing."""
    where = f"hf:{listing.name}"
    files = {name: _quant(name) for name in listing.files if _FILE.fullmatch(name) and not _NO_MODEL.search(name)}
    whole = {name: said for name, said in files.items() if not _PART.search(name)}
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
    parts = " but in parts, which cannot be used" if quant in files.values() else ""
    raise UsageError(f"{where}: holds no file in {quant}{parts}; it has: {others}")


def _quant(name: str) -> str:
    """The last one that a file's name speaks of."""
    said = [found[1] for found in _IN_NAME.finditer(name.upper())]
    return said[-1] if said else ""
