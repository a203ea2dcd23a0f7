"""Counts and analytics, and what the app has used: each for its own kind of token."""

from datetime import datetime, timedelta
from typing import Any

from sandbox.accounts import X
from sandbox.audience import count
from sandbox.ids import x_time
from sandbox.things import Post
from sandbox.xapi.auth import user
from sandbox.xapi.call import POSTS_READ, XCall
from sandbox.xapi.errors import invalid, not_found, refused
from sandbox.xapi.timeline import moment

Answer = tuple[int, dict[str, Any]]
IDS_MAX = 100
QUERY_MAX = 512
STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
RECENT = timedelta(days=7)
FIELDS = {
    "impressions": "impressions", "engagements": "engagements", "likes": "reactions", "replies": "comments",
    "retweets": "shares", "quote_tweets": "quotes", "bookmarks": "bookmarks", "url_clicks": "clicks",
    "user_profile_clicks": "profile_clicks",
}  # fmt: skip


def analytics(call: XCall) -> Answer:
    """GET /2/tweets/analytics: refused, as on pay-per-use, unless the setting opens it; own posts only."""
    account = user(call.caller, "tweet.read")
    if not call.world.settings.x_analytics:
        raise refused("not_enrolled")
    call.allow(("ids", "start_time", "end_time", "granularity", "analytics.fields"))
    ids = [one for one in call.query.get("ids", "").split(",") if one]
    span = [moment(call, name) for name in ("start_time", "end_time")]
    if not 1 <= len(ids) <= IDS_MAX or None in span:
        raise invalid(
            "ids (1 to 100), start_time and end_time are required", "ids", call.query.get("ids", "")
        )
    if call.query.get("granularity", "total") not in ("hourly", "daily", "weekly", "total"):
        raise invalid("The `granularity` query parameter value is not known", "granularity")
    fields = call.listed("analytics.fields", FIELDS) or list(FIELDS)
    found = {one: call.world.post(X, one) for one in ids}
    rows = [_row(call, post, fields) for post in found.values() if post and post.account == account.id]
    missing = [not_found(one, "ids") for one, post in found.items() if not post or post.account != account.id]
    body: dict[str, Any] = {"data": rows} if rows else {}
    return 200, body | ({"errors": missing} if missing else {})


def counts(call: XCall) -> Answer:
    """GET /2/tweets/counts/recent: for the app or an OAuth 2.0 user; the query is words that must occur."""
    if call.caller.kind == "oauth1":
        raise refused("wrong_token_kind")
    call.allow(("query", "granularity", "start_time", "end_time"))
    query, granularity = call.query.get("query", ""), call.query.get("granularity", "hour")
    if not 1 <= len(query) <= QUERY_MAX:
        raise invalid("The `query` query parameter must be 1 to 512 characters long", "query", query)
    if granularity not in STEPS:
        raise invalid(
            f"The `granularity` query parameter value [{granularity}] is not one of [{','.join(STEPS)}]",
            "granularity", granularity,
        )  # fmt: skip
    end = moment(call, "end_time") or call.world.clock.now()
    start = moment(call, "start_time") or end - RECENT
    hits = [post.created_at for post in _public(call) if all(word in post.text for word in query.split())]
    rows = _buckets(hits, start, end, STEPS[granularity])
    return 200, {"data": rows, "meta": {"total_tweet_count": sum(row["tweet_count"] for row in rows)}}


def reads(call: XCall) -> Answer:
    """GET /2/usage/tweets: for the app's own bearer only; counts the posts read."""
    if call.caller.kind != "app":
        raise refused("wrong_token_kind")
    call.allow(("days", "usage.fields"))
    call.number("days", 7, (1, 90))
    number = call.world.calls[POSTS_READ]
    day = x_time(call.world.clock.now().replace(hour=0, minute=0, second=0, microsecond=0))
    daily = {"usage": [{"date": day, "usage": str(number)}]}
    return 200, {
        "data": {"project_cap": "3000000", "project_usage": str(number), "daily_project_usage": daily}
    }


def _row(call: XCall, post: Post, fields: list[str]) -> dict[str, Any]:
    told = count(call.world, post)
    metrics = {name: told[FIELDS[name]] for name in fields}
    return {
        "id": post.id,
        "timestamped_metrics": [{"timestamp": x_time(post.created_at), "metrics": metrics}],
    }


def _public(call: XCall) -> list[Post]:
    everyone = call.world.books.timelines.items()
    return [post for (channel, _), posts in everyone if channel == X for post in posts]


def _buckets(hits: list[datetime], start: datetime, end: datetime, step: timedelta) -> list[dict[str, Any]]:
    rows = []
    while start < end:
        until = min(start + step, end)
        inside = sum(start <= at < until for at in hits)
        rows.append({"start": x_time(start), "end": x_time(until), "tweet_count": inside})
        start = until
    return rows
