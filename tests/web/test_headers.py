"""What every answer carries, and how much a request may bring."""

import pytest

from tests.web.site import words


@pytest.mark.parametrize("path", ["/sign-in", "/nothing", "/static/rukon.css", "/healthz", "/today"])
def test_every_answer_carries_the_security_headers(site, path):
    headers = site.stranger().get(path).headers
    policy = headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_has_inline_script_or_style(officer):
    for path in ("/today", "/calendar", "/posts/new", "/queue", "/kpi", "/sign-in"):
        text = officer.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text
        assert "https://" not in text.replace("https://www.bangkok.go.th", "")


def test_pages_are_not_kept_by_the_browser(officer):
    assert officer.get("/today").headers["cache-control"] == "no-store"


def test_health_is_told_without_signing_in(site):
    assert site.stranger().get("/healthz").json() == {"status": "ok"}


def test_files_are_refused_unread_where_a_page_takes_only_small_ones(officer):
    megabyte = 1024 * 1024
    officer.get("/content/new")
    answer = officer.post("/content", files={"file": ("big.jpg", b"x" * (17 * megabyte), "image/jpeg")})
    assert answer.status_code == 413
    assert "ไฟล์ใหญ่เกิน 15 MB" in words(answer)


def test_a_body_without_a_length_is_counted_as_it_comes(site, officer):
    def endless():
        for _ in range(20):
            yield b"x" * 1024 * 1024

    answer = officer.http.post(
        "/content", content=endless(),
        headers={"Origin": site.url, "Content-Type": "application/octet-stream"},
    )  # fmt: skip
    assert answer.status_code in (413, 403)
    assert "x" * 100 not in words(answer)
