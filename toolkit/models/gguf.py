"""What a GGUF file says of itself: a stranger's header, read with limits; its weights are never read.

"GGUF"  version  number of tensors  number of facts  facts (key, type, value)  where each tensor lies  weights
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from toolkit.errors import ModelError
from toolkit.files import printable, show

MAGIC = b"GGUF"
BEGINNING = 2**16
"""Bytes that hold what is asked of a header in files as their makers write them: the long lists of tokens come last."""
_VERSIONS = (2, 3)
_FACTS, _TENSORS, _ELEMENTS = 2**12, 2**17, 2**21
"""Of facts, tensors, and elements of lists that have to be walked through: real files have 50, 1,000, and 500,000."""
_KEY, _TEXT, _NESTED = 2**16, 2**16, 3
_LIST = 2**10
"""Numbers of a list that is read, such as heads by layer."""
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_NO_TRANSLATORS = re.compile(r"clip|.*bert.*|t5encoder|.*-embed(ding)?|wavtokenizer-dec")
"""Architectures of files that llama.cpp reads and that write no text."""
_QUANTS = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4",
}
"""`general.file_type` in llama.cpp's words."""
_BLOCKS = {
    0: (1, 4),
    1: (1, 2),
    2: (32, 18),
    3: (32, 20),
    6: (32, 22),
    7: (32, 24),
    8: (32, 34),
    9: (32, 36),
    10: (256, 84),
    11: (256, 110),
    12: (256, 144),
    13: (256, 176),
    14: (256, 210),
    15: (256, 292),
    16: (256, 66),
    17: (256, 74),
    18: (256, 98),
    19: (256, 50),
    20: (32, 18),
    21: (256, 110),
    22: (256, 82),
    23: (256, 136),
    24: (1, 1),
    25: (1, 2),
    26: (1, 4),
    27: (1, 8),
    28: (1, 8),
    29: (256, 56),
    30: (1, 2),
    34: (256, 54),
    35: (256, 66),
    39: (32, 17),
}
"""A tensor's type -> weights in a block, and its bytes."""


@dataclass(frozen=True, slots=True)
class Header:
    """A language model, by its file's own words."""

    architecture: str
    name: str = ""
    licence: str = ""
    quantization: str = ""
    """In llama.cpp's words, `Q4_K_M`; empty when it does not say."""
    context: int = 0
    """Tokens that it was trained on at a time."""
    layers: int = 0
    size: int = 0
    """Of the vector of a token."""
    heads: int = 0
    vocabulary: int = 0
    chat_template: bool = False
    cache: int = 0
    """Bytes that each token of the context takes in memory, beside the weights."""


class _Enough(Exception):
    """The bytes at hand end before the file does."""


@dataclass(slots=True)
class _HeaderReader:
    """A file from its start; whatever would lie behind its end is a ModelError."""

    file: BinaryIO
    size: int
    """Of the whole file."""
    held: int
    """Bytes that can be read."""
    where: str
    at: int = 0
    walked: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    def broken(self, why: str) -> ModelError:
        return ModelError(f"{self.where}: {why}; this is no model that can be used, get it again")

    def skip(self, count: int) -> None:
        self._room(count)
        self.file.seek(self.at)

    def take(self, count: int) -> bytes:
        self._room(count)
        data = self.file.read(count)
        if len(data) < count:
            raise self.broken("became shorter while it was read")
        return data

    def number(self, form: str) -> Any:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def text(self, limit: int, what: str) -> bytes:
        length = self.number("<Q")
        if length > limit:
            raise self.broken(f"{what} of {length} bytes")
        return self.take(length)

    def walk(self, count: int) -> None:
        self.walked += count
        if self.walked > _ELEMENTS:
            raise self.broken(f"lists of more than {_ELEMENTS} elements")

    def _room(self, count: int) -> None:
        self.at += count
        if self.at > self.size:
            raise self.broken("ends in the middle of its header")
        if self.at > self.held:
            raise _Enough


def read(path: Path) -> Header:
    """The header of a file; raises ModelError, in one line, for one that is broken, cut off, or no language model."""
    try:
        size = path.stat().st_size
        with path.open("rb", buffering=2**18) as file:
            return _header(_HeaderReader(file, size, size, show(path)))
    except OSError as error:
        raise ModelError(f"{show(path)}: cannot be read ({error.strerror}); check its permissions") from None


def begin(data: bytes, size: int, where: str) -> Header:
    """As much of a header as stands in the first bytes of a file of `size` bytes; raises ModelError for what is wrong there."""
    return _header(_HeaderReader(io.BytesIO(data), size, min(len(data), size), where))


def _header(reader: _HeaderReader) -> Header:
    try:
        tensors = _facts(reader)
    except _Enough:
        return _model(reader, whole=False)
    header = _model(reader, whole=True)
    with contextlib.suppress(_Enough):
        _check_length(reader, tensors)
    return header


def _facts(reader: _HeaderReader) -> int:
    """Read the facts, and give the number of tensors."""
    if reader.size < 24 or reader.take(4) != MAGIC:
        raise reader.broken("is no GGUF file")
    version = reader.number("<I")
    if version not in _VERSIONS:
        swapped = "written for big-endian machines" if version >> 24 in _VERSIONS else f"GGUF of version {version}"
        raise reader.broken(f"is {swapped}, and {_VERSIONS[0]} and {_VERSIONS[1]} can be read")
    tensors, facts = reader.number("<Q"), reader.number("<Q")
    if not 0 < tensors <= _TENSORS or facts > _FACTS:
        raise reader.broken(f"speaks of {tensors} tensors and {facts} facts")
    for _ in range(facts):
        key = reader.text(_KEY, "a key").decode("utf-8", "replace")
        if key in reader.facts:
            raise reader.broken(f"says {printable(key[:80])!r} twice")
        reader.facts[key] = None
        reader.facts[key] = _value(reader, reader.number("<I"))
    return int(tensors)


def _value(reader: _HeaderReader, kind: int) -> Any:
    """A number or text; of a long text its length, of a list its length, or its numbers if they are few."""
    if kind == _ARRAY:
        return _array(reader, 1)
    if kind == _STRING:
        length = reader.number("<Q")
        if length <= _TEXT:
            return reader.take(length).decode("utf-8", "replace")
        reader.skip(length)
        return length
    if kind not in _NUMBERS:
        raise reader.broken(f"holds a value of the unknown type {kind}")
    return reader.number(_NUMBERS[kind])


def _array(reader: _HeaderReader, depth: int) -> Any:
    kind, count = reader.number("<I"), reader.number("<Q")
    if kind in _NUMBERS:
        each = struct.calcsize(_NUMBERS[kind])
        if count <= _LIST:
            return list(struct.unpack(f"<{count}{_NUMBERS[kind][1]}", reader.take(count * each)))
        reader.skip(count * each)
        return count
    if kind not in (_STRING, _ARRAY) or depth >= _NESTED:
        raise reader.broken("holds a list of what no list holds")
    reader.walk(count)
    for _ in range(count):
        if kind == _STRING:
            reader.skip(reader.number("<Q"))
        else:
            _array(reader, depth + 1)
    return count


def _check_length(reader: _HeaderReader, tensors: int) -> None:
    """Walk over where the tensors lie; the last must end within the file."""
    ends = 0
    for _ in range(tensors):
        reader.text(_KEY, "a tensor's name")
        dimensions = reader.number("<I")
        if not 0 < dimensions <= 8:
            raise reader.broken(f"holds a tensor of {dimensions} dimensions")
        weights = 1
        for size in struct.unpack(f"<{dimensions}Q", reader.take(8 * dimensions)):
            weights *= size
        kind, offset = reader.number("<I"), reader.number("<Q")
        block, each = _BLOCKS.get(kind, (1, 0))
        ends = max(ends, offset + -(-weights // block) * each)
    alignment = _count(reader.facts, "general.alignment") or 32
    missing = -(-reader.at // alignment) * alignment + ends - reader.size
    if missing > 0:
        raise reader.broken(f"is cut off, {missing} bytes are missing")


def _model(reader: _HeaderReader, whole: bool) -> Header:
    """The facts as a model's; `whole`: they are all here, so that what is missing is missing."""
    facts = reader.facts
    architecture = _said(facts, "general.architecture")
    kind = _said(facts, "general.type") or "model"
    parts = _count(facts, "split.count")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,63}", architecture) and (whole or architecture):
        raise reader.broken("names no architecture")
    if kind != "model" or _NO_TRANSLATORS.fullmatch(architecture):
        what = architecture if kind == "model" else kind
        raise reader.broken(f"is no language model but {printable(what)[:80]}")
    if parts > 1:
        raise ModelError(f"{reader.where}: is one of {parts} parts; join them first: llama-gguf-split --merge")
    own = {key.removeprefix(f"{architecture}."): value for key, value in facts.items()}
    header = Header(
        architecture,
        name=_said(facts, "general.name"),
        licence=_licence(facts),
        quantization=_QUANTS.get(_count(facts, "general.file_type"), "") if "general.file_type" in facts else "",
        context=_count(own, "context_length"),
        layers=_count(own, "block_count"),
        size=_count(own, "embedding_length"),
        heads=max(_counts(own, "attention.head_count"), default=0),
        vocabulary=_vocabulary(facts) or _count(own, "vocab_size"),
        chat_template=bool(facts.get("tokenizer.chat_template")),
        cache=_cache(own),
    )
    for key, value in own.items():
        most = _MOST.get(key.rpartition(".")[2], 0)
        if most and max(_counts({key: value}, key), default=0) > most:
            raise reader.broken(f"says {key} is {max(_counts({key: value}, key))}; no model has more than {most}")
    if whole and not (header.context and header.layers and header.size and header.vocabulary):
        raise reader.broken(f"is no language model ({architecture} without its measures)")
    return header


_MOST = {
    "block_count": 2**12,
    "context_length": 2**25,
    "embedding_length": 2**18,
    "feed_forward_length": 2**21,
    "head_count": 2**14,
    "head_count_kv": 2**14,
    "key_length": 2**14,
    "value_length": 2**14,
    "expert_count": 2**12,
}
"""Some thirty times what the largest models of 2026 have (Llama 3.1 405B: 126 blocks of 16,384; Llama 4 Scout: 10 million
tokens of context). llama.cpp takes such numbers from the file, and what it reserves by them ends the process."""


def _cache(own: Mapping[str, Any]) -> int:
    """Bytes of one token's keys and values in all layers, 16 bits each."""
    layers, heads = _count(own, "block_count"), _counts(own, "attention.head_count")
    if not heads or not max(heads) or layers > _LIST:
        return 0
    head = _count(own, "embedding_length") // max(heads)
    both = (_count(own, "attention.key_length") or head) + (_count(own, "attention.value_length") or head)
    shared = _counts(own, "attention.head_count_kv") or heads
    return 2 * both * (sum(shared) if len(shared) > 1 else shared[0] * layers)


def _licence(facts: Mapping[str, Any]) -> str:
    said = _said(facts, "general.license")
    return _said(facts, "general.license.name") or said if said.lower() in ("", "other") else said


def _vocabulary(facts: Mapping[str, Any]) -> int:
    tokens = facts.get("tokenizer.ggml.tokens")
    return tokens if isinstance(tokens, int) else 0


def _said(facts: Mapping[str, Any], key: str) -> str:
    value = facts.get(key)
    return printable(" ".join(value.split()))[:200] if isinstance(value, str) else ""


def _counts(facts: Mapping[str, Any], key: str) -> list[int]:
    """A count, or one for each layer."""
    value = facts.get(key)
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, int) and 0 <= one < 2**32]


def _count(facts: Mapping[str, Any], key: str) -> int:
    return max(_counts(facts, key), default=0)
