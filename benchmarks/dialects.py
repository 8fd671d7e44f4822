"""Markdown of the wild under a pseudo-translation: what signs of its dialects are lost, joined to prose, or never offered.

    python -m benchmarks.dialects FOLDER [FOLDER …] [--show 5] [--limit 400]

Every `.md`, `.mdx`, `.qmd` below a folder is read, each of its blocks gets words of another length, and the signs of dialects
(`:::`, `!!!`, tags of JSX, shortcodes, ids, attribute lists, wiki links, formulas, …) are counted in the file and in what came
out, those of whole lines at the beginning of a line. A file that lost one is damaged. `not offered`: words of paragraphs in
code by indentation and in directives, over the words that are offered.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from toolkit import article as articles
from toolkit.codes import find, replaced
from toolkit.errors import LoktaError
from toolkit.units import Block

_LEAD = r"^[>\s]*(?:(?:[-*+]|\d+[.)])\s+)?"
LINES = {
    "container": r":::+[ \t]*\{?[\w-]*",
    "admonition": r"(?:!!!|\?\?\?)\+?[ \t]+[\w-]+",
    "tab": r'===[!+]?[ \t]+"',
    "block": r"///+(?:[ \t]*[\w-]+)?",
    "callout": r"\[![\w-]+\][+-]?",
    "jsx": r"</?[A-Z][\w.]*",
    "module": r"(?:import\b.*\bfrom[ \t]+['\"].*|import[ \t]+['\"].*|export[ \t]+(?:const|default|function)\b.*)",
    "tags": r"(?:\{\{.*?\}\}[ \t]*|\{%.*?%\}[ \t]*)+$",
    "list of attributes": r"\{[:#.][^}\n]*\}[ \t]*$",
    "include": r"(?:\{[*!].*?[*!]\}|--8<--.*|<<<[ \t]+[@./].*)[ \t]*$",
    "target": r"\([\w-]+\)=[ \t]*$",
    "formula": r"\$\$[ \t]*$",
}
INLINE = {
    "id": r"\{[ \t]*#[\w:-]+[ \t]*\}|\{/\*[^*\n]+\*/\}",
    "attributes": r"(?<=[)\]`*_])\{[:.#]?[\w.#][^{}\n]*\}",
    "wiki link": r"!?\[\[[^\]|\n]+",
    "emoji": r"(?<![\w:])(?!:\d):[a-z][\w+-]*:(?![\w:])",
    "formula inside": r"(?<![\w$\\])\$(?=\S)[^$\n]*?(?<=\S)\$(?![\w$])",
    "shortcode": r"\{\{[<%]?[^{}\n]*[>%]?\}\}|\{%[^\n]*?%\}",
    "role": r"\{[\w:-]+\}`[^`\n]+`",
    "citation": r"\[-?@[\w:-]+[^\]\n]*\]",
    "footnote": r"\[\^[^\]\s]+\]",
}
_FENCE = re.compile(r"^[>\s]*(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})(?!\{)[^`\n]*\n.*?^[>\s]*\1[`~]*[ \t]*$", re.M | re.S)
_WORD = re.compile(r"[^\W\d_]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=0, help="so many losses of each folder")
    parser.add_argument("--limit", type=int, default=0, help="so many files of each folder")
    given = parser.parse_args()
    print(f"{'folder':>20} {'files':>6} {'unread':>6} {'damaged':>8} {'blocks':>7} {'refused':>8}  lost of found")
    for folder in given.folders:
        print(_line(folder, given.show, given.limit), flush=True)


def _line(folder: Path, show: int, limit: int) -> str:
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".mdx", ".qmd") and path.is_file())
    files = files[:: max(1, len(files) // limit)] if limit else files
    damaged = unread = blocks = refused = 0
    lost, found = Counter[str](), Counter[str]()
    shown: list[str] = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
            form = articles.format_of("a.mdx" if path.suffix == ".mdx" else "a.md")
            article = articles.read(text, form, file=path.name, source_language="en")
        except (LoktaError, UnicodeDecodeError, RecursionError):
            unread += 1
            continue
        targets = {block.id: pseudo(block, form.markup) for block in article.blocks if block.translate}
        rendered = form.serialize(article, targets)
        blocks += len(targets)
        refused += len(rendered.problems)
        before, after = Counter(signs(text)), Counter(signs(rendered.text))
        found.update(name for name, _ in before.elements())
        gone = before - after
        lost.update(name for name, _ in gone.elements())
        damaged += bool(gone)
        shown += [f"    {path.relative_to(folder)}: {name}: {sign[:80]}" for name, sign in list(gone)[:2]]
    what = ", ".join(f"{name} {count}/{found[name]}" for name, count in lost.most_common())
    line = f"{folder.name:>20} {len(files):6} {unread:6} {damaged:8} {blocks:7} {refused:8}  {what}"
    return "\n".join([line, *shown[:: max(1, len(shown) // show)][:show]]) if show else line


def pseudo(block: Block, markup: str) -> str:
    """The source with other words outside of its codes."""
    held = ((code.start, code.end, code.data) for code in find(block.source, markup))  # type: ignore[arg-type]
    return replaced(block.source, held, lambda text: _WORD.sub(lambda word: f"{word[0][::-1]}x" * 2, text))


def signs(text: str) -> Iterator[tuple[str, str]]:
    """The signs of dialects in a text, code aside: their kind, and how they are written."""
    bare = _FENCE.sub("", text)
    for name, pattern in LINES.items():
        for match in re.finditer(f"{_LEAD}({pattern})", bare, re.MULTILINE):
            yield name, match[1].strip()
    prose = re.sub(r"(`+)[^`\n]+\1(?!\})", "", bare)
    for name, pattern in INLINE.items():
        for match in re.finditer(pattern, prose):
            yield name, match[0]


if __name__ == "__main__":
    main()
