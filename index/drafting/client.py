"""Ask the language model: what each reply of the endpoint means, and when to ask again."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError

from index.drafting.prompts import Prompt
from index.drafting.replies import UnusableReplyError
from index.drafting.transport import Endpoint, HttpReply, Transport, TransportError
from index.errors import DraftError
from index.text.sanitize import harmless

_WAITS = (1.0, 4.0, 16.0)  # seconds before each further try
_LONGEST_WAIT = 120.0  # seconds that a server may ask for
_EXCERPT = 200  # code points of what a server says
_MOST_TOKENS = 10**9
_TEMPORARY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_MALFORMED = frozenset({400, 422})  # also what a server says that does not know an option

_Count = Annotated[int, Field(ge=0, le=_MOST_TOKENS)]


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote, and the tokens that it read and wrote; 0 where the server does not count them."""

    content: str
    tokens_read: int
    tokens_written: int


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: _Count = 0
    completion_tokens: _Count = 0


class _Reply(BaseModel):
    choices: Annotated[tuple[_Choice, ...], Field(min_length=1)]
    usage: Any = None


class _RetryError(Exception):
    """The request failed for now; seconds: how long the server asks to wait."""

    def __init__(self, why: str, *, seconds: float = 0, tries: int = len(_WAITS) + 1) -> None:
        super().__init__(why)
        self.seconds, self.tries = seconds, tries


class DraftClient:
    """Asks a model behind an OpenAI-compatible endpoint, one request after another.

    requests: how many were sent.
    """

    def __init__(self, endpoint: Endpoint, *, wait: Callable[[float], None] = time.sleep) -> None:
        self._endpoint = endpoint
        self._transport = Transport(endpoint)
        self._wait = wait
        self._has_answered = False
        self._takes_options = True
        self.requests = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._transport.close()

    @property
    def model(self) -> str:
        """The name of the model."""
        return self._endpoint.model

    def complete(self, prompt: Prompt) -> Completion:
        """Return what the model writes.

        Raises DraftError when the endpoint cannot be used, UnusableReplyError when it can but not this reply.
        """
        tries = 0
        while True:
            tries += 1
            try:
                return self._try(prompt)
            except _RetryError as error:
                if tries >= error.tries:
                    raise DraftError(self._line(str(error))) from error
                if error.seconds > _LONGEST_WAIT:
                    why = f"{error}; it asks to wait {error.seconds:.0f} s"
                    raise DraftError(self._line(why)) from error
                self._wait(max(error.seconds, _WAITS[tries - 1]))

    def _try(self, prompt: Prompt) -> Completion:
        self.requests += 1
        try:
            reply = self._transport.post(self._body(prompt))
        except TransportError as error:
            raise _RetryError(str(error), tries=2 if self._has_answered else 1) from error
        self._has_answered = True
        if reply.status == 200:
            return self._completion(reply)
        if reply.status in _MALFORMED and self._takes_options:
            self._takes_options = False  # as some servers know no schema, and some models no temperature
            return self._try(prompt)
        raise self._refusal(reply)

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "stream": False,
        }
        if self._takes_options:
            form = {"name": prompt.schema_name, "strict": True, "schema": prompt.schema}
            body |= {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": form}}
        return body

    def _completion(self, reply: HttpReply) -> Completion:
        if "html" in reply.content_type.lower() or reply.body.lstrip()[:1] == b"<":
            why = "returned a web page, not JSON; name the address of the API with --endpoint, often ending in /v1"
            raise DraftError(self._line(why))
        try:
            parsed = _Reply.model_validate_json(reply.body)
        except ValidationError as error:
            why = "returned JSON that is broken or of another form; is it an OpenAI-compatible API?"
            raise _RetryError(why, tries=2) from error
        choice = parsed.choices[0]
        if choice.finish_reason == "length":
            raise UnusableReplyError("the model's reply was cut off at its limit of tokens")
        usage = _usage(parsed.usage)
        return Completion(choice.message.content or "", usage.prompt_tokens, usage.completion_tokens)

    def _refusal(self, reply: HttpReply) -> DraftError | _RetryError:
        """Return what a reply other than 200 means."""
        said = self._said(reply)
        status = f"{reply.status}: {said}" if said else str(reply.status)
        if reply.status in _TEMPORARY:
            is_busy = reply.status == 429
            why = "is asked too often, or the quota is used up" if is_busy else "fails"
            remedy = (
                "run the command again later" if is_busy else "see the server's log, then run the command again"
            )
            return _RetryError(f"{why} ({status}); {remedy}", seconds=_seconds(reply.retry_after))
        if reply.status in {401, 403}:
            why = f"refuses the key ({status}); set CHRONICLE_DRAFT_KEY to one that it takes"
        elif reply.status == 404:
            why = f"has no model {self._endpoint.model!r} ({status}); name another with --model, or correct --endpoint"
        elif 300 <= reply.status < 400:
            why = f"redirects elsewhere ({status}); name the new address with --endpoint"
        else:
            why = f"refuses the request ({status}); see the server's log"
        return DraftError(self._line(why))

    def _said(self, reply: HttpReply) -> str:
        """Return what the server says of a fault on one line, without the key."""
        try:
            body = json.loads(reply.body)
            error = body["error"]
            said = error["message"] if isinstance(error, dict) else error
        except (ValueError, KeyError, TypeError, RecursionError):
            return ""
        text = harmless(" ".join(str(said).split()))
        if self._endpoint.key:
            text = text.replace(self._endpoint.key, "…")
        return f"{text[:_EXCERPT]}…" if len(text) > _EXCERPT else text

    def _line(self, why: str) -> str:
        return f"{self._endpoint.url} {why}"


def _usage(counted: object) -> _Usage:
    try:
        return _Usage.model_validate(counted)
    except ValidationError:
        return _Usage()


def _seconds(retry_after: str) -> float:
    """Return the seconds of a Retry-After header, a number or a date (RFC 9110); 0 where it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    try:
        until = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return 0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0, (until - datetime.now(UTC)).total_seconds())
