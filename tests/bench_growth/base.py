"""The real passages and questions that all sizes are made of."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.answering.confidence.background import Background
from index.corpus.corpus import Corpus, build_corpus
from index.encoding.centering import question_means
from index.encoding.encoder import load_encoder
from index.evaluation.datasets.dataset import Dataset, read_benchmark
from index.retrieval.hybrid_index import HybridIndex
from index.store.serialization import load_corpus, save_corpus
from index.types import Document, Library

_PASSAGES, _QUESTIONS = 400, 60
_QUESTIONS_FILE = "questions.json"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the documents that answer it."""

    text: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """What `write_base` wrote; a passage has one representation."""

    corpus: Corpus
    index: HybridIndex
    questions: tuple[Question, ...]

    @classmethod
    def load(cls, folder: Path) -> Base:
        """Open what `write_base` wrote into `folder`."""
        rows = json.loads((folder / _QUESTIONS_FILE).read_text("utf-8"))
        questions = tuple(Question(row["text"], tuple(row["documents"])) for row in rows)
        return cls(load_corpus(folder), HybridIndex.load(folder), questions)


def write_base(bench: Path, folder: Path) -> dict[str, float]:
    """Encode the base with the real model into `folder`; return how many passages a second were cut and encoded."""
    datasets = read_benchmark(bench).datasets
    questions = _mixed(list(_questions(datasets)))[:_QUESTIONS]
    started = time.process_time()
    corpus = _corpus(datasets, {name for each in questions for name in each.documents})
    cut = time.process_time() - started
    encoder = load_encoder("bundled")
    texts = [each.text for each in corpus.representations]
    started = time.process_time()
    encodings = encoder.encode_passages(texts)
    encoded = time.process_time() - started
    index = HybridIndex.write(folder, corpus, encodings, question_means=question_means(encoder))
    Background.measure(corpus, index, encoder).save(folder)
    save_corpus(corpus, folder)
    rows = [{"text": each.text, "documents": each.documents} for each in questions]
    (folder / _QUESTIONS_FILE).write_text(json.dumps(rows), "utf-8")
    return {"passages": len(texts), "cut_per_second": len(texts) / cut, "encoded_per_second": len(texts) / encoded}


def _questions(datasets: Iterable[Dataset]) -> Iterator[Question]:
    for dataset in datasets:
        for each in dataset.questions:
            if each.relevant:
                documents = (dataset.library.document(name).sha256 for name in each.relevant)
                yield Question(each.text, tuple(documents))


def _corpus(datasets: Iterable[Dataset], wanted: set[str]) -> Corpus:
    """Return the passages of the `wanted` documents, then of others until there are enough.

    A document is named by its hash: several sets hold the same.
    """
    unique = {each.sha256: replace(each, name=each.sha256) for of in datasets for each in of.library.documents}
    mixed = _mixed(list(unique.values()))
    chosen: list[Document] = []
    passages = 0
    for document in sorted(mixed, key=lambda document: document.name not in wanted):
        if passages >= _PASSAGES and document.name not in wanted:
            break
        chosen.append(document)
        passages += len(build_corpus(Library((document,)), {}).passages)
    return build_corpus(Library(tuple(chosen)), {})


def _mixed(values: Sequence[T]) -> list[T]:
    return [values[at] for at in np.random.default_rng(0).permutation(len(values))]
