"""Beside the typed texts: how they count, what is wrong in them, what they cost, how they will look."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from re import compile as pattern

from core.vocab import Channel
from services.payloads import sent_text
from services.post_checks import Finding, find_terms
from services.prices import Prices, usd
from services.texts import TextCount, count
from web.forms import Form
from web.sheet import ASSETS, FIRST_PART, PARTS, text_of, with_text

MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
CLUSTER = pattern(f"[^{MARKS}][{MARKS}]*|^[{MARKS}]+")
COMMENT = "first_comment"


@dataclass(frozen=True)
class Look:
    """One text: `fits` and `beyond` together are what will be sent. place: which post of its channel, from 1.

    field: its name on the sheet. typed: as it stands there.
    price: US dollars that X bills for it; None where nothing is billed.
    """

    channel: Channel
    field: str
    place: int
    typed: str
    counted: TextCount
    findings: Sequence[Finding]
    fits: str
    beyond: str
    price: Decimal | None = None


def looks_of(form: Form, on: datetime, prices: Prices | None = None) -> list[Look]:
    """Return the look of each text of each chosen channel, in the order in which they go out.

    on: when they go out, for dated rules. prices: leave out where no price is shown.
    """
    return [
        _look(form, channel, (place, field), on, prices)
        for channel in Channel
        if channel in form.lists.get("channels", ())
        for place, field in enumerate(fields_of(form, channel), 1)
    ]


def fields_of(form: Form, channel: Channel) -> list[str]:
    """Return the names of a channel's texts on the sheet; an empty comment is none."""
    first = f"body_{channel}"
    if channel is Channel.X:
        return [first, *(f"part_{place}" for place, _ in enumerate(form.lists.get(PARTS, ()), FIRST_PART))]
    return [first, *([COMMENT] if form.text(COMMENT) else [])]


def mended(form: Form, which: str, on: datetime) -> Form:
    """Return the form with the finding at `which` (field|place) put right; unchanged if it is gone."""
    field, _, place = which.partition("|")
    body = text_of(form, field)
    look = next((one for one in looks_of(form, on) if one.field == field), None)
    for start, end, suggest in _mends(look, body) if look else ():
        if str(start) == place:
            return with_text(form, field, body[:start] + suggest + body[end:])
    return form


def with_values(form: Form, changes: Mapping[str, str]) -> Form:
    """Return a form with some fields typed anew."""
    return replace(form, values={**form.values, **changes})


def _mends(look: Look, body: str) -> list[tuple[int, int, str]]:
    words = [(finding.start, finding.end, finding.suggest) for finding in look.findings]
    places = [(body.find(link), link, better) for link, better in look.counted.broken_links]
    return words + [(at, at + len(link), better) for at, link, better in places if at >= 0]


def _look(form: Form, channel: Channel, where: tuple[int, str], on: datetime, prices: Prices | None) -> Look:
    place, field = where
    body, link = text_of(form, field), form.text("link") if place == 1 else ""
    text = sent_text(channel, body.strip(), link, picture=bool(form.lists.get(ASSETS)))
    counted = count(body, channel, link)
    cut = _fitting(text, channel) if counted.over else len(text)
    price = usd(prices.post(text)[1]) if prices is not None and channel is Channel.X else None
    findings = find_terms(body, channel, on, field=field)
    return Look(channel, field, place, body, counted, findings, text[:cut], text[cut:], price)


def _fitting(text: str, channel: Channel) -> int:
    """Return how much of a text fits, never cutting between a letter and the marks on it."""
    ends = list(accumulate(len(cluster) for cluster in CLUSTER.findall(text)))
    fitting = bisect_left(ends, 1, key=lambda end: 1 if count(text[:end], channel).over else 0)
    return ends[fitting - 1] if fitting else 0
