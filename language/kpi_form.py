"""The office's KPI form as a text file, read into values: what it says, where, and what looks wrong.

Nothing is corrected: raw spans stay as written, corrections are suggestions, and every line that cannot be
used is a problem with its number (domain.md section 1).
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from language import form_facts as facts
from language.form_lines import SIGNATURE, Passage, lines_of, sections_of, with_line_feeds
from language.form_report import Entry, Report, read_report
from language.form_typos import Suggestion, suggest

_REPORT = 6
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class BadForm(BadInput):
    """A file is no KPI form that can be read; nothing of it is used."""

    code = "form_not_text"


@dataclass(frozen=True)
class ParsedForm:
    """Everything the form says; `text` is all of it with lines ended by LF, as the suggestions count."""

    text: str
    name: str
    result_type: facts.ResultType
    alignment: tuple[facts.Aim, ...]
    definitions: tuple[facts.Definition, ...]
    levels: tuple[facts.LevelText, ...]
    aimed: facts.Aimed
    report: Report
    supporting_factors: tuple[Passage, ...]
    obstacles: tuple[Passage, ...]
    evidence: tuple[Passage, ...]
    signature: facts.Signature
    suggestions: tuple[Suggestion, ...]

    @property
    def fiscal_year(self) -> int | None:
        """The fiscal year (Buddhist) of most entries; None without entries. The form itself prints none."""
        years = Counter(entry.fiscal_year for entry in self.report.entries)
        return years.most_common(1)[0][0] if years else None

    @property
    def variances(self) -> tuple[Entry, ...]:
        """Entries that the summary words differently from the report."""
        return tuple(entry for entry in self.report.entries if entry.differs)

    @property
    def common_era_days(self) -> tuple[date, ...]:
        """The distinct days that were written with common-era years."""
        return tuple(sorted({entry.day for entry in self.report.entries if entry.common_era}))


def decode_form(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without byte order mark), TIS-620, CP874 or marked UTF-16.

    Raises BadForm: form_empty, or form_not_text for anything that is not text.
    """
    text = _decode(data)
    if _NOT_TEXT.search(text):
        raise BadForm
    if not text.strip():
        raise BadForm("form_empty")
    return text


def parse_form(text: str) -> ParsedForm:
    """Read the text of a form.

    Raises BadForm when nothing can be used: form_empty, form_no_report (no section 6), form_no_dates.
    """
    if not text.strip():
        raise BadForm("form_empty")
    text = with_line_feeds(text)
    sections = sections_of(lines_of(text))
    if _REPORT not in sections:
        raise BadForm("form_no_report")
    report = read_report(sections[_REPORT])
    if not any(problem.raw_date for problem in report.problems) and not report.lines:
        raise BadForm("form_no_dates")
    return ParsedForm(
        text=text,
        name=" ".join(passage.text for passage in facts.items(sections.get(1, []))),
        result_type=facts.result_type(sections.get(2, [])),
        alignment=facts.alignment(sections.get(2, [])),
        definitions=facts.definitions(sections.get(3, [])),
        levels=facts.levels(sections.get(4, [])),
        aimed=facts.aimed(sections.get(5, [])),
        report=report,
        supporting_factors=facts.items(sections.get(7, [])),
        obstacles=facts.items(sections.get(8, [])),
        evidence=facts.items(sections.get(9, [])),
        signature=facts.signature(sections.get(SIGNATURE, [])),
        suggestions=suggest(text),
    )


def _decode(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else ("utf-8-sig", "cp874")
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise BadForm
