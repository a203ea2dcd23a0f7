"""What the tests of papers share: the fonts, and two ways to copy text out of a PDF."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from reports import fonts
from reports.document import EvidenceDocument
from reports.evidence_pdf import render_pdf
from tests.conftest import missing
from tests.reports import samples

FOLDER = Path(fonts.__file__).parent / "fonts"


def squeezed(text: str) -> str:
    """Return text without white space, in the form in which two spellings of one word are equal."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="session")
def font_folder() -> Path:
    """Return the folder of fonts that set-up fills."""
    if not all((FOLDER / name).is_file() for name in fonts.FACES):
        missing("the Sarabun fonts are not set up (python3 dev.py sets them up)")
    return FOLDER


@pytest.fixture(scope="session")
def october_pdf(font_folder: Path) -> bytes:
    return render_pdf(samples.october(), font_folder)


@pytest.fixture
def rendered(font_folder: Path) -> Callable[[EvidenceDocument], bytes]:
    return lambda document: render_pdf(document, font_folder)


def pdfium(pdf: bytes) -> str:
    """Return the text that Chrome copies."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return "\n".join(page.get_textpage().get_text_range() for page in opened)


def _poppler(pdf: bytes) -> str:
    command = [str(shutil.which("pdftotext")), "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.fixture(params=["pdfium", "poppler"])
def copied(request: pytest.FixtureRequest) -> Callable[[bytes], str]:
    """Return a function that copies all text out of a PDF as this reader does, squeezed."""
    if request.param == "pdfium":
        return lambda pdf: squeezed(pdfium(pdf))
    if shutil.which("pdftotext") is None:
        missing("no pdftotext on this machine (Debian: apt-get install poppler-utils)")
    return lambda pdf: squeezed(_poppler(pdf))
