"""Encoding a corpus: texts that an earlier version has encoded with the same model are not encoded again."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from index.answering.confidence.answerability import FOLDER as ANSWERABILITY
from index.answering.confidence.answerability import AnswerabilityModel, label_questions
from index.answering.confidence.background import Background
from index.answering.front_desk.classifier import BUNDLED, FRONT_DESK, FrontDesk
from index.corpus.corpus import Corpus
from index.encoding.centering import question_means
from index.indexing.progress import Progress
from index.retrieval.hybrid_index import HybridIndex
from index.types import BuildStage, Encoder, Encoding, Vector

_STEP = 32  # texts between two calls of `progress`


class ReusableEncodings(Mapping[str, Encoding]):
    """The encodings of earlier versions by the hash of their text, each read from disk when it is asked for.

    questions: the pooled vectors of the questions of their answerability models, by question. front_desk: that of the
    first version.
    """

    def __init__(self) -> None:
        self._locations: dict[str, tuple[HybridIndex, int]] = {}
        self.questions: dict[str, Vector] = {}
        self.front_desk: FrontDesk | None = None

    def add(self, folder: Path, corpus: Corpus) -> None:
        """Add the version in `folder` behind those added before. Raises StoreError."""
        index = HybridIndex.load(folder)
        self.questions |= _read_questions(folder, corpus)
        for number, representation in enumerate(corpus.representations):
            self._locations.setdefault(text_hash(representation.text), (index, number))
        if self.front_desk is None:
            self.front_desk = _read_front_desk(folder / FRONT_DESK)

    def __getitem__(self, key: str) -> Encoding:
        index, number = self._locations[key]
        return index.encoding(number)

    def __contains__(self, key: object) -> bool:
        return key in self._locations

    def __iter__(self) -> Iterator[str]:
        return iter(self._locations)

    def __len__(self) -> int:
        return len(self._locations)


@dataclass(frozen=True, slots=True)
class CorpusEncoder:
    """Encodes the texts of a corpus that are not known, and writes its indexes."""

    encoder: Encoder
    known: ReusableEncodings
    progress: Progress

    def write(self, folder: Path, corpus: Corpus) -> int:
        """Write the indexes, the background, the front desk and the answerability model of `corpus`.

        Return how many texts were encoded, those of the background and the front desk not counted.
        """
        keys = [text_hash(representation.text) for representation in corpus.representations]
        missing = {
            key: representation.text
            for key, representation in zip(keys, corpus.representations, strict=True)
            if key not in self.known
        }
        encodings = _in_order(keys, self.known, self._encode(list(missing.values())))
        hybrid = HybridIndex.write(folder, corpus, encodings, question_means=question_means(self.encoder))
        self.progress(BuildStage.INDEX, 0, 1)
        Background.measure(corpus, hybrid, self.encoder).save(folder)
        self._front_desk().save(folder)
        return len(missing) + self._write_answerability(folder / ANSWERABILITY, corpus)

    def _front_desk(self) -> FrontDesk:
        """Return the front desk for the encoder: an earlier version's or the bundled one, or else a new one."""
        for found in (self.known.front_desk, _read_front_desk(BUNDLED)):
            if found is not None and found.suits(self.encoder.fingerprint):
                return found
        return FrontDesk.fit(self.encoder, partial(self.progress, BuildStage.QUESTIONS))

    def _encode(self, texts: Sequence[str]) -> Iterator[Encoding]:
        for start in range(0, len(texts), _STEP):
            self.progress(BuildStage.ENCODE, start, len(texts))
            yield from self.encoder.encode_passages(texts[start : start + _STEP])

    def _write_answerability(self, folder: Path, corpus: Corpus) -> int:
        """Write the answerability model, if there are questions for it; return how many were encoded."""
        labelled = labelled_questions(corpus)
        if not labelled:
            return 0
        missing = sorted((question for question in labelled if question not in self.known.questions), key=len)
        pooled = dict(self.known.questions)
        for start in range(0, len(missing), _STEP):
            self.progress(BuildStage.QUESTIONS, start, len(missing))
            texts = missing[start : start + _STEP]
            pooled |= zip(texts, (each.pooled for each in self.encoder.encode_questions(texts)), strict=True)
        AnswerabilityModel.write(folder, [pooled[question] for question in labelled], list(labelled.values()))
        return len(missing)


def _read_questions(folder: Path, corpus: Corpus) -> dict[str, Vector]:
    """Return the vectors of the questions in the version in `folder`; none if they were stored by other rules."""
    labelled = labelled_questions(corpus)
    if not labelled:
        return {}
    try:
        return dict(zip(labelled, AnswerabilityModel.read_vectors(folder / ANSWERABILITY), strict=True))
    except (OSError, ValueError):
        return {}


def _read_front_desk(path: Path) -> FrontDesk | None:
    """Return the front desk in the file at `path`; None if it was stored by other rules."""
    try:
        return FrontDesk.load(path)
    except (OSError, ValueError):
        return None


def text_hash(text: str) -> str:
    """Return the SHA-256 of a normalized text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def labelled_questions(corpus: Corpus) -> dict[str, bool]:
    """Return the texts that the answerability model of `corpus` learns from, and whether each is answered.

    Answered are the written questions, and what the documents that have some say: a name or a few words are more like
    a sentence than like a question in full.
    """
    if not corpus.unanswerable:
        return {}
    return label_questions(chain(*corpus.answered.values(), _sentences(corpus)), corpus.unanswerable)


def _sentences(corpus: Corpus) -> Iterator[str]:
    """Yield the sentences by which passages of documents with written questions are found, annotations among them."""
    for representation in corpus.representations:
        if corpus.passages[representation.passage].document in corpus.answered:
            yield from (segment.span.of(representation.text) for segment in representation.segments)


def _in_order(keys: Sequence[str], known: Mapping[str, Encoding], fresh: Iterator[Encoding]) -> Iterator[Encoding]:
    """Yield the encoding of each key's text; `fresh` has those that are not known, in the order of first use."""
    uses = Counter(keys)
    kept: dict[str, Encoding] = {}  # until the last use
    for key in keys:
        uses[key] -= 1
        if key in known:
            yield known[key]
            continue
        if key not in kept:
            kept[key] = next(fresh)
        yield kept[key] if uses[key] else kept.pop(key)
