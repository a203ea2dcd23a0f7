"""Insights of posts: views, viewers, clicks. Names die; one dead name refuses the whole call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from connectors.base import Figure, Rejected
from connectors.facebook.graph import Graph
from connectors.facebook.metrics import Body, Figures, ask, without_value
from connectors.figures import counted
from core.vocab import Metric, ReadingState

log = structlog.get_logger()

NAMES = {
    Metric.IMPRESSIONS: "post_media_view",
    Metric.REACH: "post_total_media_view_unique",
    Metric.CLICKS: "post_clicks",
}
PROBE_AGAIN = timedelta(days=30)
LIFETIME = "lifetime"


@dataclass
class DeadNames:
    """Metric names Facebook said it does not know, each with the day it is tried again; per process."""

    until: dict[Metric, datetime] = field(default_factory=dict)

    def living(self, now: datetime) -> list[Metric]:
        return [metric for metric in NAMES if now >= self.until.get(metric, now)]

    def bury(self, metric: Metric, now: datetime) -> None:
        if now >= self.until.get(metric, now):
            log.warning("facebook.metric_unsupported", name=NAMES[metric], retry_after_days=PROBE_AGAIN.days)
            self.until[metric] = now + PROBE_AGAIN


def read_insights(graph: Graph, ids: Sequence[str], dead: DeadNames, now: datetime) -> Figures:
    """Return views, viewers and clicks by post; a figure that got no answer is absent."""
    living = dead.living(now)
    figures: Figures = {post: _unsupported(set(NAMES) - set(living)) for post in ids}
    alone: list[str] = []
    for post, answer in zip(ids, _ask(graph, ids, living), strict=True):
        if isinstance(answer, Rejected) and answer.code == "metric_unknown":
            alone.append(post)
        elif isinstance(answer, Rejected):
            figures[post] |= {metric: without_value(answer, NAMES[metric]) for metric in living}
        elif answer is not None:
            figures[post] |= {metric: _figure(metric, answer) for metric in living}
    for metric in living if alone else ():
        for post, answer in zip(alone, _ask(graph, alone, [metric]), strict=True):
            figures[post] |= _apart(metric, answer, dead, now)
    return figures


def _ask(graph: Graph, posts: Sequence[str], metrics: Sequence[Metric]) -> list[Body | Rejected | None]:
    if not metrics:
        return [None for _ in posts]
    names = ",".join(NAMES[metric] for metric in metrics)
    return ask(graph, [f"{post}/insights?metric={names}" for post in posts])


def _apart(
    metric: Metric, answer: Body | Rejected | None, dead: DeadNames, now: datetime
) -> dict[Metric, Figure]:
    """Return a figure that was asked for by itself, to learn which name is the dead one."""
    if isinstance(answer, Rejected):
        if answer.code == "metric_unknown":
            dead.bury(metric, now)
        return {metric: without_value(answer, NAMES[metric])}
    return {metric: _figure(metric, answer)} if answer is not None else {}


def _unsupported(metrics: Iterable[Metric]) -> dict[Metric, Figure]:
    return {metric: Figure(ReadingState.UNSUPPORTED, None, NAMES[metric]) for metric in metrics}


def _figure(metric: Metric, body: Body) -> Figure:
    """Return the lifetime total; Facebook may add rows by day, and a number may come in parts."""
    for row in body.get("data", []):
        if row.get("name") == NAMES[metric] and row.get("period", LIFETIME) == LIFETIME:
            return counted(_total(row.get("values")), NAMES[metric])
    return counted(None, NAMES[metric])


def _total(values: object) -> object:
    value = values[0].get("value") if isinstance(values, list) and values else None
    if not isinstance(value, dict):
        return value
    parts = [part for part in value.values() if isinstance(part, int)]
    return sum(parts) if parts else None
