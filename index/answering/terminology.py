"""Names the way a reader knows them: which a quote writes otherwise, by the glossary's forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from index.text.chinese import convert_script, has_han
from index.text.spelling import whole
from index.types import Language, Name, Quote, Term

MOST_NAMES = 5

# These have names of their own in each region, and several; of anything else an alias is but another word.
_NAMED = frozenset({"person", "company", "model"})


def terms_in(texts: Iterable[str], terms: Sequence[Term]) -> tuple[Term, ...]:
    """Give the terms of which some form may stand in `texts`: all that has to be looked for there."""
    return _standing_in("\n".join(texts).casefold(), tuple(terms))


def names_for(quote: Quote, language: Language) -> tuple[Name, ...]:
    """Give the first names that `quote` writes otherwise than a reader of `language`, in order, each once."""
    found: dict[Term, Name] = {}
    for match, term in _occurrences(quote.text, quote.terms):
        own = _own_form(term, match[0], written_in=quote.language, language=language)
        if own:
            found.setdefault(term, Name(match[0], own))
    return tuple(found.values())[:MOST_NAMES]


def restate(quote: Quote, language: Language) -> str:
    """Give the plain restatement of `quote` in the script of `language`, names as its readers write them."""
    plain = quote.annotation.restatement if quote.annotation else ""
    parts: list[str] = []
    done = 0
    for match, term in _occurrences(plain, quote.terms):
        own = _own_form(term, match[0], written_in=quote.language, language=language)
        if own:
            parts += [convert_script(plain[done : match.start()], language), own]
            done = match.end()
    return "".join([*parts, convert_script(plain[done:], language)])


@lru_cache(maxsize=1024)  # a passage is quoted again and again
def _standing_in(text: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    found = {at for form, at in _caseless(terms) if form in text}
    return tuple(terms[at] for at in sorted(found))


@lru_cache(maxsize=4)
def _caseless(terms: tuple[Term, ...]) -> list[tuple[str, int]]:
    """Give every form, and the number of its term."""
    return [(form.casefold(), at) for at, term in enumerate(terms) for form in _forms(term)]


def _forms(term: Term) -> list[str]:
    return [form for form in (term.hant, term.hans, term.en, *term.aliases, *term.exact) if form.strip()]


def _occurrences(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[re.Match[str], Term]]:
    """Find every term in `text`: the longest form first, each place once, capitals as they come unless exact."""
    pattern, known = _patterns(terms)
    for match in pattern.finditer(text):
        found = known.get(match[0].casefold())
        if found is not None:
            yield match, found


@lru_cache(maxsize=512)
def _patterns(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    known: dict[str, Term] = {}
    patterns: dict[str, str] = {}
    for term in terms:
        for form in _forms(term):
            known.setdefault(form.casefold(), term)
            patterns[form] = whole(form) if form in term.exact else whole(form, "i")
    longest_first = sorted(patterns, key=lambda form: (-len(form), form))
    return re.compile("|".join(patterns[form] for form in longest_first) or r"(?!)"), known


def _own_form(term: Term, written: str, *, written_in: Language, language: Language) -> str:
    """Give the reader's form of a term where that helps: empty when `written` is as good as it."""
    if written_in == language:
        return ""
    own = {"zh-Hant": term.hant, "zh-Hans": term.hans, "en": term.en}[language].strip()
    if not own or _is_alike(written, own):
        return ""
    if term.kind in _NAMED:
        return own
    if "en" in (written_in, language):  # there a plain term is a word to be translated, and no name
        return "" if term.kind == "term" else own
    theirs = term.hant if written_in == "zh-Hant" else term.hans
    return own if has_han(written) and _bare(written) == _bare(theirs) else ""


def _is_alike(written: str, own: str) -> bool:
    """Tell whether a reader sees one name in both: in the other script, longer, shorter, or spelt otherwise."""
    if not has_han(written) and not has_han(own):
        return True
    return _bare(written) in _bare(own) or _bare(own.split(maxsplit=1)[0]) in _bare(written)


def _bare(form: str) -> str:
    return "".join(convert_script(form, "zh-Hans").casefold().split())
