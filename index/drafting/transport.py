"""One HTTP request and its reply: bounded in time and size, whatever the server does."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from index.drafting.replies import UnusableReplyError
from index.errors import DraftError

_LARGEST_REPLY = 2**20  # bytes; what one request drafts takes some 30 KB
_CONNECT_SECONDS = 10.0
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

_START = "start the model's server, or name another address with --endpoint"
_WAIT = "see the server's log, or raise CHRONICLE_DRAFT_TIMEOUT_SECONDS"


class TransportError(Exception):
    """The server gave no whole reply; the message says why, after its address, and the remedy."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole reply. retry_after: the header; empty without one."""

    status: int
    content_type: str
    retry_after: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible API: its base address, the model to ask there, and the key, which is never shown.

    timeout_seconds: for a whole reply.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_seconds: float = 300

    @classmethod
    def of(cls, address: str, model: str, *, key: str = "", timeout_seconds: float = 300) -> Endpoint:
        """Return the API at `address`, with or without the paths that are customary. Raises DraftError."""
        try:
            url = httpx2.URL(address.strip())
        except httpx2.InvalidURL as error:
            raise DraftError(f"{address!r} is no address; name one such as http://localhost:11434/v1") from error
        if url.userinfo:
            raise DraftError("the endpoint's address has a password in it; put the key into CHRONICLE_DRAFT_KEY")
        if url.scheme not in {"http", "https"} or not url.host:
            raise DraftError(f"{address!r} is no address; name one such as http://localhost:11434/v1")
        path = url.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
        return cls(str(url.copy_with(path=path, query=None, fragment=None)), model, key, timeout_seconds)


class Transport:
    """A connection to an endpoint; redirects are not followed, since a key may be sent."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        headers = {"Accept-Encoding": "identity", "Accept": "application/json"}
        if endpoint.key:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        limit = endpoint.timeout_seconds
        timeout = httpx2.Timeout(limit, connect=min(limit, _CONNECT_SECONDS))
        is_local = httpx2.URL(endpoint.url).host in _LOCAL  # no proxy of the environment leads there
        self._client = httpx2.Client(headers=headers, timeout=timeout, trust_env=not is_local)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def post(self, body: Mapping[str, Any]) -> HttpReply:
        """Send one request and return its reply. Raises TransportError, UnusableReplyError."""
        deadline = time.monotonic() + self._endpoint.timeout_seconds
        slow = f"did not answer within {self._endpoint.timeout_seconds:g} s; {_WAIT}"
        try:
            with self._client.stream("POST", f"{self._endpoint.url}/chat/completions", json=body) as response:
                return HttpReply(
                    status=response.status_code,
                    content_type=response.headers.get("content-type", ""),
                    retry_after=response.headers.get("retry-after", ""),
                    body=_read(response, deadline, slow),
                )
        except httpx2.ConnectError as error:
            raise TransportError(f"cannot be reached ({error}); {_START}") from error
        except httpx2.ConnectTimeout as error:
            raise TransportError(f"cannot be reached (no answer); {_START}") from error
        except httpx2.TimeoutException as error:
            raise TransportError(slow) from error
        except httpx2.HTTPError as error:
            raise TransportError(f"broke off its reply ({error}); see the server's log") from error


def _read(response: httpx2.Response, deadline: float, slow: str) -> bytes:
    """Return the body as it was sent: it is asked for without compression, which hides its size.

    Raises TransportError, UnusableReplyError.
    """
    content = bytearray()
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > _LARGEST_REPLY:
            raise UnusableReplyError(f"the reply is larger than {_LARGEST_REPLY // 2**20} MiB")
        if time.monotonic() > deadline:
            raise TransportError(slow)
    return bytes(content)
