"""Correction of misspelt names, and patterns that match a name as a whole word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.chinese import has_han
from index.text.normalize import normalize
from index.types import Term

# Without IGNORECASE or accented letters: with them a pattern of a dozen forms takes 30 ms to compile.
_LATIN = r"[a-zA-Z0-9]"
_AT_LATIN = re.compile(_LATIN)


class Spelling:
    """Corrects the misspellings that a glossary lists."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._right: dict[str, str] = {}
        for term in terms:
            for wrong in map(normalize, term.misspellings):
                if wrong:
                    self._right[wrong] = normalize(term.hans if has_han(wrong) else term.en)
        longest_first = sorted(self._right, key=lambda wrong: (-len(wrong), wrong))
        self._wrong = re.compile("|".join(map(whole, longest_first)) or r"(?!)")

    def correct(self, normalized: str) -> str:
        """Return a normalized question with each misspelt name corrected."""
        return self._wrong.sub(lambda match: self._right[match[0]], normalized)


def whole(form: str, flags: str = "") -> str:
    """Return a pattern of `form` under `flags` that does not match inside a Latin word: not `lion` in `lions`."""
    before = rf"(?<!{_LATIN})" if _AT_LATIN.match(form) else ""
    after = rf"(?!{_LATIN})" if _AT_LATIN.match(form[-1]) else ""
    return f"{before}(?{flags}:{re.escape(form)}){after}"
