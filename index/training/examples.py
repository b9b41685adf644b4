"""Training corpora: representations, and questions with the representations that answer them.

Each corpus is a folder in one of three forms: a public dataset (`corpus.jsonl`, `queries.jsonl`), a folder corpus
(`documents/`, `questions.jsonl` with evidence), or a SQuAD file (`*.json`: CMRC 2018, DRCD, XQuAD).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.corpus.corpus import Corpus, build_corpus
from index.corpus.loader import parse_documents
from index.corpus.sources import read_sources
from index.errors import DocumentsError
from index.evaluation.datasets.dataset import make_document, read_dataset
from index.text.normalize import normalize
from index.types import Document, Library


@dataclass(frozen=True, slots=True)
class Example:
    """A normalized question and the numbers of the representations that answer it."""

    question: str
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrainingCorpus:
    """A corpus and the questions about it; `unanswered`, normalized as well, are those that it does not answer."""

    name: str
    corpus: Corpus
    examples: tuple[Example, ...]
    unanswered: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the representations' texts."""
        return tuple(representation.text for representation in self.corpus.representations)


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A question, the documents that it may be answered by (any if empty), and what the answer holds (if known)."""

    question: str
    documents: frozenset[str]
    evidence: tuple[str, ...]
    answerable: bool = True


def read_training_corpora(folder: Path) -> list[TrainingCorpus]:
    """Read every corpus directly below `folder`, in the order of their names.

    Raises DocumentsError if there is none, or one cannot be read.
    """
    try:
        corpora = [corpus for path in sorted(folder.iterdir()) for corpus in _read(path)]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{folder} is no folder of training corpora: {error}") from error
    if not corpora:
        raise DocumentsError(
            f"no training corpus in {folder}: each is a SQuAD file, or a folder with corpus.jsonl and "
            "queries.jsonl, or with documents/ and questions.jsonl"
        )
    return corpora


def _read(path: Path) -> Iterator[TrainingCorpus]:
    if path.suffix == ".json":
        yield _corpus(path.stem, *_read_squad(path))
    elif (path / "queries.jsonl").is_file():
        labelled = [
            _Labelled(
                row["text"],
                frozenset(row["relevant"]),
                tuple(row.get("answers", ())),
                answerable=row.get("answerable", True),
            )
            for row in _rows(path / "queries.jsonl")
        ]
        yield _corpus(path.name, read_dataset(path).library, labelled)
    elif (path / "questions.jsonl").is_file():
        library = parse_documents(path / "documents", read_sources(path / "documents"))
        labelled = [
            _Labelled(
                row["question"],
                frozenset([row["file"]] if "file" in row else []),
                tuple(row.get("evidence") or ()),
                answerable=bool(row.get("evidence")),
            )
            for row in _rows(path / "questions.jsonl")
        ]
        yield _corpus(path.name, library, labelled)


def _read_squad(path: Path) -> tuple[Library, list[_Labelled]]:
    documents: list[Document] = []
    labelled: list[_Labelled] = []
    for article in json.loads(path.read_text("utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            name = f"{len(documents)}"
            documents.append(make_document(name, article.get("title", ""), paragraph["context"], "zh-Hans"))
            labelled += (
                _Labelled(row["question"], frozenset([name]), tuple({each["text"] for each in row["answers"]}))
                for row in paragraph["qas"]
            )
    return Library(tuple(documents)), labelled


def _corpus(name: str, library: Library, labelled: Iterable[_Labelled]) -> TrainingCorpus:
    corpus = build_corpus(library, {})
    held: dict[str, list[tuple[int, str]]] = {}
    for number, representation in enumerate(corpus.representations):
        passage = corpus.passages[representation.passage]
        held.setdefault(passage.document, []).append(
            (number, library.document(passage.document).slice(passage.span))
        )
    questions = list(labelled)
    examples = (
        Example(normalize(each.question), tuple(_answers(each, held))) for each in questions if each.answerable
    )
    unanswered = (normalize(each.question) for each in questions if not each.answerable)
    return TrainingCorpus(
        name,
        corpus,
        tuple(each for each in examples if each.answers and each.question),
        tuple(filter(None, unanswered)),
    )


def _answers(labelled: _Labelled, held: Mapping[str, Sequence[tuple[int, str]]]) -> Iterator[int]:
    """Yield the representations whose passages hold the evidence; all of the documents' if none is known."""
    for document in labelled.documents or held:
        for number, text in held.get(document, ()):
            if not labelled.evidence or any(evidence in text for evidence in labelled.evidence):
                yield number


def _rows(path: Path) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
