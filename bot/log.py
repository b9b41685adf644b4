"""Logging set up by discord.py: one line per record, without secrets."""

from __future__ import annotations

import logging
import re
import traceback

import discord

# An HTTP error may contain an address with the token of an interaction or webhook.
_ADDRESS_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")
# The user and the password of a proxy, which its refusals name.
_ADDRESS_CREDENTIALS = re.compile(r"(?<=://)[^/\s@'\"]+@")


class OneLineFilter(logging.Filter):
    """Joins each record into one line and redacts `secret` and the tokens in addresses."""

    def __init__(self, secret: str, *, tracebacks: bool = False) -> None:
        super().__init__()
        self._secret = secret
        self._tracebacks = tracebacks

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite `record` in place and keep it."""
        text = record.getMessage()
        if record.exc_info and not self._tracebacks:
            text = f"{text}: {_exception_line(record.exc_info[1])}"
            record.exc_info = record.exc_text = None
        record.msg = self._redact(" ".join(text.splitlines()))
        record.args = None
        return True

    def _redact(self, text: str) -> str:
        if self._secret:
            text = text.replace(self._secret, "[token]")
        return _ADDRESS_CREDENTIALS.sub("[credentials]@", _ADDRESS_TOKEN.sub(r"\1[token]", text))


def _exception_line(error: BaseException | None) -> str:
    if error is None:
        return "no exception"
    frames = traceback.extract_tb(error.__traceback__)
    location = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{location}"


def set_up_logging(secret: str = "", *, level: int = logging.INFO) -> None:
    """Log to standard error in discord.py's format; at DEBUG tracebacks are kept."""
    discord.utils.setup_logging(level=level)
    for handler in logging.getLogger().handlers:
        handler.addFilter(OneLineFilter(secret, tracebacks=level <= logging.DEBUG))
