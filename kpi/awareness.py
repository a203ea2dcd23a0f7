"""Clause 3b, telling people before the event: coverage, median lead, sequence, notice of cancellation."""

from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median

from core.vocab import PostKind
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, settle, share
from kpi.facts import EventFact, PeriodFacts
from kpi.findings import Measured, Proof
from kpi.leads import NEVER, Told, events_of_period, exclusion, hours, planned
from kpi.live import Standing, out_at, standing
from kpi.params import Params, span

DAY = timedelta(days=1)


def lead_time_coverage(facts: PeriodFacts, params: Params) -> Measured:
    """Return PLC: events of E(P) told at least min_lead_h before the start ÷ all of E(P), in percent.

    Open: an event whose only sufficient post is not read back yet. Absent: no calendar, or no event has come
    due. Source: criteria 3b1; E(P) and lead as in kpi.leads.
    """
    if facts.events is None or facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    min_lead = span(params, "min_lead_h")
    told, left_out = planned(facts, min_lead)
    proofs: list[Proof] = []
    for one in told:
        proofs += [_lead_proof(one, min_lead), *one.posts]
        if one.late_notice:
            proofs.append(Proof(ProofKind.EVENT, one.event.id, Effect.LISTED, Code.LATE_NOTICE))
    return share([*proofs, *left_out])


def _lead_proof(told: Told, min_lead: timedelta) -> Proof:
    effect = settle(proved=told.lead >= min_lead, possible=told.hoped >= min_lead)
    short = Code.NO_POST if told.lead == NEVER else Code.LEAD_SHORT
    codes = {Effect.PROVES: Code.LEAD_OK, Effect.OPEN: Code.LEAD_OPEN, Effect.BREAKS: short}
    return Proof(ProofKind.EVENT, told.event.id, effect, codes[effect], {"hours": hours(told.lead)})


def median_lead(facts: PeriodFacts, params: Params) -> Measured:
    """Return the median lead over E(P) in days; an event without a post that counts has lead 0."""
    if facts.events is None or facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    min_lead = span(params, "min_lead_h")
    told, left_out = planned(facts, min_lead)
    if not told:
        return absent(Code.NOTHING_DUE, proofs=left_out)
    return Measured(
        low=_median_days([one.lead for one in told]),
        high=_median_days([one.hoped for one in told]),
        numerator=sum(1 for one in told if one.lead > NEVER),
        denominator=len(told),
        unknown=sum(1 for one in told if one.hoped > one.lead),
        proofs=(*(_lead_proof(one, min_lead) for one in told), *left_out),
    )


def _median_days(leads: list[timedelta]) -> Fraction:
    seconds = median(Fraction(lead // timedelta(microseconds=1), 1_000_000) for lead in leads)
    return seconds / int(DAY.total_seconds())


def sequence_completeness(facts: PeriodFacts, params: Params) -> Measured:
    """Return events with announcement, reminder and recap in their windows ÷ E(P), in percent.

    Announcement: lead at least min_lead_h. Reminder: reminder_from_h to reminder_until_h before the start.
    Recap: at most recap_h after the end. Open while a step may still come or is not read back, or the end is
    not known.
    """
    if facts.events is None or facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    told, left_out = planned(facts, span(params, "min_lead_h"))
    return share([*(_sequence_proof(facts, one, params) for one in told), *left_out])


def _sequence_proof(facts: PeriodFacts, told: Told, params: Params) -> Proof:
    min_lead = span(params, "min_lead_h")
    first, last = told.start - span(params, "reminder_from_h"), told.start - span(params, "reminder_until_h")
    steps = {
        PostKind.ANNOUNCE: settle(proved=told.lead >= min_lead, possible=told.hoped >= min_lead),
        PostKind.REMINDER: _posted(facts, told.event, PostKind.REMINDER, first, last),
        PostKind.RECAP: _recap(facts, told.event, span(params, "recap_h")),
    }
    lacking = [kind.value for kind, effect in steps.items() if effect is not Effect.PROVES]
    effect = settle(proved=not lacking, possible=Effect.BREAKS not in steps.values())
    codes = {
        Effect.PROVES: Code.SEQUENCE_COMPLETE,
        Effect.OPEN: Code.SEQUENCE_OPEN,
        Effect.BREAKS: Code.SEQUENCE_BROKEN,
    }
    return Proof(ProofKind.EVENT, told.event.id, effect, codes[effect], {"fields": lacking})


def _recap(facts: PeriodFacts, event: EventFact, within: timedelta) -> Effect:
    if event.ends_at is None:
        return Effect.OPEN
    return _posted(facts, event, PostKind.RECAP, event.ends_at, event.ends_at + within)


def _posted(facts: PeriodFacts, event: EventFact, kind: PostKind, first: datetime, last: datetime) -> Effect:
    """Say whether a post of this kind went out between two moments; open until the second has passed."""
    found = {
        standing(delivery)
        for post in facts.posts or ()
        if post.event_id == event.id and post.kind is kind
        for delivery in post.deliveries
        if first <= (out_at(delivery) or last + DAY) <= last
    }
    return settle(proved=Standing.LIVE in found, possible=Standing.UNPROVEN in found or facts.as_of <= last)


def cancellation_notice(facts: PeriodFacts, params: Params) -> Measured:
    """Return events cancelled late whose cancellation was told within within_h ÷ all of them, in percent.

    Late: after start minus min_lead_h; such events are out of PLC and answer here. A measure of its own,
    never scored.
    """
    if facts.events is None or facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    proofs = []
    for event in events_of_period(facts):
        reason = exclusion(event, facts.as_of, span(params, "min_lead_h"))
        if reason is Code.CANCELLED_LATE and event.cancelled_at:
            proofs.append(_cancellation_proof(facts, event, event.cancelled_at, span(params, "within_h")))
    return share(proofs)


def _cancellation_proof(facts: PeriodFacts, event: EventFact, at: datetime, within: timedelta) -> Proof:
    effect = _posted(facts, event, PostKind.CORRECTION, at, at + within)
    codes = {
        Effect.PROVES: Code.CANCELLATION_TOLD,
        Effect.BREAKS: Code.CANCELLATION_UNTOLD,
        Effect.OPEN: Code.CANCELLATION_OPEN,
    }
    return Proof(ProofKind.EVENT, event.id, effect, codes[effect])
