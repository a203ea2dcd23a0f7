"""Posts as citizens see them: text with its links, pictures with their words, counts."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox import thai
from sandbox.accounts import FACEBOOK, Account, X
from sandbox.audience import count
from sandbox.ids import fingerprint
from sandbox.state import World
from sandbox.things import Media, Post
from sandbox.xapi.text import link_spans

Spans = tuple[tuple[int, int], ...]
LINK = re.compile(r"https?://[^\s<>\"\u0e00-\u0e7f]+")
HASHTAG = re.compile(r"(#[^\s#&<>.,!?()\"']+)")
DISPLAY_MAX = 42
FACEBOOK_COUNTS = {"reactions": "ความรู้สึก", "comments": "ความคิดเห็น", "shares": "แชร์"}
X_COUNTS = {"comments": "ตอบกลับ", "shares": "รีโพสต์", "reactions": "ถูกใจ", "impressions": "การแสดงผล"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or film with the words that stand for it."""

    url: str
    alt: str
    width: int
    height: int
    film: bool = False
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as citizens see it; `answer` stands under another."""

    id: str
    name: str
    text: str
    when: str
    answer: bool


@dataclass(frozen=True, slots=True)
class ShownPost:
    """Everything a template needs of one post; `version` changes when anything but the counts does."""

    id: str
    url: str
    iso: str
    when: str
    text: Markup
    pictures: list[Picture]
    link: str
    link_host: str
    counts: list[tuple[str, str]]
    version: str
    is_reply: bool
    said: list[Said]


def show(world: World, post: Post) -> ShownPost:
    """Return a post ready for its template."""
    on_facebook = post.channel == FACEBOOK
    author = world.books.accounts[post.channel, post.account]
    counts = count(world, post)
    labels = FACEBOOK_COUNTS if on_facebook else X_COUNTS
    said = _said(world, post)
    pictures = [_picture(one) for one in world.media_of(post)]
    return ShownPost(
        id=post.id,
        url=f"/facebook/posts/{post.id}" if on_facebook else f"/x/{author.username}/status/{post.id}",
        iso=post.created_at.isoformat(timespec="seconds"),
        when=thai.day_and_clock(post.created_at),
        text=_linked(post.text, _facebook_spans(post.text) if on_facebook else link_spans(post.text)),
        pictures=pictures,
        link=post.link,
        link_host=urlsplit(post.link).hostname or "",
        counts=[(label, thai.figure(counts[name])) for name, label in labels.items()],
        version=f"{fingerprint(post.text, post.link, *post.media, *pictures, *said):x}",
        is_reply=bool(post.reply_to),
        said=said,
    )


def initial(account: Account) -> str:
    """Return the letter of the account's neutral mark: its first that is no vowel written ahead."""
    return next((letter for letter in account.name if letter not in "เแโใไ"), "?")


def _picture(media: Media) -> Picture:
    film = media.mime.startswith("video/")
    ready = media.state == "ready"
    return Picture(f"/media/{media.sha256}", media.alt, media.width, media.height, film, ready)


def _said(world: World, post: Post) -> list[Said]:
    """Return what is not hidden, each answer below what it answers; on X the replies of others."""
    if post.channel == X:
        return [_reply(world, one) for one in world.replies_to(post)]
    rows = [one for one in world.comments_of(post.channel, post.id) if not one.hidden]
    order = {one.id: one.created_at for one in rows}
    rows.sort(key=lambda one: (order.get(one.parent, one.created_at), one.parent or one.id, bool(one.parent)))
    return [
        Said(one.id, one.name, one.text, thai.day_and_clock(one.created_at), bool(one.parent)) for one in rows
    ]


def _reply(world: World, reply: Post) -> Said:
    author = world.books.accounts[reply.channel, reply.account]
    name = f"{author.name} @{author.username}"
    return Said(reply.id, name, reply.text, thai.day_and_clock(reply.created_at), answer=False)


def _facebook_spans(text: str) -> Spans:
    return tuple(found.span() for found in LINK.finditer(text))


def _linked(text: str, spans: Spans) -> Markup:
    """Return the text escaped, its links clickable and its hashtags marked."""
    pieces, at = [], 0
    for start, end in spans:
        url = text[start:end]
        address = url if "://" in url else f"http://{url}"
        told = url if len(url) <= DISPLAY_MAX else url[:DISPLAY_MAX] + "…"
        pieces.append(_tagged(text[at:start]))
        pieces.append(Markup('<a href="{}" rel="noopener nofollow">{}</a>').format(address, told))
        at = end
    return Markup("").join([*pieces, _tagged(text[at:])])


def _tagged(text: str) -> Markup:
    parts = HASHTAG.split(text)  # every second part is a hashtag
    tag = Markup('<span class="tag">{}</span>')
    return Markup("").join(
        tag.format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
