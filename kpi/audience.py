"""Clauses 3b and 3d, what the public did: reach, engagement, followers, answers, recall."""

from fractions import Fraction
from statistics import median

from core.vocab import Channel, Verdict
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, percent
from kpi.facts import DeliveryFact, PeriodFacts
from kpi.findings import Measured, Note, Proof
from kpi.live import Standing, sent, standing
from kpi.office_facts import BaselineFact
from kpi.params import Params, whole


def reach_change(facts: PeriodFacts, params: Params) -> Measured:
    """Return the change of organic reach against the baseline, in percent of it; no baseline, no figure."""
    del params
    if facts.reach is None:
        return absent(Code.NOT_COLLECTED)
    if facts.baseline is None or not facts.baseline.reach:
        return absent(Code.NO_BASELINE)
    change = percent(facts.reach - facts.baseline.reach, facts.baseline.reach)
    return Measured(low=change, high=change, notes=(_label(facts.baseline),))


def _label(baseline: BaselineFact) -> Note:
    return Note(Code.BASELINE, {"label": baseline.label})


def engagement_rate(facts: PeriodFacts, params: Params) -> Measured:
    """Return the median over live posts of (reactions + comments + shares + clicks) ÷ reach, in percent.

    On X impressions stand for reach.

    A post with any of these figures missing is listed, not counted. Its bound is the office's own baseline.
    """
    del params
    if facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    live = [delivery for _, delivery in sent(facts) if standing(delivery) is Standing.LIVE]
    read = {delivery.id: rate for delivery in live if (rate := _rate(delivery)) is not None}
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
        notes=(_label(facts.baseline),),
    )


def _rate(delivery: DeliveryFact) -> Fraction | None:
    counts = delivery.engagement
    if counts is None:
        return None
    seen = counts.impressions if delivery.channel is Channel.X else counts.reach
    acts = (counts.reactions, counts.comments, counts.shares, counts.clicks)
    known = [act for act in acts if act is not None]
    return percent(sum(known), seen) if seen and len(known) == len(acts) else None


def _engagement_proof(delivery: DeliveryFact, *, read: bool) -> Proof:
    code = Code.ENGAGEMENT_READ if read else Code.ENGAGEMENT_UNREAD
    return Proof(ProofKind.DELIVERY, delivery.id, Effect.LISTED, code)


def follower_growth(facts: PeriodFacts, params: Params) -> Measured:
    """Return the growth of followers of all channels together, in percent of the start, per month."""
    del params
    firsts = [one.first for one in facts.followers or () if one.first is not None]
    lasts = [one.last for one in facts.followers or () if one.last is not None]
    if not facts.followers or not len(firsts) == len(lasts) == len(facts.followers) or not sum(firsts):
        return absent(Code.NOT_COLLECTED)
    if not facts.months:
        return absent(Code.PERIOD_SHORT)
    growth = percent(sum(lasts) - sum(firsts), sum(firsts)) / facts.months
    return Measured(low=growth, high=growth)


def first_response(facts: PeriodFacts, params: Params) -> Measured:
    """Return no figure: questions and answers are not collected yet."""
    del facts, params
    return absent(Code.NOT_COMPUTED)


def recall_survey(facts: PeriodFacts, params: Params) -> Measured:
    """Return respondents who recall a message ÷ respondents, in percent; also: at least min_n of them."""
    survey = facts.survey
    if survey is None or not survey.file_sha256:
        return absent(Code.NOT_COLLECTED)
    if not survey.respondents:
        return absent(Code.NOTHING_DUE)
    figure = percent(survey.recalling, survey.respondents)
    enough = survey.respondents >= whole(params, "min_n")
    return Measured(
        low=figure,
        high=figure,
        numerator=survey.recalling,
        denominator=survey.respondents,
        also=Verdict.PASS if enough else Verdict.FAIL,
        proofs=(Proof(ProofKind.SURVEY, survey.id, Effect.LISTED, Code.SURVEY_READ),),
        notes=() if enough else (Note(Code.SURVEY_TOO_SMALL, {"n": survey.respondents}),),
    )


def memory_proxy(facts: PeriodFacts, params: Params) -> Measured:
    """Return no figure: saves and other people's use of the hashtags are not collected yet."""
    del facts, params
    return absent(Code.NOT_COMPUTED)
