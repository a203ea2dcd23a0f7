"""No criterion is silently impossible: one month in which the office did everything passes each of them."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import cycle

import pytest

from core.vocab import Category, Channel, EventState, PostKind, Verdict
from kpi.codes import Reading
from kpi.evaluate import evaluate
from kpi.facts import AttestationFact, EngagementFact, PeriodFacts, PlanItemFact, PostFact, TagFact
from kpi.item_facts import ExtraFact, ItemFact
from kpi.judging import find
from kpi.office_facts import (
    BaselineFact,
    CorrectionFact,
    FollowersFact,
    ImprovementFact,
    MemoryBaselineFact,
    ProfileCheckFact,
    ReportFact,
    ResponseFact,
    SurveyFact,
)
from tests.kpi.made import (
    HASH,
    LATER,
    LONG_AGO,
    NOVEMBER,
    OCTOBER,
    START,
    criteria,
    delivery,
    event,
    h,
    item,
    link_check,
    month,
    plan,
    post,
)

FIRST, LAST = date(2020, 10, 1), date(2020, 10, 31)
AGENCIES = ("สำนักการระบายน้ำ", "สำนักอนามัย")
GROUPS = tuple(next(one for one in criteria().criteria if one.id == "3e3").params["groups"])
READ = EngagementFact(reactions=8, comments=2, shares=3, clicks=5, reach=100, impressions=100)
BOTH = {"engagement": READ, "channel": Channel.FACEBOOK}, {"engagement": READ, "channel": Channel.X}
TEMPLATES = tuple(one for level in criteria().levels for one in level.templates)
CALLED_OFF = OCTOBER + h(400)


@cache
def everything() -> PeriodFacts:
    """October 2563: a post every six hours on both channels, told, read, sorted, surveyed and signed."""
    posts = (*_ordinary(), *_of_events())
    return month(
        plans=(plan(),), plan_items=_planned(posts), events=_events(), posts=posts, items=tuple(_items()),
        link_checks=tuple(link_check(n, n) for n in range(1, 9)), attestations=tuple(_signed()),
        improvements=(ImprovementFact(id=1, at=START, baseline=Decimal(1), after=Decimal(2), better=True,
                                      finding="3b2"),),
        profile_checks=tuple(_looks()), corrections=(CorrectionFact(id=1, post_id=1, minutes=30),),
        agencies=AGENCIES, reach=40_000,
        followers=tuple(FollowersFact(channel=one, first=1000, last=1100) for one in Channel),
        baseline=BaselineFact(first_day=FIRST, last_day=LAST, reach=1000, engagement_rate=Decimal(1)),
        memory_baseline=MemoryBaselineFact(
            first_day=FIRST, last_day=LAST, three_months=True, rate=Decimal(1)
        ),
        survey=SurveyFact(
            id=1, respondents=120, recalling=90, file_sha256=HASH, method="ออนไลน์",
            fielded_until=date(2020, 10, 10), reported_on=date(2020, 10, 20),
        ),
        responses=(ResponseFact(id=1, asked_at=START, answered_at=START + timedelta(minutes=5)),),
        reports=(ReportFact(id=1, acknowledged_on=date(2020, 10, 30), file_sha256=HASH),),
        saves=10, hashtag_uses=10, holidays=(),
    )  # fmt: skip


def _ordinary() -> list[PostFact]:
    tags, pillars, agencies = cycle((Category.NEWS, *Category)), cycle("กขค"), cycle((*AGENCIES, *GROUPS))
    found, at = [], OCTOBER + h(1)
    while at < NOVEMBER:
        category, number = next(tags), len(found) + 1
        item_id = list(Category).index(category) + 1
        found.append(
            _said(number, at, pillars=(next(pillars),), agencies=(next(agencies),),
                  tags=(TagFact(category=category, item_id=item_id),))
        )  # fmt: skip
        at += h(6)
    return found


def _said(number: int, at: datetime, **more: object) -> PostFact:
    out = tuple(delivery(number * 10 + n, at, **one) for n, one in enumerate(BOTH))
    right = {"on_template": True, "original": True, "pillars": ("ก",), "agencies": (), "names_agency": True}
    return post(number, at, **{**right, "deliveries": out, "gives_contact": True, **more})


def _of_events() -> list[PostFact]:
    photo = (TagFact(category=Category.PHOTO, item_id=list(Category).index(Category.PHOTO) + 1),)
    return [
        _said(901, START - h(240), event_id=1, pillars=("ข",)),
        _said(902, START - h(48), event_id=1, kind=PostKind.REMINDER, pillars=("ค",)),
        _said(903, START + h(5), event_id=1, kind=PostKind.RECAP, tags=photo),
        _said(904, CALLED_OFF + h(1), event_id=2, kind=PostKind.CORRECTION, pillars=("ข",)),
    ]


def _events() -> tuple[object, ...]:
    called_off = {"state": EventState.CANCELLED, "cancelled_at": CALLED_OFF, "starts_at": CALLED_OFF + h(20)}
    return event(1, flagship=True), event(2, **called_off)


def _planned(posts: tuple[PostFact, ...]) -> tuple[PlanItemFact, ...]:
    return tuple(
        PlanItemFact(
            id=one.id, due_at=one.deliveries[0].due_at or START, created_at=LONG_AGO, approved=True,
            plan_id=1, post_id=one.id,
        )
        for one in posts
    )  # fmt: skip


def _items() -> list[ItemFact]:
    extras = {
        one.params["category"]: one.params["extras"] for one in criteria().criteria if "extras" in one.params
    }
    return [
        item(n, one, extras=tuple(ExtraFact(code=code, ok=True) for code in extras[one.value]))
        for n, one in enumerate(Category, start=1)
    ]


def _looks() -> list[ProfileCheckFact]:
    points = next(one for one in criteria().criteria if one.id == "3a5").params["points"]
    return [
        ProfileCheckFact(id=n, channel=channel, point=point, ok=True, checked_at=START)
        for n, (channel, point) in enumerate((one, point) for one in Channel for point in points)
    ]


def _signed() -> list[AttestationFact]:
    return [AttestationFact(id=n, code=f"H{n}", confirmed=True, signed_at=LATER - h(1)) for n in range(1, 5)]


@pytest.mark.parametrize("reading", list(Reading))
@pytest.mark.parametrize("one", [*criteria().criteria, *TEMPLATES], ids=lambda one: one.id)
def test_the_month_in_which_everything_was_done_passes_it(one, reading):
    found = find(one, reading, everything(), small_base=5)
    assert found.verdict is Verdict.PASS, found


def test_that_month_reaches_the_highest_level_the_form_defines():
    evaluation = evaluate(criteria(), everything())
    assert str(evaluation.score) == "3.00"
    assert len(criteria().criteria) == 42  # the 41 of the form and the cancellation measure beside them


@pytest.mark.parametrize("one", [*criteria().criteria, *TEMPLATES], ids=lambda one: one.id)
def test_no_criterion_passes_of_itself(one):
    nothing = PeriodFacts(fiscal_year=2564, start=OCTOBER, end=NOVEMBER, as_of=LATER)
    assert find(one, Reading.TARGET, nothing, small_base=5).verdict is not Verdict.PASS


def test_every_kind_of_fact_is_given_in_it():
    bare, given = PeriodFacts(fiscal_year=2564, start=OCTOBER, end=NOVEMBER, as_of=LATER), everything()
    unused = {one.name for one in fields(PeriodFacts) if getattr(given, one.name) == getattr(bare, one.name)}
    defaults = {"fiscal_year", "start", "end", "as_of", "claimed", "corrections_whole", "reach_unread"}
    assert unused <= defaults
