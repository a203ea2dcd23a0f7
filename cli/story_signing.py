"""Step 11 of the story: the quarter ends, people note, score and sign; what is signed stays."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from cli.story_beginning import PASSWORD
from cli.story_facts import Fact, equal, shown
from cli.story_stage import Stage
from core.fiscal import Month
from core.lifecycle import LIVE
from core.vocab import Channel, DeliveryState, PostKind, Role
from models import Attestation, Person
from services import (
    approval,
    corrections,
    improvements,
    marks,
    metrics,
    people,
    posts,
    profiles,
    sample_view,
    sampling,
    scoring,
    signing,
    surveys,
)
from services.improvements import After, ImprovementForm
from services.marks import MarkForm
from services.media import Upload
from services.people import PersonForm
from services.posts import PostForm
from services.sampling import Confirmation, Marks
from services.scorecard import scorecard
from services.signing import Signature
from services.statements import WORDS, statement
from services.surveys import SurveyForm

QUARTER = "2564-q1"
MONTHS = (Month(2020, 10), Month(2020, 11), Month(2020, 12))
PANEL = {
    "reviewer1": ("กานดา ตัวอย่าง", "นักประชาสัมพันธ์ชำนาญการ", Role.OFFICER),
    "reviewer2": ("ปรีชา ตัวอย่าง", "นักจัดการงานทั่วไปชำนาญการ", Role.OFFICER),
    "director": ("วิภา ตัวอย่าง", "ผู้อำนวยการสำนักงานประชาสัมพันธ์", Role.APPROVER),
}
RECAP = {*LIVE, DeliveryState.MISSED, DeliveryState.FAILED}
DEEDS = (
    "ดูแลถนนและทางเท้าให้เดินสะดวก", "รับเรื่องร้องเรียนแล้วแจ้งผลทุกครั้ง", "ตรวจคุณภาพน้ำในคลองทุกสัปดาห์",
    "เปิดให้บริการเอกสารในวันทำการ", "ซ้อมรับเหตุฉุกเฉินกับชุมชน", "ปลูกต้นไม้และดูแลสวนใกล้บ้าน",
    "จัดหน่วยบริการสุขภาพเคลื่อนที่",
)  # fmt: skip


def score_quarter(stage: Stage) -> Iterable[Fact]:
    """4 January: gates pass, the survey is attached; two score twenty posts, the director signs."""
    _let_the_rest_go_out(stage)
    _look_at_profiles(stage)
    stage.go(4, 1, 9, year=2021)
    _note(stage)
    waiting = scoring.evaluate_period(stage.rt, QUARTER, stage.people["kpi"])
    result = scoring.evaluation_of(waiting)
    gates = [one for level in result.levels for one in level.findings if one.gate]
    yield shown(
        "gates", " · ".join(f"{one.id} {one.verdict}" for one in gates),
        holds=all(one.verdict == "pass" for one in gates),
    )  # fmt: skip
    others = next(part for part in result.levels[2].parts if part.code == "others")
    yield shown("others", f"{others.passed}/{others.total}", holds=others.verdict == "pass")
    headline = _headline(stage)
    two = headline.startswith("ผลที่ตรวจสอบได้ 2.00") and "รอรับรอง" in headline
    yield shown("waiting_quarter", headline, holds=two)
    yield from _score_and_sign(stage)
    yield from _refresh(stage)


def _let_the_rest_go_out(stage: Stage) -> None:
    """2 November: the recap; 10 November: one post on the mission of each agency and group of districts."""
    stage.go(2, 11, 10)
    stage.until("the recap went out", lambda: stage.states() <= RECAP)
    stage.go(2, 11, 10, 1)
    stage.until("the recap was read back", lambda: stage.states() == {DeliveryState.VERIFIED})
    now = stage.go(9, 11, 9)
    period = scoring.period_of(QUARTER, now)
    with stage.rt.sessions.begin() as session:
        agencies = list(marks.choices(session, period).agencies)
    stage.kept["missions"] = {_mission(stage, n, name): name for n, name in enumerate(agencies)}
    stage.go(10, 11, 9)
    stage.until("missions went out", lambda: stage.states(*stage.kept["missions"]) <= LIVE)
    stage.go(10, 11, 9, 1)
    stage.until(
        "missions were read back", lambda: stage.states(*stage.kept["missions"]) == {DeliveryState.VERIFIED}
    )
    stage.go(12, 11, 9)
    stage.until("missions were counted", lambda: _counted(stage))


def _counted(stage: Stage) -> bool:
    rows = [row.id for row in stage.deliveries(*stage.kept["missions"])]
    with stage.rt.sessions.begin() as session:
        return set(metrics.latest(session, rows)) == set(rows)


def _mission(stage: Stage, number: int, agency: str) -> int:
    officer, now = stage.people["officer"], stage.clock.now()
    form = PostForm(
        kind=PostKind.GENERAL, title=f"รู้จัก{agency} (ตัวอย่าง)", due_at=now + timedelta(days=1),
        bodies=dict.fromkeys(Channel, f"{agency}{DEEDS[number % len(DEEDS)]} โทร. 1555"),
    )  # fmt: skip
    with stage.rt.sessions.begin() as session:
        post = posts.create_post(session, form, officer, now)
        session.flush()
        posts.submit_post(session, post.id, post.revision, officer, now)
        post_id, revision = post.id, post.revision
    approval.approve_post(stage.rt, post_id, revision, stage.people["approver"])
    return post_id


def _note(stage: Stage) -> None:
    """Write down what no interface gives: improvement, profiles, corrections, survey, pillars."""
    kpi, officer, now = stage.people["kpi"], stage.people["officer"], stage.clock.now()
    better = improvements.add_improvement(
        stage.rt,
        ImprovementForm("แจ้งกิจกรรมเร็วขึ้น", date(2020, 10, 20), "ลงปฏิทินก่อนงาน 10 วัน", "3b2", "วัน", Decimal(3)),
        kpi,
    )
    survey = SurveyForm(
        "สำรวจการจดจำสารของกรุงเทพมหานคร (ตัวอย่าง)", "แบบสอบถาม ณ สำนักงานเขต", date(2020, 12, 1),
        date(2020, 12, 20), 120, 90, Upload("survey.csv", b"answer,people\nrecalls,90\nnone,30\n"),
        date(2020, 12, 28), "จดจำได้ร้อยละ 75",
    )  # fmt: skip
    surveys.add_survey(stage.rt, survey, kpi)
    with stage.rt.sessions.begin() as session:
        improvements.judge_improvement(session, better.id, After(Decimal(7), better=True), kpi, now)
        for month in MONTHS:
            corrections.say_whole(session, month, kpi, now)
        period = scoring.period_of(QUARTER, now)
        choices = marks.choices(session, period)
        for count, row in enumerate(marks.posts_to_sort(session, period)):
            agency = stage.kept["missions"].get(row.post.id)
            pillar = choices.pillars[count % len(choices.pillars)][0]
            form = MarkForm((pillar,), (agency,) if agency else (), on_template=True)
            marks.mark(session, row.post.id, form, officer, now)


def _look_at_profiles(stage: Stage) -> None:
    """28 December: somebody opens both profiles and finds all eight points right."""
    stage.go(28, 12, 9)
    with stage.rt.sessions.begin() as session:
        for channel in Channel:
            right = dict.fromkeys(profiles.POINTS, True)
            profiles.look(session, channel, right, "ตัวอย่าง", stage.people["officer"], stage.clock.now())


def _score_and_sign(stage: Stage) -> Iterable[Fact]:
    kpi, now = stage.people["kpi"], stage.clock.now()
    period = scoring.period_of(QUARTER, now)
    with stage.rt.sessions.begin() as session:
        for username, (name, position, role) in PANEL.items():
            form = PersonForm(username, name, PASSWORD, frozenset({role}), position)
            stage.people[username] = people.create_person(session, form, None, now)
        sample = sampling.draw_sample(session, period, kpi)
        for number, username in enumerate(("reviewer1", "reviewer2")):
            for post_id in sample.posts:
                given = Marks(5 - number, 4, 4 + number)
                sampling.score(session, sample.id, post_id, given, stage.people[username], now)
        for post_id in sample.posts[:5]:
            word = Confirmation("หน่วยงานเจ้าของเรื่อง (ตัวอย่าง)", "ผู้อำนวยการกอง", correct=True)
            sampling.confirm(session, sample.id, post_id, word, kpi, now)
        seen = sample_view.view(session, sample)
    yield equal("sampled", f"{len(seen.posts)} × {len(seen.finished)}", "20 × 2")
    yield equal("mean", f"{float(seen.mean or 0):.2f}", "4.33")
    for code in WORDS:
        _sign(stage, code, stage.people["director"])
    scoring.evaluate_period(stage.rt, QUARTER, kpi)
    signed = _sign(stage, scoring.RESULT, stage.people["director"])
    stage.kept["signed"] = signed
    yield shown(
        "signed", f"{signed.signer} · {signed.statement_sha256[:12]}", holds=signing.still_true(signed)
    )
    yield equal("quarter_score", f"{signed.statement['score']} / {signed.statement['target']}", "3.00 / 5")


def _sign(stage: Stage, code: str, person: Person) -> Attestation:
    period = scoring.period_of(QUARTER, stage.clock.now())
    with stage.rt.sessions.begin() as session:
        sha256 = statement(session, period, code).sha256
    return signing.sign(stage.rt, period, Signature(code, sha256, confirmed=True), person)


def _refresh(stage: Stage) -> Iterable[Fact]:
    """Collect again after signing: a new evaluation finds otherwise, the signed one stands."""
    kpi = stage.people["kpi"]
    surveys.add_survey(
        stage.rt,
        SurveyForm(
            "สำรวจซ้ำ (ตัวอย่าง)", "โทรศัพท์", date(2020, 12, 21), date(2020, 12, 30), 100, 60,
            Upload("again.csv", b"answer,people\nrecalls,60\nnone,40\n"),
        ),
        kpi,
    )  # fmt: skip
    later = stage.go(8, 1, 9, year=2021)
    fresh = scoring.evaluate_period(stage.rt, QUARTER, kpi)
    with stage.rt.sessions.begin() as session:
        standing = scoring.run_in_force(session, scoring.period_of(QUARTER, later))
        official = scoring.official(session, standing) if standing else None
        replayed = all(scoring.replays(session, run) for run in (fresh, standing) if run)
    notes = [str(note.code) for note in official.notes] if official else []
    yield equal(
        "unaltered",
        f"{official.score if official else '–'} · {standing.id if standing else 0} · {', '.join(notes)}",
        f"3.00 · {stage.kept['signed'].run_id} · new_data_after_signing",
    )
    yield equal("replayed", replayed, True)  # noqa: FBT003 -- the wanted value


def _headline(stage: Stage) -> str:
    with stage.rt.sessions.begin() as session:
        run = scoring.run_in_force(session, scoring.period_of(QUARTER, stage.clock.now()))
        return scorecard(session, run, "th").headline if run else ""
