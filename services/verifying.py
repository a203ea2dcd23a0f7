"""Checking evidence files by themselves, without a database: their bytes, and what they say of each other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from reports import bundle, manifest
from reports.manifest import Problem


@dataclass(frozen=True)
class Checked:
    """What was found wrong with one bundle; no problems means that it is as it was made."""

    name: str
    number: str
    problems: tuple[Problem, ...]


def verify_bundles(named: Sequence[tuple[str, bytes]]) -> list[Checked]:
    """Check bundles in the order they were made, each against its manifest and the one before."""
    checked, previous = [], None
    for name, packed in named:
        files, listed = bundle.unpack(packed)
        problems = tuple(manifest.verify(files, listed, previous))
        checked.append(Checked(name, _claim(listed, "number"), problems))
        previous = listed
    return checked


def as_made(named: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return bundles in the order they were made, whatever order they came in: the order of the chain."""
    return sorted(named, key=lambda one: (_claim(bundle.unpack(one[1])[1], "made_at"), one[0]))


def _claim(listed: bytes, name: str) -> str:
    try:
        return str(json.loads(listed)[name])
    except (ValueError, KeyError, TypeError):
        return ""
