"""Evidence files are checked by anybody, without signing in: what is wrong is named."""

import pytest

from core.fiscal import Span
from services import evidence, evidence_files
from tests.web.site import words


@pytest.fixture
def packed(site):
    with site.rt.sessions.begin() as session:
        evidence.request_bundle(session, Span.parse("2020-10"), site.team.kpi_officer, site.clock.now())
    evidence.build_all(site.rt)
    with site.rt.sessions.begin() as session:
        (row,) = evidence.list_bundles(session)
    return evidence_files.bundle_path(site.rt, row).read_bytes(), row.manifest_sha256


def send(site, content, newest=""):
    visitor = site.stranger()
    visitor.get("/verify")
    return visitor.post("/verify", {"newest": newest}, files={"files": ("a.zip", content, "application/zip")})


def test_a_sound_file_is_called_whole_without_signing_in(site, packed):
    content, digest = packed
    page = words(send(site, content, digest))
    assert "ครบถ้วน ไม่ถูกแก้ไข" in page


def test_a_flipped_byte_a_cut_end_and_no_file_at_all_are_named(site, packed):
    content, _ = packed
    spoilt = bytearray(content)
    spoilt[spoilt.index(b"%PDF-") + 2000] ^= 1
    assert "evidence.pdf" in words(send(site, bytes(spoilt)))
    assert "สายหลักฐานไม่ครบ" in words(send(site, content, "ab" * 32))
    assert "ไม่ใช่แฟ้มหลักฐาน" in words(send(site, b"not a zip"))
    visitor = site.stranger()
    visitor.get("/verify")
    assert visitor.post("/verify", {"newest": ""}).status_code == 422
