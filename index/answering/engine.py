"""The read path: question → normalized → encoded → ranked passages → an answer with quotes."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from index.answering.confidence.calibration import Features, read_calibration
from index.answering.confidence.calibration_choice import BUNDLED, CalibrationChoice, choose_calibration
from index.answering.confidence.passage_confidence import add_confidence, drop_unlikely
from index.answering.features import extract_features
from index.answering.policy import DEFAULT_POLICY, AnswerPolicy
from index.answering.question_reader import QuestionReader, ReadQuestion
from index.answering.quoting.corroboration import corroborate, with_copies
from index.answering.quoting.highlights import Selection
from index.answering.quoting.items import list_items
from index.answering.quoting.quotes import build_quotes, is_verbatim
from index.answering.quoting.reading_aids import add_reading_aids
from index.answering.rules import current_rules
from index.answering.stored_index import StoredIndex
from index.corpus.annotations.agreements import related_passages
from index.errors import REBUILD, StoreError
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.ranking_config import Arm
from index.retrieval.reading.passage_reader import ReaderChoice, reader_for
from index.retrieval.searcher import Ranking, Searcher
from index.store.manifest import Manifest, verify_for_opening
from index.store.opening import open_store
from index.store.store import Store
from index.text.chat.parts import message_parts
from index.text.normalize import normalize
from index.types import Answer, Encoder, Hit, Language, Library, Outcome, Query, Quote, Reranker, StoreLocation

logger = logging.getLogger(__name__)

MOST_HITS = 50

_WARM_UP_LENGTH = 20  # code points of the first passage; more touch more of the model
_SPARE = 4  # hits beyond those asked for: one may corroborate the first, or not be verbatim


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of a search, best first, and the features of the first."""

    hits: tuple[Hit, ...]
    features: Features


class Index:
    """One version of a store, open for questions.

    calibration: of its confidence, and what speaks against it; the bundled one where no store has its own.
    """

    def __init__(
        self,
        version: str,
        stored: StoredIndex,
        encoder: Encoder,
        *,
        policy: AnswerPolicy = DEFAULT_POLICY,
        reranker: Reranker | None = None,
    ) -> None:
        self.version = version
        self.calibration = CalibrationChoice(read_calibration(BUNDLED))
        self._stored = stored
        self._policy = policy
        self._reranker = reranker
        reader = ReaderChoice(partial(reader_for, encoder.fingerprint), reads_annotated=not stored.answerability)
        self._searcher = Searcher(
            stored.corpus, stored.hybrid, config=policy.ranking, reader=reader, reranker=reranker
        )
        self._reader = QuestionReader(stored.corpus, self._searcher, encoder)
        self._related = related_passages(stored.corpus.agreements)

    @classmethod
    def open(
        cls,
        store: StoreLocation,
        encoder: Encoder,
        *,
        policy: AnswerPolicy = DEFAULT_POLICY,
        version: str | None = None,
        reranker: Reranker | None = None,
    ) -> Self:
        """Open the current version of `store`, or the named one.

        Raises StoreError if it is missing, damaged or foreign.
        """
        open_version = partial(cls.open_version, encoder=encoder, policy=policy, reranker=reranker)
        versions = open_store(store)
        return versions.read_current(open_version) if version is None else open_version(versions.path(version))

    @classmethod
    def open_version(
        cls,
        folder: Path,
        encoder: Encoder,
        *,
        policy: AnswerPolicy = DEFAULT_POLICY,
        reranker: Reranker | None = None,
    ) -> Self:
        """Open the version in `folder`, see `verify_for_opening`. Raises StoreError.

        A warning is logged if its confidence is not fitted for this model.
        """
        manifest = verify_for_opening(folder)
        if manifest.rules != current_rules(encoder.fingerprint):
            raise StoreError(f"{folder} was built with another model or version; {REBUILD}")
        index = cls.load(folder, manifest, encoder, policy=policy, reranker=reranker)
        if index.calibration.warning:
            logger.warning("%s", index.calibration.warning)
        return index

    @classmethod
    def load(
        cls,
        folder: Path,
        manifest: Manifest,
        encoder: Encoder,
        *,
        policy: AnswerPolicy = DEFAULT_POLICY,
        reranker: Reranker | None = None,
    ) -> Self:
        """Open the version in `folder`, whose checksums and rules are known to be right. Raises StoreError."""
        index = cls(manifest.version, StoredIndex.load(folder), encoder, policy=policy, reranker=reranker)
        index.calibration = choose_calibration(Store.of_version(folder).folder, encoder.fingerprint)
        return index

    @property
    def library(self) -> Library:
        """The documents of this version."""
        return self._stored.corpus.library

    def ask(
        self,
        question: str,
        *,
        top: int = 3,
        document: str | None = None,
        language: Language | None = None,
        previous: str | None = None,
    ) -> Answer:
        """Return the answer with up to `top` quotes, of the one `document` if it is named.

        `top` is a limit: passages that are unlikely to answer are left out of an answer. The quotes have reading aids
        for a reader of `language`, and none without it. `previous`: the question before this one, which lends its
        topic if this one has none. Raises QuestionError.
        """
        return self.ask_many([Query(question, language, previous)], top=top, document=document)[0]

    def ask_many(self, queries: Sequence[Query], *, top: int = 3, document: str | None = None) -> list[Answer]:
        """Return one answer a query, in order; a few at a time share a forward pass. Raises QuestionError."""
        answers = (
            self._answer(query, read, top=top, document=document)
            for query, read in zip(queries, self._reader.read_ahead(queries), strict=True)
        )
        return [
            self._of_part(query, answer, top=top, document=document)
            for query, answer in zip(queries, answers, strict=True)
        ]

    def search(self, question: str, *, top: int = 10, document: str | None = None) -> SearchResult:
        """Rank the passages for one question."""
        (read,) = self._reader.read([Query(question)])
        ranking, _ = self._search(read.query, top=top, document=document)
        return SearchResult(tuple(ranking.hits), self._features(read.query, ranking))

    def warm_up(self) -> None:
        """Search for the first passage's own words, which loads what is loaded lazily, the reranker too.

        Raises StoreError if nothing is found.
        """
        first = self._stored.corpus.passages[0]
        words = self.library.document(first.document).slice(first.span)[:_WARM_UP_LENGTH]
        if not self.search(words if normalize(words) else first.document).hits:
            raise StoreError(f"version {self.version} finds nothing; {REBUILD}")
        if self._reranker is not None:
            self._reranker.scores(words, [words])

    def _answer(self, query: Query, read: ReadQuestion, *, top: int, document: str | None) -> Answer:
        started = time.perf_counter()
        intent = None if read.goes_on else self._stored.front_desk.intent(read.typed)
        if intent is not None:
            elapsed = (read.seconds + time.perf_counter() - started) * 1000
            return Answer(query.text, Outcome.DECLINED, 0.0, (), (), elapsed, self.version, front_desk=intent)
        ranking, confidence = self._search(read.query, top=top + _SPARE, document=document)
        outcome = self._policy.outcome(confidence, self.calibration.calibration.thresholds)
        answered = outcome is Outcome.ANSWERED
        quotes = self._quotes(ranking, top=top, answered=answered, is_corroborated=document is None)
        quotes = add_confidence(quotes, confidence)
        items = list_items(quotes if answered else quotes[:1])
        if query.language is not None:
            aided = partial(
                add_reading_aids,
                corpus=self._stored.corpus,
                language=query.language,
                answered=outcome is not Outcome.DECLINED,
                question=query.text,
            )
            plain, quotes = quotes, aided(quotes)
            same = {id(before): after for before, after in zip(plain, quotes, strict=True)}
            items = tuple(same.get(id(item)) or aided([item])[0] for item in items)
        return Answer(
            question=query.text,
            outcome=outcome if quotes else Outcome.DECLINED,
            confidence=confidence,
            quotes=quotes if answered else (),
            nearest=() if answered else quotes,
            elapsed_ms=(read.seconds + time.perf_counter() - started) * 1000,
            version=self.version,
            searched_for=read.searched_for,
            items=items,
        )

    def _of_part(self, query: Query, answer: Answer, *, top: int, document: str | None) -> Answer:
        """Return `answer`, or if the whole message is not answered, that of the part with the highest confidence.

        People greet, apologise and give thanks around a question.
        """
        if answer.outcome is Outcome.ANSWERED or answer.front_desk is not None:
            return answer
        started = time.perf_counter()
        parts = [replace(query, text=part) for part in message_parts(query.text)]
        if not parts:
            return answer
        answers = [
            self._answer(part, each, top=top, document=document)
            for part, each in zip(parts, self._reader.read(parts), strict=True)
        ]
        best = max(answers, key=lambda each: each.confidence)
        elapsed = answer.elapsed_ms + (time.perf_counter() - started) * 1000
        if best.outcome is not Outcome.ANSWERED:
            return replace(answer, elapsed_ms=elapsed)
        searched_for = best.searched_for or best.question
        return replace(best, question=query.text, searched_for=searched_for, elapsed_ms=elapsed)

    def _search(self, query: EncodedQuery, *, top: int, document: str | None) -> tuple[Ranking, float]:
        """Return the ranking, and the confidence, which decides whether a reranker reads the first few passages.

        A reranker changes the order alone: the calibration was fitted without one.
        """
        before: list[float] = []

        def is_open(ranking: Ranking) -> bool:
            before.append(self._confidence(query, ranking))
            return self._policy.is_open(before[0])

        ranking = self._searcher.search(query, top=top, document=document, related=self._related, is_open=is_open)
        return ranking, before[0] if before else self._confidence(query, ranking)

    def _confidence(self, query: EncodedQuery, ranking: Ranking) -> float:
        return self.calibration.calibration.probability(self._features(query, ranking))

    def _quotes(self, ranking: Ranking, *, top: int, answered: bool, is_corroborated: bool) -> tuple[Quote, ...]:
        corpus, hits = self._stored.corpus, ranking.hits
        sound = next((at for at, hit in enumerate(hits) if is_verbatim(hit.passage, corpus)), len(hits))
        hits = hits[sound:]
        groups: Iterable[Sequence[Selection]] = ((Selection.of(hit),) for hit in hits)
        if answered and is_corroborated:
            groups = corroborate(hits, corpus)
        if answered and self._policy.ranking.arm is Arm.FUSED:  # the scores of one arm have another scale
            groups = drop_unlikely(groups, lambda group: group[0].score)
        return build_quotes(with_copies(groups, ranking.copies), corpus, top=top)

    def _features(self, query: EncodedQuery, ranking: Ranking) -> Features:
        columns = self._stored.corpus.tables.columns
        numbers = columns.representations_of(ranking.candidates[0].passage) if ranking.candidates else []
        return extract_features(query, ranking, self._stored, representations=numbers)
