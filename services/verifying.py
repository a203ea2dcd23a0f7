"""Checking evidence files by themselves, without a database: their bytes, and what they say of each other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import BadInput, RukonError
from reports import bundle, manifest
from reports.manifest import Kind, Problem
from services.uploads import Upload


@dataclass(frozen=True)
class Checked:
    """What was found wrong with one bundle; no problems means that it is as it was made."""

    name: str
    number: str
    problems: tuple[Problem, ...]


def verify_uploads(uploads: Sequence[Upload], newest: str = "") -> list[Checked]:
    """Check what was uploaded in the order it was made, whatever order it came in.

    Raises BadInput of the field `files`: choose_file, or what keeps a file from being opened.
    """
    if not uploads:
        raise BadInput("choose_file", field="files")
    try:
        return verify_bundles(as_made([(one.name, one.data) for one in uploads]), newest)
    except RukonError as error:
        raise BadInput(error.key, **{**error.params, "field": "files"}) from error


def verify_bundles(named: Sequence[tuple[str, bytes]], newest: str = "") -> list[Checked]:
    """Check bundles in the order given, each against its manifest and the one before.

    newest: SHA-256 of the manifest that the last one must have; empty: the end is not checked.
    """
    opened = [(name, *bundle.unpack(packed)) for name, packed in named]
    known = {manifest.sha256(listed) for _, _, listed in opened}
    checked, previous = [], None
    for name, files, listed in opened:
        problems = manifest.verify(files, listed, previous)
        told = tuple(_told(one, listed, known, alone=len(opened) == 1) for one in problems)
        checked.append(Checked(name, _claim(listed, "number"), told))
        previous = listed
    if newest and checked and previous is not None and manifest.sha256(previous) != newest:
        last = checked[-1]
        checked[-1] = replace(last, problems=(*last.problems, Problem(Kind.CHAIN_CUT, last.name)))
    return checked


def _told(problem: Problem, listed: bytes, known: set[str], *, alone: bool) -> Problem:
    """Say more of a broken link: its neighbour stands elsewhere in what was given, or was left away."""
    if problem.kind not in (Kind.CHAIN_BROKEN, Kind.PREVIOUS_NOT_GIVEN) or alone:
        return problem
    if _claim(listed, "previous") in known:
        return Problem(Kind.OUT_OF_ORDER, problem.name)
    return Problem(Kind.CHAIN_CUT, problem.name) if problem.kind is Kind.PREVIOUS_NOT_GIVEN else problem


def as_made(named: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return bundles in the order they were made, whatever order they came in: the order of the chain."""
    return sorted(named, key=lambda one: (_claim(bundle.unpack(one[1])[1], "made_at"), one[0]))


def _claim(listed: bytes, name: str) -> str:
    try:
        return str(json.loads(listed)[name])
    except (ValueError, KeyError, TypeError):
        return ""
