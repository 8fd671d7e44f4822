"""A language model asked by xllamacpp alone, as a person would by its manual: what the engine `llama` is measured against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.translation.engines.prompts import Prompt


def load(path: Path, context: int, slots: int, threads: int) -> Any:
    """A server of the library; `context` is that of one slot."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx, settings.n_parallel = context * slots, slots
    settings.cpuparams.n_threads = threads
    settings.verbosity, settings.warmup = -1, False
    settings.cache_prompt, settings.cache_ram_mib = False, 0
    return xllamacpp.Server(settings)


def say(server: Any, prompt: Prompt, scored: bool = False) -> tuple[str, int]:
    """The answer as it is and its tokens; `scored`: with a log-probability for each token, as the engine wants them."""
    wanted = {"max_tokens": prompt.longest, "temperature": 0, "cache_prompt": False, "stop": list(prompt.stop)}
    wanted |= dict(prompt.sampling)
    if prompt.chat:
        wanted |= {"messages": [{"role": "user", "content": prompt.text}]} | ({"logprobs": True} if scored else {})
        said = server.handle_chat_completions(wanted)
    else:
        said = server.handle_completions({**wanted, "prompt": prompt.text} | ({"n_probs": 1} if scored else {}))
    choice = said["choices"][0]
    return choice["message"]["content"] if prompt.chat else choice["text"], int(said["usage"]["completion_tokens"])
