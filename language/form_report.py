"""Section 6 of the KPI form: dated lines per quarter (6.1-6.4), the same again as a summary (6.5).

Nothing is lost: every line that is no heading becomes part of a dated line or a `Problem`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from core.fiscal import Month, fiscal_year, quarter
from language.date_column import Reading, read_column
from language.form_lines import Line
from language.letters import collapse, fold, normalise, western_digits
from language.thai_dates import Era, ReadDate

SUMMARY = "6.5"
_SECTION = re.compile(r"^[\s:*-]*\(?\s*(6\.\d)\s*\)?\s*")
_QUARTER = re.compile(r"^[\s:*-]*ไตรมาส(?:ที่)?\s*([1-4])\s*:?\s*")
_NUMERIC_DATE = r"\d{1,4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:พ\.?ศ\.?|ค\.?ศ\.?)?\s?\d{1,4}"
_WORDED_DATE = r"\d{1,2}\s?[ก-์.\s]{3,20}?\s?\d{2,4}"
_SERIAL = r"\d{5}"
_DATE = rf"\(?(?:วัน[ก-์]*\s?)?(?:{_NUMERIC_DATE}|{_WORDED_DATE}|{_SERIAL})\)?"
_DATED = re.compile(rf"^[\s:*-]*(?P<date>{_DATE})\s*:")
_BEGINS_WITH_DATE = re.compile(rf"^[\s:*-]*{_DATE}(?:\s|$)")


class BadLine(BadInput):
    """A line of section 6 needs a person's eye; `line` in params is its number."""

    code = "form_line_unread"


@dataclass(frozen=True)
class FormLine:
    """One dated line, exactly as written; raw_date and raw_text never change."""

    first_line: int
    last_line: int
    section: str
    quarter: int
    raw_date: str
    raw_text: str
    read: ReadDate

    @property
    def day(self) -> date:
        return self.read.day

    @property
    def style(self) -> str:
        """How the date was written, such as `d/m/BE` or `m/d/CE`."""
        return f"{self.read.order}/{self.read.era}"

    @property
    def in_summary(self) -> bool:
        return self.section == SUMMARY

    @property
    def text(self) -> str:
        """The text on one line, for reading and comparing."""
        return collapse(normalise(self.raw_text))


@dataclass(frozen=True)
class Entry:
    """One month's report: all lines with the same date and quarter, the report's before the summary's."""

    day: date
    quarter: int
    lines: tuple[FormLine, ...]

    @property
    def period(self) -> Month:
        return Month.of(self.day)

    @property
    def fiscal_year(self) -> int:
        return fiscal_year(self.day)

    @property
    def text(self) -> str:
        return self.lines[0].text

    @property
    def differs(self) -> bool:
        """Whether report and summary say different things."""
        return len({line.text for line in self.lines}) > 1

    @property
    def common_era(self) -> bool:
        """Whether any of its lines was written with a common-era year."""
        return any(line.read.era is Era.CE for line in self.lines)


@dataclass(frozen=True)
class Problem:
    """A line that could not be used as it stands, whole, and the error that says why.

    `kept`: the line is an entry all the same (it stands under the wrong quarter).
    """

    first_line: int
    last_line: int
    section: str
    raw_date: str
    raw_text: str
    error: BadInput
    kept: bool = False


@dataclass(frozen=True)
class Report:
    """Section 6, read."""

    lines: tuple[FormLine, ...]
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@dataclass
class _Draft:
    """One entry while its lines are collected; without raw_date, a line that belongs to no entry."""

    section: str
    quarter: int | None
    first_line: int
    raw_date: str
    texts: list[str]

    @property
    def last_line(self) -> int:
        return self.first_line + len(self.texts) - 1

    @property
    def raw_text(self) -> str:
        return "\n".join(self.texts)


def read_report(lines: Iterable[Line]) -> Report:
    """Read section 6; what cannot be read is among the problems."""
    drafts = _drafts(lines)
    read: list[FormLine] = []
    problems = [_problem(draft, _undated(draft)) for draft in drafts if not draft.raw_date]
    for draft, reading in _readings(drafts):
        if isinstance(reading, ReadDate):
            line = _form_line(draft, reading)
            read.append(line)
            if line.quarter != quarter(line.day):
                problems.append(_problem(draft, _wrong_quarter(line), kept=True))
        else:
            problems.append(_problem(draft, reading))
    by_line = sorted(problems, key=lambda problem: problem.first_line)
    return Report(tuple(read), _entries(read), tuple(by_line))


def _drafts(lines: Iterable[Line]) -> list[_Draft]:
    """Cut the section into entries; a line directly below a dated one continues it."""
    drafts: list[_Draft] = []
    section, quarter_here, open_draft = "", None, False
    for line in lines:
        section, quarter_here, rest = _place(line.raw, section, quarter_here)
        dated = _split(rest)
        if dated is not None:
            drafts.append(_Draft(section, quarter_here, line.number, dated[0], [dated[1]]))
            open_draft = True
        elif not Line(line.number, rest).plain or _is_title(line.raw, rest):
            open_draft = False
        elif open_draft and not _BEGINS_WITH_DATE.match(western_digits(rest)):
            drafts[-1].texts.append(rest)
        else:
            drafts.append(_Draft(section, quarter_here, line.number, "", [rest]))
    return drafts


def _place(raw: str, section: str, quarter_here: int | None) -> tuple[str, int | None, str]:
    """Return section and quarter from this line on, and what stands behind their headings."""
    if heading := _SECTION.match(western_digits(raw)):
        section, raw = heading[1], raw[heading.end() :]
        quarter_here = int(section[-1]) if section < SUMMARY else None
    if heading := _QUARTER.match(western_digits(raw)):
        quarter_here, raw = int(heading[1]), raw[heading.end() :]
    return section, quarter_here, raw


def _split(raw: str) -> tuple[str, str] | None:
    """Return date and text of a dated line as written, None for any other line."""
    folded = fold(raw)
    match = _DATED.match(western_digits(folded.text))
    if match is None:
        return None
    start, end = folded.original(*match.span("date"))
    return raw[start:end], raw[end:].partition(":")[2].strip()


def _is_title(raw: str, rest: str) -> bool:
    """Tell whether a line is the title of a section, such as `(6.5) สรุปผล… :`."""
    return rest != raw and rest.rstrip().endswith(":")


def _readings(drafts: Sequence[_Draft]) -> Iterator[tuple[_Draft, Reading]]:
    """Read the dates of the report and those of the summary as a column each."""
    for in_summary in (False, True):
        column = [draft for draft in drafts if draft.raw_date and (draft.section == SUMMARY) is in_summary]
        yield from zip(column, read_column([draft.raw_date for draft in column]), strict=True)


def _form_line(draft: _Draft, reading: ReadDate) -> FormLine:
    return FormLine(
        first_line=draft.first_line,
        last_line=draft.last_line,
        section=draft.section,
        quarter=draft.quarter or quarter(reading.day),
        raw_date=draft.raw_date,
        raw_text=draft.raw_text,
        read=reading,
    )


def _undated(draft: _Draft) -> BadLine:
    return BadLine(line=draft.first_line, text=collapse(draft.raw_text))


def _wrong_quarter(line: FormLine) -> BadLine:
    where = {"line": line.first_line, "raw": line.raw_date}
    return BadLine("form_quarter", **where, quarter=line.quarter, actual=quarter(line.day))


def _problem(draft: _Draft, error: BadInput, *, kept: bool = False) -> Problem:
    return Problem(
        first_line=draft.first_line,
        last_line=draft.last_line,
        section=draft.section,
        raw_date=draft.raw_date,
        raw_text=draft.raw_text,
        error=error,
        kept=kept,
    )


def _entries(lines: Iterable[FormLine]) -> tuple[Entry, ...]:
    groups: dict[tuple[date, int], list[FormLine]] = {}
    for line in sorted(lines, key=lambda each: (each.in_summary, each.first_line)):
        groups.setdefault((line.day, line.quarter), []).append(line)
    return tuple(Entry(*key, tuple(group)) for key, group in sorted(groups.items()))
