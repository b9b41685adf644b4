"""The names in a text, as far as its letters tell: capitalised words, acronyms and identifiers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from index.drafting.validation.numbers import is_month
from index.text.abbreviations import STARTERS
from index.text.chinese import has_han
from index.types import Term

_LETTERS = r"A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1fff"  # of the scripts that have capitals
_WORD = re.compile(rf"[@#]?[{_LETTERS}\d](?:[{_LETTERS}\d_]|[.:@#+&](?=[{_LETTERS}\d]))*")
_LETTER = re.compile(rf"[{_LETTERS}]")
_JOINED = re.compile(rf"[_@#&]|[{_LETTERS}][.:+][{_LETTERS}]|[a-z][A-Z]|\d[{_LETTERS}]|[{_LETTERS}]\d")
_NO_NAME = re.compile(r"\d[\d.]*[A-Za-z]{1,3}|(?:[a-z]\.)+[a-z]")  # 70B, 1990s and 2nd are numbers; e.g, p.m
_OPENING = re.compile(r"(?:^|[.!?:;…。！？：；\n])[\s\"'“‘”’(（「『《*\[]*$")
_BEFORE = 12  # code points in which the start of a sentence shows
_SEPARATORS = re.compile(r"[\s._/\\:@#+&'’-]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with letters that have capitals. opens: whether a sentence begins with it."""

    text: str
    opens: bool

    @property
    def is_identifier(self) -> bool:
        """Whether it is written like nothing but a name: an address, a version, an acronym, camel case."""
        if _NO_NAME.fullmatch(self.text):
            return False
        return bool(_JOINED.search(self.text)) or (len(self.text) > 1 and self.text.isupper())

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What a folder says of words: those that it has in lower case are no names; its glossary names things twice."""

    lower_case: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str], terms: tuple[Term, ...]) -> KnownWords:
        """Return what the documents' `texts` and the glossary's `terms` say."""
        return cls(frozenset(word.text for text in texts for word in words_of(text) if word.text.islower()), terms)

    def other_forms(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield every form of the terms that `texts` have in Chinese."""
        whole = "\n".join(texts)
        for term in self.terms:
            forms = (term.hant, term.hans, term.en, *term.aliases, *term.exact)
            if any(has_han(form) and form in whole for form in forms):
                yield from forms


@dataclass(frozen=True)
class Support:
    """What names may be taken from: texts, and the words that begin sentences in them without being names.

    plain: words in lower case that are no names wherever they stand. is_foreign: whether the texts are in a script
    without capitals, so that they cannot tell whether the word at the start of a sentence is a name.
    """

    texts: tuple[str, ...]
    plain: frozenset[str] = frozenset()
    is_foreign: bool = False

    @cached_property
    def _words(self) -> frozenset[str]:
        words = {word.text.casefold() for text in self.texts for word in words_of(text)}
        return frozenset(words | {part for word in words for part in _SEPARATORS.split(word)})

    @cached_property
    def _compact(self) -> str:
        return _SEPARATORS.sub("", " ".join(map(_normal, self.texts)).casefold())

    def has(self, name: str) -> bool:
        """Return whether a name, in singular or plural, occurs in the texts."""
        known = name.casefold()
        if not self._words.isdisjoint((known, known.removesuffix("s"), f"{known}s")):
            return True
        is_numbered = any(character.isdigit() for character in known)
        return is_numbered and _SEPARATORS.sub("", known) in self._compact  # Llama3 for Llama 3


def unsupported_names(text: str, support: Support, *, suspects: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the names in `text` that `support` has not.

    suspects: names in lower case that count as such at the start of a sentence as well.
    """
    words = list(words_of(text))
    following = [*words[1:], None][: len(words)]
    return tuple(
        word.text
        for word, after in zip(words, following, strict=True)
        if _is_name(word, after, support, suspects) and not support.has(word.text)
    )


def names_within(text: str) -> Iterator[str]:
    """Yield in lower case the capitalised words of `text` that no sentence begins with."""
    return (word.text.casefold() for word in words_of(text) if word.is_capitalised and not word.opens)


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of `text` that have letters, in order."""
    text = _normal(text)
    for match in _WORD.finditer(text):
        if _LETTER.search(match[0]):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            yield Word(match[0], opens=match.start() == 0 or _OPENING.search(before) is not None)


def _is_name(word: Word, after: Word | None, support: Support, suspects: frozenset[str]) -> bool:
    if word.is_identifier:
        return True
    if not word.is_capitalised or word.text == "I" or is_month(word.text):
        return False
    if not word.opens:
        return True
    lower = word.text.casefold()
    if lower in suspects:
        return True
    if lower in STARTERS or lower in support.plain:
        return False
    return not support.is_foreign or (after is not None and after.is_capitalised and not after.opens)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
