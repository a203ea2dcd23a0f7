"""The words of a month's evidence: what went wrong, and the line for the office's own form."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.clock import bangkok
from core.fiscal import Month
from core.i18n import text
from core.lifecycle import LIVE
from core.vocab import Channel, DeliveryState, Verdict
from kpi.findings import Evaluation
from kpi.leads import planned
from kpi.words import say
from models import EvidenceBundle
from reports.document import Irregularity, NarrativeLine
from services.evidence_sources import TH, Sources, number_of

TROUBLED = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.UNCERTAIN, DeliveryState.NEEDS_HUMAN)
MIN_LEAD = timedelta(hours=72)


def irregularities(sources: Sources) -> Iterable[Irregularity]:
    """Yield what a reviewer should not have to find alone: troubled deliveries, then unknown findings."""
    for row in sources.deliveries:
        if row.state in TROUBLED:
            yield Irregularity(
                kind=text(f"delivery_state.{row.state}", TH),
                text=f"{row.post.title} ({text(f'channel.{row.account.channel}', TH)}): "
                + text(f"reason.{row.reason}" if row.reason else "evidence.no_reason", TH),
                at=row.due_at,
                reference=f"D{row.id}",
            )
    for level in sources.result.levels:
        for finding in level.findings:
            if finding.verdict is Verdict.UNKNOWN:
                yield Irregularity(
                    kind=text("verdict.unknown", TH),
                    text=" · ".join(
                        [f"{finding.id} {text(f'kpi.criterion.{finding.id}', TH)}"]
                        + [said(note.code, note.params) for note in finding.notes]
                    ),
                )


def generated(sources: Sources, row: EvidenceBundle) -> NarrativeLine:
    """Write the month's line in the form's own style; a clause whose data are unknown is left out."""
    counts = Counter(one.account.channel for one in sources.deliveries if one.state in LIVE)
    told, _ = planned(sources.facts, MIN_LEAD)
    clauses = [
        ""
        if sources.facts.posts is None
        else text("evidence.line_posts", TH, facebook=counts[Channel.FACEBOOK], x=counts[Channel.X]),
        _level_two(sources.result),
    ]
    if told:
        enough = sum(one.lead >= MIN_LEAD for one in told)
        share = (Decimal(enough * 100) / len(told)).quantize(Decimal("0.01"))
        clauses.append(text("evidence.line_leads", TH, n=enough, total=len(told), share=share))
    clauses.append(text("evidence.line_file", TH, number=number_of(row)))
    return NarrativeLine(
        on=last_day(sources.span.months[-1]), text=" ".join(clause for clause in clauses if clause)
    )


def _level_two(result: Evaluation) -> str:
    level = next((one for one in result.levels if one.n == 2), None)  # noqa: PLR2004 -- the form's level 2
    if level is None or level.verdict is Verdict.UNKNOWN:
        return ""
    key = "evidence.line_all" if level.verdict is Verdict.PASS else "evidence.line_some"
    return text(key, TH, passed=level.passed, total=level.total)


def last_day(month: Month) -> date:
    """Return a month's last day: the day of its line."""
    return bangkok(month.end() - timedelta(seconds=1)).date()


def said(code: str, params: Mapping[str, Any]) -> str:
    """Return the Thai sentence of a code of the engine."""
    return say({"code": code, "params": params}, TH)
