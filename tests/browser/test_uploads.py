"""Files in a real browser: one too large costs nothing that was typed, a film is shown with its facts."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.vocab import Role
from tests.browser.conftest import DESKTOP
from tests.builders import make_accounts
from tests.films import TINY, padded
from tests.web.site import running_site

pytestmark = pytest.mark.browser
MB = 1024 * 1024


@pytest.fixture
def site(data_dir: Path):
    """Serve a site that takes films of 2 MB."""
    with running_site(data_dir, max_upload_mb=1, max_video_mb=2) as running:
        make_accounts(running.rt)
        yield running


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_film_too_large_leaves_everything_typed_where_it_was(open_page, tmp_path, scripts):
    (tmp_path / "ยาว.mp4").write_bytes(padded(12 * MB))
    page = open_page(Role.OFFICER, DESKTOP, scripts=scripts)
    page.goto("/posts/new")
    page.locator("#title").fill("งานวันต้นไม้")
    page.locator("[name=body_facebook]").fill("เชิญชวนปลูกต้นไม้ทุกเขต")
    page.locator("#file").set_input_files(tmp_path / "ยาว.mp4")
    if not scripts:
        page.locator("button.btn[value=save]").click()
    expect(page.locator("#file-problem")).to_contain_text("ไฟล์ใหญ่เกิน 2 MB")
    expect(page.locator("#title")).to_have_value("งานวันต้นไม้")
    expect(page.locator("[name=body_facebook]")).to_have_value("เชิญชวนปลูกต้นไม้ทุกเขต")


def test_a_film_is_shown_with_its_length_rights_and_a_place_for_its_words(open_page, tmp_path):
    (tmp_path / "งาน.mp4").write_bytes(TINY)
    page = open_page(Role.OFFICER, DESKTOP)
    page.goto("/posts/new")
    page.locator("[name=rights]").fill("กทม.")
    page.locator("#file").set_input_files(tmp_path / "งาน.mp4")
    expect(page.locator("#media video")).to_be_visible()
    expect(page.locator("#media")).to_contain_text("วินาที")
    expect(page.locator("#media")).to_contain_text("เจ้าของสิทธิ์: กทม.")
    expect(page.locator("#alt_text_1")).to_be_visible()
