"""What a chat puts around a question: mentions, custom emoji, time stamps, links, and other sentences."""

from __future__ import annotations

import re

from index.text.sentences import split_sentences

# Discord's mark-up: <@123>, <@!123>, <@&123>, <#123>, <:name:123>, <a:name:123>, <t:123:R>, </command:123>.
_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w{1,32}:|t:|/[^:<>\n]{1,100}:)\d{1,20}(?::[a-zA-Z])?>")
_LINK = re.compile(r"<?https?://[^\s<>]+>?")


def without_chat_markup(question: str) -> str:
    """Return the question without chat mark-up and links; unchanged if no letter or digit would be left."""
    cleaned = _LINK.sub(" ", _MARKUP.sub(" ", question))
    return cleaned if any(character.isalnum() for character in cleaned) else question


# Within a sentence: emoji and other symbols, a tilde, a colon before a space, a new line, and a space between Chinese
# characters, which stands there for a comma. A comma itself may stand before a condition, without which it is another
# question.
_PART = re.compile(
    r"[~～\u2600-\u27bf\U0001f000-\U0001faff\ufe0f]+|[:：](?=\s)|\n+|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
_MOST_PARTS = 8


def message_parts(message: str) -> tuple[str, ...]:
    """Return the parts of a message that may each be a question, in order; at most `_MOST_PARTS`, the longest.

    None if it has only one.
    """
    text = without_chat_markup(message)
    sentences = (text[span.start : span.end] for span in split_sentences(text))
    parts = [part.strip() for sentence in sentences for part in _PART.split(sentence)]
    parts = [part for part in parts if any(character.isalnum() for character in part)]
    longest = sorted(parts, key=len, reverse=True)[:_MOST_PARTS]
    return tuple(part for part in parts if part in longest) if len(parts) > 1 else ()
