"""What a GGUF file says of itself is read, whatever a stranger wrote into it; nothing but a ModelError comes out of it."""

from __future__ import annotations

import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import tiny_gguf
from tests.support.environment import ROOT
from tests.support.gguf_header import FACTS, Typed, header, model, text
from tests.support.work import lines_run
from toolkit.errors import ModelError
from toolkit.models import gguf
from toolkit.models.gguf import Header

STARTER = ROOT / "starter" / "lokta_starter" / "lokta-starter-en-zh.gguf"
WHOLE = model()
READ = Header(
    "qwen3",
    "Tiny test",
    "apache-2.0",
    "Q4_K_M",
    4096,
    layers=2,
    size=64,
    heads=4,
    vocabulary=3,
    chat_template=True,
    cache=256,
)


def read(data: bytes, path: Path) -> Header:
    path.write_bytes(data)
    return gguf.read(path)


def with_facts(**more: Any) -> dict[str, Any]:
    """The usual facts with others for these; None takes one away. `__` stands for a dot."""
    changed = {**FACTS, **{key.replace("__", "."): said for key, said in more.items()}}
    return {key: said for key, said in changed.items() if said is not None}


def test_a_header_is_read_in_both_versions(tmp_path: Path) -> None:
    assert read(WHOLE, tmp_path / "m.gguf") == READ
    assert read(model(version=2), tmp_path / "m.gguf") == READ


@pytest.mark.parametrize("make", [tiny_gguf.random_llama, tiny_gguf.random_qwen3])
def test_what_the_library_writes_is_read(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    said = gguf.read(make(tmp_path / "tiny.gguf"))
    assert said.vocabulary == 263 and said.context == 4096 and said.chat_template
    assert said.cache == 2 * 2 * 32 * said.layers


def test_the_starter_is_read_with_little_work() -> None:
    said = gguf.read(STARTER)
    assert lines_run(lambda: gguf.read(STARTER)) < 100 * said.vocabulary
    assert (said.architecture, said.licence, said.vocabulary, said.cache) == (
        "gemma3",
        "gemma",
        42607,
        18 * 2 * 2 * 256,
    )


def test_the_beginning_of_a_file_says_what_is_asked_before_it_is_downloaded() -> None:
    said = gguf.begin(STARTER.read_bytes()[: gguf.BEGINNING], STARTER.stat().st_size, "x")
    assert (said.architecture, said.licence, said.cache) == ("gemma3", "gemma", 18 * 2 * 2 * 256)
    assert gguf.begin(b"", 10**9, "x") == Header("")


def test_heads_may_differ_from_layer_to_layer(tmp_path: Path) -> None:
    said = read(model(facts=with_facts(**{"qwen3.attention.head_count_kv": [2, 1]})), tmp_path / "m.gguf")
    assert said.cache == 3 * 32 * 2
    none = {"qwen3.attention.head_count": None, "qwen3.attention.head_count_kv": None}
    assert read(model(facts=with_facts(**none)), tmp_path / "m.gguf").cache == 0


def test_a_licence_of_its_own_has_a_name(tmp_path: Path) -> None:
    facts = with_facts(general__license="other", **{"general.license.name": "some\ncommunity"})
    assert read(model(facts=facts), tmp_path / "m.gguf").licence == "some community"


DEEP = Typed(9, struct.pack("<IQ", 9, 1) * 40 + struct.pack("<IQ", 4, 0))
BROKEN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is no GGUF file"),
    "text": (b"a text file with some words in it, and more words", "is no GGUF file"),
    "an archive": (b"PK\x03\x04" + bytes(100), "is no GGUF file"),
    "magic alone": (b"GGUF", "is no GGUF file"),
    "version 1": (model(version=1), "GGUF of version 1"),
    "version 4": (model(version=4), "GGUF of version 4"),
    "big-endian": (model(version=3 << 24), "big-endian"),
    "no tensors": (header(places=()), "0 tensors"),
    "too many tensors": (model(tensors=2**60), "tensors"),
    "too many facts": (model(count=2**63), "facts"),
    "more facts than there are": (header(places=(), tensors=1, count=50), "ends in the middle"),
    "a key of gigabytes": (header(facts={}, count=1, places=(), tensors=1) + struct.pack("<Q", 2**40), "a key of"),
    "a text of gigabytes": (model(facts=[("x", Typed(8, struct.pack("<Q", 2**62)))]), "ends in the middle"),
    "a list of gigabytes": (model(facts=[("x", Typed(9, struct.pack("<IQ", 6, 2**61)))]), "ends in the middle"),
    "a list of too many texts": (model(facts=[("x", Typed(9, struct.pack("<IQ", 8, 2**40)))]), "more than"),
    "a list of lists of lists": (model(facts=[("x", DEEP)]), "no list holds"),
    "a list of nothing known": (model(facts=[("x", Typed(9, struct.pack("<IQ", 77, 1)))]), "no list holds"),
    "an unknown type": (model(facts=[("x", Typed(13, b""))]), "unknown type 13"),
    "a fact twice": (model(facts=[*FACTS.items(), ("general.name", "x")]), "twice"),
    "no architecture": (model(facts=with_facts(general__architecture=None)), "names no architecture"),
    "an architecture that is a path": (model(facts=with_facts(general__architecture="../x")), "names no architecture"),
    "an architecture that is a number": (model(facts=with_facts(general__architecture=7)), "names no architecture"),
    "pictures": (model(facts=with_facts(general__architecture="flux")), "flux without its measures"),
    "embeddings": (model(facts=with_facts(general__architecture="nomic-bert")), "no language model but nomic-bert"),
    "an adapter": (model(facts=with_facts(general__type="adapter")), "no language model but adapter"),
    "a part": (model(facts=with_facts(split__count=3)), "one of 3 parts"),
    "no vocabulary": (model(facts=with_facts(**{"tokenizer.ggml.tokens": None})), "without its measures"),
    "a mad context": (model(facts=with_facts(**{"qwen3.context_length": 2**32 - 1})), "context_length is 4294967295"),
    "mad blocks": (model(facts=with_facts(**{"qwen3.block_count": 2**31})), "block_count is 2147483648"),
    "cut off": (WHOLE[:-100], "100 bytes are missing"),
    "cut off in its header": (WHOLE[:300], "ends in the middle"),
    "a tensor far behind the end": (model(places=(("x", (1,), 0, 2**60),)), "bytes are missing"),
    "a tensor of all there is": (model(places=(("x", (2**63, 2**63, 2**63, 2**63), 12, 0),)), "bytes are missing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_said_in_one_line(tmp_path: Path, case: str) -> None:
    data, why = BROKEN[case]
    with pytest.raises(ModelError, match=why) as caught:
        read(data, tmp_path / "m.gguf")
    assert "\n" not in str(caught.value) and "m.gguf" in str(caught.value)


def test_a_tensor_of_too_many_dimensions(tmp_path: Path) -> None:
    bad = header(places=(), tensors=1) + text("x") + struct.pack("<I", 2**31) + bytes(100)
    with pytest.raises(ModelError, match="dimensions"):
        read(bad, tmp_path / "m.gguf")


def test_a_file_that_is_gone_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        gguf.read(tmp_path / "none.gguf")
    with pytest.raises(ModelError, match="cannot be read"):
        gguf.read(tmp_path)


def test_names_are_safe_to_print(tmp_path: Path) -> None:
    said = read(model(facts=with_facts(general__name="a\x1b[31m\nb", general__license="\u202ex")), tmp_path / "m.gguf")
    assert said.name == "a\\x1b[31m b" and said.licence == "\\u202ex"


def _tries(data: bytes) -> None:
    """Read it as a beginning and as a whole: a header or a ModelError, with little work, and in little memory."""

    def tried() -> None:
        for size in (len(data), 10**9):
            try:
                gguf.begin(data, size, "x")
            except ModelError as error:
                assert "\n" not in str(error)

    tracemalloc.start()
    work = lines_run(tried)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**23 and work < 10_000 + 100 * len(data)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    _tries(data)
    _tries(b"GGUF\x03\0\0\0" + data)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE)))
def test_cut_off_anywhere(at: int) -> None:
    _tries(WHOLE[:at])
    if at < len(WHOLE):
        with pytest.raises(ModelError):
            gguf.begin(WHOLE[:at], at, "x")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(header()) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_bytes_changed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, byte in changes:
        data[place] = byte
    _tries(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(header()) - 8), st.sampled_from([2**64 - 1, 2**63, 2**40, 2**32 - 1, 2**21, 2**16, 0]))
def test_any_count_that_lies(place: int, said: int) -> None:
    _tries(WHOLE[:place] + struct.pack("<Q", said) + WHOLE[place + 8 :])
