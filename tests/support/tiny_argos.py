"""A translator made by hand in a moment: real SentencePiece, real CTranslate2, weights that were thought out, not trained.

The decoder's cross-attention looks from target position t to source position t, takes the piece that stands there, and
the projection names the piece that it stands for: a word becomes a Han character (or a Tibetan syllable, an English
syllable), figures and marks stay. A substitution cipher, but one that goes through every part of the library.

    make_package(folder, "en", "zh")            -> folder/translate-en_zh-1_0
    make_argosmodel(folder, "en", "zh")         -> folder/translate-en_zh-1_0.argosmodel
"""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

_TOKEN, _PLACE = 128, 128
"""Dimensions of the half that says which piece, and of the half that says where."""
_PLACES = 512
_SHARP = 60.0
"""How strongly attention prefers the same place to all others."""
_SURE = 14.0
"""How strongly the projection prefers the right piece."""
_NAMES = {"en": "English", "zh": "Chinese", "bo": "Tibetan"}
_MARKS = {
    "zh": {".": "。", ",": "，", "?": "？", "!": "！"},
    "bo": {".": "།", ",": "།", "。": "།", "，": "།"},
    "en": {"。": ".", "，": ","},
}
_WORDS = """
the of and to in a is that for it as was with be by on not he this are at from his but an they which or have you had she
will one all more can would people time new work world country government city water school health market news report
talks defense military minister president official officials agreement month year today monday friday said says say told
meeting two three first second last next after before about between under over against into during other some only also
bridge river road bus train station library museum teacher children student doctor hospital farmer winter summer spring
paper book letter word language translation article editor review press page title picture caption open close begin end
large small long short high low good bad early late old young north south east west red white black green morning night
beijing washington tibet china united states lhasa hello small house cat dog tree sun moon mountain snow rain wind
"""


def make_package(
    folder: Path, source: str, target: str, quantization: str = "int8", version: str = "1.0", prefix: str = ""
) -> Path:
    """A package folder under `folder`. `quantization` is CTranslate2's name (`int8`, `float32`)."""
    path = folder / f"translate-{source}_{target}-{version.replace('.', '_')}"
    (path / "model").mkdir(parents=True)
    tokenizer = _tokenizer(source)
    (path / "sentencepiece.model").write_bytes(tokenizer)
    _spec(tokenizer, target, quantization, prefix).save(str(path / "model"))
    facts = {
        "package_version": version,
        "argos_version": "1.9",
        "from_code": source,
        "from_name": _NAMES[source],
        "to_code": target,
        "to_name": _NAMES[target],
        "target_prefix": prefix,
    }
    (path / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")
    return path


def make_argosmodel(folder: Path, source: str, target: str, quantization: str = "int8") -> Path:
    """The same as the archive that Argos hands out."""
    package = make_package(folder / "unpacked", source, target, quantization)
    path = folder / f"{package.name}.argosmodel"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(package.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(package.parent).as_posix())
    return path


def expected(text: str, source: str, target: str) -> str:
    """What the model says to `text`, worked out without it."""
    import sentencepiece

    tokenizer = sentencepiece.SentencePieceProcessor(model_proto=_tokenizer(source))
    meaning = _meaning([tokenizer.id_to_piece(i) for i in range(tokenizer.get_piece_size())], target)
    pieces = tokenizer.encode(text, out_type=str)
    return str(tokenizer.decode_pieces([meaning.get(piece, piece) for piece in pieces])).strip()


@cache
def _tokenizer(language: str) -> bytes:
    import sentencepiece

    words = _WORDS.split()
    symbols = _symbols(language) if language != "en" else []
    lines = [" ".join(words[i : i + 9]) for i in range(0, len(words), 3)]
    lines += [line.title() + "." for line in lines]
    lines += ["".join(symbols[i : i + 40]) for i in range(0, len(symbols), 40)] * 2
    held = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=held,
        model_type="bpe" if language == "en" else "char",
        vocab_size=600 if language == "en" else 800,
        hard_vocab_limit=False,
        character_coverage=1.0,
        split_digits=True,
        user_defined_symbols=list("0123456789[]()<>/:;,.?!'\"-%&。，！？、：；“”《》།་"),
        num_threads=1,
        minloglevel=2,
    )
    return held.getvalue()


def _symbols(language: str) -> list[str]:
    """What stands for a word: 900 Han characters, Tibetan syllables, or English syllables."""
    if language == "zh":
        return [chr(0x4E10 + 7 * n) for n in range(900)]
    if language == "bo":
        return [
            f"{chr(0x0F40 + a)}{vowel}{last}་"
            for a in _LETTERS
            for vowel in ("", "ི", "ུ", "ེ", "ོ")
            for last in ("", "ང", "ད", "མ", "ས", "ར", "ལ")
        ]
    return [
        f"▁{a}{b}{c}"
        for a in "bdfghklmnprst"
        for b in "aeiou"
        for c in ("n", "r", "s", "t", "l", "m", "k", "p", "d", "ng", "sh", "f", "b")
    ]


_LETTERS = (0, 1, 2, 4, 5, 6, 7, 9, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 30, 31, 32, 33, 34, 35)


def _meaning(pieces: list[str], target: str) -> dict[str, str]:
    """Piece -> what it stands for; only pieces with letters are translated."""
    symbols = iter(_symbols(target))
    marks = _MARKS.get(target, {})
    return {piece: next(symbols) if any(map(str.isalpha, piece)) else marks.get(piece, piece) for piece in pieces[3:]}


def _spec(tokenizer: bytes, target: str, quantization: str, prefix: str):  # type: ignore[no-untyped-def]
    import ctranslate2
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_proto=tokenizer)
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    meaning = _meaning(pieces, target)
    said = [*pieces[:3], *dict.fromkeys(meaning.values()), *([prefix] if prefix else [])]
    random = np.random.default_rng(0)
    vectors = random.standard_normal((len(pieces), _TOKEN)).astype(np.float32)
    vectors -= vectors.mean(1, keepdims=True)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spec = ctranslate2.specs.TransformerSpec.from_config(
        (1, 1), 1, pre_norm=True, activation=ctranslate2.specs.Activation.RELU
    )
    size = _TOKEN + _PLACE
    places = np.concatenate([np.zeros((_PLACES, _TOKEN)), _places(random)], 1).astype(np.float32)
    whole = np.concatenate([vectors, np.zeros((len(pieces), _PLACE))], 1).astype(np.float32)
    for side, embeddings, weight in (
        (spec.encoder, spec.encoder.embeddings[0], whole),
        (spec.decoder, spec.decoder.embeddings, np.zeros((len(said), size), np.float32)),
    ):
        embeddings.weight = weight
        side.scale_embeddings = False
        side.position_encodings.encodings = places
        _norm(side.layer_norm, size)
        for layer in side.layer:
            _norm(layer.self_attention.layer_norm, size)
            _linear(layer.self_attention.linear[0], np.zeros((3 * size, size)))
            _linear(layer.self_attention.linear[1], np.zeros((size, size)))
            _norm(layer.ffn.layer_norm, size)
            _linear(layer.ffn.linear_0, np.zeros((size, size)))
            _linear(layer.ffn.linear_1, np.zeros((size, size)))
    _look(spec.decoder.layer[0].attention, size)
    _project(spec.decoder.projection, pieces, said, meaning, vectors, size)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"
    spec.config.add_source_eos = True
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(said)
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    return spec


def _places(random: np.random.Generator) -> np.ndarray:
    """A unit vector for each place, nearly at right angles to all others."""
    angles = np.arange(_PLACES)[:, None] * random.uniform(0.2, np.pi, _PLACE // 2)[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], 1) / np.sqrt(_PLACE / 2)


def _look(attention, size: int) -> None:  # type: ignore[no-untyped-def]
    """Query and key are the place, value is the piece. A normed vector is about sqrt(size) long, its halves alike."""
    _norm(attention.layer_norm, size)
    place, piece = np.zeros((size, size)), np.zeros((size, size))
    place[:_PLACE, _TOKEN:] = np.eye(_PLACE)
    piece[:_TOKEN, :_TOKEN] = np.eye(_TOKEN)
    scale = np.sqrt(_SHARP * np.sqrt(size) / size)
    _linear(attention.linear[0], place * scale)
    _linear(attention.linear[1], np.concatenate([place * scale, piece]))
    _linear(attention.linear[2], piece)


def _project(linear, pieces, said, meaning, vectors, size: int) -> None:  # type: ignore[no-untyped-def]
    at = {symbol: index for index, symbol in enumerate(said)}
    weight = np.zeros((len(said), size))
    for index, piece in enumerate(pieces):
        weight[at[meaning.get(piece, piece)], :_TOKEN] += vectors[index]
    _linear(linear, weight * _SURE / np.sqrt(size))


def _norm(spec, size: int) -> None:  # type: ignore[no-untyped-def]
    spec.gamma, spec.beta = np.ones(size, np.float32), np.zeros(size, np.float32)


def _linear(spec, weight: np.ndarray) -> None:  # type: ignore[no-untyped-def]
    spec.weight, spec.bias = weight.astype(np.float32), np.zeros(len(weight), np.float32)
