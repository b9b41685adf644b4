"""Taking other people's ids, and the ids of places, out of a question before it is kept."""

from __future__ import annotations

import re

# Discord's ids are snowflakes: 64 bits with the time in front, 17 digits since 2015 and at most 20.
_ID = r"\d{15,20}"
_LINK = re.compile(r"<?https?://(?:\w+\.)*discord(?:app)?\.com/\S*>?", re.IGNORECASE | re.ASCII)
_EMOJI = re.compile(rf"<a?(:\w{{1,32}}:){_ID}>", re.ASCII)
_COMMAND = re.compile(rf"<(/[^:<>\n]{{1,100}}):{_ID}>", re.ASCII)
_MENTION = re.compile(rf"<(?:@[!&]?|#){_ID}>", re.ASCII)
_BARE = re.compile(rf"(?<!\d){_ID}(?!\d)", re.ASCII)


def without_identifiers(question: str) -> str:
    """Return `question` without mentions, links into Discord and bare ids; a name is kept, its id is not."""
    text = question.encode("utf-8", "replace").decode("utf-8")  # SQLite takes no lone surrogates
    text = _COMMAND.sub(r"\1", _EMOJI.sub(r"\1", _LINK.sub(" ", text)))
    return " ".join(_BARE.sub(" ", _MENTION.sub(" ", text)).split())
