"""Models of many languages, ready for CTranslate2, told the languages by the tokens of their family (`models/families/*.toml`)."""

from __future__ import annotations

import json

from toolkit.errors import LoktaError
from toolkit.files import read_bytes
from toolkit.models import Package
from toolkit.models.tokens import Tokens, tokenizer, tokens
from toolkit.translation.options import Options
from toolkit.translation.seq2seq import Seq2seq, Way

_END = "</s>"
_SMALL = 2**26


class CTranslate(Seq2seq):
    """The engine `ctranslate2` on one model; one copy serves all its pairs."""

    name = "ctranslate2"
    longest_input = 1000  # of 1024 places that M2M100 and NLLB have, some are for tokens

    def __init__(self, package: Package, options: Options) -> None:
        super().__init__(package, options)
        self.family: Tokens = tokens(package.family)
        self.beam = self.family.beam
        self.length_penalty = self.family.length_penalty

    @property
    def fingerprint(self) -> str:
        """The files, all options that may move a letter, and the words in which the languages are said."""
        return f"{super().fingerprint} {self.family!r}"

    def _way(self, source_language: str, target_language: str) -> Way:
        def said(template: str, text: str = "") -> str:
            return self.family.put(template, source_language, target_language, text)

        before = said(self.family.source)
        return Way(
            before=(before,) if before else (),
            after=() if self._ends_itself() else (_END,),
            prefix=said(self.family.target),
            text=lambda text: said(self.family.text, text),
        )

    def _ends_itself(self) -> bool:
        """Whether the library adds the end of the source, as the model's settings say."""
        try:
            said = json.loads(read_bytes(self.package.path / "config.json", _SMALL))
            return bool(said.get("add_source_eos"))
        except (LoktaError, ValueError, AttributeError, RecursionError):
            raise self._broken("config.json") from None

    def _tokenizer_model(self) -> bytes:
        name = tokenizer(self.family.name, [path.name for path in self.package.path.iterdir()])
        try:
            return read_bytes(self.package.path / name, _SMALL)
        except LoktaError:
            raise self._broken("the SentencePiece model") from None

    def _model_files(self) -> tuple[str, dict[str, bytes] | None]:
        return str(self.package.path), None
