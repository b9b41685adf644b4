"""TOML that people write, and TOML that is meant to do harm."""

from __future__ import annotations

import time

import pytest

from index.text.toml import TomlError, parse_toml

SECONDS = 20.0  # for what takes one on an idle machine


def test_a_table_is_read() -> None:
    assert parse_toml(b'a = [[1], {b = "x"}]') == {"a": [[1], {"b": "x"}]}


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 3000,
        b"a = " + b"[" * 3000,
        b"a = " + b"[" * 3000 + b"]" * 3000,
        b"a = " + b"{b=" * 3000,
        b"a." * 200_000 + b"a = 1",
        b"x = {" + b"a." * 200_000 + b"a = 1}",
        b"[" + b'"a".' * 200_000 + b"a]",
        b"a = " + b"[" * 30 + b"]" * 30,
        b"x" * (2**20 + 1),
        b"\xff",
        b"a = 1\na = 2",
    ],
    ids=[
        "tables",
        "open",
        "lists",
        "inline",
        "dotted",
        "dotted inline",
        "quoted",
        "deep",
        "large",
        "bytes",
        "twice",
    ],
)
def test_what_cannot_be_read_is_one_line_at_once(content: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(TomlError) as caught:
        parse_toml(content)
    assert len(str(caught.value).splitlines()) == 1
    assert time.perf_counter() - started < SECONDS


def test_prose_with_many_full_stops_is_no_bomb() -> None:
    text = "A sentence of words. " * 20_000
    assert parse_toml(f'a = "{text}"'.encode()) == {"a": text}
