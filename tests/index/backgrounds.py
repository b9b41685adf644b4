"""The background of equal documents, measured once in each process: it is two thirds of the time of a small build."""

from __future__ import annotations

import hashlib
import pickle

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
    """Return what `Background.measure` returns; of the fake encoder, what it returned for these documents before."""
    if type(encoder) is not FakeEncoder:
        return _measure(corpus, hybrid, encoder)
    key = hashlib.sha256(pickle.dumps(corpus)).digest()
    if key not in _measured:
        _measured[key] = _measure(corpus, hybrid, encoder)
    else:
        encoder.encode_questions([normalize_question(question) for question in unrelated_questions()])
    return _measured[key]
