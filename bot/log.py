"""Logging set up by discord.py: one line per record, without secrets and without what a terminal would obey."""

from __future__ import annotations

import logging
import re
import traceback

from index import visible

# An HTTP error may contain an address with the token of an interaction or webhook.
_ADDRESS_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/)[^/\s?'\"]+")
# The user and the password of a proxy, which its refusals name.
_ADDRESS_CREDENTIALS = re.compile(r"(?<=://)[^/\s@'\"]+@")


class OneLineFilter(logging.Filter):
    """Joins each record into one line, shows control characters, and redacts `secret` and the tokens in addresses.

    tracebacks: an exception's traceback follows, a line for each of its own.
    """

    def __init__(self, secret: str, *, tracebacks: bool = False) -> None:
        super().__init__()
        self._secret = secret
        self._tracebacks = tracebacks

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite `record` in place and keep it."""
        text = record.getMessage()
        lines = [] if record.stack_info is None else record.stack_info.splitlines()
        if record.exc_info:
            if self._tracebacks:
                lines += "".join(traceback.format_exception(record.exc_info[1])).splitlines()
            else:
                text = f"{text}: {_exception_line(record.exc_info[1])}"
        record.msg = self._redact("\n".join([_one_line(text), *map(_one_line, lines)]))
        record.args = record.exc_info = record.exc_text = record.stack_info = None
        return True

    def _redact(self, text: str) -> str:
        if self._secret:
            text = text.replace(self._secret, "[token]")
        return _ADDRESS_CREDENTIALS.sub("[credentials]@", _ADDRESS_TOKEN.sub(r"\1[token]", text))


def _one_line(text: str) -> str:
    return "".join(visible(text)).replace("\n", " ")


def _exception_line(error: BaseException | None) -> str:
    if error is None:
        return "no exception"
    frames = traceback.extract_tb(error.__traceback__)
    location = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{location}"


def set_up_logging(secret: str = "", *, level: int = logging.INFO) -> None:
    """Log to standard error in discord.py's format; at DEBUG tracebacks are kept."""
    import discord  # here: child processes use the filter alone

    discord.utils.setup_logging(level=level)
    for handler in logging.getLogger().handlers:
        handler.addFilter(OneLineFilter(secret, tracebacks=level <= logging.DEBUG))
