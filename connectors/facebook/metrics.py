"""Engagement of posts and followers of the Page: current totals.

Many posts are read from the Page's own list: neighbours in time stand on one page of it, and many pages fit
in one call. What those pages do not show, because others posted a lot meanwhile, is asked for by its id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.base import Figure, Rejected
from connectors.facebook.asking import Asker, Body, Figures, Group, ask, without_value
from connectors.facebook.graph import BATCH_SIZE, Graph
from connectors.facebook.posts import known_id
from connectors.figures import counted
from core.vocab import Metric

FIELDS = {
    Metric.SHARES: "shares",
    Metric.COMMENTS: "comments.limit(0).summary(true)",
    Metric.REACTIONS: "reactions.limit(0).summary(total_count)",
}
FOLLOWERS = "followers_count"
NAMED_BY = "attachments{media_type,target{id}}"  # a film is known by its own id
STRETCH = 10  # how many of our posts are looked for on one page of the list
ROWS = 25  # others stand between ours; a longer page is too heavy with its counts
MARGIN = timedelta(minutes=1)


def read_followers(graph: Graph, page_id: str) -> dict[Metric, Figure]:
    """Return the Page's followers."""
    try:
        value = graph.get(page_id, fields=f"id,{FOLLOWERS}").get(FOLLOWERS)
    except Rejected as trouble:
        return {Metric.FOLLOWERS: without_value(trouble, FOLLOWERS)}
    return {Metric.FOLLOWERS: counted(value, FOLLOWERS)}


def read_engagement(asker: Asker, page_id: str, posts: Mapping[str, datetime]) -> Figures:
    """Return engagement by post; a post that is gone or got no answer is absent.

    posts: remote id -> published at. Raises KeyError, TypeError or AttributeError for another shape.
    """
    listed = _from_list(asker, _stretches(page_id, posts)) if len(posts) > BATCH_SIZE else {}
    told = {post: listed[post] for post in posts if post in listed}
    return told | asker.read([post for post in posts if post not in told], ENGAGEMENT)


@dataclass(frozen=True)
class Stretch:
    """Posts next to each other in time. path: of the page of the list they stand on, but for the fields."""

    posts: Sequence[str]
    path: str


def _stretches(page_id: str, posts: Mapping[str, datetime]) -> list[Stretch]:
    rows = sorted(posts, key=lambda post: posts[post])
    found = []
    for start in range(0, len(rows), STRETCH):
        part = rows[start : start + STRETCH]
        since, until = posts[part[0]] - MARGIN, posts[part[-1]] + MARGIN
        span = f"since={int(since.timestamp())}&until={int(until.timestamp())}"
        found.append(Stretch(part, f"{page_id}/published_posts?limit={ROWS}&{span}"))
    return found


def _from_list(asker: Asker, stretches: Sequence[Stretch]) -> Figures:
    """Return engagement of what stands on the list; a name refused is found out with one post, once."""
    asked = asker.asked(ENGAGEMENT)
    told, refused = _read_list(asker, stretches)
    if refused:
        told |= asker.apart(refused[0].posts[:1], ENGAGEMENT)
        if asker.asked(ENGAGEMENT) != asked:
            told |= _read_list(asker, refused)[0]
    return told


def _read_list(asker: Asker, stretches: Sequence[Stretch]) -> tuple[Figures, list[Stretch]]:
    """Return the figures of the posts shown, and the stretches of which one name was refused."""
    asked, left_out = asker.asked(ENGAGEMENT), asker.left_out(ENGAGEMENT)
    if not asked:
        return {}, []
    fields = ",".join(("id", NAMED_BY, *(FIELDS[metric] for metric in asked)))
    answers = ask(asker.graph, [f"{one.path}&fields={fields}" for one in stretches])
    rows = [row for answer in answers if isinstance(answer, Mapping) for row in answer["data"]]
    figures = {known_id(row): left_out | {metric: _figure(metric, row) for metric in asked} for row in rows}
    refused = [one for one, answer in zip(stretches, answers, strict=True) if isinstance(answer, Rejected)]
    return figures, refused


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
