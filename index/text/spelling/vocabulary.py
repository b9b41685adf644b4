"""The Latin words of a corpus, and which of them a misspelt word was meant to be."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Self

from index.text.chinese import HAN
from index.text.terms import terms

# Only one edit is repaired: more found other words among the questions of three development sets. A short word or one
# that the encoder knows is too often another word that was meant; one that it cuts into three pieces or more is
# hardly ever a word.
_SHORTEST = 4  # letters, to swap two neighbours or put an accent
_SHORTEST_INSERTED = 6  # letters, to put in one that is missing or take one out
_PIECES_REPLACED = 3  # pieces of a word in which a letter may be exchanged for another
_FEWEST_PIECES = 2

_WORD = re.compile(rf"[^\W\d_{HAN}]+")


class Vocabulary:
    """The words of normalized texts.

    counts: how often each occurs, the most frequent first. stems: of all of them.
    """

    def __init__(self, counts: Mapping[str, int], stems: AbstractSet[str]) -> None:
        self.counts = counts
        self.stems = stems
        self._forms: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = {}
        for word in counts:
            form = _unaccented(word)
            if len(form) >= _SHORTEST and form not in self._forms:
                self._forms[form] = word
                self._by_first.setdefault(form[0], []).append(form)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Return the words of `texts`."""
        counts = Counter(match[0] for text in texts for match in _WORD.finditer(text))
        return cls(dict(counts.most_common()), {stem for word in counts for stem in terms(word)})

    def unknown(self, normalized: str) -> Iterator[re.Match[str]]:
        """Yield the words of a normalized question that the texts have in no inflection, if long enough to repair."""
        for match in _WORD.finditer(normalized):
            word = match[0]
            if len(word) >= _SHORTEST and word not in self.counts and self.stems.isdisjoint(terms(word)):
                yield match

    def meant(self, word: str, *, pieces: int) -> str | None:
        """Return the most frequent word of the texts that an unknown one misspells; None if there is none.

        pieces: how many tokens of the encoder's vocabulary the word is cut into. One that is whole is no misspelling.
        """
        form = _unaccented(word)
        if form in self._forms:
            return self._forms[form]
        if pieces < _FEWEST_PIECES:
            return None
        near = (each for each in self._by_first.get(form[0], ()) if _is_misspelling(form, each, pieces=pieces))
        return max((self._forms[each] for each in near), key=self.counts.__getitem__, default=None)


def _unaccented(word: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


def _is_misspelling(written: str, right: str, *, pieces: int) -> bool:
    """Return whether one edit makes `right` of `written`, of a kind that may be repaired."""
    if abs(len(written) - len(right)) > 1:
        return False
    start = _shared(written, right)
    end = _shared(written[start:][::-1], right[start:][::-1])
    wrong, put = written[start : len(written) - end], right[start : len(right) - end]
    if len(wrong) == len(put) == 2:
        return wrong == put[::-1]
    if len(wrong) == len(put) == 1:
        return len(written) >= _SHORTEST_INSERTED and pieces >= _PIECES_REPLACED
    return len(wrong) + len(put) == 1 and len(written) >= _SHORTEST_INSERTED


def _shared(one: str, other: str) -> int:
    """Return the length of the beginning that two strings share."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
