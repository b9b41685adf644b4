"""Which parser reads which file, and what is said where its library is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from index.corpus.parsing import FORMATS, parse_file
from index.corpus.parsing.blocks import ParseError
from tests.index.corpus.parsing.containers import Printed, make_docx, make_epub, make_pdf, word
from tests.index.corpus.parsing.shared import require_sound, texts

LIBRARIES = ("lxml", "pypdfium2")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"words"),
        ("a.rst", b"words"),
        ("a.csv", b"words"),
        ("a.tsv", b"words"),
        ("a.HTML", b"<p>words"),
        ("a.htm", b"<p>words"),
        ("a.xhtml", b"<p>words</p>"),
        ("a.pdf", make_pdf([[Printed("words", 700)]])),
        ("a.docx", make_docx(word("words"))),
        ("a.epub", make_epub(["<p>words</p>"])),
    ],
)
def test_every_format_is_read_by_its_parser(name: str, content: bytes) -> None:
    parsed = parse_file(name, content)
    require_sound(parsed)
    assert texts(parsed) == ["words"]


def test_no_library_is_imported_before_a_file_needs_it() -> None:
    program = f"import sys, index.corpus.loader; print([name for name in {LIBRARIES} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(("suffix", "library"), [(".pdf", "pypdfium2"), (".docx", "lxml"), (".html", "lxml")])
def test_a_missing_library_is_named_with_what_installs_it(
    suffix: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = FORMATS[suffix].module
    for loaded in [
        name for name in sys.modules if name.partition(".")[0] == library or name.endswith(f".{module}")
    ]:
        monkeypatch.delitem(sys.modules, loaded)
    for loaded in [name for name in sys.modules if name.startswith("index.corpus.extraction")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ParseError, match=rf"'{library}.*llama-chronicle\[formats\]"):
        parse_file(f"a{suffix}", b"")
