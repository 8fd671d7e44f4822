"""Exchange with the tools of translators: catalogs go out as XLIFF or TMX, and what comes back is taken over like a review by
mail (`pipeline.mail`), so that newer work is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from toolkit.catalog.exchange import FORMATS, Base, Document, Passage, document, load
from toolkit.catalog.exchange.inline import numbered, renumbered, with_codes
from toolkit.errors import DataError, UsageError
from toolkit.files import atomic_write, read_bytes, show
from toolkit.language import language
from toolkit.pipeline.mail import catalog_path
from toolkit.project.context import Context
from toolkit.review.answers import MOST_UNITS, Act, Answer, Answered, answered_of, head, shortened
from toolkit.tables import Where
from toolkit.units import Catalog, State, Unit, UnitKey, fold, text_hash

SUFFIXES = {".xlf": "xliff", ".xliff": "xliff", ".tmx": "tmx"}
"""The format of a file without `--format`."""
_ELSE = "\0"
"""The target at export where it is known only not to be the one that is in the catalog: no catalog holds this."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file says, in one language."""

    answer: Answer
    refused: tuple[str, ...] = ()
    """A line for each unit that was left out, with the reason."""
    unchanged: int = 0
    """Units that say nothing new."""


def put(context: Context, catalogs: Sequence[Path], target: Path, form: str = "") -> list[tuple[Path, int]]:
    """Export catalogs into one file, or into a folder with a file for each; the files, and how many units each has.

    `target` is a folder where it is one, or has no suffix. `form` is a key of `FORMATS`; empty: by the suffix. Raises UsageError
    where neither says it, and for several languages in one file.
    """
    folder = target.is_dir() or not target.suffix
    form = form or ("xliff" if folder else SUFFIXES.get(target.suffix.lower(), ""))
    if not form and target.suffix.lower() == ".po" and catalogs:
        raise UsageError(f"{show(target)}: the catalog is a .po itself; send {show(catalogs[0])}")
    if form not in FORMATS:
        raise UsageError(f"{show(target)}: name a .xlf, .tmx or .csv, or say --format {'|'.join(FORMATS)}|csv")
    dump = FORMATS[form].dump
    documents = [document(context.store.read(path)) for path in catalogs]
    if not folder:
        tags = sorted({one.target_language for one in documents})
        if len(tags) > 1:
            raise UsageError(
                f"a file is in one language; name one of {', '.join(tags)}: --to {tags[0]}, or a folder: -o out"
            )
        atomic_write(target, dump(documents))
        return [(target, sum(len(one.passages) for one in documents))]
    written = []
    for one in documents:
        path = target / f"{one.article}.{one.target_language}{FORMATS[form].SUFFIX}"
        atomic_write(path, dump([one]))
        written.append((path, len(one.passages)))
    return written


def incoming(context: Context, file: Path, reviewer: str, today: str, tag: str = "") -> tuple[Incoming, ...]:
    """What a file says of the catalogs, by language; `tag` is that of a file that does not say it. `reviewer` is who approves
    what the file calls approved.

    Raises DataError for what is no such file, for a language that is another than `tag`, and for none.
    """
    name = show(file)
    documents = load(read_bytes(file), name)
    if sum(len(one.passages) for one in documents) > MOST_UNITS:
        raise DataError(f"{name}: holds more than {MOST_UNITS:,} units; export it in parts")
    if file.suffix.lower() == ".tmx" and not any(one.base for some in documents for one in some.passages):
        raise DataError(f"{name}: is a memory of another tool, which knows no states; lokta memory import {file.name}")
    by_language: dict[str, list[Document]] = {}
    for one in documents:
        if one.passages:
            by_language.setdefault(_tag(context, one.target_language, tag, name), []).append(one)
    if not by_language:
        raise DataError(f"{name}: holds no unit; name the file that the translator sent back")
    return tuple(_incoming(context, some, each, reviewer, today, name) for some, each in by_language.items())


def _tag(context: Context, said: str, wanted: str, name: str) -> str:
    if not said and not wanted:
        raise DataError(f"{name}: does not say its target language; say it: --to bo")
    try:
        tag = language(said or wanted).tag
    except UsageError as error:
        raise DataError(f"{name}: {shortened(str(error))}") from None
    if said.isalpha() and tag.lower() != said.lower():  # tools write `zh` for either script
        meant = [wanted] if wanted else [one for one in context.store.targets() if one.split("-")[0] == said.lower()]
        if len(meant) > 1:
            raise DataError(f"{name}: says {said}, which may be {' or '.join(meant)}; say which: --to {meant[0]}")
        tag = meant[0] if meant and meant[0].split("-")[0] == said.lower() else tag
    if wanted and tag != wanted:
        raise DataError(f"{name}: is in {tag}, not in {wanted}; leave out --to, or name the other file")
    return tag


def _incoming(
    context: Context, tag: str, documents: Sequence[Document], reviewer: str, today: str, name: str
) -> Incoming:
    answer = head({"lokta_answer": 1, "reviewer": reviewer, "language": tag, "export": "", "units": []})
    units: dict[tuple[str, str], Answered] = {}
    refused: list[str] = []
    unchanged = 0
    for one in (part for whole in documents for part in _by_article(context, whole, tag)):
        article = one.article
        path = catalog_path(context, article, tag)
        if path is None:
            refused.append(
                f"{name}: {shortened(article, 60) or 'a file without a name'} has no catalog in {tag} here; "
                f"{len(one.passages)} of its paragraphs left out"
            )
            continue
        here = _Here(context.store.read(path))
        for passage in one.passages:
            place = f"{name}:{passage.line}" if passage.line else f"{name}: {passage.unit.key.short}"
            try:
                answered = _answered(passage, here, article, today, place)
                if answered is not None and (article, answered.key) in units:
                    raise DataError(f"{place}: stands twice in the file; left out")
            except DataError as error:
                refused.append(str(error))
                continue
            if answered is None:
                unchanged += 1
            else:
                units[article, answered.key] = answered
    return Incoming(replace(answer, units=tuple(units.values())), tuple(refused), unchanged)


def _by_article(context: Context, document: Document, tag: str) -> list[Document]:
    """The document under the id of its article: what it says, or, for another tool's file, what it says without folder and
    suffix. Where that is no article, its passages go to the catalogs that have their sources, the one that has most first."""
    said = document.article
    ours = any(one.base for one in document.passages) and not said.endswith(
        ".po"
    )  # a catalog whose header names no article
    if ours or catalog_path(context, said, tag):
        return [document]
    name = Path(said.replace("\\", "/"))
    for candidate in (name.with_suffix("").as_posix() if name.suffix else said, name.stem):
        if catalog_path(context, candidate, tag):
            return [replace(document, article=candidate)]
    wanted = {one.unit.source for one in document.passages}
    shared: dict[str, set[str]] = {}
    for catalog in context.store.readable(context.store.paths([tag])):
        if texts := wanted.intersection(unit.source for unit in catalog.live):
            shared[catalog.article] = texts
    articles = sorted(shared, key=lambda article: -len(shared[article])) or [said]
    found: dict[str, list[Passage]] = {article: [] for article in articles}
    for one in document.passages:
        holder = next((article for article in articles if one.unit.source in shared.get(article, ())), articles[0])
        found[holder].append(one)
    return [replace(document, article=article, passages=tuple(held)) for article, held in found.items() if held]


class _Here:
    """The live units of a catalog, by what a file may have made of their sources."""

    def __init__(self, catalog: Catalog) -> None:
        self.units: Mapping[UnitKey, Unit] = {unit.key: unit for unit in catalog.live}
        self._markup = catalog.markup

    @cached_property
    def _sources(self) -> dict[str, Unit]:
        return {unit.source: unit for unit in reversed([*self.units.values()])}

    @cached_property
    def _folded(self) -> dict[str, Unit | None]:
        """By the folded source, as it is and with numbered tags in the place of codes; None: there are several."""
        found: dict[str, Unit | None] = {}
        for unit in self.units.values():
            for text in {fold(unit.source), fold(numbered(unit.source, self._markup)[0])}:
                found[text] = None if text in found else unit
        return found

    def like(self, passage: Passage) -> Unit | None:
        """The passage's unit with the source, the context and the codes of the entry that it is about; None where there is none.

        A tool may have left nothing but the ids of codes, laid out the text anew, or dropped the context.
        """
        unit = passage.unit
        if unit.key in self.units:
            return unit
        found = self._sources.get(unit.source) if passage.base is None else None
        if found is not None:
            return replace(unit, context=found.context)
        source, names = renumbered(unit.source)
        found = self._folded.get(fold(unit.source)) or self._folded.get(fold(source))
        if found is None:
            return None
        target = unit.target
        if fold(unit.source) != fold(found.source):
            codes = numbered(found.source, self._markup)[1]
            if fold(with_codes(unit.source, codes, names)) != fold(found.source):  # a text that looks like a tag
                return None
            target = with_codes(target, codes, names)
        if unit.source != unit.source.strip() and found.source == found.source.strip():
            target = target.strip()
        return replace(unit, source=found.source, context=found.context, target=target)


def _answered(passage: Passage, here: _Here, article: str, today: str, place: str) -> Answered | None:
    """What a unit in a file says; None where it says nothing new. Raises DataError, one line, for what cannot be taken."""
    found = here.like(passage)
    if found is None and passage.base is None:
        raise DataError(f"{place}: its source is not in the catalog of {shortened(article, 60)}; left out")
    unit = found or passage.unit
    now = here.units.get(unit.key)
    passage = replace(passage, unit=unit, base=_base(passage, now))
    base = passage.base
    unchanged = base is not None and text_hash(unit.target) == base.target
    target = unit.target
    if unchanged and now is not None and text_hash(now.target) == text_hash(target):
        target = now.target  # a tool may have composed its letters anew
    comments = [remark for remark in passage.remarks if now is None or not _told(now, remark)]
    act = _act(passage, unchanged, now)
    if act == "commented" and not comments:
        return None
    known = target if unchanged else now.target if base and now and text_hash(now.target) == base.target else ""
    said = {
        "article": article,
        "key": unit.key.short,
        "context": unit.context,
        "source": unit.source,
        "was": {"target": known, "state": base.state if base else State.INITIAL},
        "target": known if act == "commented" else target,
        "act": act,
        "date": today,
        "comments": comments,
    }
    answered = answered_of(said, Where(lambda said: DataError(f"{place}: {shortened(said)}; left out")))
    was_empty = base is None or base.target == text_hash("")
    return answered if known or was_empty else replace(answered, was_target=_ELSE)


def _base(passage: Passage, now: Unit | None) -> Base | None:
    """The unit when the file was made: what it says; for a catalog, what is here, where both have the same review."""
    review, here = passage.unit.line("reviewed"), now.line("reviewed") if now else None
    if passage.said == "accepted" and now and review and review == here and now.state is State.REVIEWED:
        return Base(text_hash(now.target), now.state)
    return passage.base


def _act(passage: Passage, unchanged: bool, now: Unit | None) -> Act:
    """What the translator did to a unit: a text that was taken away is no act, for no tool says that it was meant."""
    base, said = passage.base, passage.said
    if not passage.unit.target:
        return "commented"
    if unchanged and base is not None:
        if said in ("approved", "accepted") and not base.state.approved:
            return "reviewed"
        return "needs-work" if said == "needs-work" and base.state.approved else "commented"
    here = now is not None and now.target == passage.unit.target
    if said == "accepted" and here and (base is None or (now is not None and now.state.approved)):
        return "commented"  # it was so when the file was made, or nothing says that anybody took `fuzzy` away
    if said in ("approved", "accepted"):
        return "reviewed"
    # tools fill what is not translated with the source
    copied = base is None and passage.unit.target == passage.unit.source
    return "commented" if copied or (now is not None and base is None and said == "") else "edited"


def _told(unit: Unit, remark: str) -> bool:
    """Whether a remark is a comment of the unit already."""
    said = " ".join(remark.split())
    comments = (" ".join(comment.split()) for comment in unit.comments)
    return any(comment == said or comment.endswith(f": {said}") for comment in comments)
