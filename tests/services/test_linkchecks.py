import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from zipfile import ZipFile

import pikepdf
import pytest
from sqlalchemy import select

from core.errors import NotFound
from core.vocab import Category
from models import ContentItem, LinkCheck
from services import downloads, linkchecks
from services.content import ContentForm, add_item
from services.media import Upload, store_file
from services.opening import open_item
from services.usable import Usable, look
from tests.builders import START


def one_page():
    written = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written)
    return written.getvalue()


class Site(BaseHTTPRequestHandler):
    answer = (200, one_page())

    def do_GET(self):
        status, body = self.answer
        self.send_response(status)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture
def site(rt):
    """Stand where our own public pages would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Site.answer = (200, one_page())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rt.settings.port = server.server_port
    yield Site
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def form_item(rt, team):
    asset = store_file(rt, Upload("คำร้อง.pdf", one_page(), "กทม.", "ตัวอย่าง"), team.officer)
    with rt.sessions.begin() as session:
        form = ContentForm(
            Category.FORM, "แบบคำร้อง", "สำนักงานประชาสัมพันธ์", START.date(), rights="กทม.", asset_id=asset.id
        )
        item = add_item(session, form, team.officer, START)
        session.flush()
        downloads.link_item(session, rt, item.id)
        open_item(session, item.id, team.approver, START)
        return item


def checks(rt):
    with rt.sessions.begin() as session:
        return list(session.scalars(select(LinkCheck).order_by(LinkCheck.id)))


def test_a_form_that_opens_is_noted_with_the_hash_of_what_a_citizen_gets(rt, site, form_item):
    assert linkchecks.check_due(rt, everything=True) == 1
    (seen,) = checks(rt)
    assert (seen.reached, seen.http_status, seen.mime, seen.opens) == (True, 200, "application/pdf", True)
    assert seen.size == len(Site.answer[1])


@pytest.mark.parametrize(
    ("answer", "status", "usable"),
    [((404, b"gone"), 404, False), ((200, b"%PDF-1.7 broken"), 200, False), ((200, b""), 200, False)],
)
def test_a_missing_or_broken_form_is_noted_as_such(rt, site, form_item, answer, status, usable):
    Site.answer = answer
    linkchecks.check_due(rt, everything=True)
    (seen,) = checks(rt)
    assert (seen.http_status, seen.opens) == (status, usable)


def test_an_unreachable_host_says_nothing_about_the_file(rt, form_item):
    with rt.sessions.begin() as session:
        session.get_one(ContentItem, form_item.id).link = "http://169.254.169.254/form.pdf"
    linkchecks.check_due(rt, everything=True)
    (seen,) = checks(rt)
    assert (seen.reached, seen.opens, seen.http_status) == (False, None, None)


def test_a_form_is_looked_at_once_a_week(rt, clock, site, form_item):
    assert linkchecks.check_due(rt) == 1
    clock.advance(linkchecks.WEEKLY / 2)
    assert linkchecks.check_due(rt) == 0
    clock.advance(linkchecks.WEEKLY / 2)
    assert linkchecks.check_due(rt) == 1


def test_office_and_e_book_archives_open_and_anything_else_does_not():
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert look(written.getvalue()) == Usable(opens=True)
    assert look(b"MZ\x90\x00") == Usable(opens=False)
    assert look(one_page()) == Usable(opens=True, pages=1)
    assert look("รายการ,จำนวน\n".encode()).opens


def test_only_files_meant_for_citizens_have_a_public_address(rt, team, form_item):
    with rt.sessions.begin() as session:
        assert downloads.public_file(session, form_item.id).asset.name
        secret = ContentForm(Category.NEWS, "ข่าว", "สำนักงาน", START.date(), rights="กทม.")
        news = add_item(session, secret, team.officer, START)
        session.flush()
        for missing in (news.id, 999):
            with pytest.raises(NotFound):
                downloads.public_file(session, missing)
