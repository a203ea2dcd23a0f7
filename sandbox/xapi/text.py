"""What X does to a text: weighs it, wraps its links in t.co, escapes it and appends its pictures."""

import html
import unicodedata
import warnings
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sandbox.ids import fingerprint

with warnings.catch_warnings():
    # The library reads its emoji list through pkg_resources, which warns about itself on import.
    warnings.simplefilter("ignore")
    import twitter_text

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DISPLAY_MAX = 26
WEIGHT_MAX = 280


@dataclass(slots=True)
class Shown:
    """A text as the API returns it, with the url entities that point into it."""

    text: str = ""
    urls: list[dict[str, Any]] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text += html.escape(piece, quote=False)

    def add_link(self, short: str, expanded: str, display: str, **more: str) -> None:
        start = len(self.text)
        self.text += short
        entity = {
            "start": start,
            "end": len(self.text),
            "url": short,
            "expanded_url": expanded,
            "display_url": display,
        }
        self.urls.append(entity | more)


def normal(text: str) -> str:
    """Return the text in NFC, as X keeps it."""
    return unicodedata.normalize("NFC", text)


def fits(text: str) -> bool:
    """Tell whether X takes this text by weighted length and characters."""
    return bool(twitter_text.parse_tweet(text).valid)


@lru_cache(maxsize=1024)
def link_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return where X sees links: start and end of each."""
    found = twitter_text.extract_urls_with_indices(text)
    return tuple((start, end) for start, end in (one["indices"] for one in found))


def shown(post_id: str, text: str, pictures: list[tuple[str, str]]) -> Shown:
    """Return the text as read back; `pictures` are (media key, address of the picture's page)."""
    result = Shown()
    at = 0
    for number, (start, end) in enumerate(link_spans(text)):
        result.add(text[at:start])
        url = text[start:end]
        expanded = url if "://" in url else f"http://{url}"
        result.add_link(_short(post_id, number), expanded, _display(expanded))
        at = end
    result.add(text[at:])
    for number, (media_key, page) in enumerate(pictures):
        if result.text:
            result.text += " "
        result.add_link(
            _short(post_id, "media", number), page, f"pic.x.com/{_code(post_id, number)}", media_key=media_key
        )
    return result


def _short(*parts: object) -> str:
    return f"https://t.co/{_code(*parts)}"


def _code(*parts: object) -> str:
    number, code = fingerprint("t.co", *parts), ""
    for _ in range(10):
        number, place = divmod(number, len(ALPHABET))
        code += ALPHABET[place]
    return code


def _display(url: str) -> str:
    bare = url.partition("://")[2].removeprefix("www.")
    return bare if len(bare) <= DISPLAY_MAX else bare[:DISPLAY_MAX] + "…"
