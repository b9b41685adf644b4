"""The dense baseline: the same model, one vector a text, a flat FAISS index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.evaluation.judgement import RankedItem, Response
from index.retrieval.candidates.dense import DenseIndex
from index.types import Document, Encoder, Passage, Span

_DEPTH = 50  # items in a ranked list


@dataclass(frozen=True, slots=True)
class DenseBaseline:
    """Texts as they stand, neither normalized nor annotated; it always answers."""

    items: tuple[RankedItem, ...]
    vectors: DenseIndex
    encoder: Encoder

    @classmethod
    def build(cls, items: Sequence[RankedItem], encoder: Encoder) -> Self:
        """Encode `items` and index them."""
        encodings = encoder.encode_passages([item.text for item in items])
        return cls(tuple(items), DenseIndex.build(np.stack([each.pooled for each in encodings])), encoder)

    def ask(self, question: str) -> Response:
        """Rank the items by their cosine with the question; the best cosine is the confidence."""
        pooled = self.encoder.encode_questions([question])[0].pooled
        found = self.vectors.nearest(pooled, _DEPTH)
        confidence = float(self.vectors.similarities(pooled, found[:1])[0])
        return Response(tuple(self.items[number] for number in found), confidence=confidence)


def block_items(documents: Sequence[Document]) -> list[RankedItem]:
    """Return every block as an item."""
    return [_item(document, block.span) for document in documents for block in document.blocks]


def passage_items(documents: Sequence[Document], passages: Sequence[Passage]) -> list[RankedItem]:
    """Return the index's own passages as items."""
    by_name = {document.name: document for document in documents}
    return [_item(by_name[passage.document], passage.span) for passage in passages]


def _item(document: Document, span: Span) -> RankedItem:
    return RankedItem(document.name, document.slice(span))
