"""Whether a file can be used once it is there: it opens, and has pages where its kind has pages."""

import re
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import pikepdf

MOST_UNPACKED = 200 * 1024 * 1024
_SPINE_ITEM = re.compile(rb"<(?:\w+:)?itemref\b")


@dataclass(frozen=True)
class Usable:
    """What opening a file showed; pages is None where its kind has none to count."""

    opens: bool
    pages: int | None = None


def look(content: bytes) -> Usable:
    """Open a PDF, an e-book, an office document or a text as its reader would."""
    if content.startswith(b"%PDF"):
        return _pdf(content)
    if content.startswith(b"PK"):
        return _archive(content)
    return Usable(opens=_is_text(content))


def _pdf(content: bytes) -> Usable:
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            return Usable(len(pdf.pages) > 0, len(pdf.pages))
    except pikepdf.PdfError:
        return Usable(opens=False)


def _archive(content: bytes) -> Usable:
    try:
        with ZipFile(BytesIO(content)) as archive:
            rows = archive.infolist()
            if not rows or sum(row.file_size for row in rows) > MOST_UNPACKED or archive.testzip():
                return Usable(opens=False)
            books = [row for row in rows if row.filename.endswith(".opf")]
            pages = sum(len(_SPINE_ITEM.findall(archive.read(row))) for row in books)
            return Usable(opens=pages > 0, pages=pages) if books else Usable(opens=True)
    except BadZipFile:
        return Usable(opens=False)


def _is_text(content: bytes) -> bool:
    try:
        return bool(content.strip()) and "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
