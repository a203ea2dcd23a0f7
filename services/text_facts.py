"""What the words of a post alone show: is it a copy, does it name an agency, does it say where to turn."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from language.likeness import Pieces, could_be_alike, likeness, pieces
from language.reference import Kind, district_names, shipped
from models import Delivery, Post

ALIKE = 0.9
WITHIN = timedelta(days=7)
PHONE = re.compile(r"(?<!\d)0[-\s]?\d(?:[-\s]?\d){6,8}(?!\d)")


def copies(groups: Iterable[Sequence[Delivery]]) -> set[int]:
    """Return the deliveries whose text nearly repeats one of the same account in the week before."""
    by_account: dict[int, list[tuple[datetime, int, int, Pieces]]] = defaultdict(list)
    for group in groups:
        for one in group:
            if one.published_at is not None:
                words = pieces(one.payload["text"])
                by_account[one.account_id].append((one.published_at, one.id, one.post_id, words))
    found: set[int] = set()
    for rows in by_account.values():
        rows.sort(key=lambda row: row[:2])
        for place, (at, delivery_id, post_id, words) in enumerate(rows):
            before = (row for row in rows[:place] if at - row[0] <= WITHIN and row[2] != post_id)
            if any(_alike(row[3], words) for row in before):
                found.add(delivery_id)
    return found


def _alike(one: Pieces, other: Pieces) -> bool:
    return could_be_alike(one, other, ALIKE) and likeness(one, other) > ALIKE


def original(deliveries: Sequence[Delivery], copied: set[int]) -> bool | None:
    """Say whether a post is no near-duplicate; None while it is out nowhere."""
    out = [one for one in deliveries if one.published_at is not None]
    return all(one.id not in copied for one in out) if out else None


def names_agency(post: Post, deliveries: Sequence[Delivery]) -> bool:
    """Say whether every text of a post names an agency: a department, an office, or a district."""
    return all(any(name in text for name in _agency_names()) for text in _texts(post, deliveries))


def gives_contact(post: Post, deliveries: Sequence[Delivery]) -> bool:
    """Say whether every text of a post says where to turn: a link, a telephone number or a hotline."""
    return bool(post.link) or all(_has_contact(text) for text in _texts(post, deliveries))


def _has_contact(text: str) -> bool:
    hotline = any(re.search(rf"(?<!\d){code}(?!\d)", text) for code in _hotlines())
    return hotline or "https://" in text or "http://" in text or PHONE.search(text) is not None


def _texts(post: Post, deliveries: Sequence[Delivery]) -> list[str]:
    return [one.payload["text"] for one in deliveries] or [variant.body for variant in post.variants]


@cache
def _agency_names() -> tuple[str, ...]:
    entries = shipped(Kind.AGENCY).values()
    shorts = [entry.short for entry in entries if entry.short]
    return (*(entry.name for entry in entries), *shorts, *(f"เขต{name}" for name in district_names()))


@cache
def _hotlines() -> tuple[str, ...]:
    return tuple(code for code in shipped(Kind.HOTLINE) if code.isdecimal())
