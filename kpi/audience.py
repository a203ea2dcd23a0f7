"""Clause 3b, what the public did: reach, engagement, followers, first answers."""

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from statistics import median

from core.vocab import Channel
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import VERDICT_OF, absent, effect_of, percent
from kpi.facts import DeliveryFact, PeriodFacts
from kpi.findings import Measured, Note, Proof
from kpi.live import Standing, sent, standing
from kpi.office_facts import BaselineFact, FollowersFact, ResponseFact
from kpi.office_hours import WORKING_DAY, office_time
from kpi.params import Params, decimal

MINUTE = timedelta(minutes=1)


def reach_change(facts: PeriodFacts, params: Params) -> Measured:
    """Return the change of organic reach per day against the baseline's, in percent; no baseline, no figure.

    Reach of a period is the sum over its posts. Posts whose reach nobody could read may only raise it.
    """
    del params
    base = facts.baseline
    if facts.reach is None or not facts.days_over:
        return absent(Code.NOT_COLLECTED)
    if base is None or not base.reach:
        return absent(Code.NO_BASELINE)
    before = Fraction(base.reach)
    if base.reach_days:
        before = before * facts.days_over / base.reach_days
    change = 100 * (facts.reach - before) / before
    notes = [label(base)]
    if facts.reach_unread:
        notes.append(Note(Code.REACH_UNREAD, {"count": facts.reach_unread}))
    return Measured(low=change, high=change, at_least=bool(facts.reach_unread), notes=tuple(notes))


def label(baseline: BaselineFact) -> Note:
    """Return the note that says what a figure is compared with."""
    code = Code.BASELINE_MONTHS if baseline.three_months else Code.BASELINE_DAYS
    days = {"from": baseline.first_day.isoformat(), "to": baseline.last_day.isoformat()}
    return Note(code, days)


def engagement_rate(facts: PeriodFacts, params: Params) -> Measured:
    """Return the median over live posts of (reactions + comments + shares + clicks) ÷ reach, in percent.

    On X impressions stand for reach.

    A post with any of these figures missing is listed, not counted. Its bound is the office's own baseline.
    """
    del params
    if facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    live = [delivery for _, delivery in sent(facts) if standing(delivery) is Standing.LIVE]
    read = {one.id: rate for one in live if (rate := engagement_of(one)) is not None}
    proofs = [_engagement_proof(delivery, read=delivery.id in read) for delivery in live]
    if not read:
        return absent(Code.NOT_COLLECTED if live else Code.NOTHING_DUE, proofs=proofs)
    if facts.baseline is None or facts.baseline.engagement_rate is None:
        return absent(Code.NO_BASELINE, proofs=proofs)
    middle = median(read.values())
    return Measured(
        low=middle,
        high=middle,
        numerator=len(read),
        denominator=len(live),
        bound=Fraction(facts.baseline.engagement_rate),
        proofs=tuple(proofs),
        notes=(label(facts.baseline),),
    )


def seen(delivery: DeliveryFact) -> int | None:
    """Return how many people a post reached; X counts only how often it was shown."""
    counts = delivery.engagement
    if counts is None:
        return None
    return counts.impressions if delivery.channel is Channel.X else counts.reach


def engagement_of(delivery: DeliveryFact) -> Fraction | None:
    """Return the engagement rate of one post in percent; None if any of its figures is missing."""
    counts, reached = delivery.engagement, seen(delivery)
    if counts is None:
        return None
    acts = (counts.reactions, counts.comments, counts.shares, counts.clicks)
    known = [act for act in acts if act is not None]
    return percent(sum(known), reached) if reached and len(known) == len(acts) else None


def _engagement_proof(delivery: DeliveryFact, *, read: bool) -> Proof:
    code = Code.ENGAGEMENT_READ if read else Code.ENGAGEMENT_UNREAD
    return Proof(ProofKind.DELIVERY, delivery.id, Effect.LISTED, code)


def follower_growth(facts: PeriodFacts, params: Params) -> Measured:
    """Return the growth of followers of all channels, in percent of the start, per month that is over.

    No figure where a channel was not read within `edge_days` of both ends: half a month's growth would pass
    for a whole one's.
    """
    if not facts.months_over:
        return absent(Code.PERIOD_SHORT if facts.followers else Code.NOT_COLLECTED)
    edge = timedelta(days=int(decimal(params, "edge_days")))
    ends = [_ends(one, facts, edge) for one in facts.followers or ()]
    firsts, lasts = sum(first for first, _ in filter(None, ends)), sum(last for _, last in filter(None, ends))
    if not ends or None in ends or not firsts:
        return absent(Code.NOT_COLLECTED)
    growth = percent(lasts - firsts, firsts) / facts.months_over
    return Measured(low=growth, high=growth)


def _ends(one: FollowersFact, facts: PeriodFacts, edge: timedelta) -> tuple[int, int] | None:
    if one.first is None or one.last is None:
        return None
    early = one.first_at is None or one.first_at - facts.start <= edge
    late = one.last_at is None or facts.until - one.last_at <= edge
    return (one.first, one.last) if early and late else None


def first_response(facts: PeriodFacts, params: Params) -> Measured:
    """Return the median of office minutes from a question to our first answer (less is better).

    Second condition: at least `min_share` percent answered within one working day. A question without an
    answer counts with the time it has waited once a working day is over; before that it is not due yet.
    """
    if facts.responses is None or facts.holidays is None:
        return absent(Code.NOT_COLLECTED)
    asked = [one for one in facts.responses if facts.holds(one.asked_at)]
    took = {
        one.id: office_time(one.asked_at, one.answered_at or facts.as_of, facts.holidays) for one in asked
    }
    due = [one for one in asked if one.answered_at or took[one.id] > WORKING_DAY]
    proofs = [_response_proof(one, took[one.id], due) for one in asked]
    if not due:
        return absent(Code.NOTHING_DUE, proofs=proofs)
    middle = median(Fraction(took[one.id] // MINUTE) for one in due)
    quick = sum(1 for one in due if one.answered_at and took[one.id] <= WORKING_DAY)
    share = percent(quick, len(due))
    return Measured(
        low=middle, high=middle, numerator=quick, denominator=len(due), proofs=tuple(proofs),
        also=VERDICT_OF[effect_of(share >= decimal(params, "min_share"))],
        notes=(Note(Code.ANSWERED_IN_A_DAY, {"percent": int(share)}),),
    )  # fmt: skip


def _response_proof(one: ResponseFact, took: timedelta, due: Iterable[ResponseFact]) -> Proof:
    if one not in due:
        code = Code.RESPONSE_NOT_DUE
    elif one.answered_at is None:
        code = Code.RESPONSE_MISSING
    else:
        code = Code.RESPONSE_GIVEN
    return Proof(ProofKind.RESPONSE, one.id, Effect.LISTED, code, {"minutes": took // MINUTE})
