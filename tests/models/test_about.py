"""What readers are told of a model: from the short list, from what was recorded when it came in, from its own card."""

from __future__ import annotations

from toolkit.models import folder, lockfile
from toolkit.models.about import About, about
from toolkit.models.lockfile import Locked


def test_a_model_of_the_short_list_has_its_title() -> None:
    (found,) = about("nllb-200-600m@3fa9c1d2+greedy")
    assert (found.title, found.made_by, found.licence) == ("NLLB-200 distilled 600M, int8", "Meta", "CC-BY-NC-4.0")


def test_a_quantization_is_the_same_model_and_the_recorded_licence_goes_first() -> None:
    folder().mkdir(parents=True)
    name = "nllb-200-1.3b-q4_k_m"
    lockfile.save(folder(), {name: Locked(name, "llama", "hf:a/b", "0" * 64, licence="Another-1.0")})
    (found,) = about(f"{name}@1a2b3c4d")
    assert (found.title, found.licence) == ("NLLB-200 distilled 1.3B, int8", "Another-1.0")


def test_a_pivot_has_two_and_the_starter_its_warning() -> None:
    first, second = about("lokta-starter-en-zh@1e626074 nobody-knows-it@00000000")
    assert first.label == "starter model: expect to rewrite" and first.licence.startswith("Gemma Terms of Use")
    assert second == About("nobody-knows-it")


def test_a_broken_record_hinders_nobody() -> None:
    folder().mkdir(parents=True)
    (folder() / lockfile.NAME).write_text("{", encoding="utf-8")
    assert about("x@1") == (About("x"),)
