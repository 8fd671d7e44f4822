"""`lokta review --export` and `--import`: a review by mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.console import count, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.project.context import Context
    from toolkit.review.answers import Answer

_OUTCOMES = {
    "applied": "to take over",
    "same": "there already",
    "conflict": "in conflict (both versions are kept)",
    "outdated": "of an older source (kept, to be looked at)",
    "gone": "of paragraphs that are gone (kept, obsolete)",
}


def export(context: Context, paths: Sequence[Path], file: Path) -> None:
    """Write the review as a file, and say what it is for. Raises UsageError for another kind of file."""
    from toolkit.errors import UsageError
    from toolkit.files import atomic_write
    from toolkit.page.export import to_html, to_sheet

    suffix = file.suffix.lower()
    if suffix not in (".html", ".csv"):
        raise UsageError(f"{file}: a review goes into a .html (for a browser) or a .csv (for a spreadsheet)")
    text = (to_html if suffix == ".html" else to_sheet)(context, paths)
    atomic_write(file.absolute(), text)
    say(f"wrote {file}: {count(len(paths), 'article')}, {_size(len(text.encode()))}")
    say("the reviewer opens it, works, and sends back what it saves; then: lokta review --import ANSWER")


def _size(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e6:.1f} MB" if count >= 10**6 else f"{max(count // 1000, 1)} kB"


def take(context: Context, file: Path, name: str, yes: bool) -> None:
    """Show what an answer would do, ask, and take it over; the exit code is 1 where two versions of a paragraph are kept."""
    answer, refused = read_answer(context, file, name)
    if settle(context, answer, refused, yes):
        click.get_current_context().exit(1)


def settle(context: Context, answer: Answer, refused: Sequence[str], yes: bool, dry: bool = False) -> bool:
    """Show what an answer would do, ask, and take it over, unless `dry`; whether two versions of a paragraph are kept."""
    from toolkit.errors import UsageError
    from toolkit.events import Recorder
    from toolkit.files import printable
    from toolkit.pipeline import mail

    plan = mail.plan(context, answer)
    for line in (*refused, *plan.refused, *plan.conflicts):
        say(line, err=True)
    said = ", ".join(f"{number} {_OUTCOMES[what]}" for what, number in plan.counts.items())
    say(f"{printable(answer.reviewer)} says of {count(len(answer.units), 'paragraph')}: {said or 'nothing'}")
    if plan.errors:
        say(f"the checks find {count(plan.errors, 'error')} in what would change (then: lokta check)")
    if dry or not answer.units:
        return bool(plan.conflicts)
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("nothing was taken over; agree with --yes")
        click.confirm(f"Take it over, in the name of {printable(answer.reviewer)}?", abort=True)
    told = Recorder()
    done = mail.apply(context, answer, told)
    for line in told.warnings:
        say(line, err=True)
    say("taken over" if any(what != "same" for what in done.counts) else "all of it was there already")
    return bool(done.conflicts)


def read_answer(context: Context, file: Path, name: str) -> tuple[Answer, tuple[str, ...]]:
    """An answer, or what a sheet answers and the rows of it that were refused."""
    from toolkit.errors import DataError
    from toolkit.files import read_bytes
    from toolkit.pipeline.review import ReviewService
    from toolkit.review import answers, sheet

    try:
        text = read_bytes(file.absolute()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{file}: is not UTF-8; save it as CSV UTF-8, or send the file as it was saved") from None
    if file.suffix.lower() == ".csv":
        service = ReviewService(context)
        return sheet.from_csv(text, name or service.reviewer, service.today)
    return answers.parse(text), ()
