"""The header of a catalog: gettext's fields, and our own for the article and how its codes are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import toolkit
from toolkit.catalog.po_text import plain
from toolkit.errors import CatalogError, UsageError
from toolkit.language import canonical, language
from toolkit.units import Catalog, Markup

CONTENT_TYPE = "text/plain; charset=UTF-8"
_UNICODE = ("utf-8", "utf8", "ascii", "us-ascii", "charset")  # the last is xgettext's placeholder in templates


def new(article_id: str, source_language: str, markup: Markup, target_language: str = "") -> dict[str, str]:
    """The fields of a new catalog, or of a template when there is no target language; no clock is read.

    Last-Translator and Language-Team stand empty: msgfmt asks for them, and a person's editor fills them in.
    """
    fields = {
        "Project-Id-Version": plain(article_id, "an article's id"),
        "Last-Translator": "",
        "Language-Team": "",
        "Language": "",
        "MIME-Version": "1.0",
        "Content-Type": CONTENT_TYPE,
        "Content-Transfer-Encoding": "8bit",
        "X-Generator": f"Lokta {toolkit.__version__}",
        "X-Source-Language": source_language,
        "X-Lokta-Article": article_id,
        "X-Lokta-Markup": markup,
    }
    return targeted(fields, target_language) if target_language else fields


def targeted(fields: Mapping[str, str], target_language: str) -> dict[str, str]:
    """The fields with Language and Plural-Forms of the target, where they say none or another."""
    target, result = language(target_language), dict(fields)
    if tag_of(result.get("Language", "")) != target.tag:
        result["Language"] = target.gettext
        result.pop("Plural-Forms", None)
    if not result.get("Plural-Forms"):
        result = _after(result, "Content-Transfer-Encoding", "Plural-Forms", target.plural_forms)
    return result


def renewed(old: Mapping[str, str], template: Mapping[str, str], target_language: str) -> dict[str, str]:
    """An old catalog's fields once it was merged with the article: what other tools and people wrote there stays."""
    result, fresh = dict(old), new("", "", "plain") | dict(template)
    for name, value in fresh.items():
        ours = name.startswith("X-Lokta-") or name == "X-Source-Language"
        if (ours and value) or name not in result:
            result[name] = value
    if old.get("Project-Id-Version", "") in ("", "PACKAGE VERSION", old.get("X-Lokta-Article", "")):
        result["Project-Id-Version"] = fresh["Project-Id-Version"]
    if not re.search(r"charset=\s*utf-?8", result["Content-Type"], re.IGNORECASE):
        result["Content-Type"] = CONTENT_TYPE
    return targeted(result, target_language)


def touch(catalog: Catalog, when: datetime) -> Catalog:
    """The catalog with this PO-Revision-Date, in UTC; for whoever is about to write one that says something new."""
    stamp = when.astimezone(UTC).strftime("%Y-%m-%d %H:%M+0000")
    fields = dict(catalog.metadata)
    if "PO-Revision-Date" in fields:
        fields["PO-Revision-Date"] = stamp
    else:
        fields = _after(fields, "Project-Id-Version", "PO-Revision-Date", stamp)
    return replace(catalog, metadata=fields)


def parse(text: str) -> dict[str, str]:
    """The fields of a header's msgstr; of a field that stands twice, the first."""
    fields: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            fields.setdefault(name.strip(), value.strip())
    return fields


def change(text: str, fields: Mapping[str, str]) -> str:
    """A header's msgstr with other fields; the lines of fields that stay keep their place and their bytes."""
    old, lines, seen = parse(text), [], set()
    for line in text.removesuffix("\n").split("\n") if text else []:
        name = line.partition(":")[0].strip()
        if ":" not in line or not name or (fields.get(name) == old.get(name) and name not in seen):
            lines.append(line)
        elif name in fields and name not in seen:
            lines.append(_line(name, fields[name]))
        seen.add(name)
    order = list(fields)
    for name in (name for name in order if name not in seen):
        before = order[: order.index(name)]
        at = max((i + 1 for i, line in enumerate(lines) if line.partition(":")[0].strip() in before), default=0)
        lines.insert(at, _line(name, fields[name]))
    return "".join(line + "\n" for line in lines)


def check_charset(fields: Mapping[str, str], file: str, line: int) -> None:
    """CatalogError unless the header says UTF-8 (or ASCII, or nothing)."""
    found = re.search(r"charset=\s*([^\s;]+)", fields.get("Content-Type", ""), re.IGNORECASE)
    if found and found[1].lower() not in _UNICODE:
        place = f"{file}:{line}" if file else f"line {line}"
        raise CatalogError(f"{place}: says its charset is {found[1][:40]!r}; convert it: msgconv -t UTF-8 FILE -o NEW")


def tag_of(value: str) -> str:
    """The BCP 47 tag that a Language field means; the value itself when it is no tag."""
    try:
        return canonical(value) if value else ""
    except UsageError:
        return value


def _line(name: str, value: str) -> str:
    return f"{plain(name, 'a header field')}: {plain(value, 'a header field')}"


def _after(fields: Mapping[str, str], place: str, name: str, value: str) -> dict[str, str]:
    """The fields with one more, after `place` or at the end."""
    items = [item for item in fields.items() if item[0] != name]
    at = next((index + 1 for index, item in enumerate(items) if item[0] == place), len(items))
    return dict([*items[:at], (name, value), *items[at:]])
