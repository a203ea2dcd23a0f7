"""The office's KPI form as numbered lines cut into its nine sections; lines count from 1 as in an editor."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from language.letters import collapse, normalise, western_digits

# Words that begin the headings; a number alone may also begin a line of text.
_HEADINGS = {
    1: "ชื่อตัวชี้วัด",
    2: "ระดับความสำเร็จ",
    3: "คำนิยาม",
    4: "วิธีการคำนวณ",
    5: "เป้าหมาย",
    6: "รายงานผล",
    7: "ปัจจัยสนับสนุน",
    8: "อุปสรรค",
    9: "หลักฐาน",
}
_HEADING = re.compile(r"^[\s*-]*(?P<number>[1-9])\s*\.\s*(?P<title>[^:]+)")
_SIGNATURE = re.compile(r"^\s*(?:ลงชื่อ|ตำแหน่ง)")
_LINE_END = re.compile(r"\r\n?")
_DECORATION = re.compile(r"^[\s:*-]+|[\s*]+$")
SIGNATURE = 0


@dataclass(frozen=True)
class Line:
    """One line as it stands in the form."""

    number: int
    raw: str

    @property
    def plain(self) -> str:
        """The line for reading: spelled one way, Thai digits as 0-9, without decoration."""
        return _DECORATION.sub("", western_digits(normalise(self.raw)))

    @property
    def text(self) -> str:
        """The line for people: digits as written, without decoration and double spaces."""
        return collapse(_DECORATION.sub("", self.raw))


@dataclass(frozen=True)
class Passage:
    """One or more lines that belong together: `text` is joined for reading, `raw` untouched."""

    first_line: int
    last_line: int
    text: str
    raw: str

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Passage":
        """Return the passage of one or more lines."""
        joined = collapse(" ".join(line.text for line in lines))
        return cls(lines[0].number, lines[-1].number, joined, "\n".join(line.raw for line in lines))


def with_line_feeds(text: str) -> str:
    """Return the text with every line ended by LF alone."""
    return _LINE_END.sub("\n", text)


def lines_of(text: str) -> list[Line]:
    """Return the numbered lines of a text whose lines end with LF."""
    return [Line(number, raw) for number, raw in enumerate(text.split("\n"), start=1)]


def sections_of(lines: Iterable[Line]) -> dict[int, list[Line]]:
    """Return the lines under each heading, 1 to 9 and SIGNATURE; what follows a heading's colon comes first.

    A heading's number counts only with its word, and only forwards. Lines above the first belong to none.
    """
    sections: dict[int, list[Line]] = {}
    current: int | None = None
    for line in lines:
        heading = _heading(line, current)
        if heading is not None:
            current, rest = heading
            sections[current] = [Line(line.number, rest)] if rest else []
        elif current is not None and _SIGNATURE.match(line.raw):
            current = SIGNATURE
            sections.setdefault(SIGNATURE, []).append(line)
        elif current is not None:
            sections[current].append(line)
    return sections


def groups_of(lines: Iterable[Line], starts: re.Pattern[str]) -> list[list[Line]]:
    """Return each line that matches, with the lines that follow it; empty lines fall away."""
    groups: list[list[Line]] = []
    for line in lines:
        if starts.match(line.plain):
            groups.append([line])
        elif groups and line.plain:
            groups[-1].append(line)
    return groups


def _heading(line: Line, current: int | None) -> tuple[int, str] | None:
    match = _HEADING.match(western_digits(normalise(line.raw)))
    if match is None or not match["title"].startswith(_HEADINGS[int(match["number"])]):
        return None
    number = int(match["number"])
    if current is not None and number <= current:
        return None
    return number, line.raw.partition(":")[2].strip()
