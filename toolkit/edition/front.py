"""The front matter of a Markdown edition says its language: YAML between `---`, TOML between `+++`."""

from __future__ import annotations

import re

_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?:.*?\r?\n)??\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_KEY = re.compile(r"^[A-Za-z][\w-]*[ \t]*[:=]", re.MULTILINE)
_LANGUAGE = re.compile(
    r"""^((?:lang|language|locale)[ \t]*[:=][ \t]*)("[^"\r\n]*"|'[^'\r\n]*'|[^\s#"'][^#\r\n]*?)"""
    r"""(?=[ \t]*(?:#.*)?\r?$)""",
    re.MULTILINE | re.IGNORECASE,
)


def front_matter(text: str) -> str:
    """The front matter, fences included; empty where there is none: words between two rules of dashes are a text."""
    found = _FENCED.match(text)
    return found[0] if found and (_KEY.search(found[0]) or not found[0].strip("-+ \t\r\n")) else ""


def declare_language(text: str, tag: str) -> str:
    """The text with its `lang` (or `language`, `locale`) changed, or one added; without front matter, as it is."""
    old = front_matter(text)
    if not old:
        return text
    fence = old[:3]
    new, count = _LANGUAGE.subn(lambda found: found[1] + _quoted(tag, found[2]), old)
    if not count:
        end = "\r\n" if "\r\n" in old else "\n"
        line = f"lang: {tag}" if fence == "---" else f'lang = "{tag}"'
        at = old.rindex(fence)
        new = f"{old[:at]}{line}{end}{old[at:]}"
    return new + text[len(old) :]


def _quoted(tag: str, like: str) -> str:
    return like[0] + tag + like[0] if like[0] in "\"'" else tag
