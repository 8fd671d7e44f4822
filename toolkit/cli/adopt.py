"""`lokta adopt`: takes translations that exist already into the catalogs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.console import count, say, say_json, shorten
from toolkit.cli.options import format_option, open_project, to_option

if TYPE_CHECKING:
    from toolkit.pipeline.adopt import Adoption, Entry
    from toolkit.pipeline.pairing import Pairs

_PATH = click.Path(readable=False, path_type=Path)


@click.command(short_help="Take over translations that exist.")
@click.argument("article", type=_PATH)
@click.argument("translation", type=_PATH)
@to_option
@click.option(
    "--from", "source_language", metavar="LANG", default="", help="Language of the article, if it does not say it."
)
@click.option(
    "--engine",
    metavar="ENGINE",
    default="",
    help="Have an engine draft the article, as evidence of what belongs together: slower, and finds more.",
)
@click.option("--dry-run", is_flag=True, help="List what would be done with each paragraph; write nothing.")
@format_option
def adopt(
    article: Path,
    translation: Path,
    targets: tuple[str, ...],
    source_language: str,
    engine: str,
    dry_run: bool,
    form: str,
) -> None:
    """Take a translation that exists already into the catalog of its article.

    ARTICLE and TRANSLATION are two files, in any of the formats that can be read (an old edition, a saved web page, HTML of
    a word processor, Markdown, text), or two folders of them (or one, named twice), paired by their names, in which a language
    is passed over. Paragraphs are aligned by length,
    numbers, names, links and words, not by position: what is certain is accepted, what is doubtful is fuzzy, the rest is
    left out and listed by --dry-run. What a person wrote into the catalog is not overwritten. An edition of lokta build
    that somebody edited, in the article's own format or the HTML page, comes back exactly. With --engine (ENGINE or
    ENGINE/MODEL, one that is installed) drafts of the article help to tell what belongs together; they are thrown away.

    \b
    Example:
      lokta adopt my-post.md old-site/my-post.zh.html --to zh-Hans --dry-run
      lokta adopt my-post.md editions/html/zh-Hans/my-post.html --to zh-Hans
    """
    from toolkit.cli.progress import shown
    from toolkit.errors import UsageError
    from toolkit.events import Recorder
    from toolkit.language import language
    from toolkit.pipeline import adopt as pipeline
    from toolkit.pipeline.pairing import paired

    if len(targets) != 1:
        raise UsageError("say the language of the translation, one: --to bo")
    with open_project() as context:
        told = Recorder()
        pairs = paired(context, article.absolute(), translation.absolute(), targets[0], told)
        tag = language(source_language).tag if source_language else ""
        with shown(told) as sink:
            done = pipeline.adopt(context, pairs.pairs, targets[0], tag, dry_run, sink, engine)
    if form == "json":
        say_json(_plain(done, pairs, told.warnings))
    else:
        _show(done, pairs, dry_run)
        for line in told.warnings:
            say(f"warning: {line}", err=True)
    if not pairs.pairs and not pairs.unclear:
        raise UsageError("no file of one folder has the name of one in the other; name two files")


def _plain(done: Sequence[Adoption], pairs: Pairs, warnings: Sequence[str]) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "adopted": [{**asdict(one), "translation": str(one.translation), "catalog": str(one.catalog)} for one in done],
        "left": [str(path) for path in pairs.left],
        "unclear": {str(path): [str(one) for one in several] for path, several in pairs.unclear},
        "warnings": list(warnings),
    }


def _show(done: Sequence[Adoption], pairs: Pairs, dry_run: bool) -> None:
    for one in done:
        listed = [entry for entry in one.entries if dry_run or entry.verdict == "conflict"]
        for entry in listed:
            say(_line(one, entry))
        say(f"{one.catalog}: {_counts([one])}")
    for path, several in pairs.unclear:
        say(f"{path}: may be translated by {', '.join(map(str, several))}; name the two files")
    for path in pairs.left:
        say(f"{path}: no file with the name of a translation of it, or of its article")
    if len(done) > 1:
        say(f"{count(len(done), 'translation')}: {_counts(done)}")
    if dry_run:
        say("nothing was written")
    elif any(one.count("doubtful") for one in done):
        say("next: lokta review; what is doubtful waits for you there")


def _line(one: Adoption, entry: Entry) -> str:
    sure = f" {int(entry.sure * 100) / 100:.2f}" if entry.sure and entry.verdict in ("certain", "doubtful") else ""
    why = f" ({entry.why})" if entry.why else ""
    texts = " -> ".join(shorten(text, 48) for text in (entry.source, entry.target) if text)
    place = one.translation if entry.verdict == "left target" else one.article
    return f"{place}:{entry.line}: {entry.verdict}{sure}{why}: {texts}"


def _counts(done: Sequence[Adoption]) -> str:
    def number(verdict: Any) -> int:
        return sum(one.count(verdict) for one in done)

    said = [f"{number('certain')} certain", f"{number('doubtful')} doubtful"]
    for verdict, words in (
        ("known", "known already"),
        ("conflict", "differ from what a person wrote"),
        ("untranslated", "in the source's words"),
    ):
        if number(verdict):
            said.append(f"{number(verdict)} {words}")
    left = f"{number('left source')} of the article, {number('left target')} of the translation"
    return f"{', '.join(said)}; left out: {left}"
