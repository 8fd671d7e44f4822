"""A language model in the process, by llama.cpp.

Greedy, one slot and no prompt cache: the same text gives the same bytes, in whatever order it is asked. More slots share
the work of one pass; the words stay the same, the last digits of the scores do not.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from toolkit.errors import EngineFailed, ModelError
from toolkit.files import printable, show
from toolkit.models import Package, gguf
from toolkit.models.families import family
from toolkit.translation.language_model import LanguageModel, Said
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt
from toolkit.translation.seq2seq import cores

if TYPE_CHECKING:
    import xllamacpp

INSTALL = "pip install 'lokta[llama]'"


class Llama(LanguageModel):
    """The engine `llama` on one GGUF file; the model is loaded at the first request."""

    name = "llama"

    def __init__(self, package: Package, options: Options) -> None:
        super().__init__(family(package.family), options, package.label)
        self.package = package
        self._loading = Lock()
        self._loaded: xllamacpp.Server | None = None

    @cached_property
    def model(self) -> str:
        """What drafts are signed with."""
        return f"{self.package.name}@{self.package.digest[:8]}"

    @property
    def fingerprint(self) -> str:
        """The file, and the words in which it is asked."""
        return f"llama {self.model} {self.package.digest} {self.family!r}"

    def load(self) -> None:
        """Read the model; raises ModelError for a broken file or a missing extra."""
        _ = self._server

    def complete(self, asked: Prompt) -> Said:
        """One answer. Raises ModelError for a broken file or a missing extra, EngineFailed midway."""
        wanted: dict[str, Any] = {
            "max_tokens": asked.longest,
            "temperature": 0,
            "cache_prompt": False,
            "stop": list(asked.stop),
            **asked.sampling,
        }
        try:
            if asked.chat:
                message = {"role": "user", "content": asked.text}
                wanted |= {"messages": [message], "logprobs": True, "top_logprobs": 1, "reasoning_format": "none"}
                said = self._server.handle_chat_completions(wanted)
            else:
                said = self._server.handle_completions({**wanted, "prompt": asked.text, "n_probs": 1})
        except RuntimeError as error:
            raise self._stopped(error) from None
        trouble = said.get("error")
        if trouble and trouble.get("type") == "exceed_context_size_error":
            return Said("", refused="too long for the model")
        if trouble:
            raise self._stopped(trouble.get("message"))
        choice: Mapping[str, Any] = said["choices"][0]
        text = choice["message"]["content"] if asked.chat else choice["text"]
        logprobs = [token["logprob"] for token in (choice.get("logprobs") or {}).get("content") or ()]
        produced = (said.get("usage") or {}).get("completion_tokens") or len(logprobs)
        return Said(
            text or "",
            choice["finish_reason"] == "length",
            sum(logprobs) if logprobs else None,
            len(logprobs) or produced,
        )

    def _stopped(self, why: object) -> EngineFailed:
        said = printable(f"llama: {self.package.name} stopped: {why}")
        return EngineFailed(f"{said}; the same command goes on")

    @property
    def _server(self) -> xllamacpp.Server:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> xllamacpp.Server:
        if not ready():
            raise ModelError(f"the model {self.package.name} runs by an extra that is not installed: {INSTALL}")
        import xllamacpp

        header, slots = gguf.read(self.package.path), max(self.options.slots, 1)
        settings = xllamacpp.CommonParams()
        settings.model.path = str(self.package.path)
        settings.n_ctx = min(self.family.context, header.context or self.family.context) * slots
        settings.n_parallel = slots
        settings.cpuparams.n_threads = self.options.threads or _threads(self.package.size)
        settings.verbosity = -1
        settings.warmup = False
        settings.cache_prompt = False
        settings.cache_ram_mib = 0
        # The library opens a port on the loopback besides; nobody is told the key.
        settings.api_keys = [secrets.token_hex()]
        settings.ui = False
        if self.family.chat_template and not header.chat_template:
            settings.chat_template = self.family.chat_template
        try:
            return xllamacpp.Server(settings)
        except RuntimeError as error:
            raise ModelError(
                f"{show(self.package.path)}: is no model that llama.cpp reads ({error}); install it again"
            ) from None


def _threads(size: int) -> int:
    """One core for every 256 MB of weights. Threads wait for each other after every layer: a small model hardly gains
    by a second one, and with the cores busy elsewhere it became ten times slower."""
    return max(1, min(cores(), size >> 28))


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("xllamacpp") is not None
