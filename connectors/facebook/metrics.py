"""Engagement of posts and followers of the Page: current totals, read in batches."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from connectors.base import Figure, PlatformTrouble, Rejected
from connectors.facebook.errors import Answer, classify
from connectors.facebook.graph import Graph
from connectors.figures import counted
from connectors.verdicts import Aim
from core.vocab import Metric, ReadingState

Body = Mapping[str, Any]
Figures = dict[str, dict[Metric, Figure]]

FIELDS = {
    Metric.SHARES: "shares",
    Metric.COMMENTS: "comments.limit(0).summary(true)",
    Metric.REACTIONS: "reactions.limit(0).summary(total_count)",
}
FOLLOWERS = "followers_count"
UNSUPPORTED = frozenset({"field_unknown", "metric_unknown"})


def read_engagement(graph: Graph, ids: Sequence[str]) -> Figures:
    """Return shares, comments and reactions by post; a post that is gone or got no answer is absent."""
    figures: Figures = {}
    alone: list[str] = []
    answers = ask(graph, [f"{post}?fields=id,{','.join(FIELDS.values())}" for post in ids])
    for post, answer in zip(ids, answers, strict=True):
        if isinstance(answer, Rejected):
            alone += [post] if answer.code != "not_found" else []
        elif answer is not None:
            figures[post] = {metric: _figure(metric, answer) for metric in FIELDS}
    return figures | _read_apart(graph, alone)


def read_followers(graph: Graph, page_id: str) -> dict[Metric, Figure]:
    """Return the Page's followers."""
    try:
        value = graph.get(page_id, fields=f"id,{FOLLOWERS}").get(FOLLOWERS)
    except Rejected as trouble:
        return {Metric.FOLLOWERS: without_value(trouble, FOLLOWERS)}
    return {Metric.FOLLOWERS: counted(value, FOLLOWERS)}


def ask(graph: Graph, wanted: Sequence[str]) -> list[Body | Rejected | None]:
    """Read in batches, answers in order: a body, a refusal of this one alone, None where nothing came.

    What Facebook ran out of time for is asked once more. A refusal that concerns every call is raised.
    """
    answers = graph.batch(wanted)
    unanswered = [place for place, answer in enumerate(answers) if answer is None]
    for place, answer in zip(unanswered, graph.batch([wanted[place] for place in unanswered]), strict=True):
        answers[place] = answer
    return [_read(answer) for answer in answers]


def without_value(trouble: PlatformTrouble, source: str) -> Figure:
    """Return the figure that says why there is no value: the platform does not have it, or refuses it."""
    state = ReadingState.UNSUPPORTED if trouble.code in UNSUPPORTED else ReadingState.REFUSED
    return Figure(state, None, source)


def _read_apart(graph: Graph, posts: Iterable[str]) -> Figures:
    """Read each field by itself: one that is forbidden or unknown had refused all of them."""
    wanted = [(post, metric) for post in posts for metric in FIELDS]
    answers = ask(graph, [f"{post}?fields=id,{FIELDS[metric]}" for post, metric in wanted])
    figures: Figures = {}
    for (post, metric), answer in zip(wanted, answers, strict=True):
        if isinstance(answer, Rejected):
            figures.setdefault(post, {})[metric] = without_value(answer, _source(metric))
        elif answer is not None:
            figures.setdefault(post, {})[metric] = _figure(metric, answer)
    return figures


def _read(answer: Answer | None) -> Body | Rejected | None:
    trouble = classify(answer, Aim.READ) if answer else None
    if trouble is not None and (trouble.health is not None or trouble.code == "rate_limited"):
        raise trouble
    if isinstance(trouble, Rejected):
        return trouble
    return answer.body if answer and trouble is None and isinstance(answer.body, dict) else None


def _figure(metric: Metric, row: Body) -> Figure:
    return counted(VALUES[metric](row), _source(metric))


def _source(metric: Metric) -> str:
    return FIELDS[metric].partition(".")[0]


def _shares(row: Body) -> object:
    """Facebook leaves the whole field out when nobody shared."""
    return _inside(row, "shares", "count") if "shares" in row else 0


def _inside(row: Body, *names: str) -> object:
    node: object = row
    for name in names:
        node = node.get(name) if isinstance(node, dict) else None
    return node


VALUES: dict[Metric, Callable[[Body], object]] = {
    Metric.SHARES: _shares,
    Metric.COMMENTS: lambda row: _inside(row, "comments", "summary", "total_count"),
    Metric.REACTIONS: lambda row: _inside(row, "reactions", "summary", "total_count"),
}
