"""Beside the typed texts: how they count, what is wrong in them, how they will look."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from re import compile as pattern

from core.vocab import Channel
from services.payloads import sent_text
from services.post_checks import Finding, find_terms
from services.texts import TextCount, count
from web.forms import Form

MARKS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
CLUSTER = pattern(f"[^{MARKS}][{MARKS}]*|^[{MARKS}]+")


@dataclass(frozen=True)
class Look:
    """One channel's text: `fits` and `beyond` together are what will be sent."""

    channel: Channel
    counted: TextCount
    findings: Sequence[Finding]
    fits: str
    beyond: str


def looks_of(form: Form, on: datetime) -> list[Look]:
    """Return the look of each chosen channel's text; on: when it goes out, for dated rules."""
    return [_look(form, channel, on) for channel in Channel if channel in form.lists.get("channels", ())]


def mended(form: Form, which: str, on: datetime) -> Form:
    """Return the form with the finding at `which` (channel|place) put right; unchanged if it is gone."""
    name, _, place = which.partition("|")
    field = f"body_{name}"
    body = form.values.get(field, "")
    look = _look(form, Channel(name), on) if name in set(Channel) else None
    for start, end, suggest in _mends(look, body) if look else ():
        if str(start) == place:
            return with_values(form, {field: body[:start] + suggest + body[end:]})
    return form


def with_values(form: Form, changes: Mapping[str, str]) -> Form:
    """Return a form with some fields typed anew."""
    return replace(form, values={**form.values, **changes})


def _mends(look: Look, body: str) -> list[tuple[int, int, str]]:
    words = [(finding.start, finding.end, finding.suggest) for finding in look.findings]
    places = [(body.find(link), link, better) for link, better in look.counted.broken_links]
    return words + [(at, at + len(link), better) for at, link, better in places if at >= 0]


def _look(form: Form, channel: Channel, on: datetime) -> Look:
    body, link = form.values.get(f"body_{channel}", ""), form.text("link")
    text = sent_text(channel, body.strip(), link, picture=bool(form.text("asset_id")))
    counted = count(body, channel, link)
    cut = _fitting(text, channel) if counted.over else len(text)
    return Look(channel, counted, find_terms(body, channel, on), text[:cut], text[cut:])


def _fitting(text: str, channel: Channel) -> int:
    """Return how much of a text fits, never cutting between a letter and the marks on it."""
    ends = list(accumulate(len(cluster) for cluster in CLUSTER.findall(text)))
    fitting = bisect_left(ends, 1, key=lambda end: 1 if count(text[:end], channel).over else 0)
    return ends[fitting - 1] if fitting else 0
