"""Who asks, in which language, and whether a change really comes from one of our own pages."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from core.clock import bangkok
from core.config import Settings
from core.errors import BadInput, Forbidden, RukonError
from core.i18n import DEFAULT, LANGUAGES, text
from core.vocab import Role
from models import Person
from services import people
from services.badges import Badges, badges
from services.confirming import confirm, is_confirmed
from services.connecting import Browser
from services.runtime import Runtime
from web.forms import Form, read_form
from web.headers import REFUSED
from web.sentences import beside
from web.view import render, url_with

LANGUAGE_COOKIE = "rukon_language"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf"
YEAR_S = 365 * 24 * 3600


class SignInNeeded(RukonError):
    """Nobody is signed in here, or the session has ended."""

    code = "sign_in_needed"
    status = 401


class ForgedRequest(Forbidden):
    """A change that does not come from one of our pages, or from one too old."""

    code = "forged_request"


@dataclass(frozen=True)
class Visitor:
    """A request, its language and the token its forms carry."""

    request: Request
    rt: Runtime
    language: str
    csrf: str

    @property
    def now(self) -> datetime:
        return self.rt.clock.now()

    @property
    def today(self) -> date:
        """The day it is in Bangkok."""
        return bangkok(self.now).date()

    @property
    def by_htmx(self) -> bool:
        """Whether a script wants a fragment, not a whole page."""
        return "hx-request" in self.request.headers

    def say(self, key: str, **params: object) -> str:
        """Return words in the visitor's language."""
        return text(key, self.language, **params)

    def page(
        self, template: str, /, *, trouble: RukonError | None = None, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Render a template with what every page needs; trouble stands beside the field it names."""
        problems = beside(trouble, self.language) if trouble else {}
        html = render(template, self.frame() | {"problems": problems} | values)
        response = HTMLResponse(html, trouble.status if trouble else status)
        if self.request.query_params.get("lang") == self.language:
            response.set_cookie(LANGUAGE_COOKIE, self.language, max_age=YEAR_S, httponly=True, samesite="lax")
        return response

    def greet(self, answer: HTMLResponse) -> HTMLResponse:
        """Let a page with a form carry what the form must bring back, before anybody has signed in."""
        settings = self.rt.settings
        answer.set_cookie(
            first_cookie(settings), self.csrf, path="/", httponly=True, samesite="lax",
            secure=settings.secure_cookies,
        )  # fmt: skip
        return answer

    def go(self, path: str, /, **query: object) -> Response:
        """Send the browser on after a change; `done=...` names the sentence the next page shows."""
        address = url_with(path, **query)
        if self.by_htmx:
            return Response(headers={"HX-Redirect": address})
        return RedirectResponse(address, 303)

    def _done(self) -> str:
        """Return the sentence about the change just made; its figures stand in the address."""
        query = self.request.query_params
        if not query.get("done", "").isidentifier():
            return ""
        figures = {name: value for name, value in query.items() if value.isdecimal()}
        return self.say(f"web.done.{query['done']}", **figures)

    def frame(self) -> dict[str, object]:
        """Return the values that the layout itself uses."""
        url = self.request.url
        others = {code: url.include_query_params(lang=code) for code in LANGUAGES if code != self.language}
        return {
            "lang": self.language,
            "csrf": self.csrf,
            "path": url.path,
            "others": {code: f"{other.path}?{other.query}" for code, other in others.items()},
            "done": self._done(),
            "now": self.now,
            "person": None,
        }


@dataclass(frozen=True)
class Member(Visitor):
    """A visitor who has signed in."""

    person: Person
    badges: Badges
    key: str = field(repr=False)  # of the session: what the cookie holds
    confirmed: bool  # whether the password was typed within the last minutes

    @property
    def browser(self) -> Browser:
        return Browser(self.person, self.key)

    def confirm(self, form: Form) -> None:
        """Take the password again if it was not typed lately; raises `confirm_needed`, WrongPassword."""
        if self.confirmed:
            return
        typed = form.values.get("confirm", "")
        if not typed:
            raise BadInput("confirm_needed", field="confirm")
        address = self.request.client.host if self.request.client else ""
        confirm(self.rt, self.key, self.person, typed, address)

    def may(self, *roles: Role) -> bool:
        """Say whether the page should offer what these roles do; services check it themselves."""
        return not self.person.roles.isdisjoint(roles)

    def must(self, *roles: Role) -> None:
        """Refuse a page whose form these roles alone may send."""
        people.require(self.person, *roles)

    def frame(self) -> dict[str, object]:
        mine = {
            "person": self.person,
            "may": lambda *names: self.may(*map(Role, names)),
            "confirmed": self.confirmed,
        }
        return super().frame() | mine | {"waiting": self.badges}


def runtime(request: Request) -> Runtime:
    """Return the runtime this application was made with."""
    rt: Runtime = request.app.state.rt
    return rt


def session_cookie(settings: Settings) -> str:
    """Return the cookie's name; behind HTTPS the browser itself guards a __Host- cookie."""
    return "__Host-rukon" if settings.secure_cookies else "rukon"


def first_cookie(settings: Settings) -> str:
    """Return the name of the cookie that guards the sign-in form before there is a session."""
    return "__Host-rukon_first" if settings.secure_cookies else "rukon_first"


def visitor(request: Request) -> Visitor:
    """Return the visitor of a page that needs no sign-in."""
    rt = runtime(request)
    known = request.cookies.get(first_cookie(rt.settings), "")
    return Visitor(request, rt, _language(request), known or secrets.token_urlsafe(32))


def member(request: Request) -> Member:
    """Return who is signed in; SignInNeeded if nobody is."""
    rt = runtime(request)
    key = request.cookies.get(session_cookie(rt.settings), "")
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        found = people.resume(session, key, now, rt.settings)
        around = badges(session, now) if found else None
    if found is None or around is None:
        raise SignInNeeded
    request.state.language = _language(request, found.person.language)
    fresh = is_confirmed(found, now)
    return Member(request, rt, request.state.language, found.csrf, found.person, around, key, confirmed=fresh)


def _language(request: Request, preferred: str = DEFAULT) -> str:
    asked = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), preferred)
    return next((code for code in asked if code in LANGUAGES), DEFAULT)


async def form_of_visitor(request: Request, visitor: "Visit") -> AsyncIterator[Form]:
    """Give what was posted from a page that needs no sign-in."""
    async with _checked(request, visitor) as form:
        yield form


async def form_of_member(request: Request, member: "SignedIn") -> AsyncIterator[Form]:
    """Give what was posted from a page of somebody who is signed in; an empty form for a plain look."""
    async with _checked(request, member) as form:
        yield form


@asynccontextmanager
async def _checked(request: Request, who: Visitor) -> AsyncIterator[Form]:
    """Read a form, its files open until the answer; ForgedRequest unless origin and token are ours."""
    if request.method in SAFE_METHODS:
        yield Form({})
        return
    if not _from_here(request, who.rt.settings):
        raise ForgedRequest
    async with request.form() as data:
        form = read_form(data, request.scope.get(REFUSED))
        if not secrets.compare_digest(form.values.get(CSRF_FIELD, "").encode(), who.csrf.encode()):
            raise ForgedRequest
        yield form


def _from_here(request: Request, settings: Settings) -> bool:
    """Say whether the browser names one of our own pages as the origin; silence is a no."""
    origin = urlsplit(request.headers.get("origin") or request.headers.get("referer") or "").netloc
    ours = {request.headers.get("host", ""), urlsplit(settings.public_url).netloc}
    return bool(origin) and origin in ours


Visit = Annotated[Visitor, Depends(visitor)]
SignedIn = Annotated[Member, Depends(member)]
VisitForm = Annotated[Form, Depends(form_of_visitor)]
Posted = Annotated[Form, Depends(form_of_member)]
