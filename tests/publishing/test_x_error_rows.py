"""Each answer of X's table to a public call: what becomes of post and account, and what a person reads."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from core.i18n import text
from core.vocab import AlertKind, AttemptOutcome, Channel, DeliveryState, Health
from models import Account, Alert, Delivery, Switch
from services import publishing
from tests.connectors.stand_in import Reply, standing_in
from tests.publishing.conftest import Office, opened, settings_for

TABLE = Path(__file__).parents[1] / "connectors" / "replies" / "x.json"
ROWS: list[dict[str, Any]] = json.loads(TABLE.read_text("utf-8"))
STATES = {
    "Rejected": DeliveryState.FAILED,
    "RetryLater": DeliveryState.SCHEDULED,
    "OutcomeUnknown": DeliveryState.UNCERTAIN,
}
OUTCOMES = {
    "Rejected": AttemptOutcome.REJECTED,
    "RetryLater": AttemptOutcome.RETRY,
    "OutcomeUnknown": AttemptOutcome.UNKNOWN,
}
# what happened, and what to do next
SENTENCES = {
    "account_suspended": ("ระงับบัญชีนี้", "ยื่นอุทธรณ์"),
    "answer_unreadable": ("อ่านคำตอบไม่ได้", "โปรดอย่าโพสต์ซ้ำเอง"),
    "bad_request": ("ข้อมูลของรายการนี้ไม่ถูกต้อง", "แก้ไขโพสต์"),
    "credits_exhausted": ("วงเงิน API ของ X หมด", "โปรดเติมวงเงิน"),
    "duplicate_refused": ("มีโพสต์เหมือนกันอยู่แล้ว", "กำลังค้นหา"),
    "link_refused": ("ไม่รับลิงก์", "โปรดตรวจว่าลิงก์"),
    "media_not_ready": ("ยังเตรียมรูปภาพไม่เสร็จ", "ลองใหม่"),
    "media_refused": ("ไม่รับไฟล์รูปภาพหรือวิดีโอ", "โปรดเปลี่ยนไฟล์"),
    "not_enrolled": ("แผนบริการ API ของ X", "ตรวจสอบแผนบริการ"),
    "not_found": ("ไม่พบรายการนี้", "โปรดเปิดดู"),
    "not_permitted": ("ไม่อนุญาตโพสต์นี้", "โปรดตรวจความยาว"),
    "rate_limited": ("เกินจำนวนครั้ง", "ส่งใหม่เอง"),
    "read_only_token": ("อ่านได้อย่างเดียว", "Read and write"),
    "refused_unknown": ("ยังไม่รู้จัก", "โปรดอ่านคำตอบของ X"),
    "reply_refused": ("ไม่ให้ตอบกลับ", "โปรดเผยแพร่เป็นโพสต์ใหม่"),
    "server_error": ("ขัดข้องขณะรับโพสต์", "โปรดอย่าโพสต์ซ้ำเอง"),
    "text_refused": ("ไม่รับข้อความนี้", "โปรดแก้ไขข้อความ"),
    "text_too_long": ("ยาวเกิน", "โปรดตัดข้อความ"),
    "token_dead": ("ไม่รับกุญแจ", "เชื่อมต่อบัญชีใหม่"),
    "unclear_answer": ("ไม่รู้จัก", "โปรดอย่าโพสต์ซ้ำเอง"),
    "usage_capped": ("ครบเพดาน", "โปรดเพิ่มเพดาน"),
    "wrong_token_kind": ("เป็นของแอป", "กุญแจของบัญชีผู้ใช้"),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory, platforms):
    """One office whose X says what it is told to."""
    with standing_in() as stand_in:
        settings = settings_for(tmp_path_factory.mktemp("office"), platforms).model_copy(
            update={"x_url": stand_in.url}
        )
        with opened(settings, platforms) as office:
            yield office, stand_in


@pytest.fixture
def fresh(scene):
    """The account is sound and nothing else waits, whatever the last answer did."""
    office, _ = scene
    with office.rt.sessions.begin() as session:
        account = session.scalars(select(Account).where(Account.channel == Channel.X)).one()
        account.health, account.blocked_until = Health.OK, None
        session.execute(delete(Alert))
        session.execute(delete(Switch))
        session.execute(update(Delivery).values(next_at=office.clock.now() + timedelta(days=9)))
    return scene


def send(office: Office, words: str) -> Any:
    number = office.approved(Channel.X, words)
    publishing.due_count(office.rt, life=office.life)
    publishing.drain(office.rt, office.life)
    return office.delivery(number)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_answer_has_one_end_and_one_sentence(fresh, row):
    office, stand_in = fresh
    stand_in.say(Reply(row["body"], row["status"], row.get("headers", {})))
    found = send(office, f"ข้อความที่ {ROWS.index(row)}")
    kind, code, *health = row["publish"].split()
    (attempt,) = office.attempts(found.id)
    assert (found.state, found.reason, attempt.outcome) == (STATES[kind], code, OUTCOMES[kind])
    assert attempt.http_status == row["status"]
    assert all(words in text(f"reason.{code}") for words in SENTENCES[code])
    account = office.account(Channel.X)
    assert account.health == (health[0] if health else Health.OK)
    with office.rt.sessions.begin() as session:
        alerts = list(session.scalars(select(Alert.code).where(Alert.kind == AlertKind.ACCOUNT)))
    assert alerts == ([code] if health or code == "refused_unknown" else [])


CATCH_ALL = Reply(
    {"detail": "You are not permitted to perform this action.", "type": "about:blank", "status": 403}, 403
)


def held(office: Office) -> list[str]:
    with office.rt.sessions.begin() as session:
        return list(session.scalars(select(Switch.why).where(Switch.stopped)))


def test_two_refusals_without_a_reason_in_a_row_hold_the_account_until_a_person_lets_it_go(fresh):
    office, stand_in = fresh
    stand_in.say(Reply({"data": {"id": "1"}}, 201))
    send(office, "ก่อนหน้านี้ปกติ")
    stand_in.say(CATCH_ALL)
    assert send(office, "ครั้งที่หนึ่ง").state is DeliveryState.FAILED
    assert held(office) == []
    assert send(office, "ครั้งที่สอง").state is DeliveryState.FAILED
    assert held(office) == [text("reason.refused_in_a_row")]
    stand_in.say(Reply({"data": {"id": "2"}}, 201))
    waiting = send(office, "ครั้งที่สาม")
    assert (waiting.state, office.attempts(waiting.id)) == (DeliveryState.SCHEDULED, [])


def test_an_answer_nobody_knows_yet_counts_as_one_without_a_reason(fresh):
    office, stand_in = fresh
    stand_in.say(Reply({"data": {"id": "3"}}, 201))
    send(office, "ก่อนคำตอบใหม่ปกติ")
    stand_in.say(CATCH_ALL)
    assert send(office, "ไม่บอกเหตุผล").state is DeliveryState.FAILED
    stand_in.say(Reply({"title": "Gone", "detail": "Gone", "type": "about:blank"}, 410))
    assert send(office, "คำตอบใหม่").reason == "refused_unknown"
    assert held(office) == [text("reason.refused_in_a_row")]


def test_a_refusal_between_good_posts_holds_nothing(fresh):
    office, stand_in = fresh
    good = [Reply({"data": {"id": one}}, 201) for one in ("7", "8")]
    for number, answer in enumerate((good[0], CATCH_ALL, good[1], CATCH_ALL)):
        stand_in.say(answer)
        send(office, f"สลับกัน {number}")
        office.advance(timedelta(seconds=1))
    assert held(office) == []
