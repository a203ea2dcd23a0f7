"""Step 9 of the story: the month becomes a file anyone can check."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from cli.story_facts import Fact, equal, shown
from cli.story_stage import Stage, StoryStuck
from core.fiscal import Month, Span
from core.lifecycle import LIVE
from core.vocab import BundleState, DeliveryState
from models import EvidenceBundle
from services import evidence, evidence_files, verifying

OCTOBER = Month(2020, 10)
SETTLED = {*LIVE, DeliveryState.MISSED, DeliveryState.FAILED}


def close_month(stage: Stage) -> Iterable[Fact]:
    """1 November: the rest of the wave has gone out; the month becomes a file, its hashes hold."""
    _let_the_wave_go_out(stage)
    stage.go(1, 11, 8)
    first = make_paper(stage, str(OCTOBER), "")
    packed = keep(stage, first)
    (checked,) = verifying.verify_bundles([(first.file_name, packed)])
    yield equal("verified", len(checked.problems), 0)
    flipped = bytearray(packed)
    flipped[len(flipped) // 2] ^= 1
    (spoilt,) = verifying.verify_bundles([("flipped", bytes(flipped))])
    named = ", ".join(problem.name for problem in spoilt.problems)
    yield shown("flipped", named or "–", holds=bool(spoilt.problems))
    pdf = evidence_files.read_file(stage.rt, first.id, evidence_files.PDF_NAME)
    (stage.out / "evidence.pdf").write_bytes(pdf)
    yield shown("pdf", f"{len(pdf) // 1024} KB", holds=pdf.startswith(b"%PDF"))
    line = evidence_files.daily_plans_line(first)
    yield shown("daily_plans", line, holds=line.startswith("31/10/2563 : ") and "Facebook" in line)
    yield equal("same_bytes", evidence_files.render_again(first) == pdf, True)  # noqa: FBT003 -- the wanted value
    second = make_paper(stage, str(OCTOBER), "ทดสอบออกฉบับที่ 2")
    chain = verifying.verify_bundles([(row.file_name, keep(stage, row)) for row in (first, second)])
    yield equal(
        "second_version", f"v{second.version} · {[len(one.problems) for one in chain]}", "v2 · [0, 0]"
    )


def _let_the_wave_go_out(stage: Stage) -> None:
    """Go from one due time to the next until the month is over; each post has to be seen live."""
    rows = sorted(stage.deliveries(), key=lambda row: row.due_at)
    for due in sorted({row.due_at for row in rows if row.due_at < OCTOBER.end()}):
        if due > stage.clock.now():
            stage.go_to(due)
        stage.until(f"posts of {due}", partial(_settled, stage, due))
        stage.go_to(stage.clock.now() + timedelta(seconds=30))
        stage.until(f"read-back of {due}", partial(_verified, stage, due))


def _settled(stage: Stage, due: object) -> bool:
    return all(row.state in SETTLED for row in stage.deliveries() if row.due_at == due)


def _verified(stage: Stage, due: object) -> bool:
    return all(row.state is not DeliveryState.PUBLISHED for row in stage.deliveries() if row.due_at == due)


def make_paper(stage: Stage, period: str, reason: str) -> EvidenceBundle:
    """Ask for a period's file and wait until a worker has made it."""
    with stage.rt.sessions.begin() as session:
        row = evidence.request_bundle(
            session, Span.parse(period), stage.people["kpi"], stage.clock.now(), reason
        )
        session.flush()
        bundle_id = row.id
    stage.until(
        "the evidence file",
        lambda: _bundle(stage, bundle_id).state in (BundleState.READY, BundleState.FAILED),
    )
    made = _bundle(stage, bundle_id)
    if made.state is BundleState.FAILED:
        raise StoryStuck(f"the evidence file failed: {made.failure}")
    return made


def _bundle(stage: Stage, bundle_id: int) -> EvidenceBundle:
    with stage.rt.sessions.begin() as session:
        return session.scalars(select(EvidenceBundle).where(EvidenceBundle.id == bundle_id)).one()


def keep(stage: Stage, row: EvidenceBundle) -> bytes:
    """Copy a made file to the story's folder and return its bytes."""
    packed = evidence_files.bundle_path(stage.rt, row).read_bytes()
    Path(stage.out / row.file_name).write_bytes(packed)
    return packed
