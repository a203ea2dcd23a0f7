"""The year's form, set section by section as the office files it; words come from locales and form."""

from collections.abc import Iterable

from core.fiscal import Month, months_of, quarter
from core.i18n import catalogue
from reports.attested import attested_data, attested_flow
from reports.flow import Block, Heading, SignHere, Words
from reports.wording import Wording, form_date
from reports.year_form import YearForm

TICKED, EMPTY = "( / )", "(   )"
QUARTERS = (1, 2, 3, 4)


def year_form_flow(form: YearForm) -> tuple[Block, ...]:
    """Return the blocks of the form, in its own order: 1 to 9, then the signature, then our remarks."""
    wording = Wording(form.language)
    return (
        *_head(form, wording),
        *_result(form, wording),
        *_report(form, wording),
        *_listed(form.factors, "factors", wording),
        *_listed(form.obstacles, "obstacles", wording),
        *_listed(form.evidence, "evidence", wording),
        SignHere(
            sign=wording.word("form.sign"), role=wording.word("form.owner"), name=form.owner,
            position_label=wording.word("form.position"), position=form.position,
        ),
        *_attested(form, wording),
        *_remarks(form, wording),
    )  # fmt: skip


def _head(form: YearForm, wording: Wording) -> Iterable[Block]:
    """Sections 1 to 4."""
    yield Words(form.name, label=wording.word("form.name"))
    ticks = "   ".join(f"{TICKED if one == form.result_type else EMPTY} {one}" for one in form.result_types)
    yield Words(ticks, label=wording.word("form.result_type"))
    if form.aims:
        yield Words("", label=wording.word("form.plan"), indent=1)
    yield from (Words(aim.text, label=f"{aim.label} :", indent=1) for aim in form.aims)
    yield Words("", label=wording.word("form.terms"))
    for one in form.terms:
        yield Words(wording.word("form.means", term=one.term, text=one.text), indent=1)
    yield Words("", label=wording.word("form.method"))
    for level in form.levels:
        words = " ".join(part for part in (level.text, f"[{level.verdict}]" if level.verdict else "") if part)
        yield Words(words, label=wording.word("form.level", number=level.number), indent=1)


def _result(form: YearForm, wording: Wording) -> Iterable[Block]:
    """Section 5: what is claimed beside what is proved."""
    none = wording.term("verdict.no_data")
    claimed, evidenced = (
        none if value is None else f"{value:.2f}" for value in (form.claimed, form.evidenced)
    )
    yield Words(
        wording.word("form.levels", value=wording.figure(form.target)), label=wording.word("form.target")
    )
    yield Words(wording.word("form.equals", value=claimed), label=wording.word("form.claimed"), indent=1)
    yield Words(wording.word("form.equals", value=evidenced), label=wording.word("form.evidenced"), indent=1)
    yield Words(form.headline, indent=1)


def _report(form: YearForm, wording: Wording) -> Iterable[Block]:
    """Section 6: the lines of each quarter, then the same lines again as the year's summary."""
    yield Words("", label=wording.word("form.report"))
    for number in QUARTERS:
        yield Words("", label=wording.word("form.quarter", number=number), indent=1)
        yield from _lines(form, number, wording)
    yield Words("", label=wording.word("form.summary"), indent=1)
    for number in QUARTERS:
        yield Words("", label=wording.word("form.summary_quarter", number=number), indent=2)
        yield from _lines(form, number, wording)


def _lines(form: YearForm, number: int, wording: Wording) -> Iterable[Block]:
    mine = [line for line in form.lines if quarter(line.on) == number]
    for line in sorted(mine, key=lambda line: line.on):
        yield Words(line.text, label=f"{form_date(line.on)} :", indent=3)
    for month in _silent(form, number):
        yield Words(wording.word("form.no_line", month=wording.month(month)), indent=3, note=True)


def _silent(form: YearForm, number: int) -> Iterable[Month]:
    """Yield the quarter's months that have begun and have no line: a gap is shown, never filled."""
    told = {Month.of(line.on) for line in form.lines}
    for month in months_of(form.fiscal_year)[number * 3 - 3 : number * 3]:
        if month not in told and month.start() <= form.as_of:
            yield month


def _listed(items: tuple[str, ...], name: str, wording: Wording) -> Iterable[Block]:
    yield Words("", label=wording.word(f"form.{name}"))
    if not items:
        yield Words(wording.word("form.none"), indent=1)
    yield from (Words(item, indent=1) for item in items)


def _attested(form: YearForm, wording: Wording) -> Iterable[Block]:
    """Yield what was signed for each quarter; nothing in forms frozen before statements were printed."""
    if form.attested:
        words = catalogue(form.language)["reports"]["evidence"]
        yield Heading(words["attested"])
        yield from attested_flow(attested_data(form.attested, wording), words)


def _remarks(form: YearForm, wording: Wording) -> Iterable[Block]:
    """Who made this paper from what, what differs from the imported form, and what a reader would ask."""
    yield Heading(wording.word("form.remarks"))
    facts = {
        "number": wording.word("form.number_value", number=form.number, version=form.version),
        "reason": form.reason,
        "made": " ".join(part for part in (wording.moment(form.made_at), form.made_by) if part),
        "as_of": wording.moment(form.as_of),
        "criteria": f"{form.criteria} · SHA-256 {form.criteria_digest}",
        "previous": f"{form.previous.number} · {form.previous.manifest_sha256}" if form.previous else "",
    }
    for label, value in facts.items():
        if value:
            yield Words(value, label=wording.word(f"evidence.{label}"), note=True)
    yield from (Words(remark, indent=1, note=True) for remark in form.remarks)


def running(form: YearForm) -> str:
    """Return what stands at the head of every page."""
    wording = Wording(form.language)
    return wording.word("form.title", year=form.fiscal_year)
