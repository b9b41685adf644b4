"""The background of a store: what its passages score for questions that they do not answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter

from index.answering.confidence.signals import Signals, read_signals
from index.answering.confidence.unrelated_questions import unrelated_questions
from index.corpus.corpus import Corpus
from index.retrieval.backend import RetrievalBackend
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.searcher import Searcher
from index.text.query import normalize_question
from index.types import Encoder

BACKGROUND = "background.json"  # in a version

_LEAST_SPREAD = 1e-3  # of a signal; questions that all score alike say nothing of its scale
_FARTHEST = 10.0  # deviations; in a folder of a few passages the unrelated questions may nearly all score alike
_TO_DEVIATION = 1.4826  # from the median absolute deviation of a normal distribution


@dataclass(frozen=True, slots=True)
class Scale:
    """The middle and the spread of one signal over unrelated questions."""

    middle: float
    spread: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Scale:
        """Return the median and the median deviation: a few questions that are answered after all do no harm."""
        middle = float(np.median(values))
        spread = _TO_DEVIATION * float(np.median(np.abs(np.asarray(values) - middle)))
        return cls(middle, max(spread, _LEAST_SPREAD))

    def deviations(self, value: float) -> float:
        """Return how far `value` lies from the middle."""
        return max(-_FARTHEST, min(_FARTHEST, (value - self.middle) / self.spread))


@dataclass(frozen=True, slots=True)
class Background:
    """The scale of each signal, by name, for English and for Chinese questions."""

    english: Mapping[str, Scale]
    chinese: Mapping[str, Scale]

    @classmethod
    def measure(cls, corpus: Corpus, hybrid: RetrievalBackend, encoder: Encoder) -> Background:
        """Return the background of a corpus: all unrelated questions are asked."""
        searcher = Searcher(corpus, hybrid)
        questions = unrelated_questions()
        texts = [normalize_question(question) for question in questions]
        signals: dict[bool, list[Signals]] = {False: [], True: []}
        for question, text, encoding in zip(questions, texts, encoder.encode_questions(texts), strict=True):
            query = EncodedQuery.of(text, encoding, question=question)
            ranking = searcher.search(query, top=1)
            numbers = corpus.tables.columns.representations_of(ranking.candidates[0].passage)
            signals[query.is_chinese].append(read_signals(query, ranking, hybrid, representations=numbers))
        return cls(english=_scales(signals[False]), chinese=_scales(signals[True]))

    def normalize(self, signals: Signals, *, chinese: bool) -> Signals:
        """Return `signals` in deviations from those of unrelated questions, at most `_FARTHEST` either way."""
        scales = self.chinese if chinese else self.english
        return Signals(**{name: scales[name].deviations(getattr(signals, name)) for name in _NAMES})

    def save(self, folder: Path) -> None:
        """Write the background into the folder of a version."""
        (folder / BACKGROUND).write_bytes(_ADAPTER.dump_json(self, indent=1))

    @classmethod
    def load(cls, folder: Path) -> Background:
        """Return what `save` wrote. Raises OSError, ValueError."""
        found = _ADAPTER.validate_json((folder / BACKGROUND).read_bytes())
        if not set(found.english) == set(found.chinese) == set(_NAMES):
            raise ValueError(f"{folder / BACKGROUND} has other signals")
        return found


def _scales(signals: Sequence[Signals]) -> dict[str, Scale]:
    return {name: Scale.of([getattr(each, name) for each in signals]) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Signals))
_ADAPTER = TypeAdapter(Background)
