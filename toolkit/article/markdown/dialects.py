"""Which dialect of Markdown a file is written in.

Nearly all signs are read in every dialect (see `opaque`); a dialect decides of those that mean something else elsewhere:

commonmark       no sign of any dialect
mdx, docusaurus  braces are expressions, tags of HTML are components, indentation is no code
myst             `% ` begins a comment
(empty), gfm     GitHub's Markdown, with the signs that are safe everywhere

They also have rules of their own for the ids of headings (`anchors`).
"""

from __future__ import annotations

import re

DIALECTS = ("commonmark", "docusaurus", "gfm", "hugo", "jekyll", "mdx", "mkdocs", "myst", "pandoc", "vitepress")
MDX = frozenset({"mdx", "docusaurus"})
_SUFFIXES = {".mdx": "mdx", ".qmd": "pandoc"}
_MDX = re.compile(
    r"""^(?:import[ \t]+(?:[\w*{][^"'\n]*[ \t}]from[ \t]+)?["'][^"'\n]+["'];?[ \t]*$"""
    r"""|export[ \t]+(?:const|default|function)\b.*[{(=]|#.*\{/\*)""",
    re.MULTILINE,
)
_MYST = re.compile(r"^(?:`{3,}|:{3,})[ \t]*\{[\w:-]+\}|^\([\w-]+\)=[ \t]*$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}|~{3,})(?!\{)[^`\n]*\n.*?^\1[`~]*[ \t]*$", re.MULTILINE | re.DOTALL)


def of_file(text: str, file: str) -> str:
    """The dialect of a file by its name, then by the marks in it; empty where neither shows one."""
    suffix = next((dialect for suffix, dialect in _SUFFIXES.items() if file.lower().endswith(suffix)), "")
    if suffix:
        return suffix
    bare = _FENCED.sub("", text)
    return "mdx" if _MDX.search(bare) else "myst" if _MYST.search(bare) else ""
