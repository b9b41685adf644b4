"""The part of a quote that an answer shows at once: the answering sentences, and what they need to be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.sentences import split_sentences
from index.types import AidKind, Quote, Span

# A sentence that opens with one of these speaks of the one before. They are closed classes of words: pronouns,
# demonstratives and connectives of Chinese, in both scripts, and of English.
_REFERS_BACK = re.compile(
    r"[^\w]*(?:[^\W\d_]{0,6}[這这該该此其](?!他|它|餘|余|中)|他們|她們|它們|他们|她们|它们|[他她它]|但|然而|因此|因而|於是|于是"
    r"|所以|不過|不过|而且|此外|另外|同時|同时|否則|否则|相反|反而|例如|比如"
    r"|(?:This|That|These|Those|It|Its|He|She|They|His|Her|Their|However|But|So|Therefore|Thus|Hence|Instead"
    r"|Otherwise|Also|Moreover|Besides|For example|For instance|As a result)\b)"
)
_INTRODUCES = re.compile(r"[:：][”’\"'」』*_)）]*\s*$")
# Code points up to which an excerpt grows beyond its answering sentences, and those that say little by themselves.
_ROOMY = 160
_SLIGHT = 12
# Before the first highlight and behind it, as far as sentences are looked for.
_BEFORE, _BEHIND = 2_000, 20_000


def excerpt(quote: Quote) -> tuple[Span, ...]:
    """Return the ranges of `quote` that an answer shows, absolute and in order: whole sentences.

    They hold every highlighted sentence, the sentence before one that refers back to it, and the one behind one
    that introduces it; below a translation, which stands for the highlighted sentences, these alone. Of a quote
    without highlights they are its first sentences. A highlight is never cut.
    """
    whole = Span(quote.start, quote.end)
    marked = [span for span in quote.highlights if span]
    anchor = min((span.start for span in marked), default=quote.start)
    near = Span(anchor - _BEFORE, anchor + _BEHIND).intersection(whole)
    sentences = [span.shift(quote.start) for span in split_sentences(quote.text, near.shift(-quote.start))] or [
        whole
    ]
    answering = [at for at, each in enumerate(sentences) if any(each.overlaps(span) for span in marked)] or [0]
    is_translated = quote.aid is not None and quote.aid.kind is AidKind.TRANSLATION
    runs: list[range] = []
    for at in answering:
        run = range(at, at + 1) if is_translated else _understandable(sentences, at, quote)
        if runs and run.start <= runs[-1].stop:
            run = range(min(runs[-1].start, run.start), max(runs.pop().stop, run.stop))
        runs.append(run)
    return tuple(Span(sentences[run.start].start, sentences[run.stop - 1].end) for run in runs)


def _understandable(sentences: Sequence[Span], at: int, quote: Quote) -> range:
    """Return the numbers of the sentences around number `at` that are shown with it."""

    def words(number: int) -> str:
        return sentences[number].shift(-quote.start).of(quote.text)

    def fits(run: range) -> bool:
        return sentences[run.stop - 1].end - sentences[run.start].start <= _ROOMY

    run = range(at, at + 1)
    while run.stop < len(sentences) and _needs_next(words(run.stop - 1)):
        if not fits(range(run.start, run.stop + 1)):
            break
        run = range(run.start, run.stop + 1)
    while run.start > 0 and _REFERS_BACK.match(words(run.start)):
        if not fits(range(run.start - 1, run.stop)):
            break
        run = range(run.start - 1, run.stop)
    return run


def _needs_next(sentence: str) -> bool:
    return len(sentence) <= _SLIGHT or _INTRODUCES.search(sentence) is not None
