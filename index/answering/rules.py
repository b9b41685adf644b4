"""The rules that this program builds and reads versions by."""

from __future__ import annotations

import hashlib
import re
from operator import attrgetter
from types import ModuleType

import opencc

from index.answering.confidence import answerability, unrelated_questions
from index.answering.front_desk.classifier import fit_fingerprint
from index.corpus import chunking, cutting, parsing, representations
from index.encoding import centering
from index.retrieval import ranking_config
from index.store.manifest import FORMAT, Rules
from index.text import normalize, terms

# The constants that shape what is stored, by the module that has the rule's version: a version that was built with
# other values would be misread, and nobody remembers to raise a number with each of them.
_CONSTANTS: dict[ModuleType, tuple[tuple[ModuleType, str], ...]] = {
    normalize: ((normalize, "_STEPS"), (normalize, "_UNSEEN")),
    chunking: ((cutting, "LONGEST_PASSAGE"), (cutting, "LONGEST_BLOCK"), (chunking, "_LONGEST_COLON")),
    representations: ((representations, "_LONGEST_CONTEXT"), (representations, "_LONGEST_HEADING")),
    terms: (
        *((terms, name) for name in ("_RUN", "_LITERAL", "_LETTER_AND_DIGIT", "_JOINED", "_HUMP")),
        (terms, "_FEWEST_HUMPS"),
    ),
    ranking_config: ((ranking_config, "DEFAULT_RANKING.centering"),),
    centering: ((centering, "ENGLISH_PROBES"), (centering, "CHINESE_PROBES")),
    answerability: tuple((answerability, name) for name in ("_KERNEL_WIDTH", "_RIDGE", "_MAX_QUESTIONS")),
    # The background is what the engine scores, by whatever weights.
    unrelated_questions: ((unrelated_questions, "unrelated_questions"), (ranking_config, "DEFAULT_RANKING")),
}


def current_rules(model: str) -> Rules:
    """Return the rules of this program with the model of that fingerprint."""
    return Rules(
        format=FORMAT,
        model=model,
        normalization=_rule(normalize),
        parsing=str(parsing.VERSION),
        passages=_rule(chunking),
        representations=_rule(representations),
        terms=_rule(terms),
        retrieval=_rule(ranking_config),
        centering=_rule(centering),
        answerability=_rule(answerability),
        background=_rule(unrelated_questions),
        front_desk=fit_fingerprint(),
        opencc=opencc.__version__,
    )


def _rule(module: ModuleType) -> str:
    """Return the version of a module's rule with a hash of its constants."""
    values = [_written(attrgetter(name)(holder)) for holder, name in _CONSTANTS[module]]
    return f"{module.VERSION}-{hashlib.sha256(repr(values).encode()).hexdigest()[:8]}"


def _written(value: object) -> str:
    """Return `value` in full; a pattern's own form is cut off."""
    if callable(value):
        value = value()
    return f"{value.pattern!r} {value.flags}" if isinstance(value, re.Pattern) else repr(value)
