"""The rules by which each text of a reply is kept or dropped.

A reply is data, and nothing in it is obeyed. A text with a number or name that the paragraph lacks, in the wrong
language, too long, or with control characters or markup of its own is left out, and the rest is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.drafting.languages import Languages, is_written_in
from index.drafting.paragraphs import SourceParagraph, text_weight
from index.drafting.replies import DraftedParagraph, TranslatedName
from index.drafting.validation.names import KnownWords, Support, names_within, unsupported_names
from index.drafting.validation.numbers import Certainty, unsupported_numbers
from index.text.normalize import normalize

_LONGEST_QUESTION = 200  # code points
_MOST_QUESTIONS = 8  # of a sentence
MOST_UNANSWERABLE = 3  # of a paragraph
_LEAST_SHARE, _GREATEST_SHARE = 0.2, 3.0  # of the paragraph's weight that a translation or restatement has
_ALLOWANCE = 60  # weight that a short one may have besides

_ENDS_QUESTION = ("?", "？")
# Marks of HTML, Markdown, chat applications and the templates of language models, and roles of their protocol. No list
# of phrases: what else a text says is data.
_MARKUP = re.compile(
    r"</?[a-z!][^>\n]{0,200}>|<[@#|]|\|>|<<|>>|\{\{|\}\}|\[/?inst\]|```|~~~|\*\*|\]\(|!\[|^[^\S\n]*(?:\#{1,6}|>|[-*+])\s"
    r"|[a-z][a-z\d+.-]{0,20}://|@(?:everyone|here)\b|^[^\S\n]*(?:system|assistant|user|tool|developer)\s*[:：]",
    re.IGNORECASE | re.MULTILINE,
)
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_HARMLESS = frozenset("\t\n\r\u200d")  # white space, and what joins emoji


class Dropped(StrEnum):
    """Why a text was left out, as the report says it."""

    OTHER = "about no paragraph that was asked for"
    FORM = "of another form than was asked for"
    EMPTY = "empty"
    CONTROL = "with control characters or markup"
    LENGTH = "too long or too short"
    LANGUAGE = "in another language"
    NUMBER = "with a number that the paragraph lacks or without one that it has"
    NAME = "with a name that the paragraph lacks"
    REPEATED = "repeated"
    NO_QUESTION = "no question"
    ANSWERED = "answered by the documents"


class _DroppedError(Exception):
    def __init__(self, why: Dropped) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """What is kept for one paragraph; all of it may be empty. questions: for each sentence."""

    paragraph: SourceParagraph
    restatement: str = ""
    translation: str = ""
    questions: tuple[tuple[str, ...], ...] = ()
    unanswerable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Validator:
    """Decides what may be kept of what was written for one paragraph.

    known: what the folder says of words. dropped: counts what is left out.
    """

    paragraph: SourceParagraph
    languages: Languages
    known: KnownWords = field(default_factory=KnownWords)
    dropped: Counter[Dropped] = field(default_factory=Counter)

    def validate(self, written: DraftedParagraph) -> Draft:
        """Return what may be kept of `written`."""
        suspects = _suspects(written)
        own = self._check((), suspects, is_foreign=False)
        foreign = self._check(written.names, suspects, is_foreign=self.languages.own != "en")
        seen: set[str] = set()
        return Draft(
            self.paragraph,
            restatement=self._kept(lambda: own.restatement(written.restatement)),
            translation=self._kept(lambda: foreign.translation(written.translation)),
            questions=self._questions(written, (own, foreign), seen),
            unanswerable=self._unanswerable(written.unanswerable, (own, foreign), seen),
        )

    def _check(self, names: Iterable[TranslatedName], suspects: frozenset[str], *, is_foreign: bool) -> _Check:
        texts = (*self.paragraph.context, *self.paragraph.sentences)
        names_of = (*self.known.other_forms(texts), *_translated(names, texts))
        support = Support((*texts, *names_of), self.known.lower_case, is_foreign=is_foreign)
        return _Check(self.paragraph, self.languages, support, suspects)

    def _questions(
        self, written: DraftedParagraph, checks: Sequence[_Check], seen: set[str]
    ) -> tuple[tuple[str, ...], ...]:
        kept: list[list[str]] = [[] for _ in self.paragraph.sentences]
        for each in written.questions:
            if not 1 <= each.sentence <= len(kept):
                self.dropped[Dropped.OTHER] += 1
                continue
            of_sentence = kept[each.sentence - 1]
            question = self._question(each.question, checks, seen)
            if question and len(of_sentence) < _MOST_QUESTIONS:
                of_sentence.append(question)
        return tuple(map(tuple, kept)) if any(kept) else ()

    def _unanswerable(self, written: Iterable[str], checks: Sequence[_Check], seen: set[str]) -> tuple[str, ...]:
        kept = filter(None, (self._question(each, checks, seen) for each in written))
        return tuple(kept)[:MOST_UNANSWERABLE]

    def _question(self, written: str, checks: Sequence[_Check], seen: set[str]) -> str:
        own, foreign = checks
        check = own if is_written_in(written, self.languages.own) else foreign
        return self._kept(lambda: check.question(written, seen))

    def _kept(self, check: Callable[[], str]) -> str:
        """Return the text that `check` lets through; count why it does not."""
        try:
            return check()
        except _DroppedError as error:
            self.dropped[error.why] += 1
            return ""


@dataclass(frozen=True, slots=True)
class _Check:
    """The rules for texts in the paragraph's language, or in a foreign one."""

    paragraph: SourceParagraph
    languages: Languages
    support: Support
    suspects: frozenset[str]

    def restatement(self, written: str) -> str:
        text = self._prose(written)
        _require(is_written_in(text, self.languages.own), Dropped.LANGUAGE)
        self._require_supported(text)
        _require(normalize(text) != normalize(self.paragraph.text), Dropped.REPEATED)
        return text

    def translation(self, written: str) -> str:
        text = self._prose(written)
        _require(is_written_in(text, self.languages.translation), Dropped.LANGUAGE)
        self._require_supported(text)
        missing = unsupported_numbers(self.paragraph.text, [text], certainty=Certainty.SURE)
        _require(not missing, Dropped.NUMBER)
        return text

    def question(self, written: str, seen: set[str]) -> str:
        text = self._clean(written)
        _require(len(text) <= _LONGEST_QUESTION, Dropped.LENGTH)
        _require(text.endswith(_ENDS_QUESTION), Dropped.NO_QUESTION)
        _require(any(is_written_in(text, each) for each in self.languages.questions), Dropped.LANGUAGE)
        self._require_supported(text)
        key = normalize(text)
        _require(key not in seen, Dropped.REPEATED)
        seen.add(key)
        return text

    def _prose(self, written: str) -> str:
        text = self._clean(written)
        weight, of_paragraph = text_weight([text]), text_weight(self.paragraph.sentences)
        is_like = of_paragraph * _LEAST_SHARE <= weight <= of_paragraph * _GREATEST_SHARE + _ALLOWANCE
        _require(is_like, Dropped.LENGTH)
        return text

    def _clean(self, written: str) -> str:
        """Return a text on one line, without anything that an application could take for markup."""
        _require(not any(map(_is_control, written)), Dropped.CONTROL)
        source = self.paragraph.text.casefold()
        marks = (match[0].casefold() for match in _MARKUP.finditer(unicodedata.normalize("NFKC", written)))
        _require(all(mark in source for mark in marks), Dropped.CONTROL)
        text = " ".join(written.split())
        _require(bool(text), Dropped.EMPTY)
        return text

    def _require_supported(self, text: str) -> None:
        texts = (*self.paragraph.context, *self.paragraph.sentences)
        _require(not unsupported_numbers(text, texts), Dropped.NUMBER)
        _require(not unsupported_names(text, self.support, suspects=self.suspects), Dropped.NAME)


def _require(holds: bool, otherwise: Dropped) -> None:  # noqa: FBT001  reads as a sentence
    if not holds:
        raise _DroppedError(otherwise)


def _suspects(written: DraftedParagraph) -> frozenset[str]:
    """Return the words that a reply capitalises within its sentences: names wherever else they stand."""
    texts = (
        written.restatement,
        written.translation,
        *(each.question for each in written.questions),
        *written.unanswerable,
    )
    return frozenset(name for text in texts for name in names_within(text))


def _translated(names: Iterable[TranslatedName], texts: Sequence[str]) -> Iterator[str]:
    """Yield the names that stand for words of the paragraph: those it has in a script without capitals."""
    whole = "\n".join(texts)
    for each in names:
        source, name = each.source.strip(), each.name.strip()
        is_plausible = len(source) > 1 and len(name.split()) <= len(source) and not source.isascii()
        if is_plausible and source in whole:
            yield name


def _is_control(character: str) -> bool:
    return character not in _HARMLESS and unicodedata.category(character) in _CONTROL


def count_reasons(dropped: Mapping[Dropped, int]) -> dict[str, int]:
    """Return how many texts were left out for each reason, the most frequent first."""
    frequent_first = sorted(dropped.items(), key=lambda item: -item[1])
    return {why.value: count for why, count in frequent_first if count}
