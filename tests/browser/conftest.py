"""A real browser at a real site: console noise, a CSP violation or an outside request fails any journey."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from core.vocab import Role
from tests.builders import PASSWORD, make_accounts
from tests.web.site import Site, running_site

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
# Chromium's own advice to password fields, and its note of a status we sent on purpose
HARMLESS = ("[DOM]", "the server responded with a status of 4")


@dataclass
class Watched:
    """What went wrong in a browser while a journey ran."""

    site: Site
    outside: list[str] = field(default_factory=list)
    noise: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: self._asked(request.url))
        page.on("console", lambda message: self._said(message.text))
        page.on("pageerror", lambda error: self.noise.append(str(error)))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.site.url, "data:", "blob:")):
            self.outside.append(url)

    def _said(self, text: str) -> None:
        if not any(mark in text for mark in HARMLESS):
            self.noise.append(text)


@pytest.fixture
def site(data_dir: Path) -> Iterator[Site]:
    with running_site(data_dir) as running:
        make_accounts(running.rt)
        yield running


Opener = Callable[..., Page]


@pytest.fixture
def open_page(site: Site, browser: Browser) -> Iterator[Opener]:
    """Open a page of a size, with or without scripts, for somebody who signs in with the keyboard."""
    watched, contexts = Watched(site), list[BrowserContext]()

    def opener(role: Role | None, size: dict[str, int] | None = None, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport=size or DESKTOP, java_script_enabled=scripts, locale="th-TH"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watched.watch(page)
        page.goto("/sign-in")
        if role is not None:
            page.get_by_label("ชื่อผู้ใช้").focus()
            page.keyboard.type(role.value)
            page.keyboard.press("Tab")
            page.keyboard.insert_text(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/today")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert watched.outside == []
    assert watched.noise == []
