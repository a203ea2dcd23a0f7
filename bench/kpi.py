"""How long a month's evaluation takes: `python bench/kpi.py [ROWS]` (default 500 posts on two channels)."""

import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from core.clock import SetClock
from core.config import Settings
from core.vocab import Category, Channel, DeliveryState, Metric, PostKind, PostState, ReadingState
from kpi.evaluate import evaluate
from models import Account, Base, Delivery, Event, Post, PostCategory, Reading, Review
from services import criteria, facts, holidays, scoring
from services.runtime import Runtime, build_runtime
from tests.builders import at, make_accounts, make_team

MONTH = "2020-10"
FIRST, AFTER = at("2020-10-01 06:00"), at("2020-11-04 09:00")
EVENTS = 60
WORDS = "สำนักงานเขตแจ้งประชาชนเรื่องงานในพื้นที่ โปรดติดตามรายละเอียดและสอบถามโทร. 1555 "


def main(rows: int) -> None:
    """Fill a month with so many posts and print how long each step of its evaluation took."""
    with tempfile.TemporaryDirectory() as folder:
        rt = build_runtime(Settings(data_dir=Path(folder)), SetClock(AFTER))
        Base.metadata.create_all(rt.engine)
        fill(rt, rows)
        scoring.evaluate_period(rt, MONTH)  # the criteria are copied, the baseline is looked for
        whole = _least([_seconds(lambda: scoring.evaluate_period(rt, MONTH)) for _ in range(3)])
        with rt.sessions.begin() as session:
            period = scoring.period_of(MONTH, AFTER)
            began = time.perf_counter()
            frozen = facts.gather(session, period, rt.media_dir)
            gathered = time.perf_counter() - began
            judged_by = criteria.criteria_of(session, criteria.in_force(session, period.start).digest)
        engine = _least([_seconds(lambda: evaluate(judged_by, frozen)) for _ in range(3)])
        rt.engine.dispose()
    print(f"{rows} posts, {2 * rows} deliveries, {EVENTS} events")
    print(f"facts from the database {gathered:6.2f} s")
    print(f"engine alone            {engine:6.2f} s")
    print(f"whole evaluation, kept  {whole:6.2f} s (at most 1 s)")


def _seconds(work: object) -> float:
    began = time.perf_counter()
    work()  # type: ignore[operator]  # any function without arguments
    return time.perf_counter() - began


def _least(seconds: list[float]) -> float:
    return min(seconds)


def fill(rt: Runtime, rows: int) -> None:
    """Write a month straight into the tables: posts that went out, their reviews, readings and events."""
    with rt.sessions.begin() as session:
        team = make_team(session)
        holidays.seed_holidays(session, 2564)
        session.add_all(_event(number, team.officer.id) for number in range(EVENTS))
    accounts = make_accounts(rt)
    with rt.sessions.begin() as session:
        for number in range(rows):
            session.add(_post(number, rows, team.officer.id))
        session.flush()
        for number in range(rows):
            session.add_all(_of_post(number, rows, accounts, team.approver.id))
        session.flush()
        for number in range(2 * rows):
            session.add_all(_readings(number, list(accounts.values())[number % 2].id))


def _moment(number: int, rows: int) -> object:
    return FIRST + number * (timedelta(days=30) / rows)


def _event(number: int, person: int) -> Event:
    start = FIRST + timedelta(hours=12 * number)
    return Event(
        title=f"กิจกรรม {number}", starts_at=start, ends_at=start + timedelta(hours=3), place="ลานคนเมือง",
        host="สำนักวัฒนธรรม กีฬา และการท่องเที่ยว", target_group="ประชาชนทั่วไป", created_by=person,
        created_at=FIRST - timedelta(days=30),
    )  # fmt: skip


def _post(number: int, rows: int, person: int) -> Post:
    due = _moment(number, rows)
    return Post(
        id=number + 1, kind=list(PostKind)[number % 5], title=f"โพสต์ {number}", due_at=due, author_id=person,
        state=PostState.APPROVED, created_at=FIRST - timedelta(days=9), changed_at=FIRST - timedelta(days=9),
        approved_revision=1, event_id=number % EVENTS + 1 if number % 2 else None,
        categories=[PostCategory(category=list(Category)[number % 8], reason="ตรงหมวด")],
    )  # fmt: skip


def _of_post(number: int, rows: int, accounts: dict[Channel, Account], approver: int) -> list[object]:
    due = _moment(number, rows)
    text = f"{WORDS * (1 + number % 3)} เรื่องที่ {number} {'กขคงจฉชซญฐ'[number % 10] * (number % 37)}"
    review = Review(
        post_id=number + 1, revision=1, decision="approved", approver_id=approver, author_id=1,
        at=FIRST - timedelta(days=8),
    )  # fmt: skip
    return [review] + [
        Delivery(
            post_id=number + 1, account_id=account.id, approved_revision=1,
            payload={"text": text, "link": "", "media": []}, payload_sha256="", due_at=due, not_after=due,
            next_at=due, state=DeliveryState.VERIFIED, remote_id=f"{channel}{number}", published_at=due,
            verified_at=due + timedelta(minutes=1),
        )
        for channel, account in accounts.items()
    ]  # fmt: skip


def _readings(number: int, account: int) -> list[Reading]:
    names = [one for one in Metric if one is not Metric.FOLLOWERS]
    return [
        Reading(
            account_id=account, delivery_id=number + 1, metric=name, state=ReadingState.VALUE,
            value=100 + number, read_at=AFTER - timedelta(hours=look), source="bench",
        )
        for name in names
        for look in (2, 1)
    ]  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
