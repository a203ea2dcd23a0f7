"""The month's evidence as a flow of blocks: the same words as the PDF, in a file that the office can edit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reports.attested import attested_flow
from reports.document import EvidenceDocument
from reports.evidence_data import worded
from reports.flow import Block, Grid, Heading, SignHere, Words

Row = Mapping[str, Any]


def evidence_flow(document: EvidenceDocument) -> tuple[Block, ...]:
    """Return the blocks of a document, section by section in the PDF's order."""
    data = worded(document)
    words: Mapping[str, str] = data["words"]
    return (
        *_head(data, words),
        *_tables(data, words),
        *_levels(data, words),
        *_rest(data, words),
    )


def running(document: EvidenceDocument) -> str:
    """Return what stands at the head of every page."""
    title: str = worded(document)["cover"]["running"]
    return title


def _head(data: Row, words: Mapping[str, str]) -> Iterable[Block]:
    score = data["score"]
    yield Words(data["cover"]["indicator"], label=words["indicator"])
    if data["cover"]["notice"]:
        yield Words(data["cover"]["notice"], note=True)
    for name in ("claimed", "evidenced", "target"):
        yield Words(f"{score[name]} {words['level_unit']}", label=words[name])
    yield Words(score["headline"])
    yield from (Words(value, label=label, note=True) for label, value in data["cover"]["facts"])


def _tables(data: Row, words: Mapping[str, str]) -> Iterable[Block]:
    yield from _section(
        "items", ("order", "item", "category", "published", "reference"), (1, 6, 3, 3, 3), words,
        [
            (str(place), _lines(one["title"], one["link"], one["note"]), one["category"],
             _lines(one["channel"], one["published"]),
             _lines(one["reference"], one["picture"], one["sha256"]))
            for place, one in enumerate(data["items"], start=1)
        ],
    )  # fmt: skip
    yield from _section(
        "events", ("event", "starts", "announced", "lead", "verdict"), (5, 3, 3, 2, 2), words,
        [
            (_lines(one["title"], one["note"]), one["starts"], one["announced"], one["lead"] or words["none"],
             one["verdict"]["word"])
            for one in data["events"]
        ],
    )  # fmt: skip
    yield from _section(
        "metrics", ("metric", "channel", "value", "source"), (5, 2, 3, 4), words,
        [
            (_lines(one["name"], one["definition"]), one["channel"],
             _lines(f"{one['value']} {one['unit']}", one["base"]), _lines(one["source"], one["as_of"]))
            for one in data["metrics"]
        ],
    )  # fmt: skip


def _levels(data: Row, words: Mapping[str, str]) -> Iterable[Block]:
    yield Heading(words["levels"])
    yield Words(words["strength_note"], note=True)
    for level in data["levels"]:
        yield Heading(f"{level['heading']} {level['verdict']['word']}", level=2)
        yield Words(level["title"])
        if level["progress"]:
            yield Words(level["progress"], note=True)
        if level["undefined"]:
            yield Words(words["level_undefined"], note=True)
        rows = [
            (_lines(f"{one['title']} {one['key']}", one["note"]), one["verdict"]["word"], one["measured"],
             one["required"], _lines(one["proof"], one["strength"]))
            for group in level["groups"]
            for one in group["checks"]
        ]  # fmt: skip
        if rows:
            yield _grid(("check", "verdict", "measured", "required", "proof"), (6, 2, 3, 2, 3), words, rows)


def _rest(data: Row, words: Mapping[str, str]) -> Iterable[Block]:
    yield from _section(
        "irregularities", ("kind", "detail", "when", "reference_short"), (2, 7, 2, 2), words,
        [(one["kind"], one["text"], one["at"], one["reference"]) for one in data["irregularities"]],
    )  # fmt: skip
    yield Heading(words["narrative"])
    for one in data["narrative"]:
        yield Words(one["text"], label=f"{one['date']} :")
        yield Words(one["source"], indent=1, note=True)
    if data["attested"]:
        yield Heading(words["attested"])
        yield from attested_flow(data["attested"], words)
    yield Heading(words["signatures"])
    for one in data["signatures"]:
        if one["statement"]:
            yield Words(one["statement"])
        yield SignHere(
            sign=words["sign"], role=one["role"], name=one["name"], position_label=words["position"],
            position=one["position"], note=_lines(one["signed"], one["digest"]) or f"{words['date']}\t",
        )  # fmt: skip


def _section(
    name: str, heads: tuple[str, ...], widths: tuple[int, ...], words: Mapping[str, str],
    rows: Sequence[tuple[str, ...]],
) -> Iterable[Block]:  # fmt: skip
    yield Heading(words[name])
    if rows:
        yield _grid(heads, widths, words, rows)
        if f"{name}_note" in words:
            yield Words(words[f"{name}_note"], note=True)
    else:
        yield Words(words[f"{name}_empty"])


def _grid(
    heads: tuple[str, ...], widths: tuple[int, ...], words: Mapping[str, str], rows: Sequence[tuple[str, ...]]
) -> Grid:
    return Grid(tuple(words[head] for head in heads), tuple(rows), widths)


def _lines(*parts: str) -> str:
    return " · ".join(part for part in parts if part.strip())
