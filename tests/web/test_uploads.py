"""Files on the composer: taken in pieces, refused unread, never at the cost of what was typed."""

import tracemalloc
from pathlib import Path

import pytest

from core.vocab import Role
from tests.builders import jpeg
from tests.films import TINY, padded, sized
from tests.web.site import running_site, words

HTMX = {"HX-Request": "true"}
MB = 1024 * 1024
TYPED = {
    "kind": "general", "title": "งานวันต้นไม้", "channels": ["facebook", "x"],
    "body_facebook": "เชิญชวนปลูกต้นไม้ทุกเขต", "body_x": "เชิญปลูกต้นไม้", "rights": "กทม.", "source": "ถ่ายเอง",
}  # fmt: skip


@pytest.fixture
def strict(data_dir: Path):
    """Serve a site that takes little."""
    with running_site(data_dir, max_upload_mb=1, max_video_mb=2) as running:
        yield running


def film(data=TINY, name="งาน.mp4"):
    return {"file": (name, data, "video/mp4")}


def test_a_video_is_kept_and_shown_with_its_rights_and_source(officer):
    officer.get("/posts/new")
    answer = officer.post("/posts/media", TYPED, film(), HTMX)
    assert answer.status_code == 200
    assert "<video" in answer.text
    assert "กทม." in answer.text
    assert "ถ่ายเอง" in answer.text


def test_a_player_may_ask_for_a_piece_of_a_video(officer):
    officer.get("/posts/new")
    officer.post("/posts/media", TYPED, film(), HTMX)
    answer = officer.http.get("/media/1", headers={"Range": "bytes=4-11"})
    assert (answer.status_code, answer.content) == (206, TINY[4:12])
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"].startswith("inline")
    assert "media-src 'self'" in officer.get("/posts/new").headers["content-security-policy"]


def test_a_video_is_drawn_or_shows_a_sign(officer):
    officer.get("/posts/new")
    page = officer.post("/posts/media", TYPED, film(), HTMX)
    assert "2.0 วินาที" in words(page) or "2 วินาที" in words(page)
    answer = officer.http.get("/media/1/preview", follow_redirects=True)
    assert answer.headers["content-type"] in ("image/jpeg", "image/svg+xml")


def test_where_nobody_can_look_inside_a_video_the_page_says_so(officer, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    officer.get("/posts/new")
    page = officer.post("/posts/media", TYPED, film(), HTMX)
    assert "เครื่องนี้ไม่มี ffprobe" in words(page)
    assert officer.http.get("/media/1/preview").headers["location"] == "/static/film.svg"


def test_a_picture_has_a_small_picture_and_a_document_none(officer):
    officer.get("/posts/new")
    officer.post("/posts/media", TYPED, {"file": ("a.jpg", jpeg(), "image/jpeg")}, HTMX)
    assert officer.http.get("/media/1/preview").headers["content-type"] == "image/jpeg"
    assert officer.http.get("/media/9/preview").status_code == 404


def test_what_a_platform_will_not_take_is_told_before_anything_is_scheduled(officer):
    officer.get("/posts/new")
    answer = officer.post("/posts/media", TYPED, film(sized(1920, 1080)), HTMX)
    assert "X (Twitter): “งาน.mp4” กว้าง 1920 สูง 1080 จุด" in words(answer)


@pytest.mark.parametrize(("size", "status"), [(3 * MB, 413), (30 * MB, 413)])
def test_a_form_with_too_large_a_file_comes_back_with_everything_typed(strict, size, status):
    officer = strict.member(Role.OFFICER)
    officer.get("/posts/new")
    answer = officer.post("/posts", TYPED | {"action": "save"}, film(padded(size)))
    assert answer.status_code == status
    assert "ไฟล์ใหญ่เกิน 2 MB" in words(answer)
    assert "งานวันต้นไม้" in answer.text
    assert "เชิญชวนปลูกต้นไม้ทุกเขต" in answer.text
    assert not strict.rt.media_dir.exists()


def test_a_picture_larger_than_pictures_may_be_is_refused_although_a_video_might_be(strict):
    officer = strict.member(Role.OFFICER)
    officer.get("/posts/new")
    answer = officer.post(
        "/posts/media", TYPED, {"file": ("a.jpg", b"\xff\xd8\xff" + bytes(MB), "image/jpeg")}, HTMX
    )
    assert answer.status_code == 413
    assert "ไฟล์ใหญ่เกิน 1 MB" in words(answer)


def test_a_form_that_is_too_large_and_from_elsewhere_is_still_forged(strict):
    officer = strict.member(Role.OFFICER)
    answer = officer.http.post(
        "/posts", data=TYPED, files=film(padded(4 * MB)), headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_a_body_that_is_no_form_is_refused_in_plain_words(strict):
    officer = strict.member(Role.OFFICER)
    answer = officer.http.post("/posts", content=bytes(4 * MB), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert "ไฟล์ใหญ่เกินไป" in answer.text


def test_thirty_megabytes_of_video_go_through_in_pieces(officer, tmp_path):
    path = tmp_path / "ยาว.mp4"
    path.write_bytes(padded(30 * MB))
    officer.get("/posts/new")
    officer.post("/posts/media", TYPED, film(), HTMX)  # what is loaded once is loaded now
    with path.open("rb") as stream:
        tracemalloc.start()
        answer = officer.post("/posts/media", TYPED, film(stream), HTMX)
        _, peak = tracemalloc.get_traced_memory()  # of the server and of this client, which share a process
        tracemalloc.stop()
    assert answer.status_code == 200
    assert peak < 12 * MB
