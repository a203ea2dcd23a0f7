"""What citizens find in a small office: something of every kind, and beside it what they may not see."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pikepdf

from core.vocab import Category, Consent, DeliveryState
from models import Account, Delivery, Snapshot
from services import calendar, content, details, downloads, media, opening
from services.content import ContentForm
from services.details import Details, Photo
from services.media import Upload
from services.runtime import Runtime
from tests.builders import START, Team, at, jpeg, make_approved, make_event

HIDDEN = "ยังไม่เปิดเผยแพร่"
OFFICE = "สำนักงานประชาสัมพันธ์"


@dataclass(frozen=True)
class Shelf:
    """Ids of what stands there; hidden ids must never be served."""

    news: int
    org: int
    service: int
    album: int
    ebook: int
    stats: int
    form: int
    hidden: int
    event: int
    hidden_event: int
    cancelled: int
    post: int
    hidden_post: int


def pdf(pages: int = 1) -> bytes:
    written = BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        made.save(written)
    return written.getvalue()


def fill_shelf(rt: Runtime, team: Team) -> Shelf:
    """Store, open, announce and publish."""
    with rt.sessions.begin() as session:
        event = make_event(session, team.officer)
        calendar.confirm_event(session, event.id, team.officer, START)
        hidden_event = make_event(session, team.officer, title=HIDDEN, starts_at=at("2020-11-05 09:00"))
        off = make_event(session, team.officer, title="ถนนคนเดิน", starts_at=at("2020-10-24 16:00"))
        calendar.confirm_event(session, off.id, team.officer, START)
        calendar.cancel_event(session, off.id, "ฝนตก", team.officer, START)
    stored = _items(rt, team, event.id)
    rows = make_approved(rt, team.officer, team.approver, event_id=event.id)
    publish(rt, [row.id for row in rows])
    hidden_post = make_approved(rt, team.officer, team.approver, title=HIDDEN)[0].post_id
    return Shelf(
        **stored, event=event.id, hidden_event=hidden_event.id, cancelled=off.id, post=rows[0].post_id,
        hidden_post=hidden_post,
    )  # fmt: skip


def store(rt: Runtime, team: Team, form: ContentForm, *, opened: bool = True) -> int:
    """Store an item and, if it is to be seen, open it."""
    with rt.sessions.begin() as session:
        item = content.add_item(session, form, team.officer, rt.clock.now())
        session.flush()
        if item.asset_id:
            downloads.link_item(session, rt, item.id)
        if opened:
            opening.open_item(session, item.id, team.approver, rt.clock.now())
        return item.id


def publish(rt: Runtime, ids: list[int]) -> None:
    """Let deliveries have gone out and been read back."""
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        for one in ids:
            row = session.get_one(Delivery, one)
            channel = session.get_one(Account, row.account_id).channel
            row.move(DeliveryState.SENDING, now)
            row.remote_id, row.published_at, row.verified_at = f"9{one}", now, now
            row.permalink = f"https://example.org/{channel.value}/{one}"
            row.move(DeliveryState.PUBLISHED, now, why="sent")
            row.move(DeliveryState.VERIFIED, now, why="read_back")
            session.add(
                Snapshot(
                    delivery_id=one, read_at=now, live=True, remote_id=row.remote_id, created_at=now, body="",
                    raw={}, sha256="ab" * 32,
                )
            )  # fmt: skip


def _picture(rt: Runtime, team: Team, colour: str) -> int:
    return media.store_image(rt, Upload(f"{colour}.jpg", jpeg(colour=colour), OFFICE), team.officer).id


def _items(rt: Runtime, team: Team, event_id: int) -> dict[str, int]:
    day = date(2020, 10, 20)
    form = media.store_file(rt, Upload("คำร้อง.pdf", pdf(), OFFICE, "ตัวอย่าง"), team.officer).id
    book = media.store_file(rt, Upload("สถิติ 2562.pdf", pdf(3), OFFICE, "ตัวอย่าง"), team.officer).id
    photos = tuple(
        Photo(_picture(rt, team, colour), alt)
        for colour, alt in (("teal", "กระทงใบตอง"), ("orange", "โคมไฟริมคลอง"), ("navy", "สะพานยามค่ำ"))
    )
    figures = details.read_figures("ประชากร | ๕,๕๘๘,๒๒๒ | คน | ปี 2563\nเขต | 50 | เขต | ปี 2563")
    answers = {"who": "ผู้มีสัญชาติไทยอายุ 7 ปีขึ้นไป", "hours": "วันราชการ 08.00-16.00 น.", "contact": "โทร. 1555"}
    rows = {
        "news": ContentForm(Category.NEWS, "น้ำท่วมขังเขตดินแดงคลี่คลาย", OFFICE, day, "ระบายน้ำแล้วเสร็จ 3 จุด"),
        "org": ContentForm(Category.ORG, "หน้าที่ของสำนักการระบายน้ำ", "สำนักการระบายน้ำ", day, "ดูแลคลอง 1,682 สาย"),
        "service": ContentForm(
            Category.SERVICE, "ทำบัตรประจำตัวประชาชน", OFFICE, day, details=Details(answers=answers)
        ),
        "album": ContentForm(
            Category.PHOTO, "ภาพงานลอยกระทง", OFFICE, day, rights=OFFICE, event_id=event_id,
            details=Details(photos=photos, consent=Consent.NO_FACES),
        ),
        "ebook": ContentForm(Category.EBOOK, "สถิติ 2562", OFFICE, day, rights=OFFICE, asset_id=book),
        "stats": ContentForm(
            Category.STATS, "ประชากรกรุงเทพมหานคร", OFFICE, day, source="https://example.org/stat",
            details=Details(figures=figures, as_of=date(2020, 9, 30)),
        ),
        "form": ContentForm(Category.FORM, "แบบคำร้องทั่วไป", OFFICE, day, rights=OFFICE, asset_id=form),
    }  # fmt: skip
    stored = {name: store(rt, team, one) for name, one in rows.items()}
    stored["hidden"] = store(rt, team, ContentForm(Category.NEWS, HIDDEN, OFFICE, day), opened=False)
    return stored
