"""A background of few questions, measured once for equal documents: it is two thirds of the time of a small build."""

from __future__ import annotations

import hashlib
import pickle

import pytest

from index.answering.confidence import background
from index.answering.confidence.background import Background
from index.answering.confidence.unrelated_questions import unrelated_questions
from index.corpus.corpus import Corpus
from index.retrieval.backend import RetrievalBackend
from index.text.query import normalize_question
from index.types import Encoder
from tests.fakes import FakeEncoder

_measure = Background.measure
_measured: dict[bytes, Background] = {}


def measure_once(corpus: Corpus, hybrid: RetrievalBackend, encoder: Encoder) -> Background:
    """Return what `Background.measure` returns; for the fake encoder that of a few questions, asked once."""
    if type(encoder) is not FakeEncoder:
        return _measure(corpus, hybrid, encoder)
    key = hashlib.sha256(pickle.dumps(corpus)).digest()
    if key not in _measured:
        _measured[key] = measure_by_few(corpus, hybrid, encoder)
    else:
        encoder.encode_questions([normalize_question(question) for question in few_questions()])
    return _measured[key]


def measure_by_few(corpus: Corpus, hybrid: RetrievalBackend, encoder: Encoder) -> Background:
    """Return what `Background.measure` returns for a few of its questions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "unrelated_questions", few_questions)
        return _measure(corpus, hybrid, encoder)


def few_questions() -> tuple[str, ...]:
    """Return every eighth of the unrelated questions, as many in English as in Chinese."""
    return unrelated_questions()[::8]
