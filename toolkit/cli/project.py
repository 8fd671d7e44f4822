"""`lokta init` and `lokta import`: a project, and articles into it."""

from __future__ import annotations

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
    made.articles.mkdir(parents=True, exist_ok=True)
    atomic_write(path, text)
    if not (ignored := path.with_name(".gitignore")).exists():
        atomic_write(ignored, config.IGNORED)
    say(f"made {path} and {made.articles}/")
    click.echo("next: lokta import FILE, then lokta translate")


@click.command("import", short_help="Bring an article into the project.")
@click.argument("file", type=click.Path(readable=False, path_type=Path))
@click.option("--title", default="", help="Its title, if the file does not say it.")
@click.option("--date", default="", help="When it was published: 2026-11-25.")
@click.option("--author", default="", help="Who wrote it.")
@click.option("--source", default="", help="Where it comes from: a name or an address.")
@click.option("--licence", default="", help="Under which licence it may be translated.")
@click.option("--from", "source_language", metavar="LANG", default="", help="Its language.")
def import_(file: Path, title: str, date: str, author: str, source: str, licence: str, source_language: str) -> None:
    """Copy an article into the articles' folder, with what is known about it beside it.

    What the document itself says (front matter, <head>) need not be given.

    \b
    Example:
      lokta import ~/Downloads/talks.html --source "VOA News" --licence "public domain"
    """
    from toolkit.article import metadata
    from toolkit.errors import DataError
    from toolkit.files import atomic_write, read_bytes, show
    from toolkit.language import language
    from toolkit.project.discovery import load, outside

    context = open_project()
    file = file.absolute()
    given = {
        "title": title,
        "date": date,
        "author": author,
        "source": source,
        "licence": licence,
        "language": language(source_language).tag if source_language else "",
    }
    loaded = load(context.store, outside(file))
    known = {key: value or loaded.article.metadata.get(key, "") for key, value in given.items()}
    target = context.config.articles / file.name
    if target.exists() and target.read_bytes() != read_bytes(file):
        raise DataError(f"{show(target)}: there is another article of this name; rename the new one")
    atomic_write(target, read_bytes(file))
    beside = metadata.Metadata(
        known["title"], known["date"], known["author"], known["source"], known["licence"], known["language"]
    )
    atomic_write(target.with_name(f"{target.stem}.meta.toml"), metadata.dump(beside))
    paragraphs = sum(block.translate for block in loaded.article.blocks)
    say(f"imported {target}: {count(paragraphs, 'paragraph')}")
    missing = [key for key in ("date", "source", "licence") if not known[key]]
    if missing:
        say(f"not known: {', '.join(missing)}; add them to {target.with_name(f'{target.stem}.meta.toml')}")
    say(f"next: lokta translate {target} --to bo,zh-Hans")
