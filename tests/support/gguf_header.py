"""The header of a GGUF file, byte by byte, as honest or as broken as a test wants it; no weights but zeros."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Fact = tuple[str, Any]
FACTS: Mapping[str, Any] = {
    "general.architecture": "qwen3",
    "general.name": "Tiny test",
    "general.license": "apache-2.0",
    "general.file_type": 15,
    "qwen3.context_length": 4096,
    "qwen3.block_count": 2,
    "qwen3.embedding_length": 64,
    "qwen3.attention.head_count": 4,
    "qwen3.attention.head_count_kv": 2,
    "qwen3.attention.key_length": 16,
    "qwen3.attention.value_length": 16,
    "tokenizer.ggml.tokens": ["<s>", "a", "བོད"],
    "tokenizer.chat_template": "{{ messages[-1]['content'] }}",
}
"""Those of a small language model; its cache takes 2 x 2 x (16 + 16) x 2 = 256 bytes a token."""


@dataclass(frozen=True)
class Typed:
    """A value of the type that is said, whatever it is."""

    kind: int
    data: bytes


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def value(said: Any) -> bytes:
    """Type and value of one fact."""
    if isinstance(said, Typed):
        return struct.pack("<I", said.kind) + said.data
    if isinstance(said, bool):
        return struct.pack("<I?", 7, said)
    if isinstance(said, int):
        return struct.pack("<II", 4, said)
    if isinstance(said, float):
        return struct.pack("<If", 6, said)
    if isinstance(said, str):
        return struct.pack("<I", 8) + text(said)
    kinds = {str: 8, int: 4, list: 9}
    inside = b"".join(value(one)[4:] for one in said)
    return struct.pack("<IIQ", 9, kinds[type(said[0])] if said else 8, len(said)) + inside


def header(
    facts: Mapping[str, Any] | Sequence[Fact] = FACTS,
    magic: bytes = b"GGUF",
    version: int = 3,
    tensors: int | None = None,
    count: int | None = None,
    places: Sequence[tuple[str, tuple[int, ...], int, int]] = (("token_embd.weight", (64, 3), 0, 0),),
) -> bytes:
    """The bytes up to the weights; `places` are name, dimensions, type and offset of the tensors."""
    listed = list(facts.items()) if isinstance(facts, Mapping) else list(facts)
    made = magic + struct.pack(
        "<IQQ", version, len(places) if tensors is None else tensors, len(listed) if count is None else count
    )
    made += b"".join(text(key) + value(said) for key, said in listed)
    for name, dimensions, kind, offset in places:
        made += text(name) + struct.pack(f"<I{len(dimensions)}QIQ", len(dimensions), *dimensions, kind, offset)
    return made


def model(weights: int = 64 * 3 * 4, **more: Any) -> bytes:
    """A whole file: the header, and zeros for weights."""
    made = header(**more)
    return made + bytes(-len(made) % 32) + bytes(weights)
