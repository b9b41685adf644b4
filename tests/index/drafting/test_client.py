"""Every way in which an endpoint can fail is one clear line, within bounds of time and size."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from index.drafting.client import DraftClient
from index.drafting.prompts import Prompt
from index.drafting.replies import UnusableReplyError
from index.drafting.transport import Endpoint
from index.errors import DraftError
from tests.index.drafting.stand_in import Canned, StandIn, completion, fault

PROMPT = Prompt("system", "user", "form", {"type": "object"})
HTML = {"Content-Type": "text/html; charset=utf-8"}


def error_of(client: DraftClient) -> str:
    with pytest.raises(DraftError) as caught:
        client.complete(PROMPT)
    line = str(caught.value)
    assert "\n" not in line
    assert "s3cret" not in line
    return line


def one_after_another(*replies: Canned) -> Callable[[object], Canned]:
    left = list(replies)
    return lambda _request: left.pop(0) if len(left) > 1 else left[0]


def test_what_the_model_writes_is_returned_with_its_tokens(server: StandIn, client: DraftClient) -> None:
    server.answer = lambda _: completion("[]", read=12, written=3)
    done = client.complete(PROMPT)
    assert (done.content, done.tokens_read, done.tokens_written) == ("[]", 12, 3)


def test_a_request_names_model_key_and_form(server: StandIn, client: DraftClient) -> None:
    client.complete(PROMPT)
    (request,), (headers,) = server.requests, server.headers
    assert server.paths == ["/v1/chat/completions"]
    assert (request["model"], request["stream"], request["temperature"]) == ("small-model", False, 0)
    assert request["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert headers["Authorization"] == "Bearer s3cret"


def test_a_server_on_this_machine_is_asked_without_a_proxy(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with DraftClient(Endpoint.of(server.url, "m")) as client:
        assert client.complete(PROMPT).content == "{}"


def test_the_key_shows_nowhere_in_the_endpoint() -> None:
    assert "s3cret" not in repr(Endpoint.of("http://localhost", "m", key="s3cret"))


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1"),
        ("http://localhost:11434/", "http://localhost:11434/v1"),
        ("https://example.org/api/v1/", "https://example.org/api/v1"),
        ("https://example.org/v1/chat/completions", "https://example.org/v1"),
    ],
)
def test_an_address_may_leave_out_or_have_the_customary_paths(address: str, url: str) -> None:
    assert Endpoint.of(address, "m").url == url


@pytest.mark.parametrize(
    "address", ["", "localhost:11434", "ftp://example.org", "http://", "http://u:s3cret@host/v1"]
)
def test_what_is_no_address_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(DraftError, match="address") as caught:
        Endpoint.of(address, "m")
    assert "s3cret" not in str(caught.value)


def test_an_endpoint_that_is_not_there_is_named_at_once(waits: list[float]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with DraftClient(Endpoint.of(f"http://127.0.0.1:{port}", "m"), wait=waits.append) as client:
        assert f"http://127.0.0.1:{port}/v1 cannot be reached" in error_of(client)
    assert waits == []


@pytest.mark.parametrize("canned", [Canned(hangs=True), Canned(b"x" * 1000, drips=True)], ids=["hangs", "drips"])
def test_an_endpoint_that_hangs_is_given_up(server: StandIn, canned: Canned) -> None:
    server.answer = lambda _: canned
    with DraftClient(Endpoint.of(server.url, "m", timeout_seconds=0.3)) as client:
        assert "did not answer within 0.3 s" in error_of(client)


@pytest.mark.parametrize(
    ("canned", "expected"),
    [
        (fault(401, "wrong key s3cret"), "refuses the key (401: wrong key …); set CHRONICLE_DRAFT_KEY"),
        (fault(403), "refuses the key (403)"),
        (fault(404, "model 'small-model' not found"), "has no model 'small-model' (404"),
        (fault(402, "no money"), "refuses the request (402: no money)"),
        (fault(307, Location="http://evil.example/v1"), "redirects elsewhere (307)"),
        (Canned(b"<!doctype html><p>Welcome", headers=HTML), "returned a web page, not JSON"),
        (Canned(b" <html>"), "returned a web page, not JSON"),
        (fault(418, "a\x1b[31m\nb" + "x" * 1000), "refuses the request (418: a␛[31m b"),
        (Canned(b"[" * 100_000, status=418), "refuses the request (418)"),
    ],
    ids=["401", "403", "404", "402", "redirect", "web page", "web page without a type", "odd words", "deep"],
)
def test_a_lasting_fault_is_one_line_and_not_tried_again(
    server: StandIn, client: DraftClient, waits: list[float], canned: Canned, expected: str
) -> None:
    server.answer = lambda _: canned
    assert expected in error_of(client)
    assert (len(server.requests), waits) == (1, [])


@pytest.mark.parametrize(
    ("status", "expected"), [(429, "is asked too often"), (500, "fails (500"), (503, "fails")]
)
def test_a_passing_fault_is_tried_again_a_few_times(
    server: StandIn, client: DraftClient, waits: list[float], status: int, expected: str
) -> None:
    server.answer = lambda _: fault(status, "overloaded")
    assert expected in error_of(client)
    assert (len(server.requests), waits) == (4, [1.0, 4.0, 16.0])


def test_a_passing_fault_that_passes_is_no_fault(server: StandIn, client: DraftClient) -> None:
    server.answer = one_after_another(fault(500), fault(429), completion("done"))
    assert client.complete(PROMPT).content == "done"


def test_a_wait_that_the_server_asks_for_is_kept(server: StandIn, client: DraftClient, waits: list[float]) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.answer = one_after_another(
        fault(429, Retry_After="7"), fault(503, Retry_After=at), fault(429, Retry_After="soon"), completion("done")
    )
    client.complete(PROMPT)
    assert waits == [7.0, pytest.approx(60, abs=5), 16.0]


def test_a_wait_that_is_too_long_ends_the_run(server: StandIn, client: DraftClient, waits: list[float]) -> None:
    server.answer = lambda _: fault(429, Retry_After="99999")
    assert "asks to wait 99999 s" in error_of(client)
    assert waits == []


@pytest.mark.parametrize(
    "canned",
    [
        Canned(b'{"choices": [{"message": {"content": "'),
        Canned(b"null"),
        Canned(b'{"choices": []}'),
        Canned(b'{"error": "out of memory"}'),
        Canned(b""),
        Canned(b"\xff\xfe"),
    ],
    ids=["half", "null", "no choice", "an error", "nothing", "no text"],
)
def test_json_that_is_broken_is_one_line(server: StandIn, client: DraftClient, canned: Canned) -> None:
    server.answer = lambda _: canned
    assert "returned JSON that is broken or of another form" in error_of(client)
    assert len(server.requests) == 2


def test_a_reply_that_breaks_off_is_one_line(server: StandIn, client: DraftClient) -> None:
    server.answer = lambda _: Canned(b'{"choices":', declared=1000)
    assert "broke off its reply" in error_of(client)


def test_a_huge_reply_is_read_no_further_than_its_bound(server: StandIn, client: DraftClient) -> None:
    huge = completion("x" * 2**23)
    server.answer = lambda _: huge
    with pytest.raises(UnusableReplyError, match="larger than 1 MiB"):
        client.complete(PROMPT)


def test_a_reply_that_was_cut_off_cannot_be_used(server: StandIn, client: DraftClient) -> None:
    server.answer = lambda _: completion('{"paragraphs": [', reason="length")
    with pytest.raises(UnusableReplyError, match="cut off"):
        client.complete(PROMPT)


def test_a_server_that_knows_no_schema_is_asked_without(server: StandIn, client: DraftClient) -> None:
    server.answer = lambda request: fault(400, "unknown") if "response_format" in request else completion("done")
    assert client.complete(PROMPT).content == "done"
    client.complete(PROMPT)
    assert ["temperature" in request for request in server.requests] == [True, False, False]


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": -1}, {"prompt_tokens": "many"}, [], 10**30])
def test_tokens_that_are_not_counted_are_none(server: StandIn, client: DraftClient, usage: object) -> None:
    body = {"choices": [{"message": {"content": "done"}}], "usage": usage}
    server.answer = lambda _: Canned(json.dumps(body).encode())
    assert client.complete(PROMPT).tokens_read == 0
