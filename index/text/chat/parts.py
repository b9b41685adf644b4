"""The parts of a chat message that may each be a question."""

from __future__ import annotations

import re

from index.text.chat.markup import without_chat_markup
from index.text.chinese import HAN
from index.text.sentences import split_sentences

# Within a sentence: emoji and other symbols, a tilde, a colon before a space, a new line, and a space between Chinese
# characters, which stands there for a comma. A comma itself may stand before a condition, without which it is another
# question.
_PART = re.compile(rf"[~～\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]+|[:：](?=\s)|\n+|(?<=[{HAN}])\s+(?=[{HAN}])")
_MOST_PARTS = 8


def message_parts(message: str) -> tuple[str, ...]:
    """Return the parts of a message that may each be a question, in order, and of many the longest.

    Empty if the message has only one part.
    """
    text = without_chat_markup(message)
    sentences = (text[span.start : span.end] for span in split_sentences(text))
    parts = [part.strip() for sentence in sentences for part in _PART.split(sentence)]
    parts = [part for part in parts if any(character.isalnum() for character in part)]
    longest = sorted(parts, key=len, reverse=True)[:_MOST_PARTS]
    return tuple(part for part in parts if part in longest) if len(parts) > 1 else ()
