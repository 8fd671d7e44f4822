"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class _Languages(click.ParamType[tuple[str, ...]]):
    """`bo,zh-Hans` as tags; unknown ones are refused with the way to the list."""

    name = "LANG"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        from toolkit.language import language

        return tuple(language(tag.strip()).tag for tag in str(value).split(",") if tag.strip())


def _flat(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tags in value for tag in tags))


def to_option(function: Decorated) -> Decorated:
    """`--to bo,zh-Hans`, repeatable."""
    return click.option(
        "--to",
        "targets",
        type=_Languages(),
        multiple=True,
        callback=_flat,
        metavar="LANG",
        help="Target languages; repeat it, or use commas: bo,zh-Hans.",
    )(function)


def articles_argument(function: Decorated) -> Decorated:
    """Articles by path; none means all of the project."""
    return click.argument(
        "articles", nargs=-1, metavar="[ARTICLE]...", type=click.Path(readable=False, path_type=Path)
    )(function)
