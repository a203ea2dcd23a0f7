"""Sets of criteria as files and as plain values: found, read, told apart by their digest, adopted."""

import hashlib
import json
import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from kpi.criteria import BadCriteria, CriteriaSet

TABLES = ("criteria", "attestations", "templates")


def packaged_names() -> list[tuple[int, str]]:
    """Return (fiscal year, indicator) of every file that ships: `2564.toml`, `2564-plc.toml`."""
    stems = [path.name.removesuffix(".toml") for path in (files("kpi") / "criteria").iterdir()]
    return sorted((int(year), code) for year, _, code in (stem.partition("-") for stem in stems))


def packaged_criteria(fiscal_year: int, indicator: str = "") -> str:
    """Return the criteria file that ships for a fiscal year (Buddhist); BadCriteria if there is none."""
    name = f"{fiscal_year}-{indicator}" if indicator else str(fiscal_year)
    path = files("kpi") / "criteria" / f"{name}.toml"
    if not path.is_file():
        raise BadCriteria(where=name, problem="no criteria file for this fiscal year")
    return path.read_text(encoding="utf-8")


def load_criteria(text: str) -> CriteriaSet:
    """Return the criteria of a TOML text; BadCriteria with the place and the problem if anything is wrong."""
    return criteria_from(raw_criteria(text))


def raw_criteria(text: str) -> dict[str, Any]:
    """Return a TOML text as plain JSON values, numbers with a point as text; BadCriteria if it is no TOML."""
    try:
        parsed = tomllib.loads(text, parse_float=Decimal)
        raw: dict[str, Any] = json.loads(json.dumps(parsed, default=str))  # in the order of the file
    except tomllib.TOMLDecodeError as exc:
        raise BadCriteria(where="file", problem=str(exc)) from exc
    return raw


def criteria_from(raw: dict[str, Any]) -> CriteriaSet:
    """Return the criteria of plain values, as `raw_criteria` gives them and as they are kept for ever."""
    try:
        return CriteriaSet.model_validate({**_arranged(raw), "digest": digest_of(raw)})
    except ValidationError as exc:
        first = exc.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise BadCriteria(where=place, problem=first["msg"]) from exc


def digest_of(raw: dict[str, Any]) -> str:
    """Return the SHA-256 of the content: comments, order and spacing of the file do not change it."""
    return hashlib.sha256(_canonical(raw).encode()).hexdigest()


def adopt(raw: dict[str, Any], level: int, document: str, version: str) -> dict[str, Any]:
    """Return a set in which a level that the form leaves undefined has the template's text and criteria.

    Raises BadCriteria if the level is defined already, has no template, or no document is named.
    """
    wanted: dict[str, Any] = next((one for one in raw["levels"] if one["n"] == level), {})
    brought = {name: one for name, one in raw.get("templates", {}).items() if one["level"] == level}
    if wanted.get("status") != "undefined" or not brought or "template" not in wanted:
        raise BadCriteria(where=f"levels.{level}", problem="it has no template to adopt")
    kept = {name: one for name, one in raw["templates"].items() if name not in brought}
    defined = {**wanted, "status": "defined", "text": wanted["template"], "document": document.strip()}
    del defined["template"]
    levels = [defined if one["n"] == level else one for one in raw["levels"]]
    changed = {
        "version": version,
        "levels": levels,
        "criteria": {**raw["criteria"], **brought},
        "templates": kept,
    }
    adopted = {**raw, **changed}
    criteria_from(adopted)
    return adopted


def _canonical(raw: dict[str, Any]) -> str:
    return json.dumps(raw, default=str, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _arranged(raw: dict[str, Any]) -> dict[str, Any]:
    """Hang the tables [criteria.*], [attestations.*] and [templates.*] under their levels."""
    rest = {key: value for key, value in raw.items() if key not in {"levels", *TABLES}}
    levels = [dict(level) for level in raw.get("levels", ())]
    known = {level.get("n") for level in levels}
    for table in TABLES:
        entries = [{"id": name, **entry} for name, entry in raw.get(table, {}).items()]
        lost = [entry["id"] for entry in entries if entry.get("level") not in known]
        if lost:
            raise BadCriteria(where=f"{table}.{lost[0]}", problem="its level is not in the file")
        for level in levels:
            level[table] = [entry for entry in entries if entry["level"] == level.get("n")]
    for entry in (entry for level in levels for entry in level["attestations"]):
        del entry["level"]
    return {**rest, "levels": levels}
