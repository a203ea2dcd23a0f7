"""Rows for tests, made in one call each, with fictional people; what is not said is ordinary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import from_bangkok
from core.vocab import Channel, Health, PostKind, PostState, Role
from models import Account, Delivery, Event, Person, Post
from models.people import PersonRole
from services import approval, posts
from services.accounts import add_account
from services.calendar import EventForm, create_event
from services.hashing import hash_password
from services.media import Upload, store_image
from services.post_parts import MediaItem
from services.posts import PostForm
from services.runtime import Runtime

START = datetime(2020, 10, 20, 2, 0, tzinfo=UTC)  # 20 October 2563, 09.00 in Bangkok
LOY_KRATHONG = datetime(2020, 10, 31, 10, 0, tzinfo=UTC)  # 17.00 in Bangkok
PASSWORD = "ทดสอบ-รหัสผ่าน-2563"
NAMES = {
    Role.OFFICER: "พิมพ์ชนก ตัวอย่าง",
    Role.APPROVER: "สมบูรณ์ ตัวอย่าง",
    Role.KPI_OFFICER: "วรัญญา ตัวอย่าง",
    Role.ADMINISTRATOR: "ธนกฤต ตัวอย่าง",
    Role.REVIEWER: "อรุณี ตัวอย่าง",
}
BODIES: Mapping[Channel, str] = {
    Channel.FACEBOOK: "เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8 วันเสาร์ที่ 31 ตุลาคม 2563",
    Channel.X: "ลอยกระทง 31 ต.ค. 63 สะพานพระราม 8",
}
TOKENS: Mapping[Channel, Mapping[str, str]] = {
    Channel.FACEBOOK: {"page_token": "EAAtest", "app_id": "900", "app_secret": "app-secret"},
    Channel.X: {
        "consumer_key": "ck",
        "consumer_secret": "cs",
        "access_token": "1102-at",
        "access_token_secret": "ats",
    },
}
EXTERNAL_IDS = {Channel.FACEBOOK: "102564000000001", Channel.X: "1102564000000000001"}


def at(wall: str) -> datetime:
    """Return the moment of a Bangkok wall-clock time such as 2020-10-31 17:00."""
    return from_bangkok(datetime.fromisoformat(wall))


@dataclass(frozen=True)
class Team:
    """One person of each role."""

    officer: Person
    approver: Person
    kpi_officer: Person
    administrator: Person
    reviewer: Person


@cache
def hashed(password: str) -> str:
    """Hash once per password: argon2 is slow on purpose."""
    return hash_password(password)


def make_person(session: Session, username: str, *roles: Role, name: str = "") -> Person:
    """Add somebody who signs in with PASSWORD."""
    person = Person(
        username=username,
        name=name or (NAMES[roles[0]] if roles else username),
        password_hash=hashed(PASSWORD),
        created_at=START,
        grants=[PersonRole(role=role) for role in roles],
    )
    session.add(person)
    session.flush()
    return person


def make_team(session: Session) -> Team:
    """Add one person of each role, named after it."""
    more = {Role.APPROVER: [Role.SPECIALIST]}
    return Team(*(make_person(session, role.value, role, *more.get(role, [])) for role in NAMES))


def make_account(rt: Runtime, channel: Channel, external_id: str = "", *, name: str = "") -> Account:
    """Add an account that is ready, with made-up tokens."""
    account = add_account(
        rt,
        {
            "channel": channel.value,
            "name": name or "กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์",
            "external_id": external_id or EXTERNAL_IDS[channel],
            "secrets": TOKENS[channel],
        },
        None,
    )
    with rt.sessions.begin() as session:
        row = session.get_one(Account, account.id)
        row.health = Health.OK
    return row


def make_accounts(rt: Runtime) -> dict[Channel, Account]:
    """Add one ready account per channel."""
    return {channel: make_account(rt, channel) for channel in Channel}


def event_form(title: str = "ลอยกระทง 2563", starts_at: datetime = LOY_KRATHONG, **more: object) -> EventForm:
    """Return the form of a public event of seven hours."""
    values: dict[str, object] = {
        "ends_at": starts_at + timedelta(hours=7),
        "place": "สะพานพระราม 8 และคลองโอ่งอ่าง",
        "host": "สำนักวัฒนธรรม กีฬา และการท่องเที่ยว",
        "target_group": "ประชาชนทั่วไป",
        **more,
    }
    return EventForm(title=title, starts_at=starts_at, **values)  # type: ignore[arg-type]  # fields by keyword


def make_event(session: Session, person: Person, now: datetime = START, **more: object) -> Event:
    """Add an event; see event_form."""
    event = create_event(session, event_form(**more), person, now)  # type: ignore[arg-type]  # fields by keyword
    session.flush()
    return event


def post_form(**more: object) -> PostForm:
    """Return the form of a post for both channels, due on 24 October 2563 at 09.00."""
    values: dict[str, object] = {
        "kind": PostKind.GENERAL,
        "title": "ลอยกระทง 2563",
        "bodies": BODIES,
        "due_at": START + timedelta(days=4),
        **more,
    }
    if "asset_id" in values:  # one picture, said shortly
        values["media"] = (MediaItem(values.pop("asset_id"), values.pop("alt_text", "")),)  # type: ignore[arg-type]  # a number and a text
    return PostForm(**values)  # type: ignore[arg-type]  # fields by keyword


def make_post(
    session: Session,
    author: Person,
    state: PostState = PostState.DRAFT,
    now: datetime = START,
    **more: object,
) -> Post:
    """Add a draft, or submit it too; see post_form. For an approved one: approve."""
    post = posts.create_post(session, post_form(**more), author, now)
    session.flush()
    if state is PostState.IN_REVIEW:
        posts.submit_post(session, post.id, post.revision, author, now)
    return post


def approve(rt: Runtime, post_id: int, approver: Person, *, publish_now: bool = False) -> list[Delivery]:
    """Approve a post as it is now; submits a draft first."""
    with rt.sessions.begin() as session:
        post = session.get_one(Post, post_id)
        author = session.get_one(Person, post.author_id)
        if post.state is PostState.DRAFT:
            posts.submit_post(session, post_id, post.revision, author, rt.clock.now())
    return approval.approve_post(rt, post_id, post.revision, approver, publish_now=publish_now)


def make_approved(rt: Runtime, author: Person, approver: Person, **more: object) -> list[Delivery]:
    """Add a post, submit and approve it; return its deliveries. Needs an account per channel."""
    with rt.sessions.begin() as session:
        post = make_post(session, author, PostState.IN_REVIEW, rt.clock.now(), **more)
    return approve(rt, post.id, approver)


def deliveries_of(session: Session, post_id: int) -> Sequence[Delivery]:
    """Return a post's deliveries, oldest first."""
    return session.scalars(select(Delivery).where(Delivery.post_id == post_id).order_by(Delivery.id)).all()


def jpeg(width: int = 640, height: int = 480, colour: str = "teal", **options: object) -> bytes:
    """Return a plain JPEG; options go to Pillow's save (exif=…)."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def make_picture(rt: Runtime, person: Person, **more: object) -> int:
    """Store a picture and return its asset id; see jpeg."""
    return store_image(rt, Upload("ลอยกระทง.jpg", jpeg(**more), "กทม.", "ถ่ายเอง"), person).id  # type: ignore[arg-type]  # options by keyword
