"""The rules that this program builds and reads versions by."""

from __future__ import annotations

import opencc

from index.answering.confidence import answerability, unrelated_questions
from index.corpus import chunking, parsing, representations
from index.encoding import centering
from index.retrieval import ranking_config
from index.store.manifest import FORMAT, Rules
from index.text import normalize, terms


def current_rules(model: str) -> Rules:
    """Return the rules of this program with the model of that fingerprint."""
    return Rules(
        format=FORMAT,
        model=model,
        normalization=normalize.VERSION,
        parsing=parsing.VERSION,
        passages=chunking.VERSION,
        representations=representations.VERSION,
        terms=terms.VERSION,
        retrieval=ranking_config.VERSION,
        centering=centering.VERSION,
        answerability=answerability.VERSION,
        background=unrelated_questions.VERSION,
        opencc=opencc.__version__,
    )
