"""The exact words and pictures that go to one account: frozen at approval, and their hash."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from core.vocab import Channel
from models.posts import Asset, Post


def sent_text(channel: Channel, body: str, link: str, *, picture: bool) -> str:
    """Return the text as it is sent: with the link in it where the channel has no place of its own for one.

    X has none; a Facebook post with a picture shows no link preview, so the link stands in its text too.
    """
    inside = channel is Channel.X or picture
    return f"{body}\n{link}".strip() if link and inside and link not in body else body


def freeze(post: Post, channel: Channel, body: str, asset: Asset | None) -> dict[str, Any]:
    """Return {text, link, media: [{asset_id, sha256, mime, alt}]}; link only if it is not in the text."""
    text = sent_text(channel, body, post.link, picture=asset is not None)
    media = (
        []
        if asset is None
        else [{"asset_id": asset.id, "sha256": asset.sha256, "mime": asset.mime, "alt": post.alt_text}]
    )
    return {"text": text, "link": "" if post.link in text else post.link, "media": media}


def digest(payload: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a payload's canonical JSON."""
    canonical = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
