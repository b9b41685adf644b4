"""Corpora of a few texts."""

from __future__ import annotations

from index.corpus.corpus import Corpus, build_corpus
from index.evaluation.datasets.dataset import make_document
from index.types import Library


def corpus_of(*texts: str) -> Corpus:
    """Return a corpus with one document for each text."""
    documents = (make_document(f"{number}.txt", "", text, "en") for number, text in enumerate(texts))
    return build_corpus(Library(tuple(documents)), {})
