"""Evaluation data: files of questions, public datasets with a corpus, and folders of documents with questions.

A public dataset is a folder with `corpus.jsonl` (id, title, text, lang) and `queries.jsonl` (id, text, lang, relevant,
answerable), made from XQuAD (google-deepmind/xquad), DRCD (DRCKnowledgeTeam/DRCD) or STARD (oneal2000/STARD). A row of
the corpus is one document.

A folder corpus is a folder with `documents/` and `questions.jsonl` (lang, kind, question; id and evidence if any).
kind: same (the language of the documents), script (the other Chinese script), cross (another language), near or far
(no answer).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import DocumentsError
from index.evaluation.datasets.talk import TalkSet, read_talk
from index.text.chinese import converter
from index.types import Block, Document, DocumentLanguage, Language, Library, Span

_LANGUAGES: dict[str, Language] = {"en": "en", "zh-Hant": "zh-Hant"}
_TAGS: dict[str, Language] = {"hant": "zh-Hant", "hans": "zh-Hans", "en": "en"}
_OTHER_SCRIPT: dict[str, Language] = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}
_OPENCC = {"zh-Hans": "s2t", "zh-Hant": "t2s"}  # configuration that converts from this language


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question whose right answer is known.

    A ranked item is a hit if its document is in `relevant` or its text holds one of `evidence`. A question with neither
    has no answer. Questions on one `fact` are resampled together.
    """

    text: str
    language: str
    kind: str
    fact: str
    evidence: tuple[str, ...] = ()
    relevant: tuple[str, ...] = ()

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return bool(self.evidence or self.relevant)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A public dataset: its name, its corpus and its questions."""

    name: str
    library: Library
    questions: tuple[EvaluationQuestion, ...]


@dataclass(frozen=True, slots=True)
class FolderCorpus:
    """A folder of documents and questions about them."""

    name: str
    documents: Path
    questions: tuple[EvaluationQuestion, ...]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What a benchmark folder holds."""

    datasets: tuple[Dataset, ...] = ()
    folders: tuple[FolderCorpus, ...] = ()
    talks: tuple[TalkSet, ...] = ()


def read_questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    """Read questions, one JSON object a line (tests/evaluation/README.md). Raises DocumentsError."""
    try:
        return tuple(
            EvaluationQuestion(row["question"], row["language"], row["kind"], row["fact"], tuple(row["evidence"]))
            for row in _rows(path)
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{path} is no file of questions: {error}") from error


def read_benchmark(folder: Path) -> Benchmark:
    """Read every public dataset and folder corpus in `folder` or one level below it, and every `talk*.jsonl` in it.

    Raises DocumentsError if there is none of them, or one cannot be read.
    """
    datasets = _folders_with("queries.jsonl", folder)
    corpora = [path for path in _folders_with("questions.jsonl", folder) if (path / "documents").is_dir()]
    talks = sorted(folder.glob("talk*.jsonl"))
    if not datasets and not corpora and not talks:
        raise DocumentsError(
            f"no question set in {folder}: each is a folder with corpus.jsonl and queries.jsonl, or with documents/ "
            "and questions.jsonl, or a file talk*.jsonl"
        )
    return Benchmark(
        tuple(map(read_dataset, datasets)), tuple(map(_read_folder_corpus, corpora)), tuple(map(read_talk, talks))
    )


def script_variants(dataset: Dataset) -> dict[str, Dataset]:
    """Return `dataset` with its questions, and with its corpus, in the other Chinese script, by variant name.

    A variant that changes nothing is left out.
    """
    questions = tuple(
        replace(
            each,
            text=_in_other_script(each.text, each.language),
            language=_OTHER_SCRIPT.get(each.language, each.language),
        )
        for each in dataset.questions
    )
    documents = tuple(map(_document_in_other_script, dataset.library.documents))
    variants = {
        "questions in the other script": replace(dataset, questions=questions),
        "corpus in the other script": replace(dataset, library=Library(documents)),
    }
    return {name: changed for name, changed in variants.items() if changed != dataset}


def read_dataset(folder: Path) -> Dataset:
    """Read one public dataset. Raises DocumentsError."""
    try:
        documents = tuple(_document(row) for row in _rows(folder / "corpus.jsonl"))
        questions = tuple(_question(row) for row in _rows(folder / "queries.jsonl"))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{folder} is no question set: {error}") from error
    return Dataset(folder.name, Library(documents), questions)


def _folders_with(name: str, folder: Path) -> list[Path]:
    return sorted(path.parent for depth in ("*", "*/*") for path in folder.glob(f"{depth}/{name}"))


def _read_folder_corpus(folder: Path) -> FolderCorpus:
    path = folder / "questions.jsonl"
    try:
        questions = tuple(
            EvaluationQuestion(
                row["question"], _TAGS[row["lang"]], row["kind"], row.get("id", row["question"]), _evidence(row)
            )
            for row in _rows(path)
        )
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise DocumentsError(f"{path} is no file of questions: {error}") from error
    return FolderCorpus(folder.name, folder / "documents", questions)


def _evidence(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row.get("evidence", ()))


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _document(row: dict[str, Any]) -> Document:
    return make_document(row["id"], row["title"], row["text"], _LANGUAGES.get(row["lang"], "zh-Hans"))


def make_document(name: str, title: str, text: str, language: DocumentLanguage) -> Document:
    """Return a plain document whose blocks are its lines."""
    lines = [Span(*line.span()) for line in re.finditer(r"[^\n]*\S[^\n]*", text)]
    return Document(
        name=name,
        title=title,
        language=language,
        source=text,
        sha256=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        blocks=tuple(Block(line, ()) for line in lines),
    )


def _question(row: dict[str, Any]) -> EvaluationQuestion:
    relevant = tuple(row["relevant"]) if row.get("answerable", True) else ()
    fact = "-".join(row["relevant"]) or row["id"]
    return EvaluationQuestion(row["text"], row["lang"], "public", fact, relevant=relevant)


def _document_in_other_script(document: Document) -> Document:
    title, text = (_in_other_script(each, document.language) for each in (document.title, document.text))
    language = _OTHER_SCRIPT.get(document.language) or document.language
    return make_document(document.name, title, text, language)


def _in_other_script(text: str, language: str) -> str:
    """Convert `text` to the other Chinese script, character for character; English stays."""
    return str(converter(_OPENCC[language]).convert(text)) if language in _OPENCC else text
