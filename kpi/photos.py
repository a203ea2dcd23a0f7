"""Level 2, photos: published at all, and of each flagship event soon after its end."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from core.vocab import Category, EventState
from kpi.codes import Code, Effect, ProofKind
from kpi.content import category_published
from kpi.counting import percent, settle
from kpi.facts import EventFact, PeriodFacts
from kpi.findings import Measured, Note, Proof
from kpi.leads import events_of_period
from kpi.live import Standing, out_at, standing
from kpi.params import Params, span


def photos_published(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many posts with photos of events are live.

    Internal target: flagship events that were held and whose photos were published at most within_h after
    their end ÷ such events, in percent; without any such event it is met.
    """
    published: Mapping[str, object] = {**params, "category": Category.PHOTO.value, "file": False}
    found = category_published(facts, published)
    if found.reason or facts.events is None:
        return found
    held = [one for one in events_of_period(facts) if _held(one, facts)]
    proofs = [_photo_proof(facts, one, params) for one in held]
    notes = () if proofs else (Note(Code.NO_FLAGSHIP),)
    good, open_ = (
        sum(1 for _, effect in proofs if effect is wanted) for wanted in (Effect.PROVES, Effect.OPEN)
    )
    total = max(len(proofs), 1)
    strict = (
        (percent(good, total), percent(good + open_, total)) if proofs else (Fraction(100), Fraction(100))
    )
    listed = tuple(proof for proof, _ in proofs)
    return replace(found, strict=strict, proofs=(*found.proofs, *listed), notes=(*found.notes, *notes))


def _held(event: EventFact, facts: PeriodFacts) -> bool:
    called_off = event.state in (EventState.CANCELLED, EventState.POSTPONED)
    over = event.ends_at is not None and event.ends_at <= facts.as_of
    return event.flagship and event.public and over and not called_off


def _photo_proof(facts: PeriodFacts, event: EventFact, params: Params) -> tuple[Proof, Effect]:
    """Return the listed event and what it does to the internal target."""
    last = (event.ends_at or facts.end) + span(params, "within_h")
    found = {
        standing(one)
        for post in facts.posts or ()
        if post.event_id == event.id and Category.PHOTO in {tag.category for tag in post.tags}
        for one in post.deliveries
        if event.starts_at <= (out_at(one) or facts.end) <= last
    }
    possible = Standing.UNPROVEN in found or facts.as_of <= last
    effect = settle(proved=Standing.LIVE in found, possible=possible)
    codes = {
        Effect.PROVES: Code.PHOTOS_IN_TIME,
        Effect.OPEN: Code.PHOTOS_AWAITED,
        Effect.BREAKS: Code.PHOTOS_LATE,
    }
    return Proof(ProofKind.EVENT, event.id, Effect.LISTED, codes[effect]), effect
