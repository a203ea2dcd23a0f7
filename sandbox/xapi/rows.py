"""Users, media and figures as they stand in answers."""

from typing import Any

from sandbox.accounts import Account, X
from sandbox.audience import Counts, followers
from sandbox.things import Media
from sandbox.xapi.call import XCall

USER_FIELDS = (
    "created_at", "description", "id", "name", "profile_image_url", "protected", "public_metrics", "url",
    "username", "verified",
)  # fmt: skip
MEDIA_FIELDS = (
    "alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics",
    "preview_image_url", "public_metrics", "type", "url", "width",
)  # fmt: skip


def user_row(account: Account, call: XCall) -> dict[str, Any]:
    """Return a user with the fields asked for."""
    fields = call.query.get("user.fields", "").split(",")
    row: dict[str, Any] = {"id": account.id, "name": account.name, "username": account.username}
    if "public_metrics" in fields:
        posts = call.world.timeline(X, account.id)
        row["public_metrics"] = {
            "followers_count": followers(account, call.world.clock.now()),
            "following_count": 97,
            "tweet_count": len(posts),
            "listed_count": 212,
            "like_count": 0,
            "media_count": sum(bool(post.media) for post in posts),
        }
    known = {
        "protected": False,
        "verified": False,
        "description": "ระบบจำลอง",
        "created_at": "2014-07-01T00:00:00.000Z",
    }
    return row | {name: value for name, value in known.items() if name in fields}


def media_key(media: Media) -> str:
    """Return the key posts refer to a medium by."""
    return f"{'13' if media.mime.startswith('video') else '3'}_{media.id}"


def media_row(media: Media, fields: set[str], call: XCall) -> dict[str, Any]:
    """Return a medium as it stands in includes."""
    kinds = {"video/mp4": "video", "image/gif": "animated_gif"}
    row: dict[str, Any] = {"media_key": media_key(media), "type": kinds.get(media.mime, "photo")}
    url = f"{call.incoming.origin}/media/{media.sha256}"
    more = {"alt_text": media.alt or None, "url": url, "width": media.width, "height": media.height}
    return row | {name: value for name, value in more.items() if name in fields and value is not None}


def public_metrics(counts: Counts) -> dict[str, int]:
    """Return X's public figures; one made unknown is left out."""
    names = {
        "retweet_count": "shares",
        "reply_count": "comments",
        "like_count": "reactions",
        "quote_count": "quotes",
        "bookmark_count": "bookmarks",
        "impression_count": "impressions",
    }
    return _known(names, counts)


def private_metrics(kind: str, counts: Counts) -> dict[str, int]:
    """Return one of X's private kinds of figures."""
    names = {
        "impression_count": "impressions",
        "url_link_clicks": "clicks",
        "user_profile_clicks": "profile_clicks",
    }
    if kind == "non_public_metrics":
        return _known(names | {"engagements": "engagements"}, counts)
    return _known(
        names | {"like_count": "reactions", "reply_count": "comments", "retweet_count": "shares"}, counts
    )


def _known(names: dict[str, str], counts: Counts) -> dict[str, int]:
    return {theirs: value for theirs, ours in names.items() if (value := counts[ours]) is not None}
