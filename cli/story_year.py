"""Steps 10 and 12 of the story: a holiday called off and a drill, and the year as the office files it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import object_session

from cli.story_closing import keep, make_paper
from cli.story_facts import Fact, equal, shown
from cli.story_stage import Stage, StoryStuck
from core.clock import from_bangkok
from core.errors import Forbidden
from core.lifecycle import LIVE
from core.vocab import Channel, DeliveryState, ModeKind, PostKind, PostState
from models import AuditEvent, Holiday, Post
from services import (
    approval,
    calendar,
    evidence_files,
    fast_lane,
    form_texts,
    holidays,
    modes,
    planning,
    posts,
    queue,
    report_lines,
    scorecard,
    scoring,
    verifying,
)
from services.calendar import EventForm
from services.modes import ModeForm
from services.posts import PostForm

YEAR = "2564"
SONGKRAN = "สงกรานต์ 2564 ลานคนเมือง (ตัวอย่าง)"
HOLIDAY = date(2021, 7, 27)
LOG_DAYS = 90


def call_off(stage: Stage) -> Iterable[Fact]:
    """8 April: Songkran is called off; then a holiday is taken back, and a drill of mourning."""
    event, waiting = _plan_songkran(stage)
    now = stage.go(8, 4, 17, 50, year=2021)
    with stage.rt.sessions.begin() as session:
        fate = calendar.cancel_event(session, event, "โควิด-19 ระบาด", stage.people["officer"], now)
        draft = planning.draft_correction(session, event, stage.people["officer"], now)
        session.flush()
        _time(stage, draft, now + timedelta(minutes=10))
        posts.submit_post(session, draft.id, draft.revision, stage.people["officer"], now)
    yield equal("held", f"{fate.held} · {stage.states(waiting)}", f"2 · {{{DeliveryState.HELD!r}}}")
    stage.go(8, 4, 18, year=2021)
    fast_lane.approve_urgent(stage.rt, draft.id, draft.revision, stage.people["approver"], "แจ้งประชาชนทันที")
    stage.until("the correction is out", lambda: stage.states(draft.id) <= LIVE)
    told = min(row.published_at or now for row in stage.deliveries(draft.id))
    yield shown(
        "told_after", f"{(told - now) // timedelta(minutes=1)} min", holds=told - now <= timedelta(hours=2)
    )
    start = from_bangkok(datetime(2021, 4, 12))  # noqa: DTZ001 -- made aware here
    yield equal("hours_before", (start - told) // timedelta(hours=1), 78)
    yield equal("left_out", _left_out(stage, event), True)  # noqa: FBT003 -- the wanted value
    yield from _change_a_holiday(stage)
    yield from _drill(stage)


def file_the_year(stage: Stage) -> Iterable[Fact]:
    """30 September: the form's sections 1 to 9, what is claimed beside what is proved; a reviewer looks."""
    now = stage.go(30, 9, 17, year=2021)
    with stage.rt.sessions.begin() as session:
        form_texts.write_text(session, int(YEAR), "owner", "วรัญญา ตัวอย่าง", stage.people["kpi"], now)
        months = report_lines.year_lines(session, int(YEAR))
        asked = report_lines.open_questions(months)
    yield equal("year_lines", sum(len(month.lines) for month in months), 12)
    yield equal("asked", [one.code for one in asked], ["backwards", "unchanged"])
    row = make_paper(stage, YEAR, "")
    packed = keep(stage, row)
    form = row.document or {}
    yield equal("sections", len([name for name in ("factors", "obstacles", "evidence") if form[name]]), 3)
    yield shown("both_results", f"{form['claimed']} | {form['evidenced']}", holds=form["claimed"] == "5.00")
    undefined = [one["number"] for one in form["levels"] if not one["verdict"]]
    yield equal("undefined", undefined, [4, 5])
    for name in (evidence_files.FORM_NAME, "form.docx"):
        (stage.out / name).write_bytes(evidence_files.read_file(stage.rt, row.id, name))
    (checked,) = verifying.verify_bundles([(row.file_name, packed)])
    yield equal("verified", [one.kind for one in checked.problems], ["previous_not_given"])
    yield from _reviewer_looks(stage, packed)


def _reviewer_looks(stage: Stage, packed: bytes) -> Iterable[Fact]:
    """Open each claim's first proof as the reviewer, who can read everything and change nothing."""
    reviewer, now = stage.people["reviewer"], stage.clock.now()
    with stage.rt.sessions.begin() as session:
        run = scoring.run_in_force(session, scoring.period_of("2564-q1", now))
        card = scorecard.scorecard(session, run, "th") if run else None
        checks = [one for level in card.levels for one in level.checks] if card else []
        refused = _refused(lambda: form_texts.write_text(session, int(YEAR), "owner", "x", reviewer, now))
        first = session.scalar(select(func.min(AuditEvent.at)))
    proved = [one for one in checks if one.finding.proofs]
    opened = [one for one in proved if any(line.thing for line in one.proofs)]
    yield shown("proofs_open", f"{len(opened)} / {len(proved)}", holds=bool(opened))
    yield equal("reviewer_refused", refused, True)  # noqa: FBT003 -- the wanted value
    # an author as a platform writes one; a signed statement has a day in "from"
    names = [words.encode() for words in ("ประชาชนตัวอย่าง", '"from":{')]
    yield equal("no_commenters", [name for name in names if name in packed], [])
    kept = (now - first).days if first else 0
    yield shown("log_days", kept, holds=kept >= LOG_DAYS)


def _refused(attempt: object) -> bool:
    try:
        attempt()  # type: ignore[operator]  # a function
    except Forbidden:
        return True
    return False


def _plan_songkran(stage: Stage) -> tuple[int, int]:
    """Enter the event, announce it, and leave its reminder waiting; return event and reminder."""
    now = stage.go(5, 4, 9, year=2021)
    start = from_bangkok(datetime(2021, 4, 12))  # noqa: DTZ001 -- made aware here
    form = EventForm(
        title=SONGKRAN, starts_at=start, ends_at=start + timedelta(days=3), all_day=True,
        place="ลานคนเมือง", host="สำนักวัฒนธรรม กีฬา และการท่องเที่ยว", target_group="ประชาชนทั่วไป",
        source="ข่าวสาธารณะปี 2564",
    )  # fmt: skip
    with stage.rt.sessions.begin() as session:
        event = calendar.create_event(session, form, stage.people["officer"], now)
        session.flush()
        number = event.id
    told = _approved(stage, PostKind.ANNOUNCE, SONGKRAN, now + timedelta(hours=1), number)
    waits = _approved(stage, PostKind.REMINDER, f"เตือน {SONGKRAN}", start - timedelta(hours=30), number)
    stage.go_to(now + timedelta(hours=1))
    stage.until("Songkran is announced", lambda: stage.states(told) <= LIVE)
    return number, waits


def _time(stage: Stage, draft: Post, due: datetime) -> None:
    """Give a draft its time, as its author does on the page."""
    session = object_session(draft)
    if session is None:
        raise StoryStuck("a draft without its session")
    bodies = {variant.channel: variant.body for variant in draft.variants}
    form = PostForm(kind=draft.kind, title=draft.title, bodies=bodies, event_id=draft.event_id, due_at=due)
    posts.edit_post(session, draft.id, draft.revision, form, stage.people["officer"], stage.clock.now())


def _approved(stage: Stage, kind: PostKind, title: str, due: datetime, event: int | None = None) -> int:
    """Write a post and let another person approve it; return its id."""
    officer, now = stage.people["officer"], stage.clock.now()
    words = f"{title} โดยสำนักงานประชาสัมพันธ์ โทร. 1555"
    form = PostForm(kind=kind, title=title, bodies=dict.fromkeys(Channel, words), event_id=event, due_at=due)
    with stage.rt.sessions.begin() as session:
        post = posts.create_post(session, form, officer, now)
        session.flush()
        posts.submit_post(session, post.id, post.revision, officer, now)
        number, revision = post.id, post.revision
    approval.approve_post(stage.rt, number, revision, stage.people["approver"])
    return number


def _left_out(stage: Stage, event: int) -> bool:
    """Say whether the cancelled event stands outside those that had to be told of beforehand."""
    result = scoring.evaluation_of(scoring.evaluate_period(stage.rt, "2021-04"))
    coverage = next(one for level in result.levels for one in level.findings if one.id == "3b1")
    effects = {str(proof.effect) for proof in coverage.proofs if proof.kind == "event" and proof.id == event}
    return bool(effects) and effects.isdisjoint({"proves", "disproves"})


def _change_a_holiday(stage: Stage) -> Iterable[Fact]:
    """29 June: the special holiday of 27 July is taken back; what speaks of it comes back to be looked at."""
    officer = stage.people["officer"]
    now = stage.go(28, 6, year=2021)
    with stage.rt.sessions.begin() as session:
        known = Holiday(day=HOLIDAY, name="วันหยุดราชการกรณีพิเศษ (ตัวอย่าง)", source="มติคณะรัฐมนตรี 29 ธ.ค. 2563")
        holidays.add_holiday(session, known, officer, now)
    due = from_bangkok(datetime(2021, 7, 20, 9))  # noqa: DTZ001 -- made aware here
    post = _approved(stage, PostKind.GENERAL, "สำนักงานเขตหยุดวันที่ 27 กรกฎาคม 2564", due)
    now = stage.go(29, 6, year=2021)
    with stage.rt.sessions.begin() as session:
        came_back = holidays.remove_holiday(session, HOLIDAY, officer, now).reopened
        state = session.get_one(Post, post).state
    yield equal("flagged", f"{list(came_back)} · {state!r}", f"{[post]} · {PostState.DRAFT!r}")


def _drill(stage: Stage) -> Iterable[Fact]:
    """Hold the queue as in a time of mourning, and let one post out with a reason."""
    approver, now = stage.people["approver"], stage.clock.now()
    post = _approved(stage, PostKind.GENERAL, "บริการฉีดวัคซีนประชาชน (ตัวอย่าง)", now + timedelta(days=1))
    with stage.rt.sessions.begin() as session:
        form = ModeForm(ModeKind.MOURNING, now, None, "ซ้อม")
        mode, fate = modes.declare(session, form, approver, now)
        session.flush()
        number = mode.id
    held = stage.states(post)
    with stage.rt.sessions.begin() as session:
        for row in stage.deliveries(post):
            queue.release_delivery(session, row.id, approver, now, "ข้อมูลบริการประชาชน")
        modes.end_mode(session, number, approver, now)
    found = f"{fate.held} · {held} · {stage.states(post)}"
    wanted = f"2 · {{{DeliveryState.HELD!r}}} · {{{DeliveryState.SCHEDULED!r}}}"
    yield equal("drill", found, wanted)
    stage.go_to(now + timedelta(days=1))
    stage.until("the service post is out", lambda: stage.states(post) <= LIVE)
    stage.go_to(stage.clock.now() + timedelta(minutes=1))
    stage.until("the service post is read back", lambda: stage.states(post) == {DeliveryState.VERIFIED})
