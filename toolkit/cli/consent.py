"""What a person is told of a model before it comes, what they have to agree to, and the bar during the download."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from toolkit.models.memory import MachineMemory
    from toolkit.models.store import Agree, Terms


def agree(accepted: bool, bar: Bar) -> Agree:
    """Shows the terms, and asks a person for consent where a licence wants it; no person and no flag is a UsageError."""

    def ask(terms: Terms) -> None:
        from toolkit.files import printable

        if terms.must_be_free:
            bar.stop()
            _tell(terms)
        if terms.commercial is True or (terms.commercial is None and not terms.must_be_free):
            return
        bar.stop()
        by = f", published by {terms.published_by}" if terms.published_by else ""
        line = printable(f"{terms.name}{by}{f', {size(terms.size)}' if terms.size else ''}: {_why(terms)}")
        if accepted:
            click.echo(line, err=True)
        elif not sys.stdin.isatty():
            _refuse(f"{line}; agree with --accept-licence")
        elif not click.confirm(f"{line}. Agree?", err=True):
            _refuse(f"{terms.name}: not agreed to, nothing was installed")

    return ask


class Bar:
    """A progress bar on a terminal, from the first byte on; silence elsewhere."""

    def __enter__(self) -> Bar:
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

        from toolkit.cli.console import console

        where = console(stderr=True)
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=where, transient=True, disable=not where.is_terminal)
        self._task = self._bar.add_task("", total=None)
        return self

    def __call__(self, done: int, total: int) -> None:
        self._bar.start()
        self._bar.update(self._task, completed=done, total=total or None)

    def stop(self) -> None:
        """Out of the way of a question."""
        self._bar.stop()

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def size(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e9:.1f} GB" if count >= 10**9 else f"{count / 1e6:.1f} MB"


def licence(name: str, commercial: bool | None) -> str:
    """A licence in a few words."""
    said = "-nc" in name.lower() or "non-commercial" in name.lower()
    return f"{name or 'not said'}{', non-commercial' if commercial is False and not said else ''}"


def people(made_by: str, published_by: str) -> str:
    """Who published a model, and who made it if that was another."""
    if not published_by:
        return ""
    other = f", not by {made_by}, who made it" if made_by and made_by != published_by else ""
    return f"published by {published_by}{other}"


def beside(needed: int, here: MachineMemory) -> str:
    """What a model needs beside what this machine has."""
    have = f" ({size(here.available)} of {size(here.total)} are free)" if here.total else ""
    return f"about {size(needed)} of memory{have}"


def _tell(terms: Terms) -> None:
    """Size, memory and licence of a language model; what does not fit, or has changed, in a line of its own."""
    from toolkit.files import printable
    from toolkit.models import memory

    here = memory.here()
    facts = [size(terms.size)] if terms.size else []
    facts += [f"needs {beside(terms.memory, here)}"] if terms.memory else []
    facts += [f"licence: {licence(terms.licence, terms.commercial)}"]
    facts += [by] if (by := people(terms.made_by, terms.published_by)) else []
    click.echo(printable(f"{terms.name}: {', '.join(facts)}"))
    if terms.memory and here.total and terms.memory > here.total:
        click.echo(
            f"{terms.name}: needs more memory than this machine has; a smaller model will serve better", err=True
        )
    elif terms.memory and here.available and terms.memory > here.available:
        click.echo(f"{terms.name}: needs more memory than is free now; close other programs before you draft", err=True)
    if terms.before:
        now = terms.licence or "not said"
        click.echo(printable(f"{terms.name}: its licence was {terms.before}, and is now: {now}"), err=True)
    if terms.commercial is not True and terms.text:
        click.echo(f"The licence of {terms.name}:\n\n{printable(terms.text.strip())}\n", err=True)


def _why(terms: Terms) -> str:
    if terms.commercial is False:
        return f"its licence ({terms.licence}) forbids commercial use"
    return f"its licence ({terms.licence}) is not known to be a free one" if terms.licence else "it names no licence"


def _refuse(line: str) -> NoReturn:
    from toolkit.errors import UsageError

    raise UsageError(line)
