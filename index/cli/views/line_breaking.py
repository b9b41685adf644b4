"""Lines of bounded display width, broken by the Chinese rules where they apply."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rich.cells import cell_len

# Marks that may not begin a line, and that may not end one (W3C, Requirements for Chinese Text Layout, 3.1.3).
_NOT_FIRST = frozenset("，。、；：？！…·・」』）】》〉〕〗”’％‰～ー々,.;:?!)]}%")
_NOT_LAST = frozenset("「『（【《〈〔〖“‘—([{＄￥$#＃")

_JOINER = "\u200d"
_TIED = frozenset("\u00a0\u202f")  # white space that ties what it stands between
_EMOJI_STYLE = "\ufe0f"  # makes the character before it two columns wide


def wrap(shown: Sequence[str], *, width: int, cuts: Collection[int] = ()) -> Iterator[range]:
    """Yield the lines of what `visible` returned: at most `width` columns each, with a break before each of `cuts`.

    A line is a range of positions in `shown`; `cuts` are such positions. Spaces at a line's end may exceed the width.
    """
    start = 0
    spaced = {_past_spaces(shown, cut) for cut in cuts}
    for at, character in enumerate([*shown, "\n"]):
        if character == "\n":
            yield from _fill(shown, start, at, width)
            start = at + 1
        elif at in spaced and at > start:
            yield from _fill(shown, start, at, width)
            start = at


def _past_spaces(shown: Sequence[str], at: int) -> int:
    while at < len(shown) and shown[at] != "\n" and (not shown[at] or _is_space(shown[at])):
        at += 1
    return at


def _fill(shown: Sequence[str], start: int, end: int, width: int) -> Iterator[range]:
    used, chance = 0, start
    for at in range(start, end):
        if at > start and _may_break(shown[at - 1], shown[at]):
            chance = at
        columns = _columns(shown[at])
        if used + columns > width and not _is_space(shown[at]) and at > start:
            cut = chance if chance > start else at
            yield range(start, cut)
            start = chance = cut
            used = sum(_columns(shown[number]) for number in range(cut, at))
        used += columns
    yield range(start, end)


def _may_break(before: str, after: str) -> bool:
    if not before or not after or _is_space(after):
        return False
    if _is_space(before):
        return True
    if before == _JOINER or not _columns(after) or after == _EMOJI_STYLE or _TIED & {before, after}:
        return False
    if after[0] in _NOT_FIRST or before[-1] in _NOT_LAST:
        return False
    return _columns(before[-1]) == 2 or _columns(after[0]) == 2


def _is_space(shown: str) -> bool:
    return shown.isspace() and shown not in _TIED


def _columns(shown: str) -> int:
    return 1 if shown == _EMOJI_STYLE else sum(map(cell_len, shown))
