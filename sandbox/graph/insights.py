"""Insights of a Page and of a post. One unknown metric name refuses the whole call, before any permission."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.accounts import FACEBOOK, Account, Token
from sandbox.audience import Counts, count, reactions_by_kind
from sandbox.clock import parse_moment
from sandbox.graph.call import GraphCall, need, page_of
from sandbox.graph.errors import bad_parameter, refused
from sandbox.graph.feed import find
from sandbox.ids import graph_time
from sandbox.state import World
from sandbox.things import Post

META_ZONE = ZoneInfo("America/Los_Angeles")  # Meta's insight days end at Pacific midnight
SPAN_DAYS_MAX = 90
POST_METRICS: dict[str, Callable[[World, Post], Any]] = {
    "post_media_view": lambda world, post: count(world, post)["impressions"],
    "post_total_media_view_unique": lambda world, post: count(world, post)["unique"],
    "post_clicks": lambda world, post: count(world, post)["clicks"],
    "post_reactions_by_type_total": lambda world, post: _by_type(count(world, post)["reactions"]),
    "post_activity_by_action_type": lambda world, post: _by_action(count(world, post)),
}
# Page metric -> the count of its posts whose daily growth it shows
PAGE_METRICS = {
    "page_media_view": "impressions",
    "page_total_media_view_unique": "unique",
    "page_post_engagements": "engagements",
    "page_total_actions": "clicks",
    "page_views_total": "profile_clicks",
    "page_actions_post_reactions_like_total": "reactions",
}
FOLLOWERS = "page_follows"


def listing(call: GraphCall, token: Token) -> dict[str, Any]:
    """GET /{page or post}/insights?metric=a,b."""
    page = call.world.books.accounts.get((FACEBOOK, call.object_id))
    names = _names(call, {*PAGE_METRICS, FOLLOWERS} if page else POST_METRICS)
    if page:
        page_of(call, token, page.id)
        need(token, "read_insights", "pages_read_engagement")
        return {"data": [_page_row(call, page, name) for name in names]}
    post = find(call, token)
    need(token, "read_insights", "pages_read_engagement")
    rows = [_post_row(call.world, post, name) for name in names]
    return {"data": [row for row in rows if row["values"][0]["value"] is not None]}


def _names(call: GraphCall, known: Any) -> list[str]:  # noqa: ANN401 - any container of names
    names = [name for name in call.text("metric").split(",") if name]
    if not names or any(name not in known or name in call.world.settings.dead_metrics for name in names):
        raise refused("invalid_metric")
    return names


def _post_row(world: World, post: Post, name: str) -> dict[str, Any]:
    value = POST_METRICS[name](world, post)
    return _row(post.id, name, "lifetime", [{"value": value}])


def _by_type(total: int | None) -> dict[str, int] | None:
    if total is None:
        return None
    insight_names = {"SAD": "sorry", "ANGRY": "anger"}  # the insights' own words
    kinds = reactions_by_kind(total).items()
    return {insight_names.get(kind, kind.lower()): number for kind, number in kinds if number}


def _by_action(counts: Counts) -> dict[str, int]:
    actions = {"share": "shares", "like": "reactions", "comment": "comments"}
    return {action: counts[name] or 0 for action, name in actions.items() if counts[name]}


def _page_row(call: GraphCall, page: Account, name: str) -> dict[str, Any]:
    period = call.text("period", "day")
    if period not in ("day", "week", "days_28"):
        raise bad_parameter("The value must be a valid period")
    days = [_meta_midnight(end) for end in _ends(call)]
    length = timedelta(days={"day": 1, "week": 7, "days_28": 28}[period])
    values = [
        {"value": _page_value(call.world, page, name, (end - length, end)), "end_time": graph_time(end)}
        for end in days
    ]
    return _row(page.id, name, period, values)


def _page_value(world: World, page: Account, name: str, span: tuple[datetime, datetime]) -> int:
    if name == FOLLOWERS:
        return page.followers
    metric = PAGE_METRICS[name]
    return sum(_grown(world, post, metric, span) for post in world.timeline(FACEBOOK, page.id))


def _grown(world: World, post: Post, metric: str, span: tuple[datetime, datetime]) -> int:
    start, end = (max(moment, post.created_at) for moment in span)
    if start >= end:
        return 0
    return max((count(world, post, end)[metric] or 0) - (count(world, post, start)[metric] or 0), 0)


def _ends(call: GraphCall) -> list[datetime]:
    """Return one moment in each Meta day asked for; default the last two full days."""
    now = call.world.clock.now()
    try:
        until = min(parse_moment(call.text("until")) if call.text("until") else now, now)
        since = parse_moment(call.text("since")) if call.text("since") else until - timedelta(days=2)
    except ValueError:
        raise bad_parameter("since and until must be unix times or dates") from None
    if until - since > timedelta(days=SPAN_DAYS_MAX):
        raise bad_parameter(f"There cannot be more than {SPAN_DAYS_MAX} days between since and until")
    return [since + timedelta(days=number + 1) for number in range((until - since).days)]


def _meta_midnight(moment: datetime) -> datetime:
    day = moment.astimezone(META_ZONE).date()
    return datetime.combine(day, time(), META_ZONE).astimezone(UTC)


def _row(object_id: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, "values": values, "title": title, "description": title,
        "id": f"{object_id}/insights/{name}/{period}",
    }  # fmt: skip
