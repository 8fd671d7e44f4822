"""The engine `ctranslate2`: models of many languages, told the pair by the tokens of their family (`models/families/*.toml`)."""

from __future__ import annotations

import json
from functools import cached_property, partial

from toolkit.errors import LoktaError, ModelError
from toolkit.files import show
from toolkit.models import Package
from toolkit.models.tokens import Tokens, tokenizer, tokens
from toolkit.translation.apart import Apart
from toolkit.translation.engines.seq2seq import Conditioning, Search, Seq2seq, Seq2seqModel
from toolkit.translation.inference import Model
from toolkit.translation.options import Options, Resources
from toolkit.units import LanguagePair

_END = "</s>"
_LONGEST_INPUT = 1000
"""Of the 1024 places that M2M100 and NLLB have, some are for tokens of languages."""


class MultilingualModel(Seq2seqModel):
    """The weights of one model of many languages."""

    def tokenizer_file(self) -> bytes:
        """The family's SentencePiece file."""
        name = tokenizer(self.package.family, self.package.names)
        try:
            return self.package.read(name)
        except LoktaError:
            raise self.broken("the SentencePiece model") from None

    def model_files(self) -> tuple[str, dict[str, bytes] | None]:
        """The package's folder."""
        return str(self.package.path), None


class CTranslate(Seq2seq):
    """The engine `ctranslate2` on one model; one copy serves all its pairs."""

    name = "ctranslate2"

    def __init__(self, package: Package, options: Options, resources: Resources | None = None) -> None:
        self.family: Tokens = tokens(package.family)
        super().__init__(package, options, resources)

    def make_model(self) -> Model:
        """The family's own search."""
        search = Search(self.family.beam, self.family.length_penalty, longest_input=_LONGEST_INPUT)
        return Apart(partial(MultilingualModel, self.package, self.options, search))

    def conditioning(self, text: str, pair: LanguagePair) -> Conditioning:
        """The family's tokens for the two languages."""
        before = self.family.put(self.family.source, pair)
        said = self.family.put(self.family.text, pair, text)
        return Conditioning(
            before=(before,) if before else (),
            after=() if self._ends_itself else (_END,),
            prefix=self.family.put(self.family.target, pair),
            text=said if said != text else "",
        )

    @cached_property
    def _ends_itself(self) -> bool:
        """Whether CTranslate2 adds the end of the source, as the model's settings say."""
        try:
            said = json.loads(self.package.read("config.json"))
            return bool(said.get("add_source_eos"))
        except (LoktaError, ValueError, AttributeError, RecursionError):
            raise ModelError(
                f"{show(self.package.path)}: config.json cannot be read; install the package again"
            ) from None
