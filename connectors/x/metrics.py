"""Figures of X: public counts of posts, from the own timeline where that is cheaper; clicks; and followers.

Clicks are private: X shows them to the author alone and for 30 days, and may leave out the whole row of an
older post. They are asked for in their own call, for posts younger than 29 days.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Figure, PlatformTrouble
from connectors.figures import counted
from connectors.transport import read_object
from connectors.x.api import PAGE_SIZE, Span, XApi
from core.vocab import Metric, ReadingState

Figures = dict[str, dict[Metric, Figure]]

PUBLIC, PRIVATE = "public_metrics", "non_public_metrics"
PRIVATE_UNTIL = timedelta(days=29)
CLICKS = "url_link_clicks"
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
    """Return figures by post; a post that X does not show is absent.

    Raises KeyError or AttributeError for an answer of another shape.
    """
    public = Question(api, user_id, PUBLIC, now).rows(posts)
    shown = {post: made for post, made in posts.items() if post in public}
    clicks = _clicks(Question(api, user_id, PRIVATE, now), shown)
    return {post: _figures(public[post]) | clicks.get(post, {}) for post in shown}


def read_followers(api: XApi) -> dict[Metric, Figure]:
    """Return the account's followers; raises KeyError or AttributeError for an answer of another shape."""
    value = (read_object(api.me(PUBLIC))["data"].get(PUBLIC) or {}).get(FOLLOWERS)
    return {Metric.FOLLOWERS: counted(value, FOLLOWERS)}


def _clicks(question: "Question", posts: Mapping[str, datetime]) -> Figures:
    """Return the clicks of the posts young enough; what X refuses here does not lose the public figures."""
    young = {post: made for post, made in posts.items() if question.now - made < PRIVATE_UNTIL}
    try:
        rows = question.rows(young)
    except PlatformTrouble:
        return {post: {Metric.CLICKS: Figure(ReadingState.REFUSED, None, CLICKS)} for post in young}
    told = {post: rows.get(post, {}).get(PRIVATE) or {} for post in young}
    return {post: {Metric.CLICKS: counted(told[post].get(CLICKS), CLICKS)} for post in young}


@dataclass(frozen=True)
class Question:
    """One field of many posts of an account."""

    api: XApi
    user_id: str
    fields: str
    now: datetime

    def rows(self, posts: Mapping[str, datetime]) -> dict[str, Mapping[str, Any]]:
        """Return X's rows by post; posts: id -> published at."""
        return {str(row["id"]): row for row in self._ask(posts)} if posts else {}

    def _ask(self, posts: Mapping[str, datetime]) -> Iterator[Mapping[str, Any]]:
        """Page through the timeline while it is cheaper than asking for what is still missing by id."""
        start = (min(posts.values()) - MARGIN).replace(microsecond=0)
        end = (max(posts.values()) + MARGIN).replace(microsecond=0)
        span = Span(start, end if end + MARGIN < self.now else None)
        missing, token = set(posts), ""
        for _ in range(_pages_worth(len(posts))):
            body = read_object(self.api.timeline(self.user_id, ("id", self.fields), span, token))
            rows = body.get("data", [])
            missing -= {str(row["id"]) for row in rows}
            token = str(body["meta"].get("next_token", ""))
            yield from rows
            if not (missing and token):
                return
        yield from self._by_id(sorted(missing))

    def _by_id(self, ids: list[str]) -> Iterator[Mapping[str, Any]]:
        for start in range(0, len(ids), PAGE_SIZE):
            answer = self.api.lookup(ids[start : start + PAGE_SIZE], ("id", self.fields))
            yield from read_object(answer).get("data", [])


def _pages_worth(posts: int) -> int:
    """Return how many timeline pages cost no more than asking for so many posts by id."""
    return max(1, posts * ID_PRICE // PAGE_SIZE)


def _figures(row: Mapping[str, Any]) -> dict[Metric, Figure]:
    told = row.get(PUBLIC)
    public = told if isinstance(told, dict) else {}
    return {metric: _first(public, names) for metric, names in NAMES.items()}


def _first(public: Mapping[str, Any], names: Iterable[str]) -> Figure:
    name = next((name for name in names if name in public), next(iter(names)))
    return counted(public.get(name), name)
