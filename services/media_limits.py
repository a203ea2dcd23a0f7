"""What each platform takes of pictures, GIFs and videos, told before a post is scheduled.

Sources: the platforms' own pages as of 2026; what an installation may know better is a setting.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import BadInput
from core.vocab import Channel, MediaKind
from models.media import MediaFacts
from models.posts import Asset, Post

MB: Final = 1024 * 1024
X_GIF_BYTES: Final = 15 * MB
X_GIF_SIDES: Final = (1280, 1080)
X_GIF_AREA: Final = 300_000_000
X_FILM_SIDES: Final = (1280, 1024)
X_FILM_LEAST: Final = 32
X_FILM_SHORTEST_MS: Final = 500
X_FILM_RATIO: Final = 3.0
X_FRAMES_PER_1000_S: Final = 60_500  # 60 a second; 59.94 and a little rounding pass
FACEBOOK_FILM_MS: Final = 4 * 3600 * 1000
FACEBOOK_GIF_BYTES: Final = 8 * MB


def unfit(asset: Asset, facts: MediaFacts, channel: Channel, settings: Settings) -> list[BadInput]:
    """Return everything that a platform will not take about a file, each as the error to show; empty: fit."""
    finders = {
        (Channel.X, MediaKind.GIF): _x_gif,
        (Channel.X, MediaKind.VIDEO): _x_film,
        (Channel.FACEBOOK, MediaKind.GIF): _facebook_gif,
        (Channel.FACEBOOK, MediaKind.VIDEO): _facebook_film,
    }
    finder = finders.get((channel, facts.kind))
    found = finder(asset, facts, settings) if finder else ()
    return [
        BadInput(f"media_limit_{what}", field="file", channel=channel, name=asset.name, **figures)
        for what, figures in found
    ]


def look_through(
    session: Session, assets: Iterable[Asset], channels: Iterable[Channel], settings: Settings
) -> dict[int, list[BadInput]]:
    """Return what the platforms will not take, by asset; what shows nothing has no entry."""
    by_id = {asset.id: asset for asset in assets}
    wanted = tuple(channels)
    rows = session.scalars(select(MediaFacts).where(MediaFacts.asset_id.in_(by_id)))
    return {
        row.asset_id: [one for where in wanted for one in unfit(by_id[row.asset_id], row, where, settings)]
        for row in rows
    }


def check_media(session: Session, post: Post, settings: Settings) -> None:
    """Raise the first thing about a post's files that one of its platforms will not take."""
    assets = [one.asset for one in post.media]
    channels = [variant.channel for variant in post.variants]
    for problems in look_through(session, assets, channels, settings).values():
        for problem in problems:
            raise problem


Found = Iterator[tuple[str, dict[str, Any]]]


def _x_gif(asset: Asset, facts: MediaFacts, _: Settings) -> Found:
    width, height = asset.width or 0, asset.height or 0
    if asset.size > X_GIF_BYTES:
        yield "size", _sizes(asset.size, X_GIF_BYTES)
    if width > X_GIF_SIDES[0] or height > X_GIF_SIDES[1]:
        yield "sides", _sides(width, height, X_GIF_SIDES)
    if width * height * (facts.frames or 1) > X_GIF_AREA:
        yield "area", {"frames": facts.frames}


def _x_film(asset: Asset, facts: MediaFacts, settings: Settings) -> Found:
    width, height = asset.width or 1, asset.height or 1
    most_ms = settings.x_video_s * 1000
    if asset.size > settings.x_video_mb * MB:
        yield "size", _sizes(asset.size, settings.x_video_mb * MB)
    if (facts.duration_ms or 0) > most_ms:
        yield "too_long", _lengths(facts.duration_ms or 0, most_ms)
    if (facts.duration_ms or 0) < X_FILM_SHORTEST_MS:
        yield "too_short", {"limit_s": X_FILM_SHORTEST_MS / 1000}
    if max(width, height) > X_FILM_SIDES[0] or min(width, height) > X_FILM_SIDES[1]:
        upright = (min(X_FILM_SIDES), max(X_FILM_SIDES))
        yield "sides", _sides(width, height, X_FILM_SIDES if width >= height else upright)
    if min(width, height) < X_FILM_LEAST:
        yield "too_small", {"width": width, "height": height, "least": X_FILM_LEAST}
    if max(width, height) / min(width, height) > X_FILM_RATIO:
        yield "ratio", {"width": width, "height": height}
    if (facts.frames_per_1000_s or 0) > X_FRAMES_PER_1000_S:
        yield "rate", {"rate": (facts.frames_per_1000_s or 0) // 1000}
    yield from _codecs(facts, ("h264",))
    yield from ((word, {}) for word in facts.exotic.split())


def _facebook_gif(asset: Asset, _: MediaFacts, __: Settings) -> Found:
    if asset.size > FACEBOOK_GIF_BYTES:
        yield "size", _sizes(asset.size, FACEBOOK_GIF_BYTES)


def _facebook_film(_: Asset, facts: MediaFacts, __: Settings) -> Found:
    if (facts.duration_ms or 0) > FACEBOOK_FILM_MS:
        yield "too_long", _lengths(facts.duration_ms or 0, FACEBOOK_FILM_MS)
    yield from _codecs(facts, ("h264", "hevc", "av1", "vp9"))


def _codecs(facts: MediaFacts, video: tuple[str, ...]) -> Found:
    if facts.video_codec not in video:
        yield "codec", {"codec": facts.video_codec}
    if facts.audio_codec not in ("", "aac"):
        yield "sound", {"codec": facts.audio_codec}


def _sizes(size: int, limit: int) -> dict[str, Any]:
    return {"size_mb": f"{size / MB:.1f}", "limit_mb": f"{limit / MB:g}"}


def _lengths(length_ms: int, limit_ms: int) -> dict[str, Any]:
    return {"length_s": length_ms // 1000, "limit_s": limit_ms // 1000}


def _sides(width: int, height: int, most: tuple[int, int]) -> dict[str, Any]:
    """Return what it is, what is taken, and the largest size of the same shape that fits: even numbers."""
    part = min(Fraction(most[0], width), Fraction(most[1], height))
    to_width, to_height = (int(side * part / 2) * 2 for side in (width, height))
    return {
        "width": width, "height": height, "most_width": most[0], "most_height": most[1],
        "to_width": to_width, "to_height": to_height,
    }  # fmt: skip
