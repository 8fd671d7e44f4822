"""Translators told the languages by tokens, tiny and random: the architecture, vocabulary and files of each family.

make_repository(folder, "nllb-200")     -> folder with model.bin, config.json, shared_vocabulary.json, ...
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.models.tokens import tokens

_SIZE, _HEADS, _LAYERS = 32, 2, 2
_PLACES = 1024
LANGUAGES = ("bo", "en", "zh-Hans", "fr")
_TEXT = """
the river rose two metres in spring and the school opened again a teacher met the farmer at the bridge snow fell on the
mountain and the road was closed officials said the talks went well and would go on next week in the city by the lake
水位上涨了两米 学校重新开学 老师在桥边遇见农民 山上下雪 道路封闭 ཆུ་ཚད་མཐོ་རུ་ཕྱིན། སློབ་གྲྭ་སྒོ་འབྱེད་བྱས། དགེ་རྒན་དང་ཞིང་པ་ཟམ་པའི་འགྲམ་དུ་ཐུག
"""


def make_repository(folder: Path, family: str, seed: int = 0, languages: tuple[str, ...] = LANGUAGES) -> Path:
    """A repository in `folder`, ready for CTranslate2."""
    folder.mkdir(parents=True)
    named = {"m2m100": ["__fr__"]}.get(family, [])
    said = [tokens(family).languages[tag] for tag in languages if tag in tokens(family).languages] + named
    tokenizer = _tokenizer(tuple(said) if family == "madlad-400" else ())
    pieces = _pieces(tokenizer)
    vocabulary = (
        pieces if family == "madlad-400" else ["<s>", "<pad>", "</s>", "<unk>", *pieces[3:], *dict.fromkeys(said)]
    )
    spec = _t5(vocabulary, seed) if family == "madlad-400" else _m2m(vocabulary, seed)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    (folder / tokens(family).tokenizers[0]).write_bytes(tokenizer)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\nA test.\n", encoding="utf-8")
    (folder / ".gitattributes").write_text("*.bin filter=lfs\n", encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    return folder


@cache
def _tokenizer(symbols: tuple[str, ...]) -> bytes:
    import sentencepiece

    held = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(_TEXT.split("\n") * 4),
        model_writer=held,
        model_type="bpe",
        vocab_size=300,
        hard_vocab_limit=False,
        character_coverage=1.0,
        user_defined_symbols=list(symbols),
        num_threads=1,
        minloglevel=2,
    )
    return held.getvalue()


def _pieces(tokenizer: bytes) -> list[str]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
    return [processor.id_to_piece(i) for i in range(processor.get_piece_size())]


def _m2m(vocabulary: list[str], seed: int) -> Any:
    """As CTranslate2's converter lays out M2M100 and NLLB."""
    import ctranslate2

    spec = ctranslate2.specs.TransformerSpec.from_config(
        (_LAYERS, _LAYERS), _HEADS, pre_norm=True, activation=ctranslate2.specs.Activation.RELU
    )
    random = np.random.default_rng(seed)
    places = random.standard_normal((_PLACES, _SIZE)).astype(np.float32)
    for side in (spec.encoder, spec.decoder):
        side.position_encodings.encodings = places
    _fill(spec, vocabulary, random, rms=False)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "</s>"
    return spec


def _t5(vocabulary: list[str], seed: int) -> Any:
    """As CTranslate2's converter lays out T5 v1.1 and MADLAD."""
    import ctranslate2

    spec = ctranslate2.specs.TransformerSpec.from_config(
        (_LAYERS, _LAYERS),
        _HEADS,
        pre_norm=True,
        activation=ctranslate2.specs.Activation.GELUTanh,
        ffn_glu=True,
        relative_attention_bias=True,
        rms_norm=True,
    )
    random = np.random.default_rng(seed)
    _fill(spec, vocabulary, random, rms=True)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"
    return spec


def _fill(spec: Any, vocabulary: list[str], random: np.random.Generator, rms: bool) -> None:
    embeddings = random.standard_normal((len(vocabulary), _SIZE)).astype(np.float32)
    bias = random.standard_normal((32, _HEADS)).astype(np.float32)
    for side, held in ((spec.encoder, spec.encoder.embeddings[0]), (spec.decoder, spec.decoder.embeddings)):
        held.weight = embeddings
        side.scale_embeddings = False
        _norm(side.layer_norm, rms)
        for layer in side.layer:
            _attention(layer.self_attention, random, rms, 3, bias)
            _norm(layer.ffn.layer_norm, rms)
            _linear(layer.ffn.linear_0, 2 * _SIZE, _SIZE, random, rms)
            if rms:
                _linear(layer.ffn.linear_0_noact, 2 * _SIZE, _SIZE, random, rms)
            _linear(layer.ffn.linear_1, _SIZE, 2 * _SIZE, random, rms)
    for layer in spec.decoder.layer:
        _attention(layer.attention, random, rms, 1, None)
    # Not tied to the embeddings, or every word would say itself again; the end about as likely as the likeliest words.
    weight = random.standard_normal((len(vocabulary), _SIZE)).astype(np.float32)
    ends = np.zeros(len(vocabulary), np.float32)
    ends[vocabulary.index("</s>")] = 13.0
    ends[[vocabulary.index(word) for word in ("<s>", "<unk>")]] = -50.0
    spec.decoder.projection.weight, spec.decoder.projection.bias = weight, ends


def _attention(spec: Any, random: np.random.Generator, rms: bool, fused: int, bias: Any) -> None:
    _norm(spec.layer_norm, rms)
    _linear(spec.linear[0], fused * _SIZE, _SIZE, random, rms)
    if fused == 1:
        _linear(spec.linear[1], 2 * _SIZE, _SIZE, random, rms)
    _linear(spec.linear[-1], _SIZE, _SIZE, random, rms)
    if rms:
        spec.queries_scale = 1.0
        if bias is not None:
            spec.relative_attention_bias = bias
            spec.relative_attention_max_distance = np.dtype("int32").type(128)


def _norm(spec: Any, rms: bool) -> None:
    spec.gamma = np.ones(_SIZE, np.float32)
    if not rms:
        spec.beta = np.zeros(_SIZE, np.float32)


def _linear(spec: Any, rows: int, columns: int, random: np.random.Generator, rms: bool) -> None:
    spec.weight = (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)
    if not rms:
        spec.bias = np.zeros(rows, np.float32)
