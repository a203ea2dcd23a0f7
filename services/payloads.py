"""The exact words and files that go to one account: frozen at approval, and their hash.

A post is a chain of one or more payloads: on X the parts of its thread, on Facebook the post and its first
comment. A payload is {text, link, media: [{asset_id, sha256, mime, alt}], kind}, and where they are wanted
poll {options, minutes}, reply_settings, and reply_to (an answer to a post that is none of ours).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from connectors.base import Message, Poll
from core.vocab import Channel, MediaKind, MessageKind, ReplySettings
from models.posts import Post, PostMedia, PostVariant

Payload = dict[str, Any]
X_IMAGES: Final = 4


def sent_text(channel: Channel, body: str, link: str, *, picture: bool) -> str:
    """Return the text as it is sent: with the link in it where the channel has no place of its own for one.

    X has none; a Facebook post with a picture shows no link preview, so the link stands in its text too.
    """
    inside = channel is Channel.X or picture
    return f"{body}\n{link}".strip() if link and inside and link not in body else body


def media_for(channel: Channel, media: Sequence[PostMedia]) -> Sequence[PostMedia]:
    """Return what a channel shows of a post's pictures: X the first four."""
    return media[:X_IMAGES] if channel is Channel.X else media


def kind_of(mime: str) -> MediaKind:
    """Return what a file of this type shows."""
    if mime.startswith("video/"):
        return MediaKind.VIDEO
    return MediaKind.GIF if mime == "image/gif" else MediaKind.IMAGE


def freeze(post: Post, variant: PostVariant) -> list[Payload]:
    """Return the payloads of one channel in the order in which they go out; each follows the one before."""
    channel = variant.channel
    first = _first(post, variant)
    if channel is Channel.X:
        return [first, *(_words(text, MessageKind.POST) for text in variant.thread)]
    comment = [_words(post.first_comment, MessageKind.COMMENT)] if post.first_comment else []
    return [first, *comment]


def message_of(payload: Mapping[str, Any], media_ids: Sequence[str], reply_to: str) -> Message:
    """Return what a connector is given for a payload."""
    poll, media = payload.get("poll"), payload["media"]
    return Message(
        text=payload["text"],
        link=payload.get("link", ""),
        media_ids=tuple(media_ids),
        media_kind=kind_of(media[0]["mime"]) if media else MediaKind.IMAGE,
        reply_to=reply_to,
        reply_settings=payload.get("reply_settings", ""),
        poll=Poll(tuple(poll["options"]), poll["minutes"]) if poll else None,
        kind=kind(payload),
    )


def kind(payload: Mapping[str, Any]) -> MessageKind:
    """Return whether a payload is a post or a comment; older ones do not say and are posts."""
    return MessageKind(payload.get("kind", MessageKind.POST))


def may_wait_unseen(payload: Mapping[str, Any]) -> bool:
    """Say whether a platform with drafts can hold this back: a comment or a video it cannot."""
    films = any(kind_of(item["mime"]) is MediaKind.VIDEO for item in payload["media"])
    return kind(payload) is MessageKind.POST and not films


def digest(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a payload's canonical JSON."""
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _first(post: Post, variant: PostVariant) -> Payload:
    media = media_for(variant.channel, post.media)
    text = sent_text(variant.channel, variant.body, post.link, picture=bool(media))
    payload = _words(text, MessageKind.POST) | {
        "link": "" if post.link in text else post.link,
        "media": [_file(one) for one in media],
    }
    if variant.channel is Channel.X and post.poll:
        payload["poll"] = post.poll
    if variant.channel is Channel.X and post.reply_settings is not ReplySettings.EVERYONE:
        payload["reply_settings"] = post.reply_settings.value
    return payload


def _words(text: str, kind: MessageKind) -> Payload:
    return {"text": text, "link": "", "media": [], "kind": kind.value}


def _file(one: PostMedia) -> dict[str, Any]:
    asset = one.asset
    return {"asset_id": asset.id, "sha256": asset.sha256, "mime": asset.mime, "alt": one.alt_text}
