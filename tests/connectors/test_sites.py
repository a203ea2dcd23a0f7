import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from connectors.sites import LARGEST, FetchFailed, FetchRefused, fetch


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/loop":
            return self.answer(302, b"", Location="/loop")
        if self.path == "/inner":
            return self.answer(302, b"", Location="http://169.254.169.254/latest/meta-data")
        if self.path == "/moved":
            return self.answer(301, b"", Location="/form.pdf")
        if self.path == "/huge":
            return self.answer(200, b"x" * (LARGEST + 1))
        return self.answer(
            200 if self.path == "/form.pdf" else 404, b"%PDF-1.7", **{"Content-Type": "application/pdf; v=1"}
        )

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay quiet."""


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://localhost/",
        "http://bangkok@127.0.0.1/",
        "ftp://127.0.0.1/form.pdf",
        "file:///etc/passwd",
        "http:///form.pdf",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:6379/",
    ],
)
def test_an_inner_address_is_refused_however_it_is_dressed_up(url):
    with pytest.raises(FetchRefused):
        fetch(url)


def test_our_own_public_pages_may_stand_on_an_inner_address(site):
    page = fetch(f"http://{site}/form.pdf", [site])
    assert (page.status, page.mime, page.content) == (200, "application/pdf", b"%PDF-1.7")


def test_a_redirect_is_followed_but_checked_like_any_address(site):
    assert fetch(f"http://{site}/moved", [site]).status == 200
    with pytest.raises(FetchRefused, match="inner_address"):
        fetch(f"http://{site}/inner", [site])
    with pytest.raises(FetchRefused, match="too_many_redirects"):
        fetch(f"http://{site}/loop", [site])


def test_a_missing_page_is_an_answer_and_a_silent_host_is_not(site):
    assert fetch(f"http://{site}/gone", [site]).status == 404
    with pytest.raises(FetchFailed):
        fetch("http://127.0.0.1:1/", ["127.0.0.1:1"])


def test_a_file_that_is_too_large_is_not_kept(site):
    assert fetch(f"http://{site}/huge", [site]).content is None
