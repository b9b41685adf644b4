"""What a chat puts around a question: mentions, custom emoji, time stamps and links."""

from __future__ import annotations

import re

# Discord's mark-up: <@123>, <@!123>, <@&123>, <#123>, <:name:123>, <a:name:123>, <t:123:R>, </command:123>.
_MARKUP = re.compile(r"<(?:@[!&]?|#|a?:\w{1,32}:|t:|/[^:<>\n]{1,100}:)\d{1,20}(?::[a-zA-Z])?>")
_LINK = re.compile(r"<?https?://[^\s<>]+>?")


def without_chat_markup(question: str) -> str:
    """Return the question without chat mark-up and links; unchanged if no letter or digit would be left."""
    cleaned = _LINK.sub(" ", _MARKUP.sub(" ", question))
    return cleaned if any(character.isalnum() for character in cleaned) else question
