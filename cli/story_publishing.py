"""Steps 6 to 8 of the story: published exactly once, counted, and useful to citizens."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import func, select

from cli.story_beginning import one_page_pdf, picture, wall
from cli.story_facts import Fact, equal, shown
from cli.story_stage import Stage
from core.lifecycle import LIVE
from core.vocab import Category, Channel, DeliveryState, Metric, PostKind, ReadingState
from models import Delivery, Event, Reading, Snapshot
from services import approval, content, linkchecks, media, metrics, posts, scoring
from services.accounts import list_accounts
from services.content import ContentForm, Tag
from services.downloads import link_item
from services.media import Upload, asset_path
from services.posts import PostForm

FACEBOOK_SAYS = {"reactions": 420, "comments": 35, "shares": 61, "clicks": 84, "unique": 12_000}
X_SAYS = {"reactions": 150, "comments": 12, "shares": 48, "clicks": 30, "impressions": 8_000}
MONTH = "2020-10"
LATER = (timedelta(hours=1), timedelta(hours=24))
ITEMS = {
    Category.NEWS: "มาตรการดูแลความปลอดภัยช่วงเทศกาล (ตัวอย่าง)",
    Category.CALENDAR: "ปฏิทินกิจกรรมเดือนพฤศจิกายน 2563 (ตัวอย่าง)",
    Category.ORG: "รู้จักสำนักการระบายน้ำ (ตัวอย่าง)",
    Category.SERVICE: "บริการทะเบียนราษฎร ณ สำนักงานเขต (ตัวอย่าง)",
    Category.PHOTO: "ภาพกิจกรรมทำความสะอาดคลองโอ่งอ่าง (ตัวอย่าง)",
    Category.EBOOK: "สถิติ 2562 กรุงเทพมหานคร",
    Category.STATS: "สถิติประชากรกรุงเทพมหานคร 2562 (ตัวอย่าง)",
    Category.FORM: "แบบคำร้องขอข้อมูลข่าวสาร (ตัวอย่าง)",
}


def publish(stage: Stage) -> Iterable[Fact]:
    """24 October, 09.00: Facebook's answer is lost after it accepted; one live post per channel."""
    first = stage.kept["wave"][0]
    stage.sandbox.fault(Channel.FACEBOOK, "publish", "accept_then_drop")
    stage.go_to(wall(24, 10, 8, 59))
    before = len(stage.sandbox.ledger())
    due = stage.go_to(wall(24, 10, 9))
    stage.until("both channels answered", lambda: stage.states(first) <= {DeliveryState.UNCERTAIN, *LIVE})
    lost = [row for row in stage.deliveries(first) if row.state is DeliveryState.UNCERTAIN]
    yield equal("lost_answer", len(lost), 1)
    stage.go_to(due + timedelta(seconds=15))
    stage.until("found on the platform", lambda: stage.states(first) <= LIVE)
    stage.go_to(due + timedelta(seconds=30))
    stage.until("read back", lambda: stage.states(first) == {DeliveryState.VERIFIED})
    ledger = stage.sandbox.ledger()
    yield equal("before_due", before, 0)
    yield equal("live_posts", dict(Counter(one["channel"] for one in ledger)), {"facebook": 1, "x": 1})
    with stage.rt.sessions.begin() as session:
        ids = [row.id for row in stage.deliveries(first)]
        kept = session.scalar(select(func.count()).where(Snapshot.delivery_id.in_(ids)))
        event = session.get_one(Event, stage.kept["event"])
    yield shown("snapshots", kept, holds=bool(kept and kept >= 2))  # noqa: PLR2004 -- one per channel
    lead = event.starts_at - min(row.published_at or event.starts_at for row in stage.deliveries(first))
    hours = int(lead.total_seconds() // 3600)
    yield equal("lead", f"{hours // 24} d {hours % 24} h", "7 d 8 h")
    yield equal("reliability", _figure(stage, "3a1"), "2/2")


def count(stage: Stage) -> Iterable[Fact]:
    """Figures at 1 h and 24 h; a figure the platform withdrew is no data, never zero."""
    rows = _by_channel(stage, stage.kept["wave"][0])
    says: Mapping[Channel, Mapping[str, int]] = {Channel.FACEBOOK: FACEBOOK_SAYS, Channel.X: X_SAYS}
    for channel, row in rows.items():
        stage.sandbox.fix_metrics(channel, row.remote_id or "", **says[channel])
    published = rows[Channel.FACEBOOK].published_at or stage.clock.now()
    for later in LATER:
        moment = stage.go_to(published + later)
        stage.until(f"figures at {later}", partial(_read_at, stage, list(rows.values()), moment))
    found = _latest(stage, rows[Channel.FACEBOOK])
    yield equal("reach", found[Metric.REACH].value, FACEBOOK_SAYS["unique"])
    by_hand = Decimal(sum(FACEBOOK_SAYS[name] for name in ("reactions", "comments", "shares", "clicks")))
    measured = sum(
        found[one].value or 0 for one in (Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.CLICKS)
    )
    rate = (Decimal(measured) * 100 / Decimal(found[Metric.REACH].value or 1)).quantize(Decimal("0.01"))
    yield equal("engagement", rate, (by_hand * 100 / FACEBOOK_SAYS["unique"]).quantize(Decimal("0.01")))
    stage.sandbox.ask("POST", "/__control/settings", {"dead_metrics": ["post_total_media_view_unique"]})
    moment = stage.go_to(published + timedelta(hours=49))
    stage.until("a withdrawn figure", lambda: _read_at(stage, rows.values(), moment))
    gone = _latest(stage, rows[Channel.FACEBOOK])[Metric.REACH]
    yield shown(
        "withdrawn",
        f"{gone.state} · {gone.value}",
        holds=gone.state is not ReadingState.VALUE and gone.value is None,
    )
    stage.sandbox.ask("POST", "/__control/settings", {"dead_metrics": []})


def serve_citizens(stage: Stage) -> Iterable[Fact]:
    """27 October: all eight kinds are stored and published; the form goes missing, is seen, is repaired."""
    now = stage.go(27, 10, 9)
    posted = [_publish_item(stage, category, now) for category in Category]
    stage.go(27, 10, 10)
    stage.until("eight kinds live", lambda: stage.states(*posted) <= LIVE)
    stage.go(27, 10, 10, 1)
    stage.until("eight kinds read back", lambda: stage.states(*posted) == {DeliveryState.VERIFIED})
    linkchecks.check_due(stage.rt, everything=True)
    yield equal("level_two", _level_two(stage), "18/18")
    hidden = asset_path(stage.rt.media_dir, stage.kept["form_sha256"])
    away = hidden.rename(hidden.with_suffix(".away"))
    stage.go(28, 10, 8)
    linkchecks.check_due(stage.rt, everything=True)
    broken = _level_two(stage)
    yield shown("form_missing", broken, holds=broken != "18/18")
    away.rename(hidden)
    stage.go(28, 10, 8, 30)
    linkchecks.check_due(stage.rt, everything=True)
    yield equal("form_repaired", _level_two(stage), "18/18")


def _by_channel(stage: Stage, post_id: int) -> dict[Channel, Delivery]:
    with stage.rt.sessions.begin() as session:
        channels = {account.id: account.channel for account in list_accounts(session)}
    return {channels[row.account_id]: row for row in stage.deliveries(post_id)}


def _figure(stage: Stage, criterion: str) -> str:
    result = scoring.evaluation_of(scoring.evaluate_period(stage.rt, MONTH))
    found = next(one for level in result.levels for one in level.findings if one.id == criterion)
    return f"{found.numerator}/{found.denominator}"


def _level_two(stage: Stage) -> str:
    result = scoring.evaluation_of(scoring.evaluate_period(stage.rt, MONTH))
    level = next(one for one in result.levels if one.n == 2)  # noqa: PLR2004 -- the form's level 2
    return f"{level.passed}/{level.total}"


def _latest(stage: Stage, row: Delivery) -> Mapping[Metric, Reading]:
    with stage.rt.sessions.begin() as session:
        return metrics.latest(session, [row.id])[row.id]


def _read_at(stage: Stage, rows: Iterable[Delivery], moment: datetime) -> bool:
    with stage.rt.sessions.begin() as session:
        found = metrics.latest(session, [row.id for row in rows])
    return len(found) > 1 and all(
        max(reading.read_at for reading in one.values()) >= moment for one in found.values()
    )


def _publish_item(stage: Stage, category: Category, now: datetime) -> int:
    """Store an item of one kind, write and approve the post that publishes it; return the post's id."""
    officer, approver = stage.people["officer"], stage.people["approver"]
    title = ITEMS[category]
    asset = _file_of(stage, category)
    with stage.rt.sessions.begin() as session:
        item = content.add_item(
            session,
            ContentForm(
                category=category, title=title, agency="สำนักงานประชาสัมพันธ์", item_date=date(2020, 10, 27),
                summary=title, source="ตัวอย่าง", rights="กรุงเทพมหานคร", asset_id=asset, sample=True,
                alt_text="ภาพตัวอย่าง" if category is Category.PHOTO else "",
            ),
            officer, now,
        )  # fmt: skip
        session.flush()
        link = link_item(session, stage.rt, item.id) if category in linkchecks.CHECKED else ""
        form = PostForm(
            kind=PostKind.GENERAL, title=title, link=link, due_at=now + timedelta(hours=1),
            bodies=dict.fromkeys(Channel, f"{title} โดยสำนักงานประชาสัมพันธ์ โทร. 1555"),
            tags=(Tag(category, "เนื้อหาตรงหมวด", item.id),),
        )  # fmt: skip
        post = posts.create_post(session, form, officer, now)
        session.flush()
        posts.submit_post(session, post.id, post.revision, officer, now)
        post_id, revision = post.id, post.revision
    approval.approve_post(stage.rt, post_id, revision, approver)
    return post_id


def _file_of(stage: Stage, category: Category) -> int | None:
    officer = stage.people["officer"]
    if category is Category.PHOTO:
        return media.store_image(stage.rt, Upload("photo.jpg", picture(), "กทม.", "ถ่ายเอง"), officer).id
    if category not in linkchecks.CHECKED:
        return None
    upload = Upload(f"{category}.pdf", one_page_pdf() + category.encode(), "กทม.", "ตัวอย่าง")
    asset = media.store_file(stage.rt, upload, officer)
    if category is Category.FORM:
        stage.kept["form_sha256"] = asset.sha256
    return asset.id
