"""Catalogs that pass through other tools come back with every state, record and remark as it was."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po, write_po

from tests.support.gettext import tool
from tests.support.records import catalog, said
from toolkit.catalog import po, provenance
from toolkit.catalog.merge import merge

HERE = Path(__file__).parent / "tools"
Passage = Callable[[str], str]


def by_polib(width: int) -> Passage:
    return lambda text: str(polib.pofile(text, wrapwidth=width)) + "\n"


def by_babel(width: int) -> Passage:
    def passage(text: str) -> str:
        out = io.BytesIO()
        write_po(out, read_po(io.BytesIO(text.encode()), abort_invalid=True), width=width, include_previous=True)
        return out.getvalue().decode()

    return passage


def by_gettext(*arguments: str) -> Passage:
    return lambda text: tool(arguments, text).decode()


def by_msgmerge(*arguments: str) -> Passage:
    def passage(text: str) -> str:
        template = po.load(text)
        units = tuple(unit for unit in template.units if not unit.obsolete)
        bare = "".join(f'\n#: x:1\nmsgid {po.quote(unit.source)[0]}\nmsgstr ""\n' for unit in units)
        head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        return tool(("msgmerge", "-q", "--previous", *arguments), text, head + bare).decode()

    return passage


TOOLS: dict[str, Passage] = {
    "polib": by_polib(78),
    "polib, 60 columns": by_polib(60),
    "Babel": by_babel(76),
    "Babel, 60 columns": by_babel(60),
}
GETTEXT: dict[str, Passage] = {
    "msgcat": by_gettext("msgcat"),
    "msgcat, 60 columns": by_gettext("msgcat", "-w", "60"),
    "msgcat, no wrap": by_gettext("msgcat", "--no-wrap"),
    "msgattrib": by_gettext("msgattrib"),
    "msgmerge": by_msgmerge(),
    "msgmerge, 60 columns": by_msgmerge("-w", "60"),
}


def long_lines(text: str) -> str:
    """The catalog as an earlier version wrote it: each record in one line, whatever its length."""
    entries, tail = po.split(text)
    out = []
    for entry in entries:
        lines = iter(entry.provenance)
        for kind, written in entry.lines:
            if kind == "provenance":
                line = next(lines)
                values = "".join(f" {key}={provenance._spell(value)}" for key, value in line.values)
                written = f"# lokta: {line.kind}{values}\n"
            out.append(written)
    return "".join(out) + tail


def check(text: str, passed: str, name: str) -> None:
    before, after = said(text), said(passed)
    if "msgmerge" in name:  # it takes the places from the template
        before, after = ({key: (*v[:6], v[7]) for key, v in one.items()} for one in (before, after))
    assert after == before


@pytest.mark.parametrize("old", [False, True], ids=["now", "as an earlier version wrote it"])
@pytest.mark.parametrize("name", TOOLS)
def test_python_tools(name: str, old: bool) -> None:
    text = po.dump(catalog())
    check(text, TOOLS[name](long_lines(text) if old else text), name)


@pytest.mark.gettext
@pytest.mark.parametrize("old", [False, True], ids=["now", "as an earlier version wrote it"])
@pytest.mark.parametrize("name", GETTEXT)
def test_gettext(name: str, old: bool) -> None:
    text = po.dump(catalog())
    check(text, GETTEXT[name](long_lines(text) if old else text), name)


@pytest.mark.gettext
def test_one_tool_after_the_other() -> None:
    text = passed = po.dump(catalog())
    for name in ("Babel, 60 columns", "polib", "msgcat, 60 columns", "polib, 60 columns", "Babel", "msgattrib"):
        passed = {**TOOLS, **GETTEXT}[name](passed)
    check(text, passed, "all")


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.po")))
def test_tools_that_are_not_at_hand(name: str) -> None:
    """What Poedit 3.2 and Translate Toolkit 3 (which writes for Weblate) made of it, with one translation changed by hand."""
    before, after = said(po.dump(catalog())), said((HERE / name).read_text(encoding="utf-8"))
    key = ("", "Accepted")
    assert before.pop(key)[0] != after[key][0] and after.pop(key)[1] == "accepted"
    assert after == before


def test_no_line_is_longer_than_72_columns() -> None:
    text = po.dump(catalog())
    assert max(len(line) for line in text.splitlines() if line.startswith("# lokta:")) <= provenance.WIDTH


@pytest.mark.parametrize("name", TOOLS)
def test_what_a_tool_folded_is_written_anew_only_where_it_is_touched(name: str) -> None:
    folded = TOOLS[name](long_lines(po.dump(catalog())))
    held = po.load(folded)
    assert po.dump(held) == folded
    touched = po.dump(merge(held, held, "bo"))
    assert said(touched) == said(folded)


def test_a_damaged_record_is_not_absent() -> None:
    text = 'msgid ""\nmsgstr ""\n\n# lokta: mt engine=llama model=x\n# a remark\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n'
    (unit,) = po.load(text).units
    line = unit.line("mt")
    assert line is not None and line.damaged and not unit.machine and unit.comments == ("a remark",)
