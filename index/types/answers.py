"""Questions, hits, quotes and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from index.types.documents import Markup
from index.types.languages import DocumentLanguage, Language
from index.types.spans import Span


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    DECLINED = "declined"


class FrontDeskIntent(StrEnum):
    """What a message wants that is no question of the documents; the front desk replies to it."""

    GREETING = "greeting"
    THANKS = "thanks"
    ABILITIES = "abilities"
    IDENTITY = "identity"
    ABOUT = "about"
    RELIABILITY = "reliability"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the language of its reader; without a language the answer has no reading aids.

    previous: the question before it in the conversation, which lends its topic to one that has none.
    """

    text: str
    language: Language | None = None
    previous: str | None = None


class AidKind(StrEnum):
    """What a reading aid is."""

    TRANSLATION = "translation"
    RESTATEMENT = "restatement"


@dataclass(frozen=True, slots=True)
class ReadingAid:
    """A translation or plain restatement of a quote's highlighted sentences; never a quote itself.

    drafted_by: the language models that wrote it, where no person has checked it. paragraphs: the same of the whole
    paragraphs that they stand in; empty where `text` has no less. is_checked: whether a person has checked it.
    """

    kind: AidKind
    text: str
    drafted_by: str = ""
    paragraphs: str = ""
    is_checked: bool = False


@dataclass(frozen=True, slots=True)
class LocalizedTerm:
    """A glossary term as a quote writes it, and as its reader does."""

    written: str
    localized: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score for one question; `sentences` scores its sentences in order."""

    passage: int
    score: float
    sentences: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A verbatim range of a document: `text == document[span.start:span.end]`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage with highlighted sentences and a citation.

    `text == document[start:end]` of the stored version; highlights are absolute and lie inside it. also: quotes of
    other documents that say the same. aid, terms: for the reader's language. qualifier: what tells its document apart
    from another of the same title. context: what is shown with it, such as the header row of a table. page: the page
    on which it starts. headings: the titles it stands under, outermost first. short_title, provenance_label: those of
    its document. confidence: the probability that it answers the question. best: the highlight that answers best, where
    that is known.
    """

    document: str
    title: str
    language: DocumentLanguage
    provenance: Mapping[Language, str]
    section: str | None
    start: int
    end: int
    start_line: int
    end_line: int
    text: str
    highlights: tuple[Span, ...]
    score: float
    sha256: str
    also: tuple[Quote, ...] = ()
    aid: ReadingAid | None = None
    terms: tuple[LocalizedTerm, ...] = ()
    qualifier: str = ""
    context: tuple[Excerpt, ...] = ()
    page: int | None = None
    markup: Markup = Markup.PLAIN
    headings: tuple[str, ...] = ()
    short_title: str = ""
    provenance_label: Mapping[Language, str] = field(default_factory=dict)
    confidence: float = 0.0
    best: Span | None = None

    def lines(self, span: Span) -> tuple[int, int]:
        """Return the first and last line of `span`, which lies inside; lines end as in `Document.lines`."""
        end = "\n" if "\n" in self.text or self.start_line == self.end_line else "\r"
        first = self.start_line + self.text.count(end, 0, span.start - self.start)
        last = self.start_line + self.text.count(end, 0, max(span.start, span.end - 1) - self.start)
        return min(first, self.end_line), min(last, self.end_line)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its quotes, or with none and the nearest passages.

    nearest: best first; of an unsure answer the first may answer. confidence: the probability that the first passage
    answers. version: the index version that was asked. elapsed_ms: the whole answer with the model warm.
    searched_for: the question's words where they differ from what was asked: a misspelt word was repaired, or an
    earlier question lent its topic. front_desk: what was wanted if it was no question of the documents; then nothing
    was searched, and the outcome is `declined` without quotes or nearest passages.
    items: what is shown at once, the best quote or those that answer by their own confidence, with as few highlights
    as are read at a glance.
    """

    question: str
    outcome: Outcome
    confidence: float
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    elapsed_ms: float
    version: str
    searched_for: str | None = None
    front_desk: FrontDeskIntent | None = None
    items: tuple[Quote, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the quotes answer the question."""
        return self.outcome is Outcome.ANSWERED
