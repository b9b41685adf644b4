"""The encoding of a text file: named, exact, and refused where the bytes are damaged."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.corpus.decoding import decode
from index.corpus.parsing.blocks import ParseError

TRADITIONAL = "圖書館星期一休館，請帶借書證。逾期歸還須繳罰款，每天每本一元。"
SIMPLIFIED = "图书馆星期一闭馆，请带借书证。逾期归还须缴罚款，每天每本一元。"
CANTONESE = "佢哋喺嗰度食嘢，啲嘢好平㗎。你哋嚟唔嚟呀？我冇時間。"
JAPANESE = "図書館は月曜日に休みです。この機能は次のバージョンで使えるようになります。"
KOREAN = "도서관은 월요일에 쉽니다. 이 기능은 다음 버전에서 사용할 수 있습니다."
FRENCH = "La bibliothèque est fermée le lundi — l’élève paie 2 € par jour."
ENGLISH = "The library is closed on Monday; it’s £5 for a “late” book."


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        (TRADITIONAL, "utf-8", "utf-8"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL + "裏恒", "cp950", "cp950"),
        (CANTONESE, "big5hkscs", "big5hkscs"),
        (SIMPLIFIED, "gb2312", "gb18030"),
        (TRADITIONAL, "gbk", "gb18030"),
        (SIMPLIFIED + "㐀𠀀", "gb18030", "gb18030"),
        (FRENCH, "cp1252", "cp1252"),
        (ENGLISH, "cp1252", "cp1252"),
        ("naïve", "cp1252", "cp1252"),
        (JAPANESE, "shift_jis", "cp932"),
        (KOREAN, "euc_kr", "cp949"),
        *(
            (text, encoding, encoding)
            for text in (TRADITIONAL, SIMPLIFIED, ENGLISH, FRENCH, JAPANESE, KOREAN)
            for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
        ),
    ],
)
def test_the_encoding_is_found_and_named(text: str, written: str, named: str) -> None:
    decoded = decode(text.encode(written))
    assert (decoded.text, decoded.encoding) == (text, named)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_names_the_encoding_and_stays_in_the_text(encoding: str) -> None:
    content = ("\ufeff" + "x").encode(encoding)
    decoded = decode(content)
    assert (decoded.text, decoded.encoding) == ("\ufeffx", encoding)


def test_english_between_which_little_chinese_stands_is_found() -> None:
    content = ("The word for library is 圖書館. " + "It is closed on Mondays. " * 5000).encode("big5")
    assert decode(content).encoding == "big5"


def test_a_sample_that_begins_late_is_enough() -> None:
    content = b"plain words\n" * 50_000 + SIMPLIFIED.encode("gbk")
    assert decode(content).text.endswith(SIMPLIFIED)


@pytest.mark.parametrize(
    ("content", "byte"),
    [
        ((TRADITIONAL * 3).encode()[:99] + b"\xff" + TRADITIONAL.encode(), 99),
        (FRENCH.encode()[:12] + FRENCH.encode(), 11),
        (TRADITIONAL.encode()[:-1], len(TRADITIONAL.encode()) - 3),
        (b"words\xff", 5),
        (b"\xed\xa0\x80", 0),
        (bytes(range(128, 256)) * 4, 0),
        ("Библиотека закрыта в понедельник".encode("cp1251"), 0),
    ],
)
def test_damaged_utf8_and_what_is_no_likely_text_are_refused_with_the_byte(content: bytes, byte: int) -> None:
    with pytest.raises(ParseError, match=rf"^not UTF-8 \(byte {byte}\); save it as UTF-8$"):
        decode(content)


def test_what_the_file_declares_goes_before_what_its_bytes_suggest() -> None:
    content = "Библиотека".encode("cp1251")
    assert decode(content, declared="windows-1251").text == "Библиотека"


@pytest.mark.parametrize("declared", ["no-such-encoding", "utf-8", "", "\0", "rot13", "hex", "idna", "utf-16"])
def test_a_declaration_that_cannot_be_is_passed_over(declared: str) -> None:
    assert decode(TRADITIONAL.encode("big5"), declared=declared).text == TRADITIONAL


@given(st.text())
def test_utf8_is_read_as_utf8(text: str) -> None:
    content = text.encode("utf-8")
    decoded = decode(content)
    assert decoded.text == content.decode(decoded.encoding)
    if "\0" not in text:
        assert decoded.encoding == "utf-8"


@given(st.binary(max_size=400))
def test_a_text_is_its_bytes_in_the_encoding_that_is_named(content: bytes) -> None:
    try:
        decoded = decode(content)
    except ParseError:
        return
    assert decoded.text == content.decode(decoded.encoding)


@given(st.binary(max_size=60), st.text(max_size=12))
def test_no_declaration_breaks_the_reading(content: bytes, declared: str) -> None:
    try:
        decoded = decode(content, declared=declared)
    except ParseError:
        return
    assert decoded.text == content.decode(decoded.encoding)


def test_the_time_grows_linearly_with_the_file() -> None:
    started = time.perf_counter()
    decode(TRADITIONAL.encode("big5") * 50_000)
    assert time.perf_counter() - started < 5  # 3 MB; measured 0.7 s
