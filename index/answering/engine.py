"""The read path: a question → normalized → encoded → candidates → hits → an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np

from index.answering.answerability import FOLDER, AnswerabilityModel
from index.answering.confidence import Features, read_calibration
from index.answering.corroboration import Matched, guessed, written
from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.answering.quotes import GroupFirst, alone, build_quotes
from index.answering.reading_aids import add_reading_aids
from index.answering.rules import current_rules
from index.corpus.annotations.agreements import related_passages
from index.corpus.corpus import Corpus
from index.errors import REBUILD, StoreError
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.searcher import Ranking, Searcher
from index.store.manifest import Manifest, verify_checksums
from index.store.serialization import load_corpus
from index.store.store import Store
from index.text.normalize import normalize
from index.text.query import normalize_question
from index.text.spelling import Spelling
from index.text.terms import terms
from index.types import Answer, Encoder, Hit, Language, Library, Outcome, Query, Vector

MOST_HITS = 50

_CHECKED = 20  # code points of the first passage that a fresh version is asked; more touch more of the model
_SPARE = 4  # hits beyond those asked for: one may agree with the first, or prove not to be verbatim


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: hits, best first, and the features of the first."""

    hits: tuple[Hit, ...]
    features: Features


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """The content of one version: its corpus, its indexes and, where there is one, its answerability model."""

    corpus: Corpus
    hybrid: HybridIndex
    answerability: AnswerabilityModel | None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the version in `folder`. Raises StoreError."""
        return cls.of(load_corpus(folder), folder)

    @classmethod
    def of(cls, corpus: Corpus, folder: Path) -> Self:
        """Open the indexes of `corpus` in `folder`. Raises StoreError."""
        try:
            model = AnswerabilityModel.load(folder / FOLDER) if (folder / FOLDER).exists() else None
        except (OSError, ValueError) as error:
            raise StoreError(f"{folder} is damaged; {REBUILD}") from error
        return cls(corpus, HybridIndex.load(folder), model)


class Index:
    """One version of a store, open for questions."""

    def __init__(
        self, version: str, stored: StoredIndex, encoder: Encoder, *, policy: AnswerPolicy = DEFAULT_POLICY
    ) -> None:
        corpus = stored.corpus
        self.version = version
        self._records = corpus
        self._hybrid = stored.hybrid
        self._answerability = stored.answerability
        self._encoder = encoder
        self._policy = policy
        self._searcher = Searcher(corpus, stored.hybrid, config=policy.ranking)
        self._spelling = Spelling(corpus.terms)
        self._beside = related_passages(corpus.agreements)
        self._matched = Matched(corpus, stored.hybrid.bm25, self._searcher.representations_of)

    @classmethod
    def open(
        cls,
        store: Path,
        encoder: Encoder,
        *,
        policy: AnswerPolicy = DEFAULT_POLICY,
        version: str | None = None,
    ) -> Self:
        """Open the current version of `store`, or the named one.

        Raises StoreError if it is missing, damaged or foreign.
        """
        open_version = partial(cls.open_version, encoder=encoder, policy=policy)
        versions = Store(store)
        return versions.read_current(open_version) if version is None else open_version(versions.path(version))

    @classmethod
    def open_version(cls, folder: Path, encoder: Encoder, *, policy: AnswerPolicy = DEFAULT_POLICY) -> Self:
        """Open the version in `folder`; every file is compared with its checksum. Raises StoreError."""
        manifest = verify_checksums(folder)
        if manifest.rules != current_rules(encoder.fingerprint):
            raise StoreError(f"{folder} was built with another model or version; {REBUILD}")
        return cls.load(folder, manifest, encoder, policy=policy)

    @classmethod
    def load(
        cls, folder: Path, manifest: Manifest, encoder: Encoder, *, policy: AnswerPolicy = DEFAULT_POLICY
    ) -> Self:
        """Open the version in `folder`, whose checksums and rules are known to be right. Raises StoreError."""
        return cls(manifest.version, StoredIndex.load(folder), encoder, policy=policy)

    @property
    def library(self) -> Library:
        """The documents of this version."""
        return self._records.library

    def ask(
        self, question: str, *, top: int = 3, document: str | None = None, language: Language | None = None
    ) -> Answer:
        """Return the answer with up to `top` quotes, of the one `document` if it is named.

        The quotes have reading aids for a reader of `language`, and none without it. Raises QuestionError.
        """
        return self.ask_many([Query(question, language)], top=top, document=document)[0]

    def ask_many(self, queries: Sequence[Query], *, top: int = 3, document: str | None = None) -> list[Answer]:
        """Return one answer a query, in order; all are encoded in one forward pass. Raises QuestionError."""
        started = time.perf_counter()
        normalized = [self._spelling.correct(normalize_question(query.text)) for query in queries]
        encodings = self._encoder.encode_questions(normalized)
        shared = (time.perf_counter() - started) / max(1, len(queries))
        answers = []
        for query, text, encoding in zip(queries, normalized, encodings, strict=True):
            started = time.perf_counter()
            encoded = EncodedQuery.of(text, encoding)
            ranking = self._searcher.search(encoded, top=top + _SPARE, document=document, related=self._beside)
            confidence = read_calibration().probability(self._features(encoded, ranking))
            answered = confidence >= self._policy.threshold
            group_first = self._together(text, top=top) if answered and document is None else alone
            quotes = build_quotes(ranking.hits, self._records, top=top, group_first=group_first)
            if query.language is not None:
                quotes = add_reading_aids(quotes, self._records, language=query.language, answered=answered)
            answers.append(
                Answer(
                    question=query.text,
                    outcome=Outcome.ANSWERED if answered and quotes else Outcome.DECLINED,
                    confidence=confidence,
                    quotes=quotes if answered else (),
                    nearest=() if answered else quotes,
                    elapsed_ms=(shared + time.perf_counter() - started) * 1000,
                    version=self.version,
                )
            )
        return answers

    def search(self, question: str, *, top: int = 10, document: str | None = None) -> SearchResult:
        """Rank the passages for one question."""
        text = self._spelling.correct(normalize_question(question))
        query = EncodedQuery.of(text, self._encoder.encode_questions([text])[0])
        ranking = self._searcher.search(query, top=top, document=document)
        return SearchResult(ranking.hits, self._features(query, ranking))

    def check(self) -> None:
        """Ask the first passage's own words; raise StoreError when no hit comes back."""
        first = self._records.passages[0]
        text = self.library.document(first.document).text
        words = first.span.of(text)[:_CHECKED]
        if not self.search(words if normalize(words) else first.document).hits:
            raise StoreError(f"version {self.version} finds nothing; {REBUILD}")

    def _together(self, question: str, *, top: int) -> GroupFirst:
        """Where agreements are written down, only they decide what says the same."""
        if self._records.agreements:
            return partial(written, corpus=self._records)
        return partial(guessed, asked=terms(question), matched=self._matched, top=top)

    def _features(self, query: EncodedQuery, ranking: Ranking) -> Features:
        """Return the features of the first passage."""
        chinese = float(query.is_chinese)
        if not ranking.hits:
            return Features(0, 0, 0, 0, 0, chinese, 0, None, None, annotated=False)
        first = ranking.candidates[0]
        question = query.encoding.pooled
        numbers = self._searcher.representations_of[first.passage]
        representations = [self._records.representations[number] for number in numbers]
        rarity = {term: self._hybrid.rarity(term) for term in query.terms}
        held = [_terms_of(representation.text) for representation in representations]
        # In the question's order: a set's differs from one process to the next, and with it the last digit.
        covered = max(sum(value for term, value in rarity.items() if term in each) for each in held)
        annotated = len(numbers) > 1
        answerability = self._answerability_of(question, first.passage) if annotated else None
        others = max((each.max_sim for each in ranking.candidates[1:]), default=0.0)
        return Features(
            max_sim=first.max_sim,
            segment=max(ranking.hits[0].sentences),
            margin=first.max_sim - others,
            dense=float(self._hybrid.similarities(question, numbers).max()),
            coverage=covered / (sum(rarity.values()) or 1.0),
            chinese=chinese,
            length=float(np.log1p(len(query.terms))),
            unanswerable=self._unanswerable(question) if answerability is None else None,
            answerability=answerability,
            annotated=annotated,
        )

    def _answerability_of(self, question: Vector, passage: int) -> float | None:
        """Return None where the passage's document has no annotated questions: those of others do not tell."""
        annotated = self._records.passages[passage].document in self._records.answered
        return self._answerability.answerability(question) if self._answerability and annotated else None

    def _unanswerable(self, question: Vector) -> float | None:
        return self._answerability.nearest_unanswerable(question) if self._answerability else None


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
