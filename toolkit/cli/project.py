"""`lokta init` and `lokta import`: a project, and articles into it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli.console import count, say
from toolkit.cli.options import open_project, to_option


@click.command(short_help="Make a project here.")
@click.option(
    "--from", "source_language", metavar="LANG", default="en", show_default=True, help="Language of the articles."
)
@click.option("--articles", default="articles", show_default=True, help="Folder of the articles.")
@to_option
def init(source_language: str, articles: str, targets: tuple[str, ...]) -> None:
    """Make a project here: a lokta.toml and the articles' folder.

    \b
    Example:
      lokta init --to bo,zh-Hans
    """
    from toolkit.errors import DataError
    from toolkit.files import atomic_write, show
    from toolkit.language import language
    from toolkit.project import config

    path = Path.cwd() / config.NAME
    if path.exists():
        raise DataError(f"{show(path)}: there is a project here already; edit that file")
    text = config.template(language(source_language).tag, Path(articles).as_posix(), targets or ("bo", "zh-Hans"))
    made = config.parse(text, path)
    try:
        made.articles.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{show(made.articles)}: cannot be made ({error.strerror}); name another: --articles") from None
    atomic_write(path, text, path.parent)
    if not (ignored := path.with_name(".gitignore")).exists():
        atomic_write(ignored, config.IGNORED, path.parent)
    say(f"made {path} and {made.articles}/")
    click.echo("next: lokta import FILE, then lokta translate")


def _date(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """A date in ISO 8601; anything else is wrong usage."""
    from datetime import date

    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it like 2026-11-25") from None


@click.command("import", short_help="Bring articles into the project.")
@click.argument("articles", nargs=-1, required=True, metavar="FILE|FOLDER|URL...")
@click.option("--title", default="", help="Its title, if the file does not say it.")
@click.option("--date", default="", callback=_date, metavar="DATE", help="When it was published: 2026-11-25.")
@click.option("--author", default="", help="Who wrote it.")
@click.option("--source", default="", help="Where it comes from: a name or an address.")
@click.option("--licence", default="", help="Under which licence it may be translated.")
@click.option("--from", "source_language", metavar="LANG", default="", help="Its language.")
@click.option("--whole-page", is_flag=True, help="Offer the menus and teasers around the article too.")
@click.option("--yes", is_flag=True, help="Do not ask before a page of the web is fetched.")
def import_(articles: tuple[str, ...], source_language: str, whole_page: bool, yes: bool, **told: str) -> None:
    """Copy articles into the articles' folder, with what is known about each beside it.

    What the document itself says (front matter, <head>) need not be given. A page of the web is fetched from an https
    address, once you agree.

    \b
    Example:
      lokta import ~/Downloads/talks.html --source "VOA News" --licence "public domain"
    """
    from toolkit.errors import UsageError
    from toolkit.language import language
    from toolkit.pipeline import importing

    context = open_project()
    said = {key: value for key, value in told.items() if value}
    if source_language:
        said["language"] = language(source_language).tag
    if "title" in said and len(articles) > 1:
        raise UsageError("--title is of one article; import them one by one")
    done: list[importing.Imported] = []
    for argument in articles:
        if importing.is_address(argument):
            _agree(argument, yes)
            arrived = [importing.from_web(argument)]
        else:
            arrived = list(importing.from_disk(context, Path(argument).absolute()))
        for one in arrived:
            done.append(importing.bring(context, one, said, whole_page))
            if "title" in done[-1].missing and len(articles) == 1 and sys.stdin.isatty():
                title = click.prompt("Its title (empty: none)", default="", show_default=False, err=True).strip()
                if title:
                    done[-1] = importing.bring(context, one, {**said, "title": title}, whole_page)
            say(f"imported {done[-1].path}: {count(done[-1].paragraphs, 'paragraph')}")
            pictures = None if importing.is_address(argument) else _saved_beside(Path(argument))
            if pictures and not done[-1].path.with_name(pictures.name).is_dir():
                say(
                    f"its pictures lie in {pictures}/; copy that folder to {done[-1].path.parent}/ for editions to show them"
                )
            if done[-1].missing:
                beside = done[-1].path.with_name(f"{done[-1].path.stem}.meta.toml")
                say(f"not known: {', '.join(done[-1].missing)}; add them to {beside}")
    say(f"next: lokta translate {done[0].path if len(done) == 1 else ''}".rstrip() + context.config.way_to)


def _saved_beside(page: Path) -> Path | None:
    """The folder in which browsers save what belongs to a page: `page_files` beside `page.html`."""
    if page.suffix.lower() not in (".html", ".htm", ".xhtml"):
        return None
    found = (page.with_name(page.stem + end) for end in ("_files", ".files"))
    return next((folder for folder in found if folder.is_dir()), None)


def _agree(url: str, yes: bool) -> None:
    """Ask before a page is fetched; off a terminal only `--yes` agrees."""
    from toolkit.errors import UsageError
    from toolkit.files import printable

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{printable(url)}: would be fetched from the web; agree with --yes")
    if not click.confirm(f"Fetch {printable(url)}?", err=True):
        raise UsageError("not agreed to, nothing was fetched")
