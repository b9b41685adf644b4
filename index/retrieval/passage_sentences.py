"""The sentences of a passage, and which segments of its representations cover them."""

from __future__ import annotations

from dataclasses import dataclass

from index.corpus.corpus import Corpus
from index.retrieval.fusion import SentenceCover
from index.text.sentences import is_question


@dataclass(frozen=True, slots=True)
class PassageSentences:
    """A passage's sentences: the segments that cover them, their texts, and whether each is itself a question."""

    cover: SentenceCover
    texts: tuple[str, ...]
    are_questions: tuple[bool, ...]


def read_sentences(corpus: Corpus, passage: int) -> PassageSentences:
    """Return the sentences of one passage."""
    numbers = corpus.tables.columns.representations_of(passage)
    representations = [corpus.representations[number] for number in numbers]
    text = corpus.library.document(corpus.passages[passage].document).text
    texts = [span.of(text) for span in corpus.passages[passage].sentences]
    return PassageSentences(SentenceCover.of(representations), tuple(texts), tuple(map(is_question, texts)))
