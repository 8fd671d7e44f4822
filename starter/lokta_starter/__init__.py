"""The starter model of Lokta as data: where its file lies and what its card says, for the entry point `lokta.models`.

The model file is a modification of Gemma 3 270M; Gemma is provided under and subject to the Gemma Terms of Use found
at ai.google.dev/gemma/terms. See MODEL_CARD.md beside this package's metadata.
"""

from pathlib import Path

FILE = Path(__file__).with_name("lokta-starter-en-zh.gguf")

CARD = {
    "name": "lokta-starter-en-zh",
    "engine": "llama",
    "family": "starter",
    "pairs": [("en", "zh-Hans")],
    "path": str(FILE),
    "version": "1.0.0",
    "licence": "Gemma Terms of Use; training data for evaluation and non-commercial use",
    "label": "starter model: expect to rewrite",
    "figures": {
        "NTREX-128 en->zh, 1,997 sentences, greedy, raw answers: BLEU (sacreBLEU, zh)": 14.9,
        "NTREX-128 en->zh, 1,997 sentences, greedy, raw answers: chrF2": 15.9,
    },
}


def cards():
    """The models that this distribution carries."""
    return [CARD]
