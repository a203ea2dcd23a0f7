"""Steps 1 to 5 of the story: a new year, the office's form, an event and its wave, right words, four eyes."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO

import pikepdf
from PIL import Image
from sqlalchemy import func, select

from cli.story_facts import Fact, equal, shown
from cli.story_stage import Stage
from core.clock import from_bangkok
from core.errors import BadInput, Forbidden, RukonError
from core.vocab import Channel, PostState, Role
from models import AuditEvent, Post
from services import accounts, approval, calendar, holidays, importing, people, plans, posts, scoring, wave
from services.calendar import EventForm
from services.media import Upload, store_image
from services.people import PersonForm
from services.planning import Chosen, create_wave, wave_of
from services.plans import PlanForm
from services.post_checks import find_terms
from services.post_parts import MediaItem
from services.posts import PostForm

YEAR = "2564"
CAST = {
    "officer": ("พิมพ์ชนก ตัวอย่าง", "นักประชาสัมพันธ์ปฏิบัติการ", Role.OFFICER),
    "approver": ("สมบูรณ์ ตัวอย่าง", "หัวหน้ากลุ่มงานประชาสัมพันธ์", Role.APPROVER),
    "kpi": ("วรัญญา ตัวอย่าง", "เจ้าหน้าที่วิเคราะห์นโยบายและแผน", Role.KPI_OFFICER),
    "admin": ("ธนกฤต ตัวอย่าง", "ผู้ดูแลระบบ", Role.ADMINISTRATOR),
    "reviewer": ("อรุณี ตัวอย่าง", "ผู้ตรวจประเมิน", Role.REVIEWER),
}
PASSWORD = "เรื่องเล่า-ตัวอย่าง-2563"  # noqa: S105 -- made-up people on a folder of their own
X_TEXT = (
    "ลอยกระทง 2563 เสาร์ที่ 31 ต.ค. 63 เวลา 17.00-24.00 น. สะพานพระราม 8 และคลองโอ่งอ่าง "
    "สวนสาธารณะ 30 แห่งเปิด 05.00-24.00 น. ใช้กระทงวัสดุธรรมชาติ"
)
X_LIMIT = 280


def new_year(stage: Stage) -> Iterable[Fact]:
    """1 October 2563: people, accounts, holidays, the approved plan: level 1."""
    now = stage.go(1, 10)
    with stage.rt.sessions.begin() as session:
        for username, (name, position, role) in CAST.items():
            form = PersonForm(username, name, PASSWORD, frozenset({role}), position)
            stage.people[username] = people.create_person(session, form, None, now)
        days = holidays.seed_holidays(session, int(YEAR))
    for token in stage.sandbox.ask("GET", "/__control/credentials")["accounts"]:
        accounts.add_account(stage.rt, token, stage.people["admin"])
    checks = accounts.check_all(stage.rt)
    plan_form = PlanForm(
        fiscal_year=int(YEAR), title="แผนพัฒนาสื่อสังคมออนไลน์ ปีงบประมาณ 2564 (ตัวอย่าง)", number="กท 0411/ตัวอย่าง 1",
        approver="ผู้อำนวยการสำนักงานประชาสัมพันธ์ (ตัวอย่าง)", approved_on=date(2020, 9, 30),
        upload=Upload("plan-2564.pdf", one_page_pdf(), "สำนักงานประชาสัมพันธ์", "ตัวอย่าง"),
    )  # fmt: skip
    plan = plans.add_plan_document(stage.rt, plan_form, stage.people["admin"])
    run = scoring.evaluate_period(stage.rt, YEAR)
    result = scoring.evaluation_of(run)
    yield equal("people", len(stage.people), len(CAST))
    yield equal("accounts_ready", [check.account.health for check in checks], ["ok", "ok"])
    yield shown("holidays", days, holds=days > 10)  # noqa: PLR2004 -- a fiscal year has more than ten
    yield shown("plan", f"{plan.number} · {plan.file_sha256[:12]}")
    yield equal("undefined", [level.n for level in result.levels if level.verdict == "undefined"], [4, 5])
    yield equal("score", f"{run.score} / {result.target}", "1.00 / 5")


def import_form(stage: Stage) -> Iterable[Fact]:
    """Import the office's own form: what it claims stands beside what is evidenced."""
    data = (files("services") / "samples" / "kpi-form-2564.txt").read_bytes()
    with stage.rt.sessions.begin() as session:
        form = importing.import_form(
            session, "kpi-form-2564.txt", data, stage.people["kpi"], stage.clock.now()
        )
        view = importing.load_import(session, form.id)
    lines = [span["style"] for entry in view.entries for span in entry.spans]
    yield equal("dated_lines", form.parsed["dated_lines"], 24)
    yield equal("entries", len(view.entries), 12)
    yield equal("ce_lines", sum(style.endswith("CE") for style in lines), 6)
    yield equal("ce_days", len(form.parsed["common_era_days"]), 3)
    yield equal("variances", form.parsed["variances"], ["2021-01-31"])
    yield shown("suggestions", len(view.suggestions), holds=len(view.suggestions) > 0)
    yield equal("raw_unchanged", form.raw_text.encode() == data, True)  # noqa: FBT003 -- the wanted value
    run = scoring.evaluate_period(stage.rt, YEAR)
    with stage.rt.sessions.begin() as session:
        side = scoring.side_by_side(session, run)
    yield equal("claimed_evidenced", f"{side.claimed} | {side.evidenced}", "5.00 | 1.00")


def plan_event(stage: Stage) -> Iterable[Fact]:
    """20 October: the event is entered once, and the wave of its posts is there."""
    now = stage.go(20, 10)
    officer = stage.people["officer"]
    form = EventForm(
        title="ลอยกระทง 2563", starts_at=wall(31, 10, 17), ends_at=wall(1, 11, 0),
        place="สะพานพระราม 8 และคลองโอ่งอ่าง", host="สำนักวัฒนธรรม กีฬา และการท่องเที่ยว", target_group="ประชาชนทั่วไป",
        description="สวนสาธารณะ 30 แห่งเปิดให้ลอยกระทง 05.00-24.00 น.", source="ข่าวสาธารณะปี 2563",
    )  # fmt: skip
    with stage.rt.sessions.begin() as session:
        event = calendar.create_event(session, form, officer, now)
        session.flush()
        offers = wave_of(session, event.id, now)
        chosen = [Chosen(offer.key, offer.due_at) for offer in offers if offer.possible]
        drafts = create_wave(session, event.id, chosen, officer, now)
        session.flush()
        stage.kept["event"] = event.id
        stage.kept["wave"] = [post.id for post in drafts]
        view = calendar.load_event(session, event.id)
    yield equal("offers", [offer.key for offer in offers], list(wave.KEYS))
    yield equal("first_offer", offers[0].due_at, wall(24, 10, 9))
    yield shown(
        "holiday_shown", view.holidays.get(date(2020, 10, 23), "–"), holds=date(2020, 10, 23) in view.holidays
    )
    channels = {variant.channel for draft in drafts for variant in draft.variants}
    yield equal("drafts", f"{len(drafts)} × {sorted(channels)}", f"5 × {sorted(Channel)}")


def check_words(stage: Stage) -> Iterable[Fact]:
    """Refuse what must not go out: a wrong name, a picture without words, a text too long for X."""
    wrong = "ลอยกระทงที่เขตป้อมปราบ ติดตามทางเฟสบุ๊ก"
    found = find_terms(wrong, Channel.FACEBOOK, stage.clock.now())
    yield shown("blocked", _words(found, blocks=True), holds=any(one.blocks for one in found))
    yield shown("warned", _words(found, blocks=False), holds=any(not one.blocks for one in found))
    upload = Upload("กระทง.jpg", picture(), "สำนักงานประชาสัมพันธ์", "ถ่ายเอง (ตัวอย่าง)")
    stage.kept["picture"] = store_image(stage.rt, upload, stage.people["officer"]).id
    yield _refused(stage, "no_alt", "alt_text_missing", alt_text="")
    too_long = X_TEXT + " " + "ก" * (X_LIMIT + 11 - len(X_TEXT) - 1)
    yield equal("too_long", f"{posts.count(too_long, Channel.X).used}/{X_LIMIT}", "291/280")
    yield _refused(stage, "long_refused", "x_too_long", x_text=too_long)
    with stage.rt.sessions.begin() as session:
        post = session.get_one(Post, stage.kept["wave"][0])
        _edit(stage, session, post, alt_text="กระทงใบตองลอยในคลองยามค่ำ")
    yield equal("fixed", posts.count(X_TEXT, Channel.X).over, 0)


def approve(stage: Stage) -> Iterable[Fact]:
    """Another person approves: one post comes back with a reason, the author is refused."""
    officer, approver = stage.people["officer"], stage.people["approver"]
    now = stage.clock.now()
    wave_ids = stage.kept["wave"]
    with stage.rt.sessions.begin() as session:
        for post_id in wave_ids:
            posts.submit_post(session, post_id, session.get_one(Post, post_id).revision, officer, now)
        waiting = len(approval.inbox(session, approver, now))
        second = session.get_one(Post, wave_ids[1])
        approval.return_post(session, second.id, second.revision, "ระบุเวลาเปิดสวนสาธารณะด้วย", approver, now)
        posts.submit_post(session, second.id, second.revision, officer, now)
    refusal = _refusal(
        lambda: approval.approve_post(stage.rt, wave_ids[0], _revision(stage, wave_ids[0]), officer)
    )
    for post_id in wave_ids:
        approval.approve_post(stage.rt, post_id, _revision(stage, post_id), approver)
    with stage.rt.sessions.begin() as session:
        states = set(session.scalars(select(Post.state).where(Post.id.in_(wave_ids))))
        refused = select(func.count()).where(AuditEvent.action == "post.approve_refused")
        noted = session.scalar(refused)
    yield equal("waiting", waiting, 5)
    yield equal("own_refused", f"{refusal} · {noted}", "own_post · 1")
    yield equal("approved", states, {PostState.APPROVED})
    yield equal("scheduled", len(stage.deliveries(*wave_ids)), 10)


def wall(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    """Return a Bangkok wall-clock time of 2563 as a moment."""
    return from_bangkok(datetime(2020, month, day, hour, minute))  # noqa: DTZ001 -- made aware here


def one_page_pdf() -> bytes:
    """Return the smallest PDF that opens."""
    written = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written)
    return written.getvalue()


def picture() -> bytes:
    """Return a plain picture."""
    written = BytesIO()
    Image.new("RGB", (1200, 800), "#0b6e4f").save(written, "JPEG")
    return written.getvalue()


def _words(found: Iterable[object], *, blocks: bool) -> str:
    return ", ".join(f"{one.found} → {one.suggest}" for one in found if one.blocks is blocks)  # type: ignore[attr-defined]  # findings


def _refused(stage: Stage, name: str, code: str, **more: str) -> Fact:
    def attempt() -> None:
        with stage.rt.sessions.begin() as session:
            _edit(stage, session, session.get_one(Post, stage.kept["wave"][0]), **more)

    return equal(name, _refusal(attempt), code)


def _edit(stage: Stage, session: object, post: Post, alt_text: str = "กระทง", x_text: str = X_TEXT) -> None:
    officer = stage.people["officer"]
    facebook = next(one.body for one in post.variants if one.channel is Channel.FACEBOOK)
    form = PostForm(
        kind=post.kind, title=post.title, bodies={Channel.FACEBOOK: facebook, Channel.X: x_text},
        event_id=post.event_id, media=(MediaItem(stage.kept["picture"], alt_text),), due_at=post.due_at,
        not_after=post.not_after,
    )  # fmt: skip
    posts.edit_post(session, post.id, post.revision, form, officer, stage.clock.now())  # type: ignore[arg-type]  # a session


def _refusal(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (BadInput, Forbidden, RukonError) as error:
        return error.key
    return "–"


def _revision(stage: Stage, post_id: int) -> int:
    with stage.rt.sessions.begin() as session:
        return session.get_one(Post, post_id).revision
