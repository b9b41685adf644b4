"""How a question is read before it is searched: chat mark-up, spelling, and the topic of an earlier question."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from index.corpus.corpus import Corpus
from index.retrieval.encoded_query import EncodedQuery
from index.retrieval.searcher import Searcher
from index.text.chat.follow_ups import names_no_topic, points_back
from index.text.chat.markup import without_chat_markup
from index.text.chinese import convert_script, language_of
from index.text.normalize import normalize
from index.text.query import normalize_question
from index.text.spelling.glossary import Spelling
from index.types import Encoder, Encoding, Query, Vector

# A question has a topic of its own if the best match of any of its tokens in the documents is at least this share of
# the earlier question's. Read off the 12 follow-ups of the real-talk set, of which 9 then find their passage.
_OWN_TOPIC = 0.87
# Questions that share a forward pass. On one core one of 26 code points takes 27 ms by itself, 18 by fours,
# 15 by eights, 16 by sixteens; the next eight are encoded, without Python's lock, while these are answered.
_READ_TOGETHER = 8
_LONGEST_TOPIC = 200  # code points of the earlier question; the model reads some 500 tokens


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question as it is searched.

    typed: the pooled vector of what was asked, before a word of it was changed. searched_for: its words where they
    differ from what was asked. goes_on: whether it names no topic but the earlier question's. seconds: its share of
    what reading those read with it took.
    """

    query: EncodedQuery
    typed: Vector
    searched_for: str | None = None
    goes_on: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question on its way: as it is shown, as it is encoded, whether its words were changed, and `goes_on`."""

    shown: str
    normalized: str
    is_changed: bool = False
    goes_on: bool = False


class QuestionReader:
    """Reads questions about one corpus."""

    def __init__(self, corpus: Corpus, searcher: Searcher, encoder: Encoder) -> None:
        self._corpus = corpus
        self._searcher = searcher
        self._encoder = encoder
        self._spelling = Spelling(corpus.terms)

    def read_ahead(self, queries: Sequence[Query]) -> Iterator[ReadQuestion]:
        """Yield the questions read, in order, and read the next few meanwhile. Raises QuestionError."""
        parts = [queries[start : start + _READ_TOGETHER] for start in range(0, len(queries), _READ_TOGETHER)]
        if len(parts) < 2:
            yield from self._timed(queries)
            return
        executor = ThreadPoolExecutor(max_workers=1)
        try:
            for part in [executor.submit(self._timed, part) for part in parts]:
                yield from part.result()
        finally:
            executor.shutdown(cancel_futures=True)

    def _timed(self, queries: Sequence[Query]) -> list[ReadQuestion]:
        started = time.perf_counter()
        read = self.read(queries)
        shared = (time.perf_counter() - started) / max(1, len(queries))
        return [replace(each, seconds=shared) for each in read]

    def read(self, queries: Sequence[Query]) -> list[ReadQuestion]:
        """Return the questions read, in order; all are encoded in one forward pass. Raises QuestionError.

        A question that is repaired or lent a topic is encoded once more.
        """
        drafts = [self._draft(query.text) for query in queries]
        topics = [(query.previous or "")[:_LONGEST_TOPIC] for query in queries]
        earlier = [self._draft(topic) for topic in topics if normalize(topic)]
        encodings = self._encoder.encode_questions([each.normalized for each in (*drafts, *earlier)])
        repaired = [
            self._repaired(draft, encoding) for draft, encoding in zip([*drafts, *earlier], encodings, strict=True)
        ]
        lent = zip(repaired[len(drafts) :], encodings[len(drafts) :], strict=True)
        final = [
            self._joined(draft, encoding, *next(lent)) if normalize(topic) else draft
            for topic, draft, encoding in zip(topics, repaired, encodings, strict=False)
        ]
        return self._encoded(final, drafts, encodings[: len(drafts)])

    def _draft(self, question: str) -> _Draft:
        """Return a question with its chat mark-up left out and the glossary's misspellings corrected."""
        normalize_question(question)  # of the whole question the length counts
        shown = without_chat_markup(question)
        normalized = normalize_question(shown)
        corrected = self._spelling.correct(normalized)
        if corrected == normalized:
            return _Draft(shown, normalized)
        language = language_of(question)
        return _Draft(convert_script(corrected, language) if language else corrected, corrected, is_changed=True)

    def _repaired(self, draft: _Draft, encoding: Encoding) -> _Draft:
        """Return a question with its misspelt words as the corpus spells them."""
        shown, normalized = draft.shown, draft.normalized
        vocabulary = self._corpus.tables.vocabulary
        for match in reversed(list(vocabulary.unknown(normalized))):
            word = match[0]
            starts, ends = encoding.offsets[:, 0], encoding.offsets[:, 1]
            right = vocabulary.meant(word, pieces=int(((starts < match.end()) & (ends > match.start())).sum()))
            if right is not None:
                normalized = normalized[: match.start()] + right + normalized[match.end() :]
                shown = _replaced(word, right, shown)
        return _Draft(shown, normalized, is_changed=draft.is_changed or normalized != draft.normalized)

    def _joined(self, draft: _Draft, encoding: Encoding, topic: _Draft, topic_encoding: Encoding) -> _Draft:
        """Return a question behind the earlier one that lends it a topic, or alone if it has its own.

        One that neither points back nor lacks a topic is alone even if the documents say nothing of it.
        """
        goes_on = names_no_topic(draft.normalized)
        is_alone = not points_back(draft.normalized) or self._is_stronger(draft, encoding, topic, topic_encoding)
        if is_alone and not goes_on:
            return draft
        shown = f"{topic.shown.strip()} {draft.shown.strip()}"
        normalized = normalize_question(f"{topic.normalized}\n{draft.normalized}")
        return _Draft(shown, normalized, is_changed=True, goes_on=goes_on)

    def _is_stronger(self, draft: _Draft, encoding: Encoding, topic: _Draft, topic_encoding: Encoding) -> bool:
        """Return whether a question matches the documents as well by itself as the earlier one does."""
        own, lent = (
            self._searcher.strongest_match(EncodedQuery.of(each.normalized, of))
            for each, of in ((draft, encoding), (topic, topic_encoding))
        )
        return own >= _OWN_TOPIC * lent

    def _encoded(
        self, drafts: Sequence[_Draft], before: Sequence[_Draft], encodings: Sequence[Encoding]
    ) -> list[ReadQuestion]:
        """Return the questions with their encodings; `encodings` has those of how they were `before`."""
        known = dict(zip((each.normalized for each in before), encodings, strict=True))
        new = [text for text in dict.fromkeys(each.normalized for each in drafts) if text not in known]
        if new:
            known = known | dict(zip(new, self._encoder.encode_questions(new), strict=True))
        return [
            ReadQuestion(
                EncodedQuery.of(each.normalized, known[each.normalized], question=each.shown),
                typed.pooled,
                " ".join(each.shown.split()) if each.is_changed else None,
                each.goes_on,
            )
            for each, typed in zip(drafts, encodings, strict=True)
        ]


def _replaced(word: str, right: str, shown: str) -> str:
    """Return `shown` with `right` in place of the whole word, which it may write in capitals."""

    def capitalized(match: re.Match[str]) -> str:
        return right.capitalize() if match[0][0].isupper() else right

    return re.sub(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])", capitalized, shown, flags=re.IGNORECASE)
