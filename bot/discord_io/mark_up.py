"""Discord's mark-up taken off a text: what was said, by names instead of ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

# https://discord.com/developers/docs/reference#message-formatting
_MENTION = re.compile(r"<(@!?|@&|#)(\d{1,20})>")
_EVERYONE = re.compile(r"@(?:everyone|here)(?![A-Za-z0-9_])")
_EMOJI = re.compile(r"<a?(:\w{1,32}:)\d{1,20}>")
_TIME = re.compile(r"<t:(-?\d{1,13})(?::[a-zA-Z])?>")
_COMMAND = re.compile(r"<(/[^:<>\n]{1,100}):\d{1,20}>")
_NAVIGATION = re.compile(r"<id:[\w-]{1,30}(?::\d{1,20})?>")
# A link ends with the first character that is not ASCII: Chinese follows without a space.
_MESSAGE_LINK = re.compile(
    r"<?https?://(?:\w{2,10}\.)?discord(?:app)?\.com/channels/(?:\d{1,20}|@me)(?:/(\d{1,20}))?(?:/\d{1,20})?/?>?"
)
_OTHER_LINK = re.compile(
    r"<?https?://(?:[\w-]+\.)*discord(?:app)?\.(?:com|net|gg)(?![\w.-])[!-'*-;=?-~]*>?", re.ASCII
)

# Markdown. Code and what is escaped is set aside while the rest is taken off, in place of a control character, which no
# message holds.
_CODE_BLOCK = re.compile(r"```(?:[\w+#.-]{1,20}\n)?\n?(.*?)\n?```", re.DOTALL)
_VERBATIM = re.compile(r"(`{1,2})([^`\n]+)\1|\\([!-/:-@\[-`{-~])")
_SET_ASIDE = re.compile(r"\0(\d+)\0")
_LINE_START = re.compile(r"^[ \t]*(?:(?:>>>|>|#{1,3}|-#|[-*])[ \t]+)+", re.MULTILINE)
_MASKED_LINK = re.compile(
    r"\[([^\[\]\n]{1,1000})\]\(<?https?://(?:[^\s()<>]|\([^\s()<>]*\))+>?(?: \"[^\"\n]*\")?\)"
)
_DELIMITER = re.compile(r"\*{1,3}|_{1,2}|~~|\|\|")

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"[^\S\n]+")
_BEFORE_MARK = re.compile(r" +(?=[,.;:!?，。；：！？、](?:\s|$))")
_LEADING_MARKS = re.compile(r"^[\s,;:，；：、]+")

NameOf = Callable[[int], str]


def _nameless(_id: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of users, roles and channels by id; empty for one that is unknown or is not to be shown."""

    user: NameOf = field(default=_nameless)
    role: NameOf = field(default=_nameless)
    channel: NameOf = field(default=_nameless)


NAMELESS = Names()


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said; text: without mentions and mark-up, to be searched and kept; shown: with the names."""

    text: str
    shown: str

    @classmethod
    def of(cls, raw: str, names: Names = NAMELESS) -> Said:
        """Return what `raw` says, as Discord's API has it."""
        # Twice: what Markdown stood in the middle of is a mention without it.
        text = _one_spaced(_without_mentions(_plain(_without_mentions(raw))))
        shown = _one_spaced(_with_names(_plain(_with_names(raw, names)), names))
        return cls(_LEADING_MARKS.sub("", text), shown)


def _with_names(raw: str, names: Names) -> str:
    """Return `raw` as Discord's clients show it: names in place of ids."""

    def mention(match: re.Match[str]) -> str:
        kind, number = match[1], int(match[2])
        if kind == "#":
            return _prefixed("#", names.channel(number))
        return _prefixed("@", names.role(number) if kind == "@&" else names.user(number))

    def message_link(match: re.Match[str]) -> str:
        return _prefixed("#", names.channel(int(match[1]))) if match[1] else " "

    shown = _MENTION.sub(mention, raw)
    shown = _MESSAGE_LINK.sub(message_link, shown)
    shown = _TIME.sub(lambda match: _moment(int(match[1])), shown)
    shown = _EMOJI.sub(r"\1", _COMMAND.sub(r"\1", shown))
    return _OTHER_LINK.sub(" ", _NAVIGATION.sub(" ", shown))


def _without_mentions(raw: str) -> str:
    for pattern in (_MENTION, _EVERYONE, _MESSAGE_LINK, _TIME, _EMOJI, _COMMAND, _NAVIGATION, _OTHER_LINK):
        raw = pattern.sub(" ", raw)
    return raw


def _plain(text: str) -> str:
    """Return `text` without the marks of Discord's Markdown."""
    verbatim: list[str] = []

    def set_aside(content: str) -> str:
        verbatim.append(content)
        return f"\0{len(verbatim) - 1}\0"

    text = _DIRECTION.sub("", text.replace("\0", ""))
    text = _CODE_BLOCK.sub(lambda match: set_aside(match[1]), text)
    text = _VERBATIM.sub(lambda match: set_aside(match[2] or match[3]), text)
    text = _without_emphasis(_MASKED_LINK.sub(r"\1", _LINE_START.sub("", text)))
    return _SET_ASIDE.sub(lambda match: verbatim[int(match[1])], text)


def _without_emphasis(text: str) -> str:
    """Return `text` without pairs of delimiters; one pass, so that no text takes long."""
    opened: list[re.Match[str]] = []
    paired: list[re.Match[str]] = []
    kinds: dict[str, int] = {}
    for delimiter in _DELIMITER.finditer(text):
        opens, closes = _sides(delimiter)
        position = kinds.get(delimiter[0])
        if closes and position is not None:
            paired += [opened[position], delimiter]
            for other in opened[position:]:
                del kinds[other[0]]
            del opened[position:]
        elif opens and position is None:
            kinds[delimiter[0]] = len(opened)
            opened.append(delimiter)
    kept, start = [], 0
    for delimiter in sorted(paired, key=lambda each: each.start()):
        kept.append(text[start : delimiter.start()])
        start = delimiter.end()
    return "".join(kept) + text[start:]


def _sides(delimiter: re.Match[str]) -> tuple[bool, bool]:
    """Return whether a delimiter can open emphasis, and whether it can close it."""
    text, start, end = delimiter.string, delimiter.start(), delimiter.end()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    opens, closes = bool(after.strip()), bool(before.strip())
    if delimiter[0] == "_":  # inside a word it is part of a name
        return opens and not before.isalnum(), closes and not after.isalnum()
    return opens, closes


def _one_spaced(text: str) -> str:
    """Return `text` without the spaces that what was taken off leaves behind."""
    lines = (_BEFORE_MARK.sub("", _SPACES.sub(" ", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _prefixed(sign: str, name: str) -> str:
    return f"{sign}{name}" if name else " "


def _moment(seconds: int) -> str:
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M} UTC"
    except OverflowError:
        return " "
