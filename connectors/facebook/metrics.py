"""Engagement of posts and followers of the Page: current totals."""

from collections.abc import Callable, Mapping, Sequence

from connectors.base import Figure, Rejected
from connectors.facebook.asking import Body, Group, without_value
from connectors.facebook.graph import Graph
from connectors.figures import counted
from core.vocab import Metric

FIELDS = {
    Metric.SHARES: "shares",
    Metric.COMMENTS: "comments.limit(0).summary(true)",
    Metric.REACTIONS: "reactions.limit(0).summary(total_count)",
}
FOLLOWERS = "followers_count"


def read_followers(graph: Graph, page_id: str) -> dict[Metric, Figure]:
    """Return the Page's followers."""
    try:
        value = graph.get(page_id, fields=f"id,{FOLLOWERS}").get(FOLLOWERS)
    except Rejected as trouble:
        return {Metric.FOLLOWERS: without_value(trouble, FOLLOWERS)}
    return {Metric.FOLLOWERS: counted(value, FOLLOWERS)}


def _path(post: str, metrics: Sequence[Metric]) -> str:
    return f"{post}?fields={','.join(('id', *(FIELDS[metric] for metric in metrics)))}"


def _figure(metric: Metric, row: Body) -> Figure:
    return counted(VALUES[metric](row), NAMES[metric])


def _shares(row: Body) -> object:
    """Facebook leaves the whole field out when nobody shared."""
    return _inside(row, "shares", "count") if "shares" in row else 0


def _inside(row: Body, *names: str) -> object:
    node: object = row
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


NAMES: Mapping[Metric, str] = {metric: asked.partition(".")[0] for metric, asked in FIELDS.items()}
VALUES: dict[Metric, Callable[[Body], object]] = {
    Metric.SHARES: _shares,
    Metric.COMMENTS: lambda row: _inside(row, "comments", "summary", "total_count"),
    Metric.REACTIONS: lambda row: _inside(row, "reactions", "summary", "total_count"),
}
ENGAGEMENT = Group(NAMES, _path, _figure)
