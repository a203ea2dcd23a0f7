"""Clause 3d, what people remember: the recall survey, and a proxy that never stands alone."""

from fractions import Fraction

from core.vocab import Verdict
from kpi.audience import seen
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, percent
from kpi.facts import PeriodFacts
from kpi.findings import Measured, Note, Proof
from kpi.live import Standing, sent, standing
from kpi.params import Params, whole

PER = 1000


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
    """Return (shares + saves + others' uses of our hashtags) per 1 000 reach.

    Never alone: without a recall survey there is no figure. Saves and hashtag uses are read by people off the
    platforms' pages; while either is missing there is none either. Its bound is the office's own baseline.
    """
    del params
    if facts.survey is None:
        return absent(Code.NEVER_ALONE)
    if facts.saves is None or facts.hashtag_uses is None:
        return absent(Code.COUNTS_MISSING)
    figure, base = memory_rate(facts), facts.memory_baseline
    if figure is None:
        return absent(Code.NOT_COLLECTED)
    if base is None:
        return absent(Code.NO_MEMORY_BASELINE)
    days = {"from": base.first_day.isoformat(), "to": base.last_day.isoformat()}
    note = Note(Code.BASELINE_MONTHS if base.three_months else Code.BASELINE_MONTH, days)
    return Measured(low=figure, high=figure, bound=Fraction(base.rate), notes=(note,))


def memory_rate(facts: PeriodFacts) -> Fraction | None:
    """Return the figure of 3d2 alone; None while a count, a share or all reach is missing."""
    live = [one for _, one in sent(facts) if standing(one) is Standing.LIVE and one.engagement]
    shares = [one.engagement.shares for one in live if one.engagement]
    reach = sum(seen(one) or 0 for one in live)
    if facts.saves is None or facts.hashtag_uses is None or None in shares or not reach:
        return None
    acts = sum(share or 0 for share in shares) + facts.saves + facts.hashtag_uses
    return Fraction(acts * PER, reach)
