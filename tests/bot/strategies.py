"""Answers, documents and texts of any shape, for hypothesis."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from index import (
    LANGUAGES,
    AidKind,
    Answer,
    Block,
    BlockKind,
    Document,
    Excerpt,
    LocalizedTerm,
    Markup,
    Outcome,
    Quote,
    ReadingAid,
    Reference,
    Span,
)

HOSTILE = (
    "@everyone",
    "@here",
    "<@123456789012345678>",
    "<@&1>",
    "<#2>",
    "</ask:3>",
    "<t:1700000000:R>",
    "<:a:4>",
    "**",
    "__",
    "~~",
    "||",
    "`",
    "```",
    "\n> ",
    "\n>>> ",
    "\n# ",
    "\n- ",
    "\n1. ",
    "\n-# ",
    "[x](https://evil.example)",
    "https://discord.gg/abc",
    "\\",
    "\u202e",
    "\u2066",
    "\x00",
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u200b",
    "\ud800",
    "\n```py\n",
    "\n~~~\n",
    "\n\n    ",
    "``",
    "![a](b)",
    "\n\n|a|b|\n|-|-|\n|1|2|\n",
    "<!-- ",
    " -->",
    " {#id}",
    "&lt;@1&gt;",
    "🦙",
    "👨‍👩‍👧‍👦",
    "。",
    "！」",
    ". ",
    "。",
)
HEXADECIMAL = "0123456789abcdef"


def messages(*, max_size: int = 1200) -> st.SearchStrategy[str]:
    """Any text, with what could act on Discord strewn in."""
    words = st.one_of(
        st.text(min_size=1, max_size=20),
        st.sampled_from(HOSTILE),
        st.sampled_from(HOSTILE).map(lambda part: part * 20),
        st.sampled_from(("核心成員離開了。", "Two left. ", "团队，的AI")).map(lambda part: part * 12),
    )
    return st.lists(words, min_size=1, max_size=6).map(lambda parts: "".join(parts)[:max_size])


def hashes() -> st.SearchStrategy[str]:
    """Return one of a few hashes, so that the same document comes twice."""
    return st.sampled_from([digit * 64 for digit in HEXADECIMAL])


def aid_texts() -> st.SearchStrategy[str]:
    """Any reading aid, from none to one that exceeds a message."""
    return st.builds(lambda part, count: f"{part}離開了。 " * count, st.sampled_from(HOSTILE), st.integers(0, 300))


@st.composite
def terms(draw: st.DrawFn, text: str) -> LocalizedTerm:
    """Any term that stands in `text`, whatever the reader's form of it is."""
    start = draw(st.integers(0, len(text) - 1))
    return LocalizedTerm(text[start : start + draw(st.integers(1, 200))], draw(messages(max_size=300)))


@st.composite
def quotes(draw: st.DrawFn, *, depth: int = 1, long: bool = False) -> Quote:
    """Any quote; `long` ones exceed a message."""
    text = draw(messages())
    if long:
        text *= draw(st.integers(1, 12))
    start = draw(st.integers(0, 10**7))
    end = start + len(text)
    inside = st.integers(start, end)
    spans = draw(st.lists(st.tuples(inside, inside), max_size=4))
    line = draw(st.integers(1, 10**6))
    return Quote(
        document=draw(st.text(min_size=1, max_size=40)),
        title=draw(messages(max_size=300)),
        language=draw(st.sampled_from(LANGUAGES)),
        provenance=draw(st.dictionaries(st.sampled_from(LANGUAGES), messages(max_size=200), max_size=3)),
        section=draw(st.none() | messages(max_size=300)),
        start=start,
        end=end,
        start_line=line,
        end_line=line + draw(st.integers(0, 50)),
        text=text,
        highlights=tuple(Span(min(pair), max(pair)) for pair in spans),
        score=draw(st.floats(0, 1)),
        sha256=draw(hashes()),
        headings=tuple(draw(st.lists(messages(max_size=150), max_size=3))),
        qualifier=draw(st.just("") | messages(max_size=100)),
        context=tuple(draw(st.lists(st.builds(Excerpt, st.just(Span(0, 9)), messages()), max_size=2))),
        page=draw(st.none() | st.integers(1, 9999)),
        markup=draw(st.sampled_from(Markup)),
        aid=draw(st.none() | st.builds(ReadingAid, st.sampled_from(AidKind), aid_texts())) if depth else None,
        also=tuple(draw(st.lists(quotes(depth=0), max_size=2))) * draw(st.integers(0, 3)) if depth else (),
        terms=tuple(draw(st.lists(terms(text), max_size=5))) if depth else (),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Any answer: answered or not, with up to twelve quotes, some far too long."""
    answered = draw(st.booleans())
    found = tuple(draw(st.lists(quotes(long=draw(st.booleans())), min_size=int(answered), max_size=4)))
    found *= draw(st.integers(1, 3))
    return Answer(
        question=draw(messages(max_size=1000)),
        outcome=Outcome.ANSWERED if answered else draw(st.sampled_from((Outcome.UNSURE, Outcome.DECLINED))),
        confidence=draw(st.floats(0, 1)),
        quotes=found if answered else (),
        nearest=() if answered else found,
        elapsed_ms=1.0,
        version=draw(st.text(max_size=60)),
        searched_for=draw(st.none() | messages(max_size=1000)),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document: blocks of any kind anywhere in any text, in order."""
    text = draw(messages(max_size=4000)) * draw(st.integers(1, 5))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    headings = st.lists(messages(max_size=150), max_size=2).map(tuple)
    kinds = st.sampled_from(BlockKind)
    blocks = tuple(
        Block(Span(start, end), draw(headings), draw(kinds), header=draw(st.sampled_from((None, Span(0, 5)))))
        for start, end in pairwise(cuts)
        if text[start:end].strip()
    )
    references = st.builds(
        Reference, messages(max_size=300), messages(max_size=200) | st.just("https://a.b/c_(d)")
    )
    return Document(
        name=draw(st.text(min_size=1, max_size=200)),
        title=draw(messages(max_size=300)),
        language=draw(st.sampled_from(LANGUAGES)),
        source=text,
        sha256=draw(hashes()),
        blocks=blocks,
        qualifier=draw(st.just("") | messages(max_size=100)),
        markup=draw(st.sampled_from(Markup)),
        pages=tuple(sorted(draw(st.sets(st.integers(0, len(text)), max_size=3)))),
        provenance=draw(st.dictionaries(st.sampled_from(LANGUAGES), messages(max_size=200), max_size=3)),
        references=tuple(draw(st.lists(references, max_size=12))),
    )


def random_answer(seed: int) -> Answer:
    """Return an answer of any shape from a seed, a hundred times faster than hypothesis draws one."""
    return _Dice(seed).answer()


# Cut into pieces, since drawing each letter takes half of the time.
_PROSE = "".join(Random(1).choices("核心成員離開了团队。，的AI. \n", k=50_000))  # noqa: S311 -- no secret is made


def _noise(dice: Random, count: int) -> str:
    """Return characters of all kinds: of ASCII, of the first planes, of any; no half of a pair."""
    limits = dice.choices((0x80, 0x3000, 0x10000, 0x110000), k=count)
    found = (chr(int(dice.random() * limit)) for limit in limits)
    return "".join(character for character in found if not "\ud800" <= character <= "\udfff")


_NOISE = _noise(Random(2), 50_000)  # noqa: S311 -- no secret is made


class _Dice:
    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 -- no secret is made

    def answer(self) -> Answer:
        answered = self._random.random() < 0.7
        quotes = tuple(self.quote() for _ in range(self._random.randint(int(answered), 5)))
        return Answer(
            question=self.text(1000),
            outcome=Outcome.ANSWERED if answered else Outcome.DECLINED,
            confidence=self._random.random(),
            quotes=quotes if answered else (),
            nearest=() if answered else quotes,
            elapsed_ms=1.0,
            version=self.text(60),
        )

    def quote(self, *, depth: int = 1) -> Quote:
        text = self.text(self._random.choice((20, 300, 1200, 6000)) if depth else 20)
        start, line = self._random.randint(0, 10**7), self._random.randint(1, 10**6)
        end = start + len(text)
        points = [sorted((self._random.randint(start, end), self._random.randint(start, end))) for _ in range(6)]
        return Quote(
            document=self.text(40),
            title=self.text(300),
            language=self._random.choice(LANGUAGES),
            provenance={language: self.text(200) for language in LANGUAGES if self._random.random() < 0.6},
            section=self._random.choice((None, self.text(200))),
            start=start,
            end=end,
            start_line=line,
            end_line=line + self._random.randint(0, 50),
            text=text,
            highlights=tuple(Span(first, last) for first, last in points[: self._random.randint(0, 6)]),
            score=self._random.random(),
            sha256=self._random.choice(HEXADECIMAL) * 64,
            headings=tuple(self.text(100) for _ in range(self._random.randint(0, 3))),
            qualifier=self._random.choice(("", self.text(100))),
            context=(Excerpt(Span(0, 9), self.text(300)),) * self._random.randint(0, 2),
            page=self._random.choice((None, 12)),
            markup=self._random.choice(tuple(Markup)),
            aid=self._random.choice((None, ReadingAid(self._random.choice(tuple(AidKind)), self.text(3000)))),
            also=tuple(self.quote(depth=0) for _ in range(self._random.randint(0, 4))) if depth else (),
            terms=tuple(self.term(text) for _ in range(self._random.randint(0, 5))) if depth else (),
        )

    def term(self, text: str) -> LocalizedTerm:
        start = self._random.randrange(len(text))
        return LocalizedTerm(text[start : start + self._random.randint(1, 60)], self.text(200))

    def text(self, size: int) -> str:
        size = self._random.randint(1, size)
        parts: list[str] = []
        length = 0
        while length < size:
            part = self._random.choice((self._hostile, self._prose, self._noise))()
            parts.append(part)
            length += len(part)
        return "".join(parts)[:size]

    def _hostile(self) -> str:
        return self._random.choice(HOSTILE)

    def _prose(self) -> str:
        start = self._random.randrange(len(_PROSE) - 300)
        return _PROSE[start : start + self._random.choice((1, 20, 300))]

    def _noise(self) -> str:
        start = self._random.randrange(len(_NOISE) - 8)
        return _NOISE[start : start + self._random.randint(1, 8)]
