"""The read path: a question → normalized → encoded → candidates → hits → an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np

from index.answering.confidence import Features, read_calibration
from index.answering.corroboration import Matched, guessed, written
from index.answering.quotes import GroupFirst, alone, build_quotes
from index.corpus.annotations.agreements import related_passages
from index.corpus.corpus import Corpus, load_corpus
from index.errors import StoreError
from index.retrieval.bm25 import terms
from index.retrieval.fusion import CandidateScores, Fuse, fuse, score_candidates, score_sentences
from index.retrieval.hybrid_index import HybridIndex
from index.retrieval.late_interaction import MaxSimScores
from index.store.manifest import Rules, check_files
from index.store.store import Store
from index.text.chinese import has_han
from index.text.normalize import normalize
from index.text.query import normalize_question
from index.text.spelling import Spelling
from index.types import Answer, Encoder, Encoding, Hit, Library, Outcome, Vector

MOST_HITS = 50

_CHECKED = 20  # code points of the first passage that a fresh version is asked; more touch more of the model
_SPARE = 4  # hits beyond those asked for: one may agree with the first, or prove not to be verbatim

_ALL = 256  # representations; a store with no more is scored whole
_CANDIDATES = 96  # representations that FAISS and BM25 each put forward in a larger one
THRESHOLD = 0.5  # the confidence from which a question is answered


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found: hits, best first, and the features of the first."""

    hits: tuple[Hit, ...]
    features: Features


@dataclass(frozen=True, slots=True)
class Policy:
    """How candidates are ranked, and the confidence from which a question is answered."""

    threshold: float = THRESHOLD
    fuse: Fuse = fuse


class Index:
    """One version of a store, open for questions."""

    def __init__(
        self,
        version: str,
        corpus: Corpus,
        matching: HybridIndex,
        encoder: Encoder,
        *,
        policy: Policy = Policy(),
    ) -> None:
        self.version = version
        self._records = corpus
        self._matching = matching
        self._encoder = encoder
        self._policy = policy
        self._views_of: dict[int, list[int]] = {}
        for number, representation in enumerate(corpus.representations):
            self._views_of.setdefault(representation.passage, []).append(number)
        self._spelling = Spelling(corpus.terms)
        self._beside = related_passages(corpus.agreements)
        self._matched = Matched(corpus, matching.keywords, self._views_of)

    @classmethod
    def open(
        cls, store: Path, encoder: Encoder, *, threshold: float = THRESHOLD, version: str | None = None
    ) -> Self:
        """Open the current version of `store`, or the named one; StoreError: it is missing, damaged or foreign."""
        if version is not None:
            return cls.open_version(Store(store).path(version), encoder, threshold=threshold)
        return Store(store).read_current(partial(cls.open_version, encoder=encoder, threshold=threshold))

    @classmethod
    def open_version(cls, folder: Path, encoder: Encoder, *, threshold: float = THRESHOLD) -> Self:
        """Open the version in `folder`, every file checked against its checksum."""
        manifest = check_files(folder)
        if manifest.rules != Rules.of(encoder.fingerprint):
            raise StoreError(f"{folder} was built with another model or version; run `python -m index build`")
        return cls(
            manifest.version, load_corpus(folder), HybridIndex.load(folder), encoder, policy=Policy(threshold)
        )

    @property
    def library(self) -> Library:
        """The documents of this version."""
        return self._records.library

    def ask(self, question: str, *, top: int = 3, document: str | None = None) -> Answer:
        """Answer one question with up to `top` quotes, of one document only if it is named."""
        return self.ask_many([question], top=top, document=document)[0]

    def ask_many(self, questions: Sequence[str], *, top: int = 3, document: str | None = None) -> list[Answer]:
        """Answer questions that came together, encoded in one forward pass."""
        started = time.perf_counter()
        normalized = [self._spelling.correct(normalize_question(question)) for question in questions]
        encodings = self._encoder.encode_questions(normalized)
        shared = (time.perf_counter() - started) / max(1, len(questions))
        answers = []
        for question, text, encoding in zip(questions, normalized, encodings, strict=True):
            started = time.perf_counter()
            findings = self._find(text, encoding, top=top + _SPARE, document=document, compared=True)
            confidence = read_calibration().probability(findings.features)
            answered = confidence >= self._policy.threshold
            group_first = self._together(text, top=top) if answered and document is None else alone
            quotes = build_quotes(findings.hits, self._records, top=top, group_first=group_first)
            answers.append(
                Answer(
                    question=question,
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
        return self._find(text, self._encoder.encode_questions([text])[0], top=top, document=document)

    def check(self) -> None:
        """Ask the first passage's own words; raise StoreError when no hit comes back."""
        first = self._records.passages[0]
        text = self.library.document(first.document).text
        words = first.span.of(text)[:_CHECKED]
        if not self.search(words if normalize(words) else first.document).hits:
            raise StoreError(f"version {self.version} finds nothing; run `python -m index build`")

    def _together(self, question: str, *, top: int) -> GroupFirst:
        """Where agreements are written down, only they decide what says the same."""
        if self._records.agreements:
            return partial(written, corpus=self._records)
        return partial(guessed, asked=terms(question), matched=self._matched, top=top)

    def _find(
        self, question: str, encoding: Encoding, *, top: int, document: str | None, compared: bool = False
    ) -> SearchResult:
        """Rank the passages; `compared`: beyond the first `top` also those that agree with the first."""
        chinese = has_han(question)
        asked = terms(question)
        keywords = self._matching.keywords.scores(asked)
        numbers = self._candidates(encoding, keywords, document)
        if not numbers:
            return SearchResult((), Features(0, 0, 0, 0, 0, float(chinese), 0, None, None, annotated=False))
        max_sim = self._matching.tokens.score(encoding, numbers, chinese=chinese)
        candidates = score_candidates(self._records.representations, numbers, max_sim, keywords, chinese=chinese)
        fused = self._policy.fuse(candidates)
        order = np.argsort(-fused, kind="stable")
        ranked = [candidates[at] for at in order]
        agreeing = self._beside.get(ranked[0].passage, ()) if compared else ()
        hits = tuple(
            Hit(each.passage, float(fused[at]), self._sentences(each, numbers, max_sim))
            for rank, (at, each) in enumerate(zip(order, ranked, strict=True))
            if rank < top or each.passage in agreeing
        )
        features = self._signals(ranked, encoding, asked, chinese=chinese, segment=max(hits[0].sentences))
        return SearchResult(hits, features)

    def _sentences(
        self, candidates: CandidateScores, numbers: Sequence[int], max_sim: MaxSimScores
    ) -> tuple[float, ...]:
        representations = [self._records.representations[numbers[at]] for at in candidates.positions]
        return score_sentences(representations, [max_sim.segments(at) for at in candidates.positions])

    def _candidates(self, encoding: Encoding, keywords: np.ndarray, document: str | None) -> list[int]:
        """Choose the representations to score: all of a small store, else those of the passages that either index names."""
        representations = self._records.representations
        if len(representations) <= _ALL:
            chosen = set(self._views_of)
        else:
            best = np.argpartition(-keywords, _CANDIDATES)[:_CANDIDATES]
            named = [
                *self._matching.vectors.nearest(encoding.pooled, _CANDIDATES),
                *best[keywords[best] > 0].tolist(),
            ]
            chosen = {representations[number].passage for number in named}
        if document is not None:
            passages = self._records.passages
            chosen = {number for number in self._views_of if passages[number].document == document} & (
                chosen if len(representations) <= _ALL else set(self._views_of)
            )
        return [number for passage in sorted(chosen) for number in self._views_of[passage]]

    def _signals(
        self,
        ranked: Sequence[CandidateScores],
        encoding: Encoding,
        asked: Sequence[str],
        *,
        chinese: bool,
        segment: float,
    ) -> Features:
        first = ranked[0]
        numbers = self._views_of[first.passage]
        representations = [self._records.representations[number] for number in numbers]
        rarity = {term: self._matching.keywords.rarity(term) for term in asked}
        held = [_terms_of(representation.text) for representation in representations]
        # In the question's order: a set's differs from one process to the next, and with it the last digit.
        covered = max(sum(value for term, value in rarity.items() if term in each) for each in held)
        annotated = len(numbers) > 1
        answerability = self._leaning(encoding.pooled, first.passage) if annotated else None
        others = max((each.max_sim for each in ranked[1:]), default=0.0)
        return Features(
            max_sim=first.max_sim,
            segment=segment,
            margin=first.max_sim - others,
            dense=float(self._matching.vectors.similarities(encoding.pooled, numbers).max()),
            coverage=covered / (sum(rarity.values()) or 1.0),
            chinese=float(chinese),
            length=float(np.log1p(len(asked))),
            unanswerable=self._unanswerable(encoding.pooled) if answerability is None else None,
            answerability=answerability,
            annotated=annotated,
        )

    def _leaning(self, question: Vector, passage: int) -> float | None:
        """Of a document that has no answered questions the precedents of others say nothing."""
        precedents = self._matching.precedents
        told = self._records.passages[passage].document in self._records.answered
        return precedents.answerability(question) if precedents and told else None

    def _unanswerable(self, question: Vector) -> float | None:
        precedents = self._matching.precedents
        return precedents.nearest_unanswerable(question) if precedents else None


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
