"""The list of a bundle's files, chained to the bundle before; checked without a database.

manifest.json is canonical JSON: keys sorted, no spaces, UTF-8, so that its own SHA-256 can be the next link.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

NAME = "manifest.json"
FORMAT = "rukon-evidence-1"


class Kind(StrEnum):
    """What is wrong; worded in the locales as reports.problem.<kind>."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    MANIFEST_UNREADABLE = "manifest_unreadable"
    PREVIOUS_NOT_GIVEN = "previous_not_given"
    CHAIN_BROKEN = "chain_broken"
    CHAIN_CUT = (
        "chain_cut"  # a chain was given, and what stands before its first or after its last is not there
    )
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True)
class Problem:
    """One thing a reviewer must know about a bundle; `name` is the file it is about."""

    kind: Kind
    name: str = NAME


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a bundle says of itself besides its files."""

    number: str
    period: str  # 2020-10, 2564-q1 or 2564
    version: int
    criteria_version: str
    criteria_digest: str
    made_at: datetime


def build(label: Label, files: Mapping[str, bytes], previous: bytes | None) -> bytes:
    """Return the manifest of these files.

    previous: the manifest of the bundle made before this one; None for the first of the chain.
    """
    return canonical(
        {
            "format": FORMAT,
            "number": label.number,
            "period": label.period,
            "version": label.version,
            "criteria": {"version": label.criteria_version, "sha256": label.criteria_digest},
            "made_at": label.made_at.astimezone(UTC).isoformat(),
            "previous": None if previous is None else sha256(previous),
            "files": {name: {"sha256": sha256(body), "bytes": len(body)} for name, body in files.items()},
        }
    )


def verify(files: Mapping[str, bytes], manifest: bytes, previous: bytes | None) -> list[Problem]:
    """Return all that is wrong: changed, missing and extra files by name, then the link backwards.

    files: without the manifest. previous: the earlier bundle's manifest; without it a bundle that names one
    gets PREVIOUS_NOT_GIVEN: its chain was not checked. An empty list means that all is as it was made.
    """
    claims = _read(manifest)
    if claims is None:
        return [Problem(Kind.MANIFEST_UNREADABLE)]
    return _of_files(files, claims["files"]) + _of_link(claims["previous"], previous)


def verify_chain(manifests: Iterable[bytes]) -> list[tuple[int, Problem]]:
    """Return (place, problem) for each broken link of manifests in the order they were made, first one first.

    A first manifest that names an earlier one is PREVIOUS_NOT_GIVEN: the chain was cut at its start.
    """
    chain = [None, *manifests]
    found = []
    for place, (previous, manifest) in enumerate(pairwise(chain)):
        claims = _read(manifest or b"")
        problems = (
            [Problem(Kind.MANIFEST_UNREADABLE)] if claims is None else _of_link(claims["previous"], previous)
        )
        found += [(place, problem) for problem in problems]
    return found


def canonical(value: Any) -> bytes:  # noqa: ANN401 -- any JSON value
    """Return the one way to write a JSON value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(body: bytes) -> str:
    """Return the digest as 64 hexadecimal letters."""
    return hashlib.sha256(body).hexdigest()


def _read(manifest: bytes) -> dict[str, Any] | None:
    """Return a manifest's claims; None if it is damaged, of another format or not canonical."""
    try:
        claims = json.loads(manifest)
        files = [(str(name), claim["sha256"], claim["bytes"]) for name, claim in claims["files"].items()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    sound = (
        claims.get("format") == FORMAT
        and "previous" in claims
        and bool(files)
        and canonical(claims) == manifest
    )
    return claims if sound else None


def _of_files(files: Mapping[str, bytes], claims: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    problems = []
    for name in sorted(files.keys() | claims.keys()):
        if name not in files:
            problems.append(Problem(Kind.MISSING, name))
        elif name not in claims:
            problems.append(Problem(Kind.EXTRA, name))
        elif sha256(files[name]) != claims[name]["sha256"] or len(files[name]) != claims[name]["bytes"]:
            problems.append(Problem(Kind.CHANGED, name))
    return problems


def _of_link(claimed: str | None, previous: bytes | None) -> list[Problem]:
    if previous is None:
        return [] if claimed is None else [Problem(Kind.PREVIOUS_NOT_GIVEN)]
    return [] if claimed == sha256(previous) else [Problem(Kind.CHAIN_BROKEN)]
