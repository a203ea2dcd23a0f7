"""What a post is made of besides its first text: pictures, a thread, a poll, a first comment; and limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from core.errors import BadInput
from core.vocab import Channel, MediaKind
from models.posts import Asset, Post, PostMedia, PostVariant
from services.payloads import kind_of
from services.texts import check_text
from services.typed import body, line

MOST_MEDIA: Final = 10
MOST_PARTS: Final = 25
COMMENT_LENGTH: Final = 8_000
OPTIONS: Final = (2, 4)
OPTION_LENGTH: Final = 25
POLL_MINUTES: Final = (5, 10_080)  # five minutes to seven days
SHOWN: Final = ("image/", "video/")


@dataclass(frozen=True)
class MediaItem:
    """One picture, GIF or video as chosen: the stored file, and what it shows in words."""

    asset_id: int
    alt_text: str


@dataclass(frozen=True)
class PollForm:
    """A question's answers as typed (empty ones are left out), and how long it is open."""

    options: tuple[str, ...]
    minutes: int


def media_rows(session: Session, items: Sequence[MediaItem]) -> list[PostMedia]:
    """Return the rows of chosen files in their order; raises alt_text_missing, media_gone and more.

    Field names count from 1: alt_text_1 is the words of the first.
    """
    if len(items) > MOST_MEDIA:
        raise BadInput("too_many_media", field="file", count=len(items), limit=MOST_MEDIA)
    rows = [_media_row(session, place, item) for place, item in enumerate(items, 1)]
    moving = [row for row in rows if kind_of(row.asset.mime) is not MediaKind.IMAGE]
    if moving and len(rows) > 1:
        raise BadInput("media_mixed", field="file", name=moving[0].asset.name)
    return rows


def thread_of(texts: Sequence[str]) -> list[str]:
    """Return the texts that follow the first, empty ones left out; raises too_many_parts."""
    parts = [text for place, typed in enumerate(texts, 2) if (text := body(typed, f"part_{place}"))]
    if len(parts) >= MOST_PARTS:
        raise BadInput("too_many_parts", field="body_x", count=len(parts) + 1, limit=MOST_PARTS)
    return parts


def poll_of(form: PollForm | None) -> dict[str, Any] | None:
    """Return a poll to store, None without options. Raises poll_options, poll_option_long, poll_minutes."""
    options = [text for typed in (form.options if form else ()) if (text := line(typed, "poll_1", 200))]
    if form is None or not options:
        return None
    if not OPTIONS[0] <= len(options) <= OPTIONS[1] or len(set(options)) < len(options):
        raise BadInput("poll_options", field="poll_1", least=OPTIONS[0], most=OPTIONS[1])
    for place, option in enumerate(options, 1):
        if len(option) > OPTION_LENGTH:
            raise BadInput("poll_option_long", field=f"poll_{place}", length=len(option), limit=OPTION_LENGTH)
    if not POLL_MINUTES[0] <= form.minutes <= POLL_MINUTES[1]:
        raise BadInput("poll_minutes", field="poll_minutes", least=POLL_MINUTES[0], most=POLL_MINUTES[1])
    return {"options": options, "minutes": form.minutes}


def check_parts(post: Post) -> None:
    """Raise the first thing that keeps a post's parts from going out as they are."""
    variants = {variant.channel: variant for variant in post.variants}
    for place, text in enumerate(variants[Channel.X].thread if Channel.X in variants else (), 2):
        check_text(text, Channel.X, field=f"part_{place}")
    if post.poll and Channel.X not in variants:
        raise BadInput("poll_needs_x", field="poll_1")
    if post.poll and post.media:
        raise BadInput("poll_with_media", field="poll_1")
    if post.first_comment and Channel.FACEBOOK not in variants:
        raise BadInput("comment_needs_facebook", field="first_comment")


def texts_of(post: Post) -> list[tuple[Channel, str, str]]:
    """Return every text of a post in reading order: its channel, its field's name on the sheet, its words."""
    found = []
    for variant in post.variants:
        found += named_texts(variant)
        if variant.channel is Channel.FACEBOOK and post.first_comment:
            found.append((variant.channel, "first_comment", post.first_comment))
    return found


def named_texts(variant: PostVariant) -> list[tuple[Channel, str, str]]:
    """Return the texts of one channel, as texts_of does."""
    parts = [(variant.channel, f"part_{place}", text) for place, text in enumerate(variant.thread, 2)]
    return [(variant.channel, f"body_{variant.channel}", variant.body), *parts]


def _media_row(session: Session, place: int, item: MediaItem) -> PostMedia:
    field = f"alt_text_{place}"
    asset = session.get(Asset, item.asset_id)
    if asset is None:
        raise BadInput("media_gone", field="file", place=place)
    if not asset.mime.startswith(SHOWN):
        raise BadInput("not_an_image", field="file")
    alt_text = line(item.alt_text, field, 1000)
    if not alt_text:
        raise BadInput("alt_text_missing", field=field, place=place)
    return PostMedia(position=place, asset_id=asset.id, asset=asset, alt_text=alt_text)
