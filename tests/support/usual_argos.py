"""A package of the size that Argos usually hands out, with random weights: for speed and memory, not for sense.

6+6 layers, 512, feed-forward 2048, 8 heads, 32,000 target pieces, int8. Two reserved dimensions of the residual hold the
place in the target and the length of the source, and `</s>` wins where the one outgrows the other: answers are as long as
those of a real model, whatever the search. Places weigh as much as pieces, so that answers do not run in circles; pieces of
the target are Han characters, so that nothing is refused.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

_SIZE, _LAYERS, _HEADS, _INNER, _PIECES = 512, 6, 8, 2048, 32000
_STEP = 0.03
"""How much one place adds to the reserved dimension."""
_LONGER = 1.1
"""Pieces of an answer for each piece of its source."""
_PLACES = 1100


def make_usual_package(folder: Path, sentences: Sequence[str]) -> Path:
    """`folder/translate-en_zh-1_9`; its tokenizer learns from `sentences`. The same sentences give the same package."""
    path = folder / "translate-en_zh-1_9"
    (path / "model").mkdir(parents=True)
    tokenizer, pieces = _tokenizer(sentences)
    (path / "sentencepiece.model").write_bytes(tokenizer)
    _spec(pieces).save(str(path / "model"))
    facts = {"package_version": "1.9", "argos_version": "1.9", "from_code": "en", "from_name": "English"}
    facts |= {"to_code": "zh", "to_name": "Chinese"}
    (path / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")
    return path


def _tokenizer(sentences: Sequence[str]) -> tuple[bytes, list[str]]:
    import sentencepiece

    held = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=held,
        model_type="bpe",
        vocab_size=8000,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    processor = sentencepiece.SentencePieceProcessor(model_proto=held.getvalue())
    return held.getvalue(), [processor.id_to_piece(i) for i in range(processor.get_piece_size())]


def _spec(pieces: list[str]):  # type: ignore[no-untyped-def]
    import ctranslate2

    random = np.random.default_rng(0)
    spec = ctranslate2.specs.TransformerSpec.from_config((_LAYERS, _LAYERS), _HEADS, pre_norm=True)
    said = ["<unk>", "<s>", "</s>", *(chr(0x4E00 + n) for n in range(20000))]
    said += [chr(0x4E00 + n) + chr(0x4E01 + 7 * n % 20000) for n in range(_PIECES - len(said))]
    sides = ((spec.encoder, spec.encoder.embeddings[0], pieces), (spec.decoder, spec.decoder.embeddings, said))
    for side, embeddings, words in sides:
        embeddings.weight = _random(random, len(words), _SIZE, 1.0)
        embeddings.weight[:, :2] = 0
        side.scale_embeddings = False
        places = _random(random, _PLACES, _SIZE, 1.0)
        places[:, 0] = _STEP * np.arange(_PLACES)
        places[:, 1] = 0
        side.position_encodings.encodings = places
        _norm(side.layer_norm)
        for layer in side.layer:
            for attention in (layer.self_attention, *([layer.attention] if hasattr(layer, "attention") else [])):
                _attention(random, attention)
            _norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, _random(random, _INNER, _SIZE, 0.8 / np.sqrt(_SIZE)))
            _linear(layer.ffn.linear_1, _writes(_random(random, _SIZE, _INNER, 0.5 / np.sqrt(_INNER))))
    _count(spec.decoder.layer[0].attention)
    weight = _random(random, len(said), _SIZE, 2 / np.sqrt(_SIZE))
    weight[:, :2] = 0
    # The mean of the source's places is half its length; the encoder's last norm has shrunk it.
    weight[2] = 0
    weight[2, 0], weight[2, 1] = 400, -400 * 2 * _LONGER * _SPREAD
    _linear(spec.decoder.projection, weight)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"
    spec.config.add_source_eos = True
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(said)
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


_SPREAD = 2.3
"""Standard deviation of what comes out of the encoder's last layer, before its norm."""


def _attention(random: np.random.Generator, attention) -> None:  # type: ignore[no-untyped-def]
    _norm(attention.layer_norm)
    for linear in attention.linear[:-1]:
        rows = _SIZE * (3 if len(attention.linear) == 2 else 1 if linear is attention.linear[0] else 2)
        _linear(linear, _random(random, rows, _SIZE, 0.8 / np.sqrt(_SIZE)))
    _linear(attention.linear[-1], _writes(_random(random, _SIZE, _SIZE, 0.5 / np.sqrt(_SIZE))))


def _count(attention) -> None:  # type: ignore[no-untyped-def]
    """The first head looks at all places alike and hands on the mean of their numbers."""
    head = _SIZE // _HEADS
    attention.linear[0].weight[:head] = 0
    value = attention.linear[1].weight[_SIZE:]
    value[0] = 0
    value[0, 0] = 1
    attention.linear[2].weight[:, 0] = 0
    attention.linear[2].weight[1, 0] = 1


def _writes(weight: np.ndarray) -> np.ndarray:
    weight[:2] = 0
    return weight


def _random(random: np.random.Generator, rows: int, columns: int, scale: float) -> np.ndarray:
    return (random.standard_normal((rows, columns), dtype=np.float32) * np.float32(scale)).astype(np.float32)


def _norm(spec) -> None:  # type: ignore[no-untyped-def]
    spec.gamma, spec.beta = np.ones(_SIZE, np.float32), np.zeros(_SIZE, np.float32)


def _linear(spec, weight: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    spec.weight, spec.bias = np.ascontiguousarray(weight, np.float32), np.zeros(len(weight), np.float32)
