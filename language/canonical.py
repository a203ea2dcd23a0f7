"""One canonical text for what we sent and what a platform reads back, so that the same post is known again.

X gives links back as t.co, appends one t.co per attached medium, and escapes `& < >` (platforms/x.md
section 6); both platforms may change white space and composed letters. Facebook gives the message back as it
was written: there compare `canonical_sent` of both texts. For X compare `canonical_sent(ours)` with
`canonical_read(theirs, entities)`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit, urlunsplit

from language.letters import collapse, normalise
from language.xlength import find_links, written

REMEMBERED = 2048  # texts: one listing is held against many posts of ours
Entities = Mapping[str, Sequence[Mapping[str, object]]]

_ESCAPED = re.compile(r"&(amp|lt|gt);")
_UNESCAPED = {"amp": "&", "lt": "<", "gt": ">"}
_SHORT_LINK = re.compile(r"https?://t\.co/[A-Za-z0-9]+")
_MEDIUM = re.compile(r"^//(?:www\.|mobile\.)?(?:twitter|x)\.com/[^/]+/status/\d+/(?:photo|video)/\d+$")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


@lru_cache(REMEMBERED)
def canonical_sent(text: str) -> str:
    """Return the canonical form of a text as a person wrote it."""
    return collapse(normalise(_fold_links(written(text))))


def canonical_read(text: str, entities: Entities | None) -> str:
    """Return the canonical form of a text as X gives it back.

    text: `note_tweet.text` where there is one, else `text`. entities: the object that came with that text;
    its `urls` entries hold url, expanded_url and, for an attached medium, media_key. None when X sent none.
    """
    return _canonical_read(text, tuple(_link_targets(entities).items()))


@lru_cache(REMEMBERED)
def _canonical_read(text: str, link_targets: tuple[tuple[str, str], ...]) -> str:
    targets = dict(link_targets)
    plain = written(_unescape(text))
    pieces: list[str] = []
    position = 0
    for short in _SHORT_LINK.finditer(plain):
        pieces.append(_fold_links(plain[position : short.start()]))
        pieces.append(targets.get(short.group(), _fold_link(short.group())))
        position = short.end()
    pieces.append(_fold_links(plain[position:]))
    return collapse(normalise("".join(pieces)))


def digest(canonical: str) -> str:
    """Return the SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def same_text(sent: str, read: str, entities: Entities | None = None) -> bool:
    """Tell whether what X gives back is what we sent."""
    return canonical_sent(sent) == canonical_read(read, entities)


def _link_targets(entities: Entities | None) -> dict[str, str]:
    """Return what each t.co link stands for; nothing for one that only shows an attached medium."""
    targets: dict[str, str] = {}
    for entry in (entities or {}).get("urls", ()):
        expanded = entry.get("expanded_url")
        if entry.get("media_key"):
            targets[str(entry.get("url"))] = ""
        elif isinstance(expanded, str):
            targets[str(entry.get("url"))] = _fold_link(expanded)
    return targets


def _unescape(text: str) -> str:
    """Undo, once, the three escapes that X makes; `&copy` in a text is the writer's own."""
    return _ESCAPED.sub(lambda match: _UNESCAPED[match[1]], text)


def _fold_links(text: str) -> str:
    pieces: list[str] = []
    position = 0
    for link in find_links(text):
        pieces += [text[position : link.start], _fold_link(link.text)]
        position = link.end
    return "".join(pieces) + text[position:]


def _fold_link(link: str) -> str:
    """Return one spelling for a link: X adds a scheme, may encode the host, the path and end with a slash.

    A link to a post's own photo or video, which X puts there itself, becomes nothing.
    """
    bare = _unescape(_SCHEME.sub("", link))
    try:
        parts = urlsplit(f"//{bare}")
        host = parts.netloc.encode("idna").decode("ascii")
    except ValueError:  # no address at all, or a host that no one can look up: compare it as it stands
        return bare
    folded = unquote(urlunsplit(("", host.lower(), parts.path.rstrip("/"), parts.query, parts.fragment)))
    return "" if _MEDIUM.match(folded) else folded.removeprefix("//")
