"""Errors become sentences: on a page of their own, or as a fragment where a script asked for one."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from core.errors import BadInput, NotFound, RukonError
from web.sentences import sentence
from web.session import SignInNeeded, Visitor, visitor
from web.view import url_with

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Tell the application how to answer each kind of error."""
    app.add_exception_handler(RukonError, on_rukon_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_bad_address)
    app.add_exception_handler(Exception, on_surprise)


def on_rukon_error(request: Request, error: Exception) -> Response:
    """Answer an expected error with its own status and sentence."""
    if not isinstance(error, RukonError):
        raise error
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request)
    return _answer(request, error, error.status)


def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses, such as an unknown address."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    headers = error.headers if isinstance(error, HTTPException) else None
    known = NotFound() if status == HTTPStatus.NOT_FOUND else BadInput()
    return _answer(request, known, status, headers)


def on_bad_address(request: Request, error: Exception) -> Response:
    """Answer an address whose parts are no numbers or words we know."""
    del error
    return _answer(request, NotFound(), HTTPStatus.NOT_FOUND)


def on_surprise(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw; the traceback goes to the log, never to the page."""
    log.error("web.surprise", method=request.method, path=request.url.path, exc_info=error)
    return _answer(request, RukonError(), HTTPStatus.INTERNAL_SERVER_ERROR)


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path if request.method == "GET" else "/"
    address = url_with("/sign-in", next=wanted if wanted != "/" else "")
    if "hx-request" in request.headers:
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(address, 303)


def _answer(
    request: Request, error: RukonError, status: int, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    who: Visitor = visitor(request)
    template = "error_fragment.html" if who.by_htmx else "error.html"
    language = getattr(request.state, "language", who.language)
    answer = who.page(template, status=status, lang=language, sentence=sentence(error, language))
    answer.headers.update(headers or {})
    return answer
