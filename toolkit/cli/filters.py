"""`lokta extract`, `render`, `merge` and `verify`: single steps over single files, for pipes and for other tools."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from toolkit.cli.console import count, say, shorten
from toolkit.cli.options import Decorated, open_project

_FILE = click.Path(readable=False, dir_okay=False, path_type=Path)


def _output(function: Decorated) -> Decorated:
    """`-o OUT`."""
    return click.option("-o", "--output", type=_FILE, metavar="OUT", help="A file; else the standard output.")(function)


def _whole(function: Decorated) -> Decorated:
    """`--whole-page`."""
    said = "Offer the menus and teasers around the article too."
    return click.option("--whole-page", is_flag=True, help=said)(function)


@click.command(short_help="Write the template of an article.")
@click.argument("article", type=_FILE)
@_output
@_whole
@click.option("--from", "source_language", metavar="LANG", default="", help="Its language, if it does not say it.")
@click.option("--show-skipped", is_flag=True, help="List what is not offered for translation, and why.")
def extract(article: Path, output: Path | None, source_language: str, show_skipped: bool, whole_page: bool) -> None:
    """Write an article's texts as a .pot template.

    \b
    Example:
      lokta extract my-post.md -o my-post.pot
    """
    from toolkit import catalog as catalogs
    from toolkit.language import language
    from toolkit.pipeline import filters

    context = open_project()
    tag = language(source_language).tag if source_language else ""
    loaded = filters.extract(context, article.absolute(), tag, whole_page)
    for line in loaded.warnings:
        say(line, err=True)
    if show_skipped:
        for block, why in filters.skipped(loaded):
            say(f"{article}:{block.location.line}: {why}: {shorten(block.source)}")
        return
    _write(output, catalogs.spelled(loaded.template, article))


@click.command(short_help="Write an article with its translations.")
@click.argument("article", type=_FILE)
@click.option("--po", "catalog", type=_FILE, required=True, help="The catalog with the translations.")
@_output
@_whole
@click.pass_context
def render(ctx: click.Context, article: Path, catalog: Path, output: Path | None, whole_page: bool) -> None:
    """Write an article in its own format with the translations of a catalog; paragraphs without one stay as they are.

    \b
    Example:
      lokta render my-post.md --po bo.po -o my-post.bo.md
    """
    from toolkit.pipeline import filters

    edition = filters.render(open_project(), article.absolute(), catalog.absolute(), whole_page)
    _write(output, edition.data)
    for line in edition.problems:
        say(line, err=True)
    ctx.exit(1 if edition.problems else 0)


@click.command(short_help="Bring a catalog up to date with a template.")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@_output
def merge(old: Path, new: Path, output: Path | None) -> None:
    """Bring the catalog OLD up to date with the template NEW; what a person wrote is kept.

    Unchanged sentences of a changed paragraph keep their reviewed translation where it is certain which it is and no new sentence
    needs an engine: that, and the memory of a project, is for lokta translate.

    \b
    Example:
      lokta merge bo.po my-post.pot -o bo.po
    """
    from toolkit import catalog as catalogs
    from toolkit.errors import UsageError
    from toolkit.pipeline import filters

    with open_project() as context:
        update = partial(filters.merge, context, old.absolute(), new.absolute())
        if output is not None and output.absolute() == old.absolute():
            context.store.change(old.absolute(), update)
            return
        merged = update(catalogs.read_catalog(old))
    if output is not None and output.exists():
        raise UsageError(f"{output} is there already; name a new file, or {old} itself")
    _write(output, catalogs.spelled(merged, old))


@click.command(short_help="Prove that articles come through whole.")
@click.argument("articles", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path))
@_whole
@click.pass_context
def verify(ctx: click.Context, articles: tuple[Path, ...], whole_page: bool) -> None:
    """Read articles, translate them into letters that look alike, write them, and read them again: every byte comes back, and
    nothing is lost or joined. Says what is not offered for translation, and why. Of a folder, all articles in it.

    \b
    Example:
      lokta verify docs/*.md
    """
    from toolkit.errors import DataError
    from toolkit.pipeline import filters
    from toolkit.project.discovery import below

    context = open_project()
    bad = 0
    those = [path for one in articles for path in (below(one.absolute(), context.config) if one.is_dir() else [one])]
    if not those:
        raise DataError(f"{articles[0]}: no article in it")
    for article in those:
        try:
            found = filters.verify(context, article.absolute(), whole_page)
        except DataError as error:
            bad += 1
            say(str(error), err=True)
            continue
        bad += bool(found.problems)
        left = "".join(f", {count(number, 'word')} not: {why}" for why, number in found.skipped.items() if number)
        offered = f"{count(found.paragraphs, 'paragraph')}, {count(found.words, 'word')} offered{left}"
        say(f"{article}: {'whole' if not found.problems else count(len(found.problems), 'problem')}; {offered}")
        for line in found.problems:
            say(f"    {line}")
    ctx.exit(1 if bad else 0)


def _write(output: Path | None, data: str | bytes) -> None:
    """Write a file, or to the standard output."""
    from toolkit.files import atomic_write

    raw = data.encode() if isinstance(data, str) else data
    if output is not None:
        atomic_write(output.absolute(), raw)
    else:
        click.echo(raw, nl=False)
