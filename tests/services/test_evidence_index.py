"""The index of evidence: each post beside what was read back, whose file in the bundle has that hash."""

import csv
import hashlib
import io

import pypdfium2
import pytest
from sqlalchemy import select

from connectors.base import RemotePost
from core.fiscal import Span
from models import Delivery
from services import evidence, evidence_files
from services.verification import snapshot_of
from tests.indicator import end_quarter, publish


@pytest.fixture
def row(rt, team, accounts, clock):
    """A month's file: one post on two channels, one of them read back."""
    publish(rt, team, 1)
    end_quarter(clock)
    with rt.sessions.begin() as session:
        first = session.scalars(select(Delivery).order_by(Delivery.id)).first()
        raw = {"id": first.remote_id, "message": "ข่าวที่ 1", "reactions": {"count": 3}}
        seen = RemotePost(first.remote_id, "ข่าวที่ 1", first.published_at, "https://x.com/a/1", raw=raw)
        session.add(snapshot_of(first, seen, first.verified_at))
        evidence.request_bundle(session, Span.parse("2020-10"), team.kpi_officer, clock.now())
    evidence.build_all(rt)
    with rt.sessions.begin() as session:
        return evidence.list_bundles(session)[0]


def test_a_row_names_the_picture_of_what_was_read_back_and_the_raw_file_has_its_hash(rt, row):
    table = evidence_files.read_file(rt, row.id, "evidence.csv").decode("utf-8-sig")
    read, unread = sorted(csv.DictReader(io.StringIO(table)), key=lambda one: one["ไฟล์"], reverse=True)
    assert read["ไฟล์"].startswith(f"posts/{read['เลขอ้างอิง']}-")
    raw = evidence_files.read_file(rt, row.id, read["ไฟล์"].replace(".png", ".json"))
    assert hashlib.sha256(raw).hexdigest() == read["SHA-256"]
    assert evidence_files.read_file(rt, row.id, read["ไฟล์"]).startswith(b"\x89PNG")
    assert (unread["ไฟล์"], unread["SHA-256"]) == ("", "")
    assert unread["หมายเหตุ"] == "ยังไม่มีภาพอ่านกลับจากแพลตฟอร์ม"


def test_the_paper_prints_the_file_beside_the_link(rt, row):
    table = evidence_files.read_file(rt, row.id, "evidence.csv").decode("utf-8-sig")
    (name,) = {one["ไฟล์"] for one in csv.DictReader(io.StringIO(table))} - {""}
    with pypdfium2.PdfDocument(evidence_files.read_file(rt, row.id, "evidence.pdf")) as pdf:
        words = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    assert name in words
