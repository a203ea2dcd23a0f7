"""What the evidence template prints: the document's values worded, dated and made fit for paper."""

from itertools import groupby
from typing import Any

from core import i18n
from core.fiscal import months_of
from reports.attested import attested_data
from reports.charts import lead_chart
from reports.document import Check, EventRow, EvidenceDocument, Item, Level, MetricRow, Score, Signature
from reports.printable import fitted
from reports.wording import Wording, form_date

SHORT_HASH = 12
_FOR_MACHINES = frozenset({"link", "picture", "lang", "digits", "made_at"})  # kept as they are
_TABLES = ("items", "events", "metrics", "levels", "irregularities")
_LONG_ROW = 900  # letters; rows of a table stay whole unless one is longer than this


def template_data(document: EvidenceDocument, coverage: frozenset[int]) -> dict[str, Any]:
    """Return the JSON values that reports/templates/evidence.typ sets.

    coverage: the code points that the fonts can draw; other symbols are replaced by a word that says so.
    """
    data = worded(document)
    stand_in = Wording(document.language).word("stand_in")
    ready: dict[str, Any] = fitted(
        data, coverage, stand_in, keep=_FOR_MACHINES, thai=document.digits == "thai"
    )
    return ready


def worded(document: EvidenceDocument) -> dict[str, Any]:
    """Return the document's values in words, not yet made fit for a typesetter."""
    wording = Wording(document.language)
    data: dict[str, Any] = {
        "lang": document.language,
        "digits": document.digits,
        "words": i18n.catalogue(document.language)["reports"]["evidence"],
        "cover": _cover(document, wording),
        "score": _score(document.score, wording),
        "items": [_item(item, wording) for item in document.items],
        "events": [_event(row, wording) for row in document.events],
        "chart": lead_chart(document.events, document.language),
        "metrics": [_metric(row, wording) for row in document.metrics],
        "levels": [_level(level, wording) for level in document.levels],
        "irregularities": [
            {"kind": row.kind, "text": row.text, "at": wording.moment(row.at), "reference": row.reference}
            for row in document.irregularities
        ],
        "narrative": [
            {
                "date": form_date(line.on),
                "text": line.text,
                "source": wording.word(f"evidence.narrative_{line.source}"),
            }
            for line in document.narrative
        ],
        "attested": attested_data(document.attested, wording),
        "signatures": [_signature(signature, wording) for signature in document.signatures],
    }
    data["long"] = {name: _has_long_row(data[name]) for name in _TABLES}
    return data


def _cover(document: EvidenceDocument, wording: Wording) -> dict[str, Any]:
    cover = document.cover
    word = wording.word
    month = short = word("evidence.month", month=wording.month(cover.month))
    if cover.quarter:
        short = word("evidence.quarter_short", number=cover.quarter, year=cover.fiscal_year)
        first = months_of(cover.fiscal_year)[cover.quarter * 3 - 3]
        span = {"first": wording.month(first), "last": wording.month(cover.month)}
        month = word("evidence.quarter", number=cover.quarter, **span)
    return {
        "office": cover.office,
        "indicator": cover.indicator,
        "title": word("evidence.title"),
        "month": month,
        "fiscal_year": word("evidence.fiscal_year", year=cover.fiscal_year),
        "notice": cover.notice,
        "running": f"{word('evidence.title')} {short}",
        "number": f"{cover.number} · {word('evidence.version', version=cover.version)}",
        "facts": _facts(document, wording),
    }


def _facts(document: EvidenceDocument, wording: Wording) -> list[list[str]]:
    """Return the lines under the score: label, value; lines without a value are left out."""
    cover, previous = document.cover, document.previous
    made = wording.moment(cover.made_at)
    if cover.made_by:
        made = wording.word("evidence.made_by_value", moment=made, name=cover.made_by)
    facts = {
        "number": cover.number,
        "version_label": str(cover.version),
        "reason": cover.reason,
        "criteria": cover.criteria,
        "criteria_digest": cover.criteria_digest,
        "as_of": wording.moment(cover.as_of),
        "made": made,
        "previous": previous.number if previous else wording.word("evidence.no_previous"),
        "previous_digest": previous.manifest_sha256 if previous else "",
    }
    return [[wording.word(f"evidence.{label}"), value] for label, value in facts.items() if value]


def _score(score: Score, wording: Wording) -> dict[str, str]:
    none = wording.term("verdict.no_data")
    return {
        "claimed": none if score.claimed is None else f"{score.claimed:.2f}",
        "evidenced": none if score.evidenced is None else f"{score.evidenced:.2f}",
        "target": wording.figure(score.target),
        "headline": score.headline,
        "progress": score.progress,
    }


def _item(item: Item, wording: Wording) -> dict[str, Any]:
    return {
        "title": item.title,
        "link": item.link,
        "link_text": item.link,
        "note": item.note,
        "category": ", ".join(wording.term(f"category.{category}") for category in item.categories),
        "channel": wording.term(f"channel.{item.channel}") if item.channel else "",
        "published": wording.moment(item.published_at),
        "reference": item.reference,
        "picture": item.picture,
        "sha256": f"{item.sha256[:SHORT_HASH]}…" if item.sha256 else "",
    }


def _event(row: EventRow, wording: Wording) -> dict[str, Any]:
    announced = row.announced_at
    return {
        "title": row.title,
        "starts": wording.moment(row.starts_at),
        "announced": wording.moment(announced) or wording.word("evidence.not_announced"),
        "lead": wording.lead(row.starts_at - announced) if announced else "",
        "verdict": _verdict(row.verdict, wording),
        "note": row.note,
    }


def _verdict(verdict: str, wording: Wording) -> dict[str, str]:
    return {"code": verdict, "word": wording.term(f"verdict.{verdict}")}


def _metric(row: MetricRow, wording: Wording) -> dict[str, Any]:
    return {
        "name": row.name,
        "definition": row.definition,
        "channel": wording.term(f"channel.{row.channel}") if row.channel else "",
        "value": wording.figure(row.value),
        "known": row.value is not None,
        "unit": row.unit if row.value is not None else "",
        "base": row.base,
        "source": row.source,
        "as_of": wording.moment(row.as_of),
    }


def _level(level: Level, wording: Wording) -> dict[str, Any]:
    groups = groupby(level.checks, key=lambda check: check.group)
    return {
        "heading": wording.word("evidence.level", number=level.number),
        "title": level.title,
        "undefined": level.verdict == "undefined",
        "verdict": _verdict(level.verdict, wording),
        "progress": level.progress,
        "groups": [
            {"name": name, "checks": [_check(check, wording) for check in checks]} for name, checks in groups
        ],
    }


def _check(check: Check, wording: Wording) -> dict[str, Any]:
    strength = wording.word("evidence.strength", strength=check.strength) if check.strength else ""
    return {
        "key": check.key,
        "title": check.title,
        "verdict": _verdict(check.verdict, wording),
        "measured": check.measured,
        "required": check.required,
        "proof": check.proof,
        "strength": strength,
        "note": check.note,
    }


def _signature(signature: Signature, wording: Wording) -> dict[str, str]:
    signed = signature.signed_at
    return {
        "role": signature.role,
        "name": signature.name,
        "position": signature.position,
        "statement": signature.statement,
        "signed": wording.word("evidence.signed", moment=wording.moment(signed)) if signed else "",
        "digest": wording.word("evidence.signed_digest", digest=signature.sha256) if signature.sha256 else "",
    }


def _has_long_row(node: Any) -> bool:  # noqa: ANN401 -- any JSON value
    """Tell whether some row has more text than a row that stays whole may have."""
    if isinstance(node, dict):
        here = sum(len(value) for value in node.values() if isinstance(value, str))
        return here > _LONG_ROW or any(map(_has_long_row, node.values()))
    return isinstance(node, list) and any(map(_has_long_row, node))
