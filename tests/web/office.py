"""One office in the middle of its work: something on every page."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from core.fiscal import Span
from core.vocab import (
    AttemptOutcome,
    AttemptPhase,
    Category,
    DeliveryState,
    Health,
    Metric,
    PostKind,
    PostState,
    ReadingState,
)
from models import Account, Attempt, Delivery, Reading, Snapshot
from services import calendar, content, evidence, holidays, importing, planning, plans, queue, scoring
from services.content import ContentForm, Tag
from services.media import Upload
from tests.builders import at, make_approved, make_event, make_picture, make_post
from tests.web.site import Site

FORM = Path(__file__).resolve().parents[2] / "services/samples/kpi-form-2564.txt"


@dataclass(frozen=True)
class Office:
    """Ids of what the pages show."""

    event: int
    draft: int
    waiting: int
    approved: int
    unclear: int
    item: int
    form: int


def fill(site: Site) -> Office:
    """Add events, posts in every state, deliveries that went well and badly, a form, a plan, a file."""
    rt, team, now = site.rt, site.team, site.clock.now()
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, 2564)
        event = make_event(session, team.officer, royal=True)
        off = make_event(session, team.officer, title="ถนนคนเดิน", starts_at=at("2020-10-24 16:00"))
        calendar.cancel_event(session, off.id, "ฝนตก", team.officer, now)
        offers = [offer for offer in planning.wave_of(session, event.id, now) if offer.possible]
        chosen = [planning.Chosen(offer.key, offer.due_at) for offer in offers[:2]]
        planning.create_wave(session, event.id, chosen, team.officer, now)
        waiting = make_post(session, team.officer, PostState.IN_REVIEW, event_id=event.id)
    picture = make_picture(rt, team.officer)
    approved = make_approved(
        rt, team.officer, team.approver, kind=PostKind.ANNOUNCE, event_id=event.id, asset_id=picture,
        alt_text="กระทงในแม่น้ำ", tags=(Tag(Category.CALENDAR),),
    )  # fmt: skip
    with rt.sessions.begin() as session:
        draft = make_post(session, team.officer, bodies={"facebook": "ชาวเขตสาธร <b>ติดตาม</b>ทางเฟสบุ๊ก"})
        unclear = _live_and_unclear(session, [row.id for row in approved], now)
        _in_the_store(session, site)
        account = session.scalars(select(Account).order_by(Account.id.desc())).first()
        account.health, account.health_reason = Health.REAUTH, "token_expired"
    form = _reported(site)
    return Office(event.id, draft.id, waiting.id, approved[0].post_id, unclear, 1, form)


def _live_and_unclear(session, ids, now) -> int:
    live, unclear = (session.get_one(Delivery, one) for one in ids)
    for row in (live, unclear):
        row.move(DeliveryState.SENDING, now)
        session.add(
            Attempt(
                delivery_id=row.id, fence=1, phase=AttemptPhase.POST, owner="worker", started_at=now,
                outcome=AttemptOutcome.UNKNOWN, request_sha256="0" * 64, code="read_timeout",
            )
        )  # fmt: skip
    live.remote_id, live.permalink, live.published_at = "1_2", "https://www.facebook.com/1_2", now
    live.move(DeliveryState.PUBLISHED, now, why="sent")
    live.move(DeliveryState.VERIFIED, now, why="read_back")
    session.add(
        Snapshot(
            delivery_id=live.id, read_at=now, live=True, remote_id="1_2", created_at=now, body="", raw={},
            sha256="ab" * 32,
        )
    )  # fmt: skip
    values = {Metric.REACTIONS: (ReadingState.VALUE, 1234), Metric.COMMENTS: (ReadingState.VALUE, 0)}
    values |= {Metric.REACH: (ReadingState.UNSUPPORTED, None), Metric.CLICKS: (ReadingState.MISSING, None)}
    session.add_all(
        Reading(
            account_id=live.account_id, delivery_id=live.id, metric=name, state=state, value=value,
            read_at=now, source="test",
        )
        for name, (state, value) in values.items()
    )  # fmt: skip
    unclear.move(DeliveryState.UNCERTAIN, now, why="read_timeout")
    unclear.reason = "found_twice"
    unclear.move(DeliveryState.NEEDS_HUMAN, now, why="found_twice")
    return unclear.id


def _in_the_store(session, site: Site) -> None:
    form = ContentForm(
        Category.EBOOK, "สถิติ 2562 กรุงเทพมหานคร", "สำนักยุทธศาสตร์และประเมินผล", date(2020, 10, 27),
        link="https://www.bangkok.go.th/stats",
    )  # fmt: skip
    content.add_item(session, form, site.team.officer, site.clock.now())


def _reported(site: Site) -> int:
    rt, kpi_officer, now = site.rt, site.team.kpi_officer, site.clock.now()
    plan = plans.PlanForm(
        2564, "แผนสื่อสังคมออนไลน์", "กท 0411/1", "ผู้อำนวยการ", date(2020, 10, 1),
        Upload("plan.pdf", b"%PDF-1.4 plan"),
    )  # fmt: skip
    plans.add_plan_document(rt, plan, kpi_officer)
    with rt.sessions.begin() as session:
        form = importing.import_form(session, FORM.name, FORM.read_bytes(), kpi_officer, now)
        evidence.request_bundle(session, Span.parse("2020-10"), kpi_officer, now)
    scoring.evaluate_period(rt, "2564")
    return form.id


def hold_first(site: Site) -> int:
    """Hold the first delivery that waits and return its id."""
    with site.rt.sessions.begin() as session:
        row = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SCHEDULED)).first()
        queue.hold_delivery(session, row.id, "รอตรวจ", site.team.officer, site.clock.now())
        return row.id
