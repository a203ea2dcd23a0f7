"""How long one month's evidence file takes: `python bench/evidence.py [ROWS]` (default 500 posts)."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from reports import bundle, fonts, manifest
from reports.evidence_flow import evidence_flow, running
from reports.evidence_pdf import render_pdf
from reports.flow_docx import render_docx
from reports.flow_pdf import Sheet
from reports.manifest import Label
from reports.tables import csv_files, tables, workbook
from tests.reports import samples

Result = TypeVar("Result")
FOLDER = Path(fonts.__file__).parent / "fonts"


def main(rows: int) -> None:
    """Make a month of so many posts and print how long each step took."""
    document = samples.crowded(rows)
    cover = document.cover
    label = Label(
        number=cover.number,
        period=str(cover.month),
        version=cover.version,
        criteria_version=cover.criteria,
        criteria_digest=cover.criteria_digest,
        made_at=cover.made_at,
    )
    sheet = Sheet(
        office=cover.office, running=running(document), number=cover.number, made_at=cover.made_at,
        language=document.language, digits=document.digits, values={},
    )  # fmt: skip
    pdf = timed("PDF, first", lambda: render_pdf(document, FOLDER))
    again = timed("PDF, again", lambda: render_pdf(document, FOLDER))
    found = tables(document)
    files = {"evidence.pdf": pdf, **timed("CSV tables", lambda: csv_files(found))}
    files["evidence.xlsx"] = timed("workbook", lambda: workbook(found, cover.made_at))
    files["evidence.docx"] = timed("Word file", lambda: render_docx(sheet, evidence_flow(document)))
    listed = timed("manifest", lambda: manifest.build(label, files, None))
    packed = timed("ZIP", lambda: bundle.pack(files, listed))
    problems = timed("verify", lambda: manifest.verify(*bundle.unpack(packed), None))
    print(f"{rows} posts: PDF {len(pdf):,} bytes, ZIP {len(packed):,} bytes")
    print(f"same bytes twice: {pdf == again}; problems found: {problems}")


def timed(name: str, work: Callable[[], Result]) -> Result:
    """Do the work, print its seconds by the wall and of the processor, and return its result."""
    began, worked = time.perf_counter(), time.process_time()
    result = work()
    took, busy = time.perf_counter() - began, time.process_time() - worked
    print(f"{name:12} {took:6.2f} s, {busy:6.2f} s of processor")
    return result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
