"""Answers to citizens: no sign-in, no cookies, kept by browsers for a minute and asked for again by ETag."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.i18n import DEFAULT, LANGUAGES
from language.reference import Kind
from models.database import only_read
from services import reference
from services.downloads import public_base
from services.runtime import Runtime
from web.view import render

READS: Final = ["GET", "HEAD"]
A_MINUTE, AN_HOUR = 60, 3600
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Citizen:
    """A request nobody has to sign in for; its language stands in the address, nowhere else."""

    request: Request
    rt: Runtime
    language: str

    @property
    def now(self) -> datetime:
        return self.rt.clock.now()

    @property
    def today(self) -> date:
        return bangkok(self.now).date()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a look at the database that waits for no writer."""
        with self.rt.sessions.begin() as session:
            only_read(session)
            yield session

    def page(self, template: str, /, **values: object) -> Response:
        """Render a page; the same page is not sent twice to a browser that has it."""
        html = render(f"public/{template}", self._frame() | values)
        return self.answer(html.encode(), HTML)

    def answer(
        self, body: bytes, mime: str, *, keep_s: int = A_MINUTE, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return bytes with their ETag, or 304 to whoever has them."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        kept = {"ETag": tag, "Cache-Control": f"public, max-age={keep_s}", **(headers or {})}
        if _has(self.request, tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
        return Response(body, media_type=mime, headers=kept)

    def _frame(self) -> dict[str, object]:
        url = self.request.url
        query = {name: value for name, value in self.request.query_params.items() if name != "lang"}
        base = public_base(self.rt)
        addresses = {code: _address(url.path, query, code) for code in LANGUAGES}
        with self.reading() as session:
            hotlines = reference.entries(session, Kind.HOTLINE, self.today)
        return {
            "lang": self.language,
            "base": base,
            "path": url.path,
            "here": addresses[self.language],
            "addresses": addresses,
            "suffix": "" if self.language == DEFAULT else f"?lang={self.language}",
            "hotlines": hotlines,
            "today": self.today,
        }


def citizen(request: Request) -> Citizen:
    """Return who asks: nobody in particular, in Thai unless the address says otherwise."""
    asked = request.query_params.get("lang")
    return Citizen(request, request.app.state.rt, asked if asked in LANGUAGES else DEFAULT)


def _address(path: str, query: Mapping[str, str], language: str) -> str:
    kept = {**query, **({} if language == DEFAULT else {"lang": language})}
    return f"{path}?{urlencode(kept)}" if kept else path


def _has(request: Request, tag: str) -> bool:
    """Say whether the browser already has what this tag stands for."""
    known = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    return tag in known or known == ["*"]


Anyone = Annotated[Citizen, Depends(citizen)]
