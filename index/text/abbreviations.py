"""English words beside a full stop that tell whether it ends a sentence, in lower case."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end: a name, an example or a comparison follows. Titles are abbreviations with a capital only.
_BEFORE_MORE = _words("mr mrs ms mx dr vs cf e.g i.e eg ie viz approx ca resp incl excl esp aka a.k.a w.r.t")
_TITLES = _words("prof gen sen rep rev lt col capt cpt sgt gov hon messrs mme mlle fr mt ft")
# No end before a number or a lower-case word: No. 5, Fig. 2a, see Fig. below.
_BEFORE_NUMBER = _words(
    "no nos fig figs eq eqs sec secs ch chap vol vols p pp art ref refs tab tbl para ver v app ex iss tel ext"
)
# The end only where a sentence follows: Acme Inc. The …
_BEFORE_NAME = _words(
    "inc ltd co corp bros jr sr llc plc dept est min max ave blvd rd st univ govt intl al ed eds jan feb "
    "mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
# The end unless a lower-case word follows.
_BEFORE_LOWER_CASE = _words("etc misc temp qty")
# The end after a time unless its zone or day follows.
_TIMES = _words("a.m p.m")
_DAYS = _words("monday tuesday wednesday thursday friday saturday sunday eastern central pacific")
ABBREVIATIONS = _BEFORE_MORE | _TITLES | _BEFORE_NUMBER | _BEFORE_NAME | _BEFORE_LOWER_CASE | _TIMES
ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]|(?:[A-Z][a-z]?\.)+[A-Z][a-z]?")

# Words that begin a sentence, and seldom a name.
STARTERS = _words(
    "the a an this that these those it its he she they we you i his her their our my your there here in "
    "on at for from with by after before when while if as but and so or however then also although though "
    "because since what who whose why how where which no not to all some many most each one two both use "
    "see note click press open run is are was were do does did can could will would should may must "
    "please once until during under over between instead otherwise finally first second next today now "
    "later yes let make only even every another such thus therefore meanwhile moreover nevertheless "
    "nobody nothing never always sometimes of"
)
# Words after which a single letter names one of several: vitamin C, Plan B, option A.
LABELLED = _words(
    "vitamin plan type category option grade class group section appendix part hepatitis figure table "
    "team model item step level phase version zone gate room building platform block column row point "
    "exit line route answer case drive exhibit schedule annex hall door area list and or"
)
# Words that with a number begin a sentence or a heading: Step 1. Open the door.
NUMBERED = _words("step chapter section part rule article note question example figure table level phase day task")
# Names that end in an exclamation mark.
EXCLAIMED = _words("yahoo jeopardy")


def is_abbreviation(word: str) -> bool:
    """Return whether `word`, without the full stop, may be an abbreviation."""
    return word.lower() in ABBREVIATIONS or "." in word


def ends_after_abbreviation(before: str, word: str, *, starts: bool) -> bool | None:
    """Return whether a full stop between the abbreviation `before` and the next `word` ends a sentence.

    `starts`: `word` looks like the first of a sentence. None if `before` is no abbreviation.
    """
    if not is_abbreviation(before):
        return None
    name, lower = before.lower(), word[:1].islower()
    rules = (
        (name in _BEFORE_MORE or (name in _TITLES and before[0].isupper()), False),
        (name in _BEFORE_NUMBER, not lower and word.isalpha() and len(word) > 1),
        (name in _BEFORE_LOWER_CASE, not lower),
        (name in _TIMES, not lower and not word.isupper() and word.lower() not in _DAYS),
        (name in _BEFORE_NAME or ACRONYM.fullmatch(before), starts),
    )
    return next((ends for applies, ends in rules if applies), None)
