"""A catalog with every kind of record and of state, for passages through other tools."""

from __future__ import annotations

from dataclasses import replace

from toolkit.catalog import approve, header, po
from toolkit.units import Catalog, Location, ProvenanceLine, Unit, text_hash

MODEL = "a-model-with-a-rather-long-name-of-many-parts@1e626074"
LONG = "The river freezes in January, and the school will close for six weeks; it will open again on March 3, 2027."


def draft(source: str, target: str, kind: str = "mt", **said: str) -> Unit:
    """A unit that a machine drafted."""
    return Unit(source).drafted(target, ProvenanceLine(kind, (*said.items(), ("hash", text_hash(target)))))


def catalog() -> Catalog:
    """Every state, every kind of record, with remarks before, between and after; as an article of two languages has it."""
    machine = {"engine": "llama", "model": MODEL, "score": "-1.036"}
    helped = {
        "second": "zh-Hans",
        "second-hash": "41c8d61d94ef",
        "note": "starter model: expect to rewrite - all of it",
    }
    signed = approve(
        draft("The school - a large one - opens.", "སློབ་གྲྭ་སྒོ་འབྱེད།", **machine), "Tashi Dorje-Drolma", "2026-11-25"
    )
    units = (
        Unit("Nothing yet", comments=("ask the author",)),
        replace(draft("The river freezes.", "ཆུ་འཁྱག་པ་ཆགས།", **machine, **helped), comments=("see page 4",)),
        replace(draft(LONG, "ཟླ་བ་དང་པོར་ཆུ་འཁྱག" * 8, **machine), previous_source=f'{LONG[:-1]}, "perhaps".'),
        replace(signed, comments=("he said - so", "model: the school")),
        Unit("Accepted", "ངོས་ལེན།", comments=("by Poedit",)),
        draft("From memory", "དྲན་པ།", "tm", match="100", origin="river-school-opens-again-in-the-spring-of-the-year"),
        draft("Converted", "轉換", "convert", **{"from": "zh-Hans"}, by="opencc:s2twp", model=MODEL),
        Unit("Refused").with_lines(
            ProvenanceLine(
                "refused", (("engine", "llama"), ("model", MODEL), ("why", "a loop, and then again the prompt"))
            )
        ),
        replace(signed, source="Needs work")
        .with_lines(ProvenanceLine("needs-work", (("by", "Pema"), ("date", "2026-11-26"))), without=("reviewed",))
        .flagged("fuzzy"),
        Unit("Ignored 5", "མེད།").with_lines(ProvenanceLine("ignore", (("check", "numbers"),))),
        approve(
            Unit("Adopted", "བླངས།").with_lines(
                ProvenanceLine(
                    "adopted", (("from", "an-old-page-of-the-news.html"), ("sure", "0.93"), ("hash", text_hash("བླངས།")))
                )
            ),
            "Pema",
            "2026-11-26",
        ),
        replace(approve(Unit("Gone", "སོང་།"), "Tashi Dorje-Drolma", "2026-11-25"), obsolete=True),
    )
    placed = tuple(
        unit if unit.obsolete else replace(unit, locations=(Location("a page of news.html", number),))
        for number, unit in enumerate(units, 1)
    )
    return Catalog("en", "bo", placed, header.new("a page of news", "en", "plain", "bo"))


def said(text: str) -> dict[tuple[str, str], tuple[object, ...]]:
    """What a catalog says of each unit that we care about, order and layout left aside."""
    return {
        unit.key: (
            unit.target,
            unit.state,
            unit.machine,
            unit.previous_source,
            [(line.kind, dict(line.values), line.damaged) for line in unit.provenance],
            sorted(" ".join(unit.comments).split()),
            unit.locations,
            unit.obsolete,
        )
        for unit in po.load(text).units
    }
