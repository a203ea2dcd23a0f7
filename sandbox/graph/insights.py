"""Insights of a Page and of a post. One unknown metric name refuses the whole call, before any permission."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.accounts import FACEBOOK, Account, Token
from sandbox.audience import count, followers, reactions_by_kind, script_of
from sandbox.clock import parse_moment
from sandbox.graph.call import GraphCall, need, page_of
from sandbox.graph.errors import bad_parameter, missing_object, refused
from sandbox.graph.feed import find
from sandbox.graph.films import VIDEO, settle
from sandbox.ids import graph_time
from sandbox.state import World
from sandbox.things import Post

Span = tuple[datetime, datetime]


def _post_sum(metric: str, world: World, page: Account, span: Span) -> int:
    return sum(_grown(world, post, metric, span) for post in world.timeline(FACEBOOK, page.id))


def _grown(world: World, post: Post, metric: str, span: Span) -> int:
    """Return by how much a post's count grew within the span; unknown counts as no growth."""
    if span[1] <= post.created_at:
        return 0
    before = count(world, post, span[0])[metric] or 0 if span[0] > post.created_at else 0
    return max((count(world, post, span[1])[metric] or 0) - before, 0)


def _figure(name: str, world: World, post: Post) -> int | None:
    return count(world, post)[name]


def _by_type(world: World, post: Post) -> dict[str, int] | None:
    total = count(world, post)["reactions"]
    if total is None:
        return None
    kinds = reactions_by_kind(total, script_of(world, post).feelings).items()
    return {INSIGHT_WORDS.get(kind, kind.lower()): number for kind, number in kinds if number}


def _by_action(world: World, post: Post) -> dict[str, int]:
    counts = count(world, post)
    actions = {"share": "shares", "like": "reactions", "comment": "comments"}
    return {action: total for action, name in actions.items() if (total := counts[name])}


META_ZONE = ZoneInfo("America/Los_Angeles")  # Meta's insight days end at Pacific midnight
SPAN_DAYS_MAX = 90
BY_DAY_TOO = ("post_total_media_view_unique",)
BREAKDOWNS = ("is_from_ads", "is_from_followers")
PERIODS = {"day": 1, "week": 7, "days_28": 28}
INSIGHT_WORDS = {"SAD": "sorry", "ANGRY": "anger"}  # where the reactions themselves say SAD and ANGRY
POST_METRICS: dict[str, Callable[[World, Post], Any]] = {
    "post_media_view": partial(_figure, "impressions"),
    "post_total_media_view_unique": partial(_figure, "unique"),
    "post_clicks": partial(_figure, "clicks"),
    "post_reactions_by_type_total": _by_type,
    "post_activity_by_action_type": _by_action,
}
VIDEO_METRICS: dict[str, Callable[[World, Post], Any]] = {
    "total_video_views": partial(_figure, "impressions"),
    "total_video_impressions": partial(_figure, "impressions"),
    "total_video_impressions_unique": partial(_figure, "unique"),
    "total_video_reactions_by_type_total": _by_type,
}
# the Page's figure is the growth of this count over its posts
POST_SUMS = {
    "page_media_view": "impressions",
    "page_total_media_view_unique": "unique",
    "page_post_engagements": "engagements",
    "page_total_actions": "clicks",
    "page_views_total": "profile_clicks",
}
PAGE_METRICS: dict[str, Callable[[World, Account, Span], int]] = {
    **{name: partial(_post_sum, metric) for name, metric in POST_SUMS.items()},
    "page_follows": lambda _, page, span: followers(page, span[1]),
    "page_daily_follows": lambda _, page, span: followers(page, span[1]) - followers(page, span[0]),
    "page_daily_follows_unique": lambda _, page, span: followers(page, span[1]) - followers(page, span[0]),
    "page_daily_unfollows_unique": lambda *_: 0,
    "page_video_views": lambda *_: 0,
    "page_actions_post_reactions_like_total": partial(_post_sum, "reactions"),
}


def listing(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{page or post}/insights?metric=a,b."""
    page = call.world.books.accounts.get((FACEBOOK, call.object_id))
    video = call.world.books.media.get((FACEBOOK, call.object_id))
    if video is not None and video.category == VIDEO:
        raise bad_parameter("Tried accessing nonexisting field (insights) on node type (Video)")
    names = _names(call, PAGE_METRICS if page else POST_METRICS)
    if page:
        page_of(call, token, page.id)
        need(token, "read_insights", "pages_read_engagement")
        return {"data": [_page_row(call, page, name) for name in names]}
    post = find(call, token)
    need(token, "read_insights", "pages_read_engagement")
    rows = [row for name in names for row in _post_rows(call, post, name)]
    return {"data": [row for row in rows if row["values"][0]["value"] is not None]}


def of_video(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{video}/video_insights: what there is to say about a film, by name or all."""
    video = call.world.books.media.get((FACEBOOK, call.object_id))
    if video is None or video.category != VIDEO or token.account_id != video.account:
        raise missing_object(call.object_id)
    need(token, "read_insights", "pages_read_engagement")
    names = _names(call, VIDEO_METRICS) if call.text("metric") else list(VIDEO_METRICS)
    post = call.world.post(FACEBOOK, video.post) if settle(call, video) else None
    if post is None:
        return {"data": []}
    told = ((name, VIDEO_METRICS[name](call.world, post)) for name in names)
    rows = [_row(video.id, name, "lifetime", [{"value": value}]) for name, value in told]
    return {"data": [row for row in rows if row["values"][0]["value"] is not None]}


def _names(call: GraphCall, known: Any) -> list[str]:  # noqa: ANN401 - any container of names
    names = [name for name in call.text("metric").split(",") if name]
    if not names or any(name not in known or name in call.world.settings.dead_metrics for name in names):
        raise refused("invalid_metric")
    return names


def _post_rows(call: GraphCall, post: Post, name: str) -> Iterator[dict[str, Any]]:
    """Yield a metric's rows; viewers come by day too, before the lifetime row, as Facebook likes to do."""
    now, value = call.world.clock.now(), POST_METRICS[name](call.world, post)
    if name in BY_DAY_TOO and value is not None:
        day = _grown(call.world, post, "unique", (now - timedelta(days=1), now))
        yield _row(post.id, name, "day", [{"value": day, "end_time": graph_time(now)}])
    if call.text("breakdown") in BREAKDOWNS and isinstance(value, int):
        value = {"true": value // 10, "false": value - value // 10}
    yield _row(post.id, name, "lifetime", [{"value": value}])


def _page_row(call: GraphCall, page: Account, name: str) -> dict[str, Any]:
    period = call.text("period", "day")
    if period not in PERIODS:
        raise bad_parameter("The value must be a valid period")
    length = timedelta(days=PERIODS[period])
    values = []
    for end in _meta_midnights(call):
        value = PAGE_METRICS[name](call.world, page, (end - length, end))
        values.append({"value": value, "end_time": graph_time(end)})
    return _row(page.id, name, period, values)


def _meta_midnights(call: GraphCall) -> list[datetime]:
    """Return the end of each Meta day from since to until; default the last two full days."""
    now = call.world.clock.now()
    try:
        until = min(parse_moment(call.text("until")) if call.text("until") else now, now)
        since = parse_moment(call.text("since")) if call.text("since") else until - timedelta(days=2)
    except ValueError:
        raise bad_parameter("since and until must be unix times or dates") from None
    if until - since > timedelta(days=SPAN_DAYS_MAX):
        raise bad_parameter(f"There cannot be more than {SPAN_DAYS_MAX} days between since and until")
    days = (since + timedelta(days=number + 1) for number in range((until - since).days))
    dates = (moment.astimezone(META_ZONE).date() for moment in days)
    return [datetime.combine(date, time(), META_ZONE).astimezone(UTC) for date in dates]


def _row(object_id: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": title, "description": title,
        "id": f"{object_id}/insights/{name}/{period}",
    }  # fmt: skip
