"""A language model's server on a real socket: well-behaved, broken or hostile, as each test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Canned:
    """One HTTP reply. declared: the length that its header claims; hangs: nothing is sent; drips: byte by byte."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    declared: int | None = None
    hangs: bool = False
    drips: bool = False


Answer = Callable[[Json], Canned]


def completion(content: str, *, read: int = 100, written: int = 50, reason: str = "stop") -> Canned:
    """Return what an OpenAI-compatible server sends when the model writes `content`."""
    body = {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": reason}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }
    return Canned(json.dumps(body).encode())


def fault(status: int, message: str = "", **headers: str) -> Canned:
    """Return an error as OpenAI's API words it."""
    sent = {
        "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Canned(json.dumps({"error": {"message": message}}).encode(), status, sent)


def asked(request: Json) -> Json:
    """Return the data of the user message."""
    data: Json = json.loads(request["messages"][-1]["content"])
    return data


def is_check(request: Json) -> bool:
    """Return whether a request is to check unanswerable questions."""
    return "questions" in asked(request)


class StandIn:
    """The server; `answer` decides what it sends, and `requests` and `headers` are what it was sent."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.requests: list[Json] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def url(self) -> str:
        """Its address, as a user names it."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        """Serve while the block runs."""
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                stand_in.requests.append(json.loads(content))
                stand_in.headers.append(dict(self.headers))
                stand_in.paths.append(self.path)
                with suppress(ConnectionError):  # the client has given up
                    self._send(stand_in.answer(stand_in.requests[-1]))

            def _send(self, canned: Canned) -> None:
                if canned.hangs:
                    stand_in.closing.wait(30)
                    return
                self.send_response(canned.status)
                for name, value in canned.headers.items():
                    self.send_header(name, value)
                length = len(canned.body) if canned.declared is None else canned.declared
                self.send_header("Content-Length", str(length))
                self.end_headers()
                parts = [bytes([each]) for each in canned.body] if canned.drips else [canned.body]
                for part in parts:
                    self.wfile.write(part)
                    if canned.drips and stand_in.closing.wait(0.02):
                        return

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its signature
                pass

        return Handler
