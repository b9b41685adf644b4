"""Small PDF, DOCX and EPUB files, written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OPF = 'xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_XHTML = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'


def make_zip(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


def make_docx(body: str, **parts: str) -> bytes:
    """Return a Word document; `parts` are the contents of styles, numbering, footnotes and links."""
    members = {
        "word/document.xml": f'<?xml version="1.0"?><w:document {_W} {_R}><w:body>{body}</w:body></w:document>'
    }
    for name in ("styles", "numbering", "footnotes"):
        if name in parts:
            members[f"word/{name}.xml"] = f"<w:{name} {_W}>{parts[name]}</w:{name}>"
    if "links" in parts:
        members["word/_rels/document.xml.rels"] = f"<Relationships>{parts['links']}</Relationships>"
    return make_zip(members)


def word(text: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of a Word document."""
    style = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{style}<w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def make_epub(chapters: Sequence[str], extra: Mapping[str, str] | None = None, title: str = "A Book") -> bytes:
    """Return a book with these bodies of its chapters."""
    items = "".join(
        f'<item id="c{number}" href="text/c%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    members: dict[str, str | bytes] = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="O/content.opf"/></rootfiles></container>',
        "O/content.opf": f"<package {_OPF}><metadata><dc:title>{title}</dc:title></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
    }
    for number, chapter in enumerate(chapters):
        members[f"O/text/c {number}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
            f'"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd"><html {_XHTML}><head><title/></head>'
            f"<body>{chapter}</body></html>"
        )
    return make_zip({**members, **(extra or {})})


@dataclass(frozen=True, slots=True)
class Printed:
    """A line at its place on a page of 600 by 800 points."""

    text: str
    top: int
    size: int = 10
    left: int = 50


def make_pdf(pages: Sequence[Sequence[Printed]], *, trailer: str = "") -> bytes:
    """Return a PDF; Chinese is set in a font that is not embedded."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type "
            "/Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
            "/Supplement 4 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox "
            "[0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 800 /StemV 80 >> >>] >>"
        ),
    ]
    for number, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            f"/Contents {6 + 2 * number} 0 R >>"
        )
        stream = "\n".join(map(_shown, page))
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    content, offsets = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{each}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R "
    return (content + end + f"{trailer} >>\nstartxref\n{len(content)}\n%%EOF\n").encode("latin-1")


def _shown(line: Printed) -> str:
    if line.text.isascii():
        escaped = line.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        font, text = "F1", f"({escaped})"
    else:
        font, text = "F2", f"<{line.text.encode('utf-16-be').hex()}>"
    return f"BT /{font} {line.size} Tf {line.left} {line.top} Td {text} Tj ET"
