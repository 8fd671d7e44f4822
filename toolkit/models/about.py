"""What a reader may be told of the models that a draft is signed with: their titles, who made them, under which licence."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.errors import LoktaError
from toolkit.models import folder, installed, licences, lockfile, offers


@dataclass(frozen=True, slots=True)
class About:
    """A model; what nobody knows of it is empty."""

    name: str
    """As drafts are signed, without the digest: `hy-mt2-1.8b-q4_k_m`."""
    title: str = ""
    made_by: str = ""
    licence: str = ""
    label: str = ""
    """Its own warning: `starter model: expect to rewrite`."""


def about(signature: str) -> tuple[About, ...]:
    """The models of a draft's `model=`, in its order. The licence is that which was recorded when the model came in."""
    try:
        recorded = lockfile.load(folder())
    except LoktaError:
        recorded = {}
    here = {package.name: package for package in installed()}
    found = []
    for name in licences.names(signature):
        offer, package, locked = _offer(name), here.get(name), recorded.get(name)
        licence = next((one.licence for one in (locked, package, offer) if one is not None and one.licence), "")
        title, maker = (offer.title, offer.made_by) if offer is not None else ("", "")
        found.append(About(name, title, maker, licence, package.label if package is not None else ""))
    return tuple(found)


def _offer(name: str) -> offers.Offer | None:
    """The model of the short list that a name begins with: a quantization (`-q4_k_m`) may follow."""
    known = offers.named()
    fitting = [offer for offer in known if name == offer or name.startswith(f"{offer}-")]
    return known[max(fitting, key=len)] if fitting else None
