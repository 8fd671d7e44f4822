"""`lokta models`: what is installed and offered, and the way in, out and through the check."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.consent import Bar, agree, licence, size
from toolkit.cli.console import print_rows, say, short
from toolkit.cli.evaluate import evaluate
from toolkit.cli.options import open_project, to_option

if TYPE_CHECKING:
    from toolkit.models.download import Progress
    from toolkit.models.index import IndexEntry
    from toolkit.models.lockfile import Locked
    from toolkit.models.memory import MachineMemory
    from toolkit.models.store import Agree
    from toolkit.units import LanguagePair


@click.group()
def models() -> None:
    """List, install, check and remove the models that draft.

    \b
    Example:
      lokta models list
    """


models.add_command(evaluate)


@models.command("list", short_help="List the models on this machine, and those on offer.")
@click.option("--available", is_flag=True, help="Also what can be installed; asks the Argos index on the network.")
@to_option
def list_(available: bool, targets: tuple[str, ...]) -> None:
    """List the models on this machine: languages, size, licence, published figures, where they are from.

    With --available also what is offered: the index of Argos packages (asked on the network), and a short list of
    models of many languages.

    \b
    Example:
      lokta models list --available --to bo,zh-Hans
    """
    from toolkit.models import folder, memory, offers, scan

    found, machine = scan(open_project().resources.families), memory.here()
    rows: list[tuple[str, ...]] = []
    for package in found.packages:
        if not targets or any(target in targets for _, target in package.pairs):
            where = {"folder": package.source or short(str(package.path)), "argos": "Argos Translate"}.get(
                package.origin
            )
            row = (
                package.name,
                package.engine,
                _pairs(package.pairs, targets),
                _takes(package.size, package.memory, machine),
            )
            terms = licence(package.licence, package.commercial)
            rows.append((*row, terms, offers.figures(package) or "-", where or package.origin))
    if rows:
        print_rows(("model", "engine", "languages", "size", "licence", "figures", "from"), rows)
    else:
        into = f" into {' or '.join(targets)}" if targets else ""
        more = "" if available else "; see: lokta models list --available"
        say(f"no model{into} is installed in {folder()} or elsewhere{more}")
    for line in found.warnings:
        say(f"left out: {line}", err=True)
    if available:
        _offered(targets)


def _offered(targets: tuple[str, ...]) -> None:
    from toolkit.errors import LoktaError
    from toolkit.models import index, memory, offers

    machine = memory.here()
    rows: list[tuple[str, ...]] = []
    for offer in offers.named().values():
        if not targets or set(targets) & {target for _, target in offer.pairs}:
            terms = licence(offer.licence, offer.commercial)
            takes = _takes(offer.size, offer.memory, machine)
            row = (offer.name, _pairs(offer.pairs, targets), takes, terms, offer.figures)
            own = offer.made_by == offer.published_by
            rows.append((*row, f"{offer.published_by}{', its maker' if own else f' (made by {offer.made_by})'}"))
    broken = ""
    try:
        found = index.fetch()
    except LoktaError as error:
        found, broken = index.Index((), 0), str(error)
    for entry in found.entries:
        if not targets or entry.pair.target in targets:
            start = "" if entry.pair.source == "en" else f" --from {entry.pair.source}"
            figures = offers.ARGOS_FIGURES.get(entry.pair, "-")
            row = (f"{entry.pair.target}{start}", str(entry.pair), "-", "see the package", figures)
            rows.append((*row, f"Argos index, {entry.version}"))
    click.echo("\noffered; install one with: lokta models install NAME")
    print_rows(("to install", "languages", "size", "licence", "figures", "published by"), rows)
    if found.left_out:
        click.echo(f"the index holds {found.left_out} more that cannot be used", err=True)
    if broken:
        say(f"what the Argos index offers is not listed: {broken}", err=True)


@models.command()
@click.argument("what", metavar="WHAT")
@click.option(
    "--from", "source", metavar="LANG", help="Source language, where WHAT is a target; else the project's, or en."
)
@click.option(
    "--family", default="", metavar="NAME", help="How a model wants to be asked: hy-mt2, lmt-60, nllb-200, ..."
)
@click.option("--quant", default="", metavar="Q4_K_M|Q6_K|Q8_0", help="Of a language model: the larger the better.")
@click.option("--accept-licence", is_flag=True, help="Agree to a licence that is not a free one, without a question.")
def install(what: str, source: str | None, family: str, quant: str, accept_licence: bool) -> None:
    """Install a model; it asks the network, unless WHAT is a file.

    WHAT is a target language (a package of the Argos index), a name of `models list --available`, an .argosmodel or .gguf
    file or its https address, or hf:OWNER/NAME[@REVISION], a repository of GGUF files or one that is ready for CTranslate2.
    Broken off, the same command goes on. Everything is checked, and recorded in models.lock: the same package must be the
    same next time.

    \b
    Example:
      lokta models install hy-mt2-1.8b --quant Q6_K
      lokta models install my-model.gguf --family lmt-60
      lokta models install zh
    """
    from toolkit.models import folder

    with Bar() as bar:
        ask = agree(accept_licence, bar)
        gguf = _install_gguf(what, family, quant, ask, bar)
        locked = gguf or _install(what, source or "", family, ask, bar)
    pairs = _pairs(locked.pairs, ()) if locked.pairs else f"{len(locked.languages)} languages"
    terms = licence(locked.licence, locked.commercial)
    say(f"{locked.name}: installed in {folder()} ({pairs}, {size(locked.size)}, licence: {terms})")


def _install_gguf(what: str, family: str, quant: str, agree: Agree, progress: Progress) -> Locked | None:
    """The language model that WHAT names; None where it names something else."""
    from toolkit.errors import UsageError
    from toolkit.files import printable
    from toolkit.models import offers, weights

    families = open_project().resources.families
    if what.startswith("hf:"):
        repository, _, revision = what.removeprefix("hf:").partition("@")
        if weights.holds_gguf(repository, family, quant, families):
            return weights.install_repository(repository, revision, family, quant, agree, progress, families)
        return None
    offer = offers.named().get(what)
    if offer and offer.engine == "llama":
        if family not in ("", offer.family):
            raise UsageError(f"{what} is of the family {offer.family}; leave --family out")
        return weights.install_offer(offer, quant, agree, progress)
    if quant:
        raise UsageError(f"{printable(what)}: there is one of it; leave --quant out")
    if not weights.is_gguf(what):
        return None
    if "://" in what:
        return weights.install_url(what, family, agree, progress, families)
    return weights.install_file(Path(what).absolute(), family, agree, families)


def _install(what: str, source: str, family: str, agree: Agree, progress: Progress) -> Locked:
    from toolkit.models import archives, argos, offers, repositories

    if what.startswith("hf:"):
        repository, _, revision = what.removeprefix("hf:").partition("@")
        return repositories.install_repository(repository, revision, family, agree, progress)
    if what in offers.named():
        return repositories.install_offer(offers.named()[what], agree, progress)
    if "://" in what:
        return archives.install_url(what, agree, progress)
    if Path(what).suffix in (argos.SUFFIX, ".zip") or Path(what).is_file():
        return archives.install_file(Path(what).absolute(), agree)
    return archives.install_entry(_entry(what, source), agree, progress)


def _entry(target: str, source: str) -> IndexEntry:
    from toolkit.errors import NoModel, UsageError
    from toolkit.files import printable
    from toolkit.language import language
    from toolkit.models import index, offers
    from toolkit.project import config
    from toolkit.units import LanguagePair

    try:
        end = language(target).tag
    except UsageError:
        near = get_close_matches(target.lower(), offers.named(), n=3)
        meant = f"; perhaps {' or '.join(near)}" if near else ""
        raise UsageError(
            f"{printable(target)!r} is no model of the short list and no language{meant}; see: lokta models list --available"
        ) from None
    start = language(source or config.load(Path.cwd()).source_language or "en").tag
    pair = LanguagePair(start, end)
    found = index.fetch().find(pair)
    if found is None:
        named = [offer.name for offer in offers.named().values() if offer.serves(pair)]
        others = f"; of the short list these know it: {', '.join(named)}" if named else ""
        raise NoModel(f"the Argos index offers no package {pair}{others}; see: lokta models list --available")
    return found


@models.command(short_help="Remove models from Lokta's folder.")
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@click.option("--forget", is_flag=True, help="Also its record, so that another package may come under its name.")
def remove(names: tuple[str, ...], forget: bool) -> None:
    """Remove models from Lokta's folder; their records stay in models.lock, with the licence of the drafts they made.

    \b
    Example:
      lokta models remove translate-en_zh-1_9
    """
    from toolkit.models import store

    for name in names:
        store.remove(name, forget)
        click.echo(f"{name}: removed")


@models.command(short_help="Compare the installed models with models.lock.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.pass_context
def verify(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Read every file of the installed models and compare it with models.lock; exit code 1 when one differs.

    \b
    Example:
      lokta models verify
    """
    from toolkit.errors import ModelError
    from toolkit.files import printable
    from toolkit.models import scan, store

    recorded = {name: entry for name, entry in store.recorded().items() if entry.installed}
    if unknown := [name for name in names if name not in recorded]:
        raise ModelError(f"models.lock records no installed {unknown[0]!r}; it has: {', '.join(recorded) or 'none'}")
    wrong = 0
    for name in names or recorded:
        lines = store.problems(recorded[name])
        wrong += len(lines)
        for line in lines:
            say(line, err=True)
        if not lines:
            click.echo(f"{name}: as it was installed ({len(recorded[name].files)} files)")
    for package in scan().packages:
        if not names and package.name not in recorded:
            click.echo(printable(f"{package.name}: not recorded, was not installed by lokta models install"))
    if wrong:
        click.echo("install again what differs: lokta models remove NAME, then lokta models install ...", err=True)
    ctx.exit(1 if wrong else 0)


def _takes(count: int, needed: int, machine: MachineMemory) -> str:
    """The size on disk, and what a language model needs of the memory, marked where this machine has less."""
    more = f" more than this machine has ({size(machine.total)})" if 0 < machine.total < needed else ""
    return f"{size(count)}, memory {size(needed)}{more}" if needed else size(count)


def _pairs(pairs: tuple[LanguagePair, ...], targets: tuple[str, ...]) -> str:
    """Few pairs by name, many by their number."""
    shown = [str(pair) for pair in pairs if not targets or pair.target in targets]
    if len(shown) <= 4:
        return ", ".join(shown)
    languages = len({tag for pair in pairs for tag in pair})
    sources = len({source for source, target in pairs if not targets or target in targets})
    return f"{sources} languages -> {', '.join(targets)}" if targets else f"{languages} languages"
