"""Insights of posts: views, viewers, clicks. Names die; one dead name refuses the whole call."""

from collections.abc import Sequence

from connectors.base import Figure
from connectors.facebook.asking import GONE, Body, Group
from connectors.figures import counted
from core.vocab import Metric

NAMES = {
    Metric.IMPRESSIONS: "post_media_view",
    Metric.REACH: "post_total_media_view_unique",
    Metric.CLICKS: "post_clicks",
}
LIFETIME = "lifetime"


def _path(post: str, metrics: Sequence[Metric]) -> str:
    return f"{post}/insights?metric={','.join(NAMES[metric] for metric in metrics)}"


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


INSIGHTS = Group(NAMES, _path, _figure, whole=frozenset({GONE, "field_unknown", "permission_missing"}))
