"""Figures of X: public counts of posts, from the own timeline where that is cheaper, and followers."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Figure
from connectors.figures import counted
from connectors.transport import read_object
from connectors.x.api import PAGE_SIZE, Span, XApi
from core.vocab import Metric

Figures = dict[str, dict[Metric, Figure]]

FIELDS = ("id", "public_metrics")
# first spelling found counts: the answer's vocabulary follows the request's, but both are met
NAMES: dict[Metric, tuple[str, ...]] = {
    Metric.IMPRESSIONS: ("impression_count",),
    Metric.REACTIONS: ("like_count",),
    Metric.COMMENTS: ("reply_count",),
    Metric.SHARES: ("retweet_count", "repost_count"),
}
FOLLOWERS = "followers_count"
# a post read by id costs five times a post read from one's own timeline
ID_PRICE = 5
MARGIN = timedelta(minutes=1)


def read_figures(api: XApi, user_id: str, posts: Mapping[str, datetime], now: datetime) -> Figures:
    """Return public figures by post; a post that X does not show is absent.

    Raises KeyError or AttributeError for an answer of another shape.
    """
    if not posts:
        return {}
    rows = {str(row["id"]): row for row in _from_timeline(api, user_id, posts, now)}
    return {post: _figures(rows[post]) for post in posts if post in rows}


def read_followers(api: XApi) -> dict[Metric, Figure]:
    """Return the account's followers; raises KeyError or AttributeError for an answer of another shape."""
    value = (read_object(api.me("public_metrics"))["data"].get("public_metrics") or {}).get(FOLLOWERS)
    return {Metric.FOLLOWERS: counted(value, FOLLOWERS)}


def _from_timeline(
    api: XApi, user_id: str, posts: Mapping[str, datetime], now: datetime
) -> Iterator[Mapping[str, Any]]:
    """Page through the timeline while it is cheaper than asking for what is still missing by id."""
    start = (min(posts.values()) - MARGIN).replace(microsecond=0)
    end = (max(posts.values()) + MARGIN).replace(microsecond=0)
    span = Span(start, end if end + MARGIN < now else None)
    missing, token = set(posts), ""
    for _ in range(_pages_worth(len(posts))):
        body = read_object(api.timeline(user_id, FIELDS, span, token))
        rows = body.get("data", [])
        missing -= {str(row["id"]) for row in rows}
        token = str(body["meta"].get("next_token", ""))
        yield from rows
        if not (missing and token):
            return
    yield from _by_id(api, sorted(missing))


def _by_id(api: XApi, ids: list[str]) -> Iterator[Mapping[str, Any]]:
    for start in range(0, len(ids), PAGE_SIZE):
        yield from read_object(api.lookup(ids[start : start + PAGE_SIZE], FIELDS)).get("data", [])


def _pages_worth(posts: int) -> int:
    """Return how many timeline pages cost no more than asking for so many posts by id."""
    return max(1, posts * ID_PRICE // PAGE_SIZE)


def _figures(row: Mapping[str, Any]) -> dict[Metric, Figure]:
    told = row.get("public_metrics")
    public = told if isinstance(told, dict) else {}
    return {metric: _first(public, names) for metric, names in NAMES.items()}


def _first(public: Mapping[str, Any], names: Iterable[str]) -> Figure:
    name = next((name for name in names if name in public), next(iter(names)))
    return counted(public.get(name), name)
