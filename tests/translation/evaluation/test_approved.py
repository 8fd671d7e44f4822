"""Which pairs of the catalogs a model may be measured against."""

from __future__ import annotations

from toolkit.catalog import sign
from toolkit.translation.evaluation.approved import pairs
from toolkit.units import Catalog, LanguagePair, ProvenanceLine, Unit, text_hash

PAIR = LanguagePair("en", "zh-Hans")


def made(kind: str, target: str) -> ProvenanceLine:
    return ProvenanceLine(kind, (("engine", "x"), ("hash", text_hash(target))))


def test_a_persons_own_words_alone() -> None:
    units = (
        Unit("A *river*.", "一条*河*。"),
        Unit("Reviewed.", "审过。"),
        Unit("Draft.", "草稿。", flags=("fuzzy",)),
        Unit("Empty."),
        Unit("Unchanged draft.", "机器。", provenance=(made("mt", "机器。"),)),
        Unit("Changed draft.", "改过。", provenance=(made("mt", "机器。"),)),
        Unit(
            "Adopted.",
            "旧版。",
            provenance=(ProvenanceLine("adopted", (("from", "x"), ("hash", text_hash("旧版。")))),),
        ),
        Unit("Lost its hash.", "谁知道。", provenance=(ProvenanceLine("mt", (("engine", "x"),)),)),
        Unit("Same", "Same"),
        Unit("Gone.", "没了。", obsolete=True),
        Unit("12", "12。"),
    )
    held = Catalog("en", "zh-Hans", units, {"X-Lokta-Markup": "markdown"})
    signed = Catalog("en", "zh-Hans", (sign(Unit("Reviewed.", "另一种。"), "Dolma", "2026-11-27"),))
    found = pairs([held, signed, Catalog("de", "zh-Hans", (Unit("Fluss", "河"),))], PAIR)
    assert found == [
        ("A river.", "一条河。"),
        ("Reviewed.", "审过。"),
        ("Changed draft.", "改过。"),
        ("Adopted.", "旧版。"),
    ]
