"""The engine `argos`: packages in the Argos format, searched as Argos Translate itself searches (beam 4, length penalty 0.2,
unknown words from the source). What differs is that many sentences share a batch, and each comes back with a score."""

from __future__ import annotations

from functools import cached_property, partial

from toolkit.models import argos
from toolkit.translation.apart import Apart
from toolkit.translation.engines.seq2seq import Conditioning, Search, Seq2seq, Seq2seqModel
from toolkit.translation.inference import Model
from toolkit.units import LanguagePair


class ArgosModel(Seq2seqModel):
    """The weights of one Argos package."""

    def tokenizer_file(self) -> bytes:
        """`sentencepiece.model` of the package."""
        return self._files.read("sentencepiece.model")

    def model_files(self) -> tuple[str, dict[str, bytes] | None]:
        """The folder `model`, or its files straight from the archive."""
        argos.refuse_twins()
        files = self._files
        if not files.archive:
            return str(self.package.path / "model"), None
        return self.package.name, {name.removeprefix("model/"): files.read(name) for name in files.names("model")}

    @cached_property
    def _files(self) -> argos.Files:
        return argos.Files(self.package.path)


class Argos(Seq2seq):
    """The engine `argos` on one package."""

    name = "argos"

    def make_model(self) -> Model:
        """Argos Translate's own search."""
        return Apart(partial(ArgosModel, self.package, self.options, Search(4, 0.2, replace_unknowns=True)))

    def conditioning(self, text: str, pair: LanguagePair) -> Conditioning:
        """A package knows one pair; some want a token before each target sentence."""
        return Conditioning(prefix=self._prefix)

    @cached_property
    def _prefix(self) -> str:
        return argos.target_prefix(self.package.path)
