"""Signed statements in words: the same lines in the PDF, in the Word file and under the year's form."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from reports.document import Attested, SignedWord
from reports.flow import Block, Heading, Words
from reports.wording import Wording

Row = Mapping[str, Any]


def attested_data(attested: Sequence[Attested], wording: Wording) -> list[dict[str, Any]]:
    """Return the statements by period; in a paper of many, one in which nobody signed is one sentence."""
    periods = [(name, list(found)) for name, found in groupby(attested, key=lambda one: one.period)]
    groups = []
    for name, found in periods:
        signed = any(one.words for one in found)
        note = wording.word("evidence.attested_open") if found[0].open else ""
        if not signed and not note:
            note = wording.word("evidence.attested_none")
        shown = found if signed or len(periods) == 1 else ()
        groups.append({"name": name, "note": note, "statements": [_statement(one, wording) for one in shown]})
    return groups


def attested_flow(groups: Iterable[Row], words: Mapping[str, str]) -> Iterable[Block]:
    """Yield the same as a flow of blocks."""
    yield Words(words["attested_note"], note=True)
    for group in groups:
        yield Heading(group["name"], level=2)
        if group["note"]:
            yield Words(group["note"])
        for one in group["statements"]:
            yield Words(one["text"], label=f"{one['head']} – {one['verdict']['word']}:")
            yield from (Words(line["text"], indent=1, note=line["small"]) for line in one["lines"])


def _statement(one: Attested, wording: Wording) -> dict[str, Any]:
    lines = [line for word in one.words for line in _lines(word, wording)]
    return {
        "head": " ".join(part for part in (one.code, one.title) if part),
        "text": one.text,
        "verdict": _standing(one, wording),
        "lines": lines or [_line(wording.word("evidence.unsigned"))],
    }


def _standing(one: Attested, wording: Wording) -> dict[str, str]:
    """Return the last word's verdict; unsigned is open, neither for nor against."""
    if not one.words:
        return {"code": "unknown", "word": wording.word("evidence.attested_waiting")}
    code, key = ("pass", "for") if one.words[-1].confirmed else ("fail", "against")
    return {"code": code, "word": wording.word(f"evidence.attested_{key}")}


def _lines(word: SignedWord, wording: Wording) -> Iterable[dict[str, Any]]:
    who = f"{word.signer} ({word.position})" if word.position else word.signer
    key = "evidence.signed_for" if word.confirmed else "evidence.signed_against"
    yield _line(wording.word(key, who=who, moment=wording.moment(word.signed_at)))
    if word.dissent:
        yield _line(wording.word("evidence.dissent", words=word.dissent))
    yield from (_line(told, small=True) for told in word.told)
    yield _line(wording.word("evidence.signed_file", digest=word.sha256, file=word.file), small=True)
    if not word.whole:
        yield _line(wording.word("evidence.broken"))


def _line(text: str, *, small: bool = False) -> dict[str, Any]:
    return {"text": text, "small": small}
