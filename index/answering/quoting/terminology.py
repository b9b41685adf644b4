"""Glossary terms as a reader writes them: which of them a text writes differently."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial

from index.text.chinese import convert_script, has_han
from index.text.spelling.glossary import whole
from index.types import DocumentLanguage, Language, LocalizedTerm, Term

MAX_TERMS = 5

_KEPT = 1024  # texts of each kind

# Proper names differ by region and have several forms. An alias of any other term is a synonym, not its name.
_PROPER_NAMES = frozenset({"person", "company", "model"})


def localized_terms(
    text: str, terms: Sequence[Term], *, written_in: DocumentLanguage, language: Language
) -> tuple[LocalizedTerm, ...]:
    """Return the first terms that `text` writes differently from a reader of `language`, in order, each once."""
    return () if written_in == language else _finder(terms).localized_terms(text, written_in, language)


def _localized_terms(
    finder: _Finder, text: str, written_in: DocumentLanguage, language: Language
) -> tuple[LocalizedTerm, ...]:
    found: dict[Term, LocalizedTerm] = {}
    for match, term in finder.occurrences(text):
        form = _localized_form(term, match[0], written_in=written_in, language=language)
        if form:
            found.setdefault(term, LocalizedTerm(match[0], form))
    return tuple(found.values())[:MAX_TERMS]


def localize(text: str, terms: Sequence[Term], *, written_in: DocumentLanguage, language: Language) -> str:
    """Return `text` in the script of `language`, with the reader's form of each term."""
    if written_in == language:
        return convert_script(text, language)
    return _finder(terms).localized(text, written_in, language)


def _localized(finder: _Finder, text: str, written_in: DocumentLanguage, language: Language) -> str:
    parts: list[str] = []
    end = 0
    for match, term in finder.occurrences(text):
        form = _localized_form(term, match[0], written_in=written_in, language=language)
        if form:
            parts += [convert_script(text[end : match.start()], language), form]
            end = match.end()
    return "".join([*parts, convert_script(text[end:], language)])


class _Finder:
    """Finds the terms of one glossary. What it found is kept: popular passages are quoted often."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = terms
        self._forms = [(form.casefold(), number) for number, term in enumerate(terms) for form in _forms(term)]
        self.localized_terms = lru_cache(maxsize=_KEPT)(partial(_localized_terms, self))
        self.localized = lru_cache(maxsize=_KEPT)(partial(_localized, self))

    def occurrences(self, text: str) -> Iterator[tuple[re.Match[str], Term]]:
        """Yield the terms in `text` in order, without overlaps.

        The longest form wins, and case counts for exact forms. A pattern of the terms of which some form is a
        substring is faster than the whole glossary's.
        """
        casefolded = text.casefold()
        numbers = {number for form, number in self._forms if form in casefolded}
        pattern, term_of = _pattern(tuple(self.terms[number] for number in sorted(numbers)))
        for match in pattern.finditer(text):
            found = term_of.get(match[0].casefold())
            if found is not None:
                yield match, found


# By identity: to hash a glossary takes longer than to find its terms.
_finders: deque[_Finder] = deque(maxlen=4)


def _finder(terms: Sequence[Term]) -> _Finder:
    known = next((each for each in tuple(_finders) if each.terms is terms), None)
    if known is None:
        known = _Finder(terms)
        _finders.append(known)
    return known


def _forms(term: Term) -> list[str]:
    return [form for form in (term.hant, term.hans, term.en, *term.aliases, *term.exact) if form.strip()]


@lru_cache(maxsize=512)
def _pattern(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    term_of: dict[str, Term] = {}
    patterns: dict[str, str] = {}
    for term in terms:
        for form in _forms(term):
            term_of.setdefault(form.casefold(), term)
            patterns[form] = whole(form) if form in term.exact else whole(form, "i")
    longest_first = sorted(patterns, key=lambda form: (-len(form), form))
    return re.compile("|".join(patterns[form] for form in longest_first) or r"(?!)"), term_of


def _localized_form(term: Term, written: str, *, written_in: DocumentLanguage, language: Language) -> str:
    """Return the form of `term` for a reader of `language`; empty when `written` serves them as well."""
    if written_in == language:
        return ""
    form = {"zh-Hant": term.hant, "zh-Hans": term.hans, "en": term.en}[language].strip()
    if not form or _is_recognizable(written, form):
        return ""
    if term.kind in _PROPER_NAMES:
        return form
    if "en" in (written_in, language):  # across languages an ordinary term needs a translation, not a name
        return "" if term.kind == "term" else form
    original = term.hant if written_in == "zh-Hant" else term.hans
    return form if has_han(written) and _simplified(written) == _simplified(original) else ""


def _is_recognizable(written: str, form: str) -> bool:
    """Return whether a reader of `form` recognizes `written`: in another script, longer, shorter, respelt."""
    if not has_han(written) and not has_han(form):
        return True
    first_word = form.split(maxsplit=1)[0]
    return _simplified(written) in _simplified(form) or _simplified(first_word) in _simplified(written)


@lru_cache(maxsize=4096)
def _simplified(form: str) -> str:
    return "".join(convert_script(form, "zh-Hans").casefold().split())
