"""The read path: a question → folded → encoded → candidates → hits → an answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

import numpy as np

from index.agreements import beside
from index.confidence import Signals, read_calibration
from index.corroboration import Matched, guessed, written
from index.errors import StoreError
from index.fold import fold
from index.fusion import Evidence, Fuse, fuse, score_sentences, weigh
from index.glossary import Spelling
from index.keywords import terms
from index.manifest import Rules, check_files
from index.matching import Matching
from index.question import fold_question
from index.quotes import Together, alone, compose
from index.records import Records, load_records
from index.rerank import Late
from index.scripts import has_han
from index.store import Store
from index.types import Answer, Encoder, Encoding, Hit, Library, Vector

MOST_HITS = 50

_CHECKED = 20  # code points of the first passage that a fresh version is asked; more touch more of the model
_SPARE = 4  # hits beyond those asked for: one may agree with the first, or prove not to be verbatim

_ALL = 256  # views; a store with no more is scored whole
_CANDIDATES = 96  # views that FAISS and BM25 each put forward in a larger one
THRESHOLD = 0.5  # the confidence from which a question is answered


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: hits, best first, and the signals of the first."""

    hits: tuple[Hit, ...]
    signals: Signals


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
        records: Records,
        matching: Matching,
        encoder: Encoder,
        *,
        policy: Policy = Policy(),
    ) -> None:
        self.version = version
        self._records = records
        self._matching = matching
        self._encoder = encoder
        self._policy = policy
        self._views_of: dict[int, list[int]] = {}
        for number, view in enumerate(records.views):
            self._views_of.setdefault(view.passage, []).append(number)
        self._spelling = Spelling(records.terms)
        self._beside = beside(records.agreements)
        self._matched = Matched(records, matching.keywords, self._views_of)

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
            manifest.version, load_records(folder), Matching.load(folder), encoder, policy=Policy(threshold)
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
        folded = [self._spelling.correct(fold_question(question)) for question in questions]
        encodings = self._encoder.encode_questions(folded)
        shared = (time.perf_counter() - started) / max(1, len(questions))
        answers = []
        for question, text, encoding in zip(questions, folded, encodings, strict=True):
            started = time.perf_counter()
            findings = self._find(text, encoding, top=top + _SPARE, document=document, compared=True)
            confidence = read_calibration().probability(findings.signals)
            answered = confidence >= self._policy.threshold
            together = self._together(text, top=top) if answered and document is None else alone
            quotes = compose(findings.hits, self._records, top=top, together=together)
            answers.append(
                Answer(
                    question=question,
                    answered=answered and bool(quotes),
                    confidence=confidence,
                    quotes=quotes if answered else (),
                    nearest=() if answered else quotes,
                    elapsed_ms=(shared + time.perf_counter() - started) * 1000,
                    version=self.version,
                )
            )
        return answers

    def search(self, question: str, *, top: int = 10, document: str | None = None) -> Findings:
        """Rank the passages for one question."""
        text = self._spelling.correct(fold_question(question))
        return self._find(text, self._encoder.encode_questions([text])[0], top=top, document=document)

    def check(self) -> None:
        """Ask the first passage's own words; raise StoreError when no hit comes back."""
        first = self._records.passages[0]
        text = next(each.text for each in self.library.documents if each.name == first.document)
        words = text[first.span.start : first.span.end][:_CHECKED]
        if not self.search(words if fold(words) else first.document).hits:
            raise StoreError(f"version {self.version} finds nothing; run `python -m index build`")

    def _together(self, question: str, *, top: int) -> Together:
        """Where agreements are written down, only they decide what says the same."""
        if self._records.agreements:
            return partial(written, records=self._records)
        return partial(guessed, asked=terms(question), matched=self._matched, top=top)

    def _find(
        self, question: str, encoding: Encoding, *, top: int, document: str | None, compared: bool = False
    ) -> Findings:
        """Rank the passages; `compared`: beyond the first `top` also those that agree with the first."""
        chinese = has_han(question)
        asked = terms(question)
        keywords = self._matching.keywords.scores(asked)
        numbers = self._candidates(encoding, keywords, document)
        if not numbers:
            return Findings((), Signals(0, 0, 0, 0, 0, float(chinese), 0, None, None, glossed=False))
        late = self._matching.tokens.score(encoding, numbers, chinese=chinese)
        evidence = weigh(self._records.views, numbers, late, keywords, chinese=chinese)
        fused = self._policy.fuse(evidence)
        order = np.argsort(-fused, kind="stable")
        ranked = [evidence[at] for at in order]
        agreeing = self._beside.get(ranked[0].passage, ()) if compared else ()
        hits = tuple(
            Hit(each.passage, float(fused[at]), self._sentences(each, numbers, late))
            for rank, (at, each) in enumerate(zip(order, ranked, strict=True))
            if rank < top or each.passage in agreeing
        )
        signals = self._signals(ranked, encoding, asked, chinese=chinese, piece=max(hits[0].sentences))
        return Findings(hits, signals)

    def _sentences(self, evidence: Evidence, numbers: Sequence[int], late: Late) -> tuple[float, ...]:
        views = [self._records.views[numbers[at]] for at in evidence.positions]
        return score_sentences(views, [late.pieces(at) for at in evidence.positions])

    def _candidates(self, encoding: Encoding, keywords: np.ndarray, document: str | None) -> list[int]:
        """Choose the views to score: all of a small store, else those of the passages that either index names."""
        views = self._records.views
        if len(views) <= _ALL:
            chosen = set(self._views_of)
        else:
            best = np.argpartition(-keywords, _CANDIDATES)[:_CANDIDATES]
            named = [
                *self._matching.vectors.nearest(encoding.pooled, _CANDIDATES),
                *best[keywords[best] > 0].tolist(),
            ]
            chosen = {views[number].passage for number in named}
        if document is not None:
            passages = self._records.passages
            chosen = {number for number in self._views_of if passages[number].document == document} & (
                chosen if len(views) <= _ALL else set(self._views_of)
            )
        return [number for passage in sorted(chosen) for number in self._views_of[passage]]

    def _signals(
        self, ranked: Sequence[Evidence], encoding: Encoding, asked: Sequence[str], *, chinese: bool, piece: float
    ) -> Signals:
        first = ranked[0]
        numbers = self._views_of[first.passage]
        views = [self._records.views[number] for number in numbers]
        rarity = {term: self._matching.keywords.rarity(term) for term in asked}
        held = [_terms_of(view.text) for view in views]
        # In the question's order: a set's differs from one process to the next, and with it the last digit.
        covered = max(sum(value for term, value in rarity.items() if term in each) for each in held)
        glossed = len(numbers) > 1
        leaning = self._leaning(encoding.pooled, first.passage) if glossed else None
        others = max((each.late for each in ranked[1:]), default=0.0)
        return Signals(
            late=first.late,
            piece=piece,
            margin=first.late - others,
            dense=float(self._matching.vectors.similarities(encoding.pooled, numbers).max()),
            coverage=covered / (sum(rarity.values()) or 1.0),
            chinese=float(chinese),
            length=float(np.log1p(len(asked))),
            gap=self._gap(encoding.pooled) if leaning is None else None,
            leaning=leaning,
            glossed=glossed,
        )

    def _leaning(self, question: Vector, passage: int) -> float | None:
        """Of a document that has no answered questions the precedents of others say nothing."""
        precedents = self._matching.precedents
        told = self._records.passages[passage].document in self._records.answered
        return precedents.leaning(question) if precedents and told else None

    def _gap(self, question: Vector) -> float | None:
        precedents = self._matching.precedents
        return precedents.nearest_gap(question) if precedents else None


@lru_cache(maxsize=4096)
def _terms_of(text: str) -> frozenset[str]:
    return frozenset(terms(text))
