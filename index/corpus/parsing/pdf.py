"""PDF → the text of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.corpus.extraction.extracted_text import ExtractedText
from index.corpus.extraction.pages import add_pages
from index.corpus.extraction.printed_tables import Cell, PrintedLine
from index.corpus.parsing.blocks import ParsedFile, ParseError

_PASSWORD = pdfium_c.FPDF_ERR_PASSWORD
_LINE = re.compile(r"[^\r\n]+")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft \w+ - .*|.*\.(?:docx?|pptx?|xlsx?|odt|indd|tex|dvi|rtf|html?)", re.IGNORECASE
)
_MOST_PAGES = 20_000
_GAP = 1.2  # times the size of characters, from which a gap between words sets cells of a table apart
_SPACES = re.compile(" +")


def parse(content: bytes) -> ParsedFile:
    """Return the text of a PDF, with the offset at which each page starts. Raises ParseError."""
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise ParseError("encrypted; save it without a password") from error
        raise ParseError("damaged, or not a PDF; save it again") from error
    try:
        if len(document) > _MOST_PAGES:
            raise ParseError(f"more than {_MOST_PAGES:,} pages; split it")
        pages = [list(_page_lines(document, number)) for number in range(len(document))]
        title = " ".join(document.get_metadata_value("Title").replace("\0", "").split())
        title = "" if _NO_TITLE.fullmatch(title) else title
    finally:
        document.close()
    if not any(pages):
        raise ParseError("without text, as of scanned pages; run text recognition (OCR) on it first")
    text = ExtractedText()
    headline = add_pages(pages, text)
    return text.parsed(headline or title)


def _page_lines(document: pdfium.PdfDocument, number: int) -> Iterator[PrintedLine]:
    """Yield the lines of a page; none of one that is damaged."""
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pdfium.PdfiumError:
        return
    try:
        text = text_page.get_text_range()
        for match in _LINE.finditer(text):
            words = match[0].strip()
            if not words:
                continue
            first = match.start() + len(match[0]) - len(match[0].lstrip())
            left, bottom, _, top = text_page.get_charbox(first, loose=True)
            right = text_page.get_charbox(first + len(words) - 1, loose=True)[2]
            size = pdfium_c.FPDFText_GetFontSize(text_page, first + len(words) // 2)
            cells = tuple(_cells(text_page, words, first, _GAP * size))
            yield PrintedLine(text=words, left=left, right=right, top=top, bottom=bottom, size=size, cells=cells)
    except pdfium.PdfiumError:
        return
    finally:
        text_page.close()
        page.close()


def _cells(text_page: pdfium.PdfTextPage, words: str, first: int, gap: float) -> Iterator[Cell]:
    """Yield the cells of a line, set apart by gaps of at least `gap`. first: the number of its first character."""
    start = 0
    left = text_page.get_charbox(first, loose=True)[0]
    for spaces in _SPACES.finditer(words):
        right = text_page.get_charbox(first + spaces.start() - 1, loose=True)[2]
        following = text_page.get_charbox(first + spaces.end(), loose=True)[0]
        if following - right >= gap:
            yield Cell(words[start : spaces.start()], left, right)
            start, left = spaces.end(), following
    yield Cell(words[start:], left, text_page.get_charbox(first + len(words) - 1, loose=True)[2])
