"""The plain pipeline to measure against: the same model, one vector a text, a flat FAISS index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.evaluation.metrics import Ranked, Reply
from index.retrieval.dense import DenseIndex
from index.types import Document, Encoder, Passage, Span

_DEPTH = 50  # items in a ranked list


@dataclass(frozen=True, slots=True)
class DenseBaseline:
    """Texts as they stand, neither normalized nor annotated; it always answers."""

    items: tuple[Ranked, ...]
    vectors: DenseIndex
    encoder: Encoder

    @classmethod
    def build(cls, items: Sequence[Ranked], encoder: Encoder) -> Self:
        """Encode `items` and index them."""
        encodings = encoder.encode_passages([item.text for item in items])
        return cls(tuple(items), DenseIndex.build(np.stack([each.pooled for each in encodings])), encoder)

    def ask(self, question: str) -> Reply:
        """Rank the items by their cosine with the question, which is the confidence too."""
        pooled = self.encoder.encode_questions([question])[0].pooled
        found = self.vectors.nearest(pooled, _DEPTH)
        confidence = float(self.vectors.similarities(pooled, found[:1])[0])
        return Reply(tuple(self.items[number] for number in found), confidence=confidence)


def paragraphs_of(documents: Sequence[Document]) -> list[Ranked]:
    """Give every paragraph as an item."""
    return [_item(document, paragraph.span) for document in documents for paragraph in document.blocks]


def passages_of(documents: Sequence[Document], passages: Sequence[Passage]) -> list[Ranked]:
    """Give the project's own passages as items."""
    by_name = {document.name: document for document in documents}
    return [_item(by_name[passage.document], passage.span) for passage in passages]


def _item(document: Document, span: Span) -> Ranked:
    return Ranked(document.name, document.slice(span))
