"""What people signed, put on a period's papers: H1 to H4 and the result, and who signs on paper."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.fiscal import Span, quarter
from core.i18n import text
from kpi.criteria import CriteriaSet
from models import Attestation, EvaluationRun, Person
from reports.document import Attested, Signature, SignedWord
from reports.manifest import canonical
from reports.wording import Wording
from services.evidence_sources import TH
from services.scoring import RESULT
from services.signing import still_true

Statement = Mapping[str, Any]


def signed_rows(session: Session, span: Span, now: datetime) -> Sequence[Attestation]:
    """Return every signature of the span and of its quarters, oldest first."""
    spans = {(one.start(), one.end()) for one in _signed_spans(span)}
    rows = session.scalars(
        select(Attestation)
        .outerjoin(EvaluationRun, EvaluationRun.id == Attestation.run_id)
        .where(
            Attestation.fiscal_year == span.fiscal_year,
            Attestation.signed_at <= now,
            func.coalesce(EvaluationRun.indicator, "") == "",  # another indicator's result has its own papers
        )
        .order_by(Attestation.id)
    )
    return [row for row in rows if (row.period_start, row.period_end) in spans]


def attested(
    rows: Sequence[Attestation], span: Span, criteria: CriteriaSet, now: datetime
) -> tuple[Attested, ...]:
    """Return each statement of each quarter that the span touches, signed or not, in the order of time.

    Statements are signed by quarter; what was signed for the month or the year itself stands after them.
    """
    titles = {one.id: (one.title.th, one.text.th) for one in criteria.attestations}
    titles[RESULT] = (text("evidence.result_title", TH), text("evidence.result_text", TH))
    found = []
    for one in _signed_spans(span):
        mine = [row for row in rows if (row.period_start, row.period_end) == (one.start(), one.end())]
        if one.quarter or mine:
            found += [
                Attested(
                    code="" if code == RESULT else code, title=title, text=said, period=_called(one),
                    open=one.end() > now, words=tuple(_word(row) for row in mine if row.code == code),
                )
                for code, (title, said) in titles.items()
            ]  # fmt: skip
    return tuple(found)


def signed_files(rows: Iterable[Attestation]) -> dict[str, bytes]:
    """Return what was signed, byte for byte, by file name: each file's SHA-256 is the one that was signed."""
    return {_file(row): canonical(row.statement) for row in rows}


def paper_signatures(maker: Person | None, rows: Sequence[Attestation], span: Span) -> tuple[Signature, ...]:
    """Return the places to sign on paper; in the last, who signed the span's own result in the system."""
    own = (span.start(), span.end())
    results = [row for row in rows if row.code == RESULT and (row.period_start, row.period_end) == own]
    signed = results[-1] if results and results[-1].confirmed else None
    return (
        Signature(
            role=text("evidence.role_maker", TH),
            name=maker.name if maker else "",
            position=maker.position if maker else "",
        ),
        Signature(role=text("evidence.role_checker", TH)),
        Signature(
            role=text("evidence.role_certifier", TH),
            name=signed.signer if signed else "",
            position=signed.position if signed else "",
            signed_at=signed.signed_at if signed else None,
            sha256=signed.statement_sha256 if signed else "",
        ),
    )


def _signed_spans(span: Span) -> list[Span]:
    """Return the quarters that a span touches, then the span itself."""
    numbers = [number for number, _ in groupby(quarter(month.first_day()) for month in span.months)]
    quarters = [Span.parse(f"{span.fiscal_year}-q{number}") for number in numbers]
    return quarters if span in quarters else [*quarters, span]


def _called(span: Span) -> str:
    if span.quarter:
        return text("evidence.quarter_words", TH, number=span.quarter, year=span.fiscal_year)
    if span.is_year:
        return text("evidence.year_words", TH, year=span.fiscal_year)
    (month,) = span.months
    return Wording(TH).month(month)


def _word(row: Attestation) -> SignedWord:
    told = _TOLD[row.code](row.statement) if row.code in _TOLD else []
    return SignedWord(
        signer=row.signer, position=row.position, signed_at=row.signed_at, confirmed=row.confirmed,
        dissent=row.dissent, told=tuple(told) or (text("evidence.told.nothing", TH),),
        sha256=row.statement_sha256, file=_file(row), whole=still_true(row),
    )  # fmt: skip


def _file(row: Attestation) -> str:
    return f"signed/{row.code}-{row.id}.json"


def _image(said: Statement) -> list[str]:
    """H1: the marks in sum, then what was said where reviewers differ: dissent is kept."""
    if "posts" not in said:
        return []
    apart = [post for post in said["posts"] if post["apart"]]
    mean = text("verdict.no_data", TH) if said["mean"] is None else said["mean"]
    names = ", ".join(said["reviewers"]) or text("verdict.no_data", TH)
    summed = text(
        "evidence.told.H1", TH, n=len(said["posts"]), of=said["population"], mean=mean, reviewers=names,
        apart=len(apart),
    )  # fmt: skip
    talks = [
        text("evidence.told.talk", TH, title=post["title"], said=" / ".join(post["said"])) for post in apart
    ]
    return [summed, *talks]


def _memory(said: Statement) -> list[str]:
    if "survey" not in said:
        return []
    return [text("evidence.told.H2", TH, **{key: said[key] for key in _SURVEY})]


_SURVEY = ("title", "method", "respondents", "recalling", "file", "file_sha256")


def _duties(said: Statement) -> list[str]:
    if "words" not in said:
        return []
    against = [word for word in said["words"] if not word["correct"]]
    return [
        text("evidence.told.H3", TH, n=said["confirmed"], against=len(against)),
        *(text("evidence.told.incorrect", TH, **word) for word in against),
    ]


def _directly(said: Statement) -> list[str]:
    return [text("evidence.told.H4", TH, told=said["told"])] if "told" in said else []


def _result(said: Statement) -> list[str]:
    if "run" not in said:
        return []
    seen = Wording(TH).moment(datetime.fromisoformat(said["as_of"]))
    score = text("verdict.no_data", TH) if said["score"] == str(None) else said["score"]
    return [text("evidence.told.result", TH, run=said["run"], score=score, target=said["target"], as_of=seen)]


_TOLD: Mapping[str, Callable[[Statement], list[str]]] = {
    "H1": _image, "H2": _memory, "H3": _duties, "H4": _directly, RESULT: _result,
}  # fmt: skip
