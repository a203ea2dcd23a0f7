"""Measures of the levels that the office may adopt: evaluation reported, findings used, executives told."""

from datetime import timedelta

from core.clock import bangkok
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, tally
from kpi.facts import PeriodFacts
from kpi.findings import Measured, Proof
from kpi.params import Params, whole


def evaluation_report(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many surveys have n, method, file, and a report within max_report_days of the field work."""
    survey = facts.survey
    if survey is None:
        return absent(Code.NOT_COLLECTED)
    most = timedelta(days=whole(params, "max_report_days"))
    given = (
        ("respondents", survey.respondents),
        ("method", survey.method),
        ("file_sha256", survey.file_sha256),
    )
    lacking = [name for name, value in given if not value]
    if lacking:
        proof = Proof(ProofKind.SURVEY, survey.id, Effect.BREAKS, Code.SURVEY_INCOMPLETE, {"fields": lacking})
    elif survey.reported_on is None or survey.fielded_until is None:
        late = survey.fielded_until and bangkok(facts.as_of).date() > survey.fielded_until + most
        effect, code = (Effect.BREAKS, Code.REPORT_LATE) if late else (Effect.OPEN, Code.REPORT_AWAITED)
        proof = Proof(ProofKind.SURVEY, survey.id, effect, code)
    elif survey.reported_on - survey.fielded_until > most:
        proof = Proof(ProofKind.SURVEY, survey.id, Effect.BREAKS, Code.REPORT_LATE)
    else:
        proof = Proof(ProofKind.SURVEY, survey.id, Effect.PROVES, Code.REPORT_IN_TIME)
    return tally([proof])


def improvement_traced(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many improvements of the period answer a named finding and have an after-value."""
    del params
    if facts.improvements is None:
        return absent(Code.NOT_COLLECTED)
    proofs = []
    for one in facts.improvements:
        if facts.holds(one.at):
            traced = bool(one.finding) and one.after is not None
            effect = Effect.PROVES if traced else Effect.LISTED
            code = Code.IMPROVEMENT_TRACED if traced else Code.IMPROVEMENT_UNTRACED
            proofs.append(Proof(ProofKind.IMPROVEMENT, one.id, effect, code))
    return tally(proofs)


def executive_report(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many reports with a file an executive acknowledged in the period."""
    del params
    if facts.reports is None:
        return absent(Code.NOT_COLLECTED)
    first, last = bangkok(facts.start).date(), bangkok(facts.until).date()
    mine = [one for one in facts.reports if first <= one.acknowledged_on <= last and one.file_sha256]
    return tally([Proof(ProofKind.REPORT, one.id, Effect.PROVES, Code.REPORT_ACKNOWLEDGED) for one in mine])
