"""Sections 1 to 5 and 7 to 9 of the KPI form: alignment, definitions, levels, target and claim, factors."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from language.form_lines import Line, Passage, groups_of
from language.letters import normalise

_TICKED = re.compile(r"[☑☒✓✔]\s*\)?\s*(ผลผลิต|ผลลัพธ์)")
_PLAN = re.compile(r"^สนับสนุน(?P<title>แผน[^(]+)(?P<code>)")
_AREA = re.compile(r"^ประเด็นยุทธ\S*\s*:\s*ด้านที่\s*(?P<code>\d+)[\s-]*(?P<title>[^:]+)(?::(?P<english>.+))?")
_SUB_ISSUE = re.compile(r"^ย่อย\s*:\s*(?P<code>[\d.]+)[\s-]*(?P<title>.+)")
_GOAL = re.compile(r"^เป้าประสงค์ที่\s*:?\s*(?P<code>[\d.]+)[\s-]*(?P<title>.+)")
_MEANS = re.compile(r"^(?P<term>.+?)\s+หมายถึง\s+")
_LEVEL = re.compile(r"^ระดับที่\s*(\d+)\s*")
_TARGET = re.compile(r"^(?P<value>\d+(?:\.\d+)?)\s*(?:\((?P<unit>[^)]+)\))?")
_CLAIMED = re.compile(r"^ผลงานที่ทำได้\s*[=:]?\s*(?P<value>\d+(?:\.\d+)?)")
_SIGNED = re.compile(r"^ลงชื่อ(?P<name>[^(]*)(?:\((?P<role>[^)]+)\))?")
_POSITION = re.compile(r"^ตำแหน่ง(?P<position>.*)")
_FILLING = " .…_:"


class ResultType(StrEnum):
    """Which of the two printed choices was ticked; the text form lost the mark, so it is usually unknown."""

    OUTPUT = "output"
    OUTCOME = "outcome"
    UNKNOWN = "unknown"


class AimKind(StrEnum):
    """One step of the way from the city's plan down to the goal."""

    PLAN = "plan"
    AREA = "area"
    SUB_ISSUE = "sub_issue"
    GOAL = "goal"


@dataclass(frozen=True)
class Aim:
    """A plan, area, sub-issue or goal that the indicator serves; the code is in 0-9, empty for the plan."""

    kind: AimKind
    code: str
    title: str
    english: str
    source: Passage


@dataclass(frozen=True)
class Definition:
    """What the form means by a term."""

    term: str
    text: str
    source: Passage


@dataclass(frozen=True)
class LevelText:
    """What the form asks for at one level; an empty text where it only names the level."""

    number: int
    text: str
    source: Passage


@dataclass(frozen=True)
class Aimed:
    """Target and claimed result; None where the form gives no figure."""

    target: Decimal | None
    claimed: Decimal | None
    unit: str | None


@dataclass(frozen=True)
class Signature:
    """Who signs; None where the form is blank."""

    role: str | None
    name: str | None
    position: str | None


_AIMS = {AimKind.PLAN: _PLAN, AimKind.AREA: _AREA, AimKind.SUB_ISSUE: _SUB_ISSUE, AimKind.GOAL: _GOAL}
_TICKS = {"ผลผลิต": ResultType.OUTPUT, "ผลลัพธ์": ResultType.OUTCOME}


def result_type(lines: Iterable[Line]) -> ResultType:
    """Return the ticked choice of section 2; unknown when none or both are ticked."""
    ticked = {_TICKS[choice] for line in lines for choice in _TICKED.findall(line.plain)}
    return ticked.pop() if len(ticked) == 1 else ResultType.UNKNOWN


def alignment(lines: Iterable[Line]) -> tuple[Aim, ...]:
    """Return the way from the city's plan down to the goal, as section 2 names it."""
    aims = []
    for line in lines:
        for kind, pattern in _AIMS.items():
            if match := pattern.match(line.plain):
                found = {name: (value or "").strip() for name, value in match.groupdict().items()}
                english = found.get("english", "")
                aims.append(Aim(kind, found["code"].rstrip("."), found["title"], english, Passage.of([line])))
    return tuple(aims)


def definitions(lines: Iterable[Line]) -> tuple[Definition, ...]:
    """Return the terms of section 3."""
    found = []
    for group in groups_of(lines, _MEANS):
        source = Passage.of(group)
        term, _, text = source.text.partition("หมายถึง")
        found.append(Definition(term.strip(), text.strip(), source))
    return tuple(found)


def levels(lines: Iterable[Line]) -> tuple[LevelText, ...]:
    """Return the levels that section 4 defines."""
    found = []
    for group in groups_of(lines, _LEVEL):
        source = Passage.of(group)
        _, number, text = _LEVEL.split(normalise(source.text), maxsplit=1)
        found.append(LevelText(int(number), text, source))
    return tuple(found)


def aimed(lines: Sequence[Line]) -> Aimed:
    """Return target and claim of section 5."""
    targets = [match for line in lines if (match := _TARGET.match(line.plain))]
    claims = [match for line in lines if (match := _CLAIMED.match(line.plain))]
    return Aimed(
        Decimal(targets[0]["value"]) if targets else None,
        Decimal(claims[0]["value"]) if claims else None,
        targets[0]["unit"] if targets else None,
    )


def items(lines: Iterable[Line]) -> tuple[Passage, ...]:
    """Return the lines of a list, such as the factors of section 7."""
    return tuple(Passage.of([line]) for line in lines if line.plain)


def signature(lines: Sequence[Line]) -> Signature:
    """Return what the foot of the form says about the signer."""
    signed = next((match for line in lines if (match := _SIGNED.match(line.plain))), None)
    position = next((match for line in lines if (match := _POSITION.match(line.plain))), None)
    return Signature(
        role=signed["role"] if signed else None,
        name=_filled(signed["name"]) if signed else None,
        position=_filled(position["position"]) if position else None,
    )


def _filled(blank: str) -> str | None:
    return blank.strip(_FILLING) or None
