"""Facts made in one call each; what is not said is ordinary and right."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from core.vocab import Category, Channel, DeliveryState, EventState, PostKind, Verdict
from kpi.codes import Code, Effect, Reading
from kpi.criteria import CriteriaSet
from kpi.criteria_files import load_criteria, packaged_criteria
from kpi.facts import (
    AttestationFact,
    DeliveryFact,
    EventFact,
    PeriodFacts,
    PlanFact,
    PlanItemFact,
    PostFact,
    TagFact,
)
from kpi.findings import Finding, Proof
from kpi.item_facts import ItemFact, LinkCheckFact
from kpi.judging import find

OCTOBER = datetime(2020, 9, 30, 17, tzinfo=UTC)  # 1 October 2563, 00.00 in Bangkok
NOVEMBER = datetime(2020, 10, 31, 17, tzinfo=UTC)
JANUARY = datetime(2020, 12, 31, 17, tzinfo=UTC)
LATER = datetime(2020, 11, 5, tzinfo=UTC)  # the month is over
START = datetime(2020, 10, 20, 10, tzinfo=UTC)  # of ordinary events: 20 October, 17.00 in Bangkok
LONG_AGO = datetime(2020, 8, 1, tzinfo=UTC)
CITIZENS = "ประชาชนทั่วไป"
HASH = "ab" * 32


@cache
def criteria() -> CriteriaSet:
    return load_criteria(packaged_criteria(2564))


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def month(**more: Any) -> PeriodFacts:
    """October 2563, looked at after it is over; lists that are not given are known to be empty."""
    known = {"plans": (), "plan_items": (), "events": (), "posts": (), "items": (), "link_checks": ()}
    ordinary = {"fiscal_year": 2564, "start": OCTOBER, "end": NOVEMBER, "as_of": LATER, "term_findings": ()}
    return PeriodFacts(**{**known, **ordinary, **more})


def event(number: int = 1, **more: Any) -> EventFact:
    """An event of 20 October, entered long ago, three hours long."""
    start = more.get("starts_at", START)
    ordinary = {
        "starts_at": start,
        "ends_at": start + h(3),
        "created_at": LONG_AGO,
        "state": EventState.CONFIRMED,
        "place": "ลานคนเมือง",
        "host": "สำนักวัฒนธรรม กีฬา และการท่องเที่ยว",
        "target_group": CITIZENS,
    }
    return EventFact(id=number, **{**ordinary, **more})


def delivery(number: int, at: datetime | None, **more: Any) -> DeliveryFact:
    """A post on Facebook, out at its due time, read back a minute later; at=None: not out."""
    ordinary = {
        "channel": Channel.FACEBOOK,
        "state": DeliveryState.VERIFIED if at else DeliveryState.SCHEDULED,
        "due_at": at,
        "published_at": at,
        "verified_at": at + timedelta(minutes=1) if at else None,
    }
    return DeliveryFact(id=number, **{**ordinary, **more})


def post(number: int, at: datetime | None, out: dict[str, Any] | None = None, **more: Any) -> PostFact:
    """An announcement on one channel, approved a day before, speaking to citizens; `out` is its delivery."""
    ordinary = {
        "deliveries": (delivery(number + 1000, at, **(out or {})),),
        "kind": PostKind.ANNOUNCE,
        "approved_at": at - h(24) if at else LONG_AGO,
        "target_groups": (CITIZENS,),
        "terms_checked_at": at,
    }
    return PostFact(id=number, **{**ordinary, **more})


def plan(plan_id: int = 1, **more: Any) -> PlanFact:
    ordinary = {
        "fiscal_year": 2564,
        "title": "แผนการพัฒนาสื่อสังคมออนไลน์ ปีงบประมาณ 2564",
        "number": "กท 0411/ตัวอย่าง 1",
        "approver": "สมบูรณ์ ตัวอย่าง",
        "approved_on": date(2020, 10, 1),
        "covers": ("channels", "target_groups", "calendar", "pillars"),
        "file_sha256": HASH,
    }
    return PlanFact(id=plan_id, **{**ordinary, **more})


def item(number: int, category: Category, **more: Any) -> ItemFact:
    ordinary = {
        "stored_at": OCTOBER + h(24),
        "agency": "สำนักงานประชาสัมพันธ์",
        "source": "ตัวอย่าง",
        "item_date": date(2020, 10, 2),
        "rights": "ของสำนักงาน",
        "language": "th",
        "sha256": HASH,
        "mime": "application/pdf",
        "link": f"https://example.org/{number}",
    }
    return ItemFact(id=number, category=category, **{**ordinary, **more})


def link_check(number: int, item_id: int, **more: Any) -> LinkCheckFact:
    ordinary = {
        "checked_at": OCTOBER + h(200),
        "reached": True,
        "http_status": 200,
        "size": 1000,
        "mime": "application/pdf; charset=binary",
        "sha256": HASH,
        "opens": True,
    }
    return LinkCheckFact(id=number, item_id=item_id, **{**ordinary, **more})


def all_of_level_2(**more: Any) -> PeriodFacts:
    """A month whose plan is approved and whose eight categories are all stored and published."""
    items = tuple(item(number, category) for number, category in enumerate(Category, start=1))
    posts = tuple(
        post(number, OCTOBER + h(48), tags=(TagFact(category=category, item_id=number),))
        for number, category in enumerate(Category, start=1)
    )
    checks = tuple(link_check(number, number) for number in range(1, 9))
    given = {"plans": (plan(),), "items": items, "posts": posts, "link_checks": checks}
    return month(**{**given, **more})


def all_of_level_3(**more: Any) -> PeriodFacts:
    """Besides, an event told a week before as planned, reminded of, reported; every attestation signed."""
    facts = all_of_level_2()
    told = (
        post(101, START - h(168), event_id=1),
        post(102, START - h(48), event_id=1, kind=PostKind.REMINDER),
        post(103, START + h(5), event_id=1, kind=PostKind.RECAP),
    )
    signed = tuple(
        AttestationFact(id=n, code=f"H{n}", confirmed=True, signed_at=LATER - h(1)) for n in range(1, 5)
    )
    announced = PlanItemFact(
        id=1, due_at=START - h(168), created_at=LONG_AGO, approved=True, plan_id=1, post_id=101
    )
    given = {
        "events": (event(),),
        "posts": (*(facts.posts or ()), *told),
        "plan_items": (announced,),
        "attestations": signed,
    }
    return replace(facts, **{**given, **more})


def found(criterion_id: str, facts: PeriodFacts, scored_by: Reading = Reading.TARGET) -> Finding:
    """Judge one criterion of the packaged set."""
    wanted = next(one for one in criteria().criteria if one.id == criterion_id)
    return find(wanted, scored_by, facts, small_base=5)


def codes(finding: Finding, effect: Effect | None = None) -> list[Code]:
    """Return the codes of a finding's references, in order."""
    return [proof.code for proof in finding.proofs if effect in (None, proof.effect)]


def about(finding: Finding, number: int) -> list[Proof]:
    """Return the references to one thing."""
    return [proof for proof in finding.proofs if proof.id == number]


def reasons(finding: Finding) -> list[Code]:
    """Return the codes of a finding's notes."""
    return [note.code for note in finding.notes]


def outcome(finding: Finding) -> tuple[Verdict, str | None]:
    """Return verdict and figure together."""
    return finding.verdict, None if finding.value is None else str(finding.value)
