"""What a channel takes: length as the channel counts it, links that break, words that are wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.errors import BadInput
from core.vocab import Channel
from language import threads, xlength
from services.payloads import sent_text
from services.typed import body as clean_body

FACEBOOK_LIMIT: Final = 63_206
LIMITS: Final[Mapping[Channel, int]] = {Channel.FACEBOOK: FACEBOOK_LIMIT, Channel.X: xlength.LIMIT}


@dataclass(frozen=True)
class TextCount:
    """A text as its channel counts it. over: how much too long; broken_links: (as X sees it, better)."""

    channel: Channel
    used: int
    limit: int
    broken_links: tuple[tuple[str, str], ...] = ()

    @property
    def over(self) -> int:
        return max(0, self.used - self.limit)

    @property
    def remaining(self) -> int:
        return self.limit - self.used


def count(body: str, channel: Channel, link: str = "") -> TextCount:
    """Count a text with the post's link, for the composer; never raises."""
    text = sent_text(channel, clean_body(body, "body", limit=len(body) + 1), link.strip(), picture=False)
    if channel is not Channel.X:
        return TextCount(channel, len(text), LIMITS[channel])
    measured = xlength.measure(text)
    broken = tuple((found.link, found.suggestion) for found in measured.broken_links)
    return TextCount(channel, measured.length, xlength.LIMIT, broken)


def split(text: str, link: str = "") -> list[str]:
    """Return a long text as the posts of a thread on X, none for an empty one; never cut inside a letter."""
    room = xlength.measure(f"\n{link}").length if link else 0  # the first post carries the link
    try:
        return threads.split_thread(text, xlength.LIMIT - room)
    except xlength.BadXText:
        return [text]


def check_text(body: str, channel: Channel, link: str = "", *, field: str = "") -> None:
    """Raise text_empty, x_too_long (length, limit, over), text_too_long or x_text_characters.

    field: the text's name on the sheet, if it is not the channel's first.
    """
    field = field or f"body_{channel}"
    if not body.strip():
        raise BadInput("text_empty", field=field, channel=channel)
    counted = count(body, channel, link)
    if counted.over:
        code = "x_too_long" if channel is Channel.X else "text_too_long"
        raise BadInput(code, field=field, length=counted.used, limit=counted.limit, over=counted.over)
    problem = xlength.measure(body).problem if channel is Channel.X else None
    if problem == "x_text_characters":
        raise BadInput(problem, field=field)
