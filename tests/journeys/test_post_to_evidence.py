"""The whole loop through the real pages: event, wave, approval, publishing, figures, indicator, evidence.

Once as one process on SQLite (`rukon up --sandbox`), once taken apart on PostgreSQL and Redis.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import datetime, timedelta
from functools import partial

import pypdfium2
import pytest
from sqlalchemy import select

from core.clock import bangkok
from core.fiscal import Month
from core.vocab import Channel, Role
from models import Delivery
from reports import manifest
from tests.builders import jpeg
from tests.deployments import embedded, taken_apart
from tests.journeys.office import PATIENCE_S, Desk, Journey, evening_in, event_fields, opened
from tests.servers import wait_until

TITLE = "ลอยกระทงริมเจ้าพระยา"
TEXT = "เชิญร่วมงานลอยกระทงริมเจ้าพระยา ณ สะพานพระราม 8"
ALT = "กระทงใบตองประดับดอกดาวเรืองลอยในคลอง"
PROMPT = timedelta(seconds=5)


@pytest.fixture(
    params=["embedded", pytest.param("taken_apart", marks=pytest.mark.servers)],
)
def journey(request, data_dir, tmp_path):
    """An empty installation with people and accounts, in both ways of running it."""
    if request.param == "embedded":
        running = embedded(tmp_path)
    else:
        servers = [request.getfixturevalue(name) for name in ("postgres_url", "redis_url")]
        running = taken_apart(tmp_path, *servers)
    with running as deployment, opened(deployment) as journey:
        yield journey


def test_an_event_becomes_a_post_and_the_post_becomes_evidence(journey):
    post_id = plan(journey.sign_in(Role.OFFICER))
    publish(journey, post_id)
    watch(journey.sign_in(Role.REVIEWER), post_id)
    prove(journey.sign_in(Role.KPI_OFFICER), journey)
    assert set(journey.deployment.stop().values()) == {0}


def plan(officer: Desk) -> int:
    """Enter an event, take one offer of its wave, give the draft a picture, ask for approval."""
    officer.look("/events/new")
    assert "เพิ่มกิจกรรมแล้ว" in officer.send("/events", event_fields(TITLE, evening_in(days=10)))
    event_id = officer.number(r"/events/(\d+)")
    offered = {"chosen": "T-7"}
    assert "สร้างฉบับร่างแล้ว 1 รายการ" in officer.send(f"/events/{event_id}/wave", offered)
    post_id = officer.number(r'href="/posts/(\d+)"')
    officer.look(f"/posts/{post_id}/edit")
    assert TITLE in officer.seen.text
    changes = {f"body_{channel}": TEXT for channel in Channel} | {"alt_text": ALT, "action": "submit"}
    changes["asset_id"] = officer.upload(f"/posts/{post_id}/edit", ("กระทง.jpg", jpeg(), "image/jpeg"))
    assert "ส่งขออนุมัติแล้ว" in officer.send(f"/posts/{post_id}/edit", changes)
    return post_id


def publish(journey: Journey, post_id: int) -> None:
    """Approve it for now; both channels show it, once, with its picture, within five seconds."""
    approver = journey.sign_in(Role.APPROVER)
    approver.look(f"/approvals/{post_id}")
    said = approver.send(f"/approvals/{post_id}/approve", {"when": "now"})
    assert "อนุมัติแล้ว กำลังเผยแพร่" in said
    wait_until(lambda: len(journey.sandbox.ledger()) >= len(Channel), seconds=PATIENCE_S, what="both posts")
    with journey.rt.sessions.begin() as session:
        due_at = session.scalars(select(Delivery.due_at).where(Delivery.post_id == post_id)).first()
    for channel in Channel:
        (record,) = journey.sandbox.ledger(channel)
        assert record["text"] == TEXT
        assert record["alt"] == [ALT]
        assert timedelta(0) <= datetime.fromisoformat(record["accepted_at"]) - due_at <= PROMPT


def watch(reviewer: Desk, post_id: int) -> None:
    """Read on the post's page that both channels are read back and that the first figures are there."""

    def complete() -> bool:
        said = reviewer.look(f"/posts/{post_id}/live")
        return said.count("ยืนยันแล้ว") >= len(Channel) and said.count("การแสดงผล") >= len(Channel)

    wait_until(complete, seconds=PATIENCE_S, what="the post to be verified and counted")


def prove(kpi_officer: Desk, journey: Journey) -> None:
    """Evaluate the year, ask for the month's file, download it, find it whole."""
    kpi_officer.look("/kpi")
    assert "ประเมินแล้ว" in kpi_officer.send("/kpi")
    reliability = re.search(r'id="check-3a1">.*?</summary>', kpi_officer.seen.text, re.DOTALL)
    assert "2/2" in reliability[0]
    month = str(Month.of(bangkok(journey.rt.clock.now()).date()))
    kpi_officer.look("/evidence")
    kpi_officer.send("/evidence", month=month)
    link = re.compile(r'href="(/evidence/\d+)/bundle\.zip"')
    ready = partial(_shows, kpi_officer, f"/evidence/periods/{month}", link)
    wait_until(ready, seconds=PATIENCE_S, what="the month's file")
    page = kpi_officer.seen.text
    address = link.search(page)[1]
    bundle = kpi_officer.visitor.get(f"{address}/bundle.zip").content
    assert hashlib.sha256(bundle).hexdigest() in page
    pdf = kpi_officer.visitor.get(f"{address}/evidence.pdf").content
    check_bundle(bundle, pdf)
    check_words(pdf, bangkok(journey.rt.clock.now()))
    kpi_officer.look("/evidence")
    whole = kpi_officer.visitor.post("/evidence/verify", files={"files": ("month.zip", bundle)})
    assert "ครบถ้วน ไม่ถูกแก้ไข" in whole.text


def check_bundle(bundle: bytes, pdf: bytes) -> None:
    """Find every file as the manifest says, and the PDF the same as the one shown."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    listed = files.pop(manifest.NAME)
    assert manifest.verify(files, listed, None) == []
    assert files["evidence.pdf"] == pdf


def check_words(pdf: bytes, today: datetime) -> None:
    """Find the post and today's date, in its Buddhist year, in the text that can be selected."""
    with pypdfium2.PdfDocument(pdf) as opened_pdf:
        text = "".join(page.get_textpage().get_text_range() for page in opened_pdf)
    text = squeezed(text)
    assert squeezed(TITLE) in text
    assert str(today.year + 543) in text
    assert str(today.year) not in text.replace(str(today.year + 543), "")


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _shows(desk: Desk, path: str, pattern: re.Pattern[str]) -> bool:
    desk.look(path)
    return pattern.search(desk.seen.text) is not None
