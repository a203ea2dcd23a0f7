"""The scripted audience: who saw, liked and shared a post; growing with time, the same for the same seed."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime

from sandbox.accounts import Account
from sandbox.ids import fingerprint
from sandbox.scripts import SCRIPTS, Script
from sandbox.state import World
from sandbox.things import Post

TRICKLE_FROM = datetime(2020, 1, 1, tzinfo=UTC)
TRICKLE = 40_000  # one new follower a day for this many
BURST_S = 20.0
EVENING_S = 6 * 3600.0
WEEK_S = 3 * 86_400.0
# name: lowest and highest share of the people who saw the post
RATES: dict[str, tuple[float, float]] = {
    "reactions": (0.012, 0.045),
    "comments": (0.0008, 0.004),
    "shares": (0.001, 0.008),
    "quotes": (0.0001, 0.0006),
    "bookmarks": (0.0004, 0.003),
    "clicks": (0.004, 0.02),
    "profile_clicks": (0.001, 0.004),
}
Counts = dict[str, int | None]


def count(world: World, post: Post, at: datetime | None = None) -> Counts:
    """Return the totals of a post at a moment (default now), after the exact figures set by hand.

    Keys: impressions, unique, reactions, comments, shares, quotes, bookmarks, clicks, profile_clicks,
    engagements.
    A value set to None is unknown: the platform leaves the field out.
    """
    age_s = ((at or world.clock.now()) - post.created_at).total_seconds() * world.settings.audience_speed
    followers = world.books.accounts[post.channel, post.account].followers
    counts: Counts = dict(_natural(world.config.seed, post, age_s, followers, script_of(world, post)))
    counts |= world.books.exact.get(post.key, {})
    if "engagements" not in world.books.exact.get(post.key, {}):
        counts["engagements"] = sum(
            counts[name] or 0 for name in ("reactions", "comments", "shares", "quotes", "clicks")
        )
    return counts


def followers(account: Account, at: datetime) -> int:
    """Return how many follow an account at a moment: its first number and a steady trickle since 2020."""
    days = max((at - TRICKLE_FROM).days, 0)
    return account.followers + days * account.followers // TRICKLE


def script_of(world: World, post: Post) -> Script:
    """Return how a post's audience behaves: its own script, else the common one."""
    return SCRIPTS[world.books.scripts.get(post.key) or world.settings.audience]


def reactions_by_kind(total: int, feelings: Mapping[str, float]) -> dict[str, int]:
    """Split a total over the reaction kinds; the parts always add up to it."""
    parts = {kind: int(total * share) for kind, share in feelings.items()}
    parts["LIKE"] += total - sum(parts.values())
    return parts


def _natural(seed: int, post: Post, age_s: float, followers: int, script: Script) -> dict[str, int]:
    draw = _draw(seed, post, "reach")
    reach = followers * (0.02 + 0.10 * draw) * (1.25 if post.media else 1.0) * script.reach
    impressions = int(reach * _grown(age_s))
    counts = {"impressions": impressions, "unique": int(impressions * (0.74 + 0.12 * draw))}
    faded = _faded(age_s, script)
    for name, (low, high) in RATES.items():
        rate = (low + (high - low) * _draw(seed, post, name)) * script.rates.get(name, 1.0)
        counts[name] = round(round(impressions * rate) * (1 - script.fades.get(name, 0.0) * faded))
    return counts


def _draw(seed: int, post: Post, what: str) -> float:
    return fingerprint(seed, post.channel, post.id, what) / 2**64


def _grown(age_s: float) -> float:
    """Return the share of the final audience reached by this age: a burst, an evening, then a slow week."""
    age = max(age_s, 0.0)
    parts = ((0.15, BURST_S), (0.55, EVENING_S), (0.30, WEEK_S))
    return sum(share * (1 - math.exp(-age / span)) for share, span in parts)


def _faded(age_s: float, script: Script) -> float:
    """Return how much of the loss has come by this age: bots go, minds change, comments are deleted."""
    return 1 - math.exp(-max(age_s - script.fade_after_s, 0.0) / script.fade_s)
