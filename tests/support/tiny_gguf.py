"""GGUF files of a few hundred kilobytes, made in an instant: two whose answers are rubbish, and one that says what it is told.

All read any text byte by byte. Their chat template hands the message through as it is, unless another is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

THROUGH = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
"""The chat template of a model that wants no words around a message."""
TURNS = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
"""One like those of real chat models: every turn between marks."""
_UNKNOWN, _BEGIN, _END = 0, 1, 2
_NORMAL, _UNKNOWN_TYPE, _CONTROL, _BYTE = 1, 2, 3, 6
"""Kinds of tokens, as GGUF numbers them."""
_SHORTEST = 3
_SURE = 100.0
"""A logit that leaves no other token a chance."""


@dataclass(frozen=True)
class Shape:
    """The measures of a model, in llama.cpp's words."""

    layers: int = 2
    size: int = 64
    heads: int = 4
    key_value_heads: int = 2
    head: int = 16
    feed_forward: int = 128
    context: int = 4096


def random_llama(path: Path, seed: int = 0, template: str = THROUGH) -> Path:
    """A llama with random weights: every answer is rubbish, and for the same file always the same."""
    return _random(path, "llama", Shape(), seed, template)


def random_qwen3(path: Path, seed: int = 0, template: str = THROUGH) -> Path:
    """The same in the architecture of Qwen3 and LMT-60, whose queries and keys have norms of their own."""
    return _random(path, "qwen3", Shape(layers=4), seed, template)


def parrot(path: Path, *pieces: str, template: str = THROUGH) -> Path:
    """A llama that answers everything with these pieces, one token each, and ends there.

    Attention and the layers behind it are nothing, so that a token alone decides on the next: every token of a question
    leads to the first piece, each piece to the one after it, the last to the end. So a piece may stand there once, and has
    three characters or more: a shorter one would be read in questions too.
    """
    if len(set(pieces)) != len(pieces) or any(len(piece) < _SHORTEST for piece in pieces):
        raise ValueError("a piece leads to one other piece: each may stand there once, with three characters or more")
    words = vocabulary(pieces)
    first = len(words) - len(pieces)
    shape = Shape(layers=1, size=32 * -(-(len(pieces) + 1) // 32), heads=2, head=16, feed_forward=32)
    embedding = np.zeros((len(words), shape.size), np.float32)
    output = np.zeros_like(embedding)
    embedding[:first, 0] = 1.0
    nexts = [*range(first, len(words)), _END]
    for place, token in enumerate(nexts):
        output[token, place] = _SURE / np.sqrt(shape.size)  # the last norm makes sqrt(size) of a single one
        if token >= first:
            embedding[token, place + 1] = 1.0
    ends = {"token_embd.weight": embedding, "output.weight": output}
    nothing = {name: np.zeros(size, np.float32) for name, size in matrices(shape).items()}
    return write(path, "llama", shape, words, nothing | norms("llama", shape) | ends, template)


def pieces(text: str) -> list[str]:
    """A text cut after Tibetan syllables, or other characters, so that `parrot` can say it."""
    parts = re.findall(r"[^་]*་|[^་]+", text) if "་" in text else list(text)
    found: list[str] = []
    held = ""
    for part in parts:
        held += part
        if len(held) >= _SHORTEST and held not in found:
            found.append(held)
            held = ""
    while held and found and (len(held) < _SHORTEST or held in found):
        held = found.pop() + held
    return [*found, held] if held else found


@dataclass(frozen=True)
class Word:
    """One token of a vocabulary."""

    text: str
    kind: int = _NORMAL
    score: float = 0.0


def vocabulary(more: Sequence[str] = (), scores: Sequence[float] = ()) -> list[Word]:
    """The three special tokens, all bytes, and `more`."""
    special = [Word("<unk>", _UNKNOWN_TYPE), Word("<s>", _CONTROL), Word("</s>", _CONTROL)]
    marks = [Word(f"<|{name}|>", _CONTROL) for name in ("system", "user", "assistant", "end")]
    rest = [
        Word(text.replace(" ", "▁"), score=score) for text, score in zip(more, scores or [0.0] * len(more), strict=True)
    ]
    return [*special, *(Word(f"<0x{byte:02X}>", _BYTE) for byte in range(256)), *marks, *rest]


def matrices(shape: Shape) -> dict[str, tuple[int, int]]:
    """The matrices of all layers with their rows and columns."""
    queries, keys = shape.heads * shape.head, shape.key_value_heads * shape.head
    one = {
        "attn_q": (queries, shape.size),
        "attn_k": (keys, shape.size),
        "attn_v": (keys, shape.size),
        "attn_output": (shape.size, queries),
        "ffn_gate": (shape.feed_forward, shape.size),
        "ffn_up": (shape.feed_forward, shape.size),
        "ffn_down": (shape.size, shape.feed_forward),
    }
    return {f"blk.{layer}.{name}.weight": size for layer in range(shape.layers) for name, size in one.items()}


def norms(architecture: str, shape: Shape) -> dict[str, Any]:
    """The norms, which change nothing."""
    inside = {"attn_norm": shape.size, "ffn_norm": shape.size}
    if architecture == "qwen3":
        inside |= {"attn_q_norm": shape.head, "attn_k_norm": shape.head}
    named = {f"blk.{layer}.{name}.weight": size for layer in range(shape.layers) for name, size in inside.items()}
    return {name: np.ones(size, np.float32) for name, size in {**named, "output_norm.weight": shape.size}.items()}


def write(
    path: Path, architecture: str, shape: Shape, words: Sequence[Word], tensors: Mapping[str, Any], template: str
) -> Path:
    """The file; tensors are float32, or already packed as Q8_0 (bytes)."""
    import gguf

    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.size)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_key_length(shape.head)
    writer.add_value_length(shape.head)
    writer.add_rope_dimension_count(shape.head)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([word.text for word in words])
    writer.add_token_scores([word.score for word in words])
    writer.add_token_types([word.kind for word in words])
    writer.add_unk_token_id(_UNKNOWN)
    writer.add_bos_token_id(_BEGIN)
    writer.add_eos_token_id(_END)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(template)
    for name, tensor in tensors.items():
        packed = gguf.GGMLQuantizationType.Q8_0 if tensor.dtype == np.uint8 else None
        writer.add_tensor(name, tensor, raw_dtype=packed)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _random(path: Path, architecture: str, shape: Shape, seed: int, template: str) -> Path:
    words, dice = vocabulary(), np.random.default_rng(seed)

    def drawn(rows: int, columns: int) -> Any:
        return dice.standard_normal((rows, columns)).astype(np.float32) / np.float32(np.sqrt(columns))

    ends = {name: drawn(len(words), shape.size) for name in ("token_embd.weight", "output.weight")}
    inside = {name: drawn(*size) for name, size in matrices(shape).items()}
    return write(path, architecture, shape, words, ends | inside | norms(architecture, shape), template)
