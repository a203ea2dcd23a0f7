"""The measures a criteria file may name, and the parameters each must be given."""

from collections.abc import Callable
from typing import NamedTuple

from kpi import adopted, audience, awareness, content, links, memory, message, photos, plan, publishing
from kpi.facts import PeriodFacts
from kpi.findings import Measured
from kpi.params import Params


class Measure(NamedTuple):
    """A pure function and the names of its parameters."""

    run: Callable[[PeriodFacts, Params], Measured]
    params: frozenset[str] = frozenset()


def _with(run: Callable[[PeriodFacts, Params], Measured], *params: str) -> Measure:
    return Measure(run, frozenset(params))


MEASURES: dict[str, Measure] = {
    # level 1
    "plan_document": _with(plan.plan_document, "by"),
    "plan_scope": _with(plan.plan_scope, "topics"),
    # level 2
    "category_stored": _with(content.category_stored, "category", "extras"),
    "category_published": _with(content.category_published, "category", "file", "max_readback_min"),
    "photos_published": _with(photos.photos_published, "max_readback_min", "within_h"),
    "form_downloadable": _with(links.form_downloadable, "repair_days"),
    "form_usable": _with(links.form_usable),
    # 3a, managing the channels
    "publishing_reliability": _with(publishing.publishing_reliability, "tolerance_min"),
    "plan_execution": _with(publishing.plan_execution),
    "cadence": _with(publishing.cadence, "min_posts", "max_gap_h"),
    "improvement_log": _with(publishing.improvement_log, "min_better"),
    "channel_hygiene": _with(publishing.channel_hygiene, "points"),
    # 3b, making people aware
    "lead_time_coverage": _with(awareness.lead_time_coverage, "min_lead_h"),
    "median_lead": _with(awareness.median_lead, "min_lead_h"),
    "sequence_completeness": _with(
        awareness.sequence_completeness, "min_lead_h", "reminder_from_h", "reminder_until_h", "recap_h"
    ),
    "cancellation_notice": _with(awareness.cancellation_notice, "min_lead_h", "within_h"),
    "reach_change": _with(audience.reach_change),
    "engagement_rate": _with(audience.engagement_rate),
    "follower_growth": _with(audience.follower_growth, "edge_days"),
    "first_response": _with(audience.first_response, "min_share"),
    # 3c, a clear image
    "identity_consistency": _with(message.identity_consistency),
    "originality": _with(message.originality),
    "pillar_focus": _with(message.pillar_focus, "max_share"),
    # 3d, what people remember
    "recall_survey": _with(memory.recall_survey, "min_n"),
    "memory_proxy": _with(memory.memory_proxy),
    # 3e, the right names and duties
    "terminology_accuracy": _with(message.terminology_accuracy),
    "corrections": _with(message.corrections, "max_minutes"),
    "mission_coverage": _with(message.mission_coverage, "groups"),
    "attribution": _with(message.attribution),
    # levels 4 and 5, once the office adopts them
    "evaluation_report": _with(adopted.evaluation_report, "max_report_days"),
    "improvement_traced": _with(adopted.improvement_traced),
    "executive_report": _with(adopted.executive_report),
}
