"""Packages in the Argos format, with the search that Argos itself makes: beam 4, length penalty 0.2, unknown words from the source.

What differs from Argos is in seq2seq.py: many sentences share a batch, and each comes back for itself, with a score.
"""

from __future__ import annotations

from functools import cached_property

from toolkit.models import argos
from toolkit.translation.seq2seq import Seq2seq, Way


class Argos(Seq2seq):
    """The engine `argos` on one package."""

    name = "argos"
    beam = 4
    length_penalty = 0.2
    replace_unknowns = True

    def _way(self, source_language: str, target_language: str) -> Way:
        return Way(prefix=argos.target_prefix(self.package.path))

    def _tokenizer_model(self) -> bytes:
        return self._files.read("sentencepiece.model")

    def _model_files(self) -> tuple[str, dict[str, bytes] | None]:
        argos.refuse_twins()
        files = self._files
        if not files.archive:
            return str(self.package.path / "model"), None
        return self.package.name, {name.removeprefix("model/"): files.read(name) for name in files.names("model")}

    @cached_property
    def _files(self) -> argos.Files:
        return argos.Files(self.package.path)
