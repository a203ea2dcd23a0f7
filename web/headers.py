"""What every answer carries, and how large a request may be: known before anything of it is kept."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.i18n import LANGUAGES, text
from web.salvage import Salvage

MEGABYTE = 1024 * 1024
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NO_STORE = "no-store"
REFUSED = "rukon.refused_mb"  # in a request's scope: the limit its files were over, and so not read


class TooLargeError(Exception):
    """A body grew beyond the limit while it was read."""


class SafeHeaders:
    """Adds the security headers to every answer; pages are never cached, files may be."""

    def __init__(self, app: ASGIApp, *, over_https: bool) -> None:
        self.app = app
        self.extra = {"Strict-Transport-Security": "max-age=31536000"} if over_https else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (SAFE_HEADERS | self.extra).items():
                    headers[name] = value
                headers.setdefault("Cache-Control", NO_STORE)
            await send(message)

        await self.app(scope, receive, send_safely if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses the files of a request beyond a size, by its announced length or as it comes in.

    A form that announces too much reaches its page without its files, so that nothing typed is lost.
    larger: the limit in MB below some paths.
    """

    def __init__(self, app: ASGIApp, *, megabytes: int, larger: Mapping[str, int]) -> None:
        self.app = app
        self.megabytes = megabytes
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        found = (mb for path, mb in self.larger.items() if scope["path"].startswith(path))
        megabytes = next(found, self.megabytes)
        limit = (megabytes + 1) * MEGABYTE  # the form around the file takes room too
        announced = Headers(scope=scope).get("content-length", "0")
        try:
            if not announced.isdigit() or int(announced) > limit:
                scope, receive = await _without_files(scope, receive, megabytes)
            await self.app(scope, _counting(receive, limit), send)
        except TooLargeError:
            await _refuse(megabytes, scope, receive, send)


async def _without_files(scope: Scope, receive: Receive, megabytes: int) -> tuple[Scope, Receive]:
    """Let a form pass by, and return the request as it would be without its files."""
    try:
        salvage = Salvage(Headers(scope=scope).get("content-type", ""))
        more = True
        while more:
            message = await receive()
            salvage.take(message.get("body", b""))
            more = message.get("more_body", False)
    except ValueError as exc:
        raise TooLargeError from exc
    body = salvage.body()
    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    headers.append((b"content-length", str(len(body)).encode()))
    whole: Message = {"type": "http.request", "body": body, "more_body": False}
    waiting = [whole]

    async def receive_kept() -> Message:
        return waiting.pop() if waiting else await receive()

    return {**scope, "headers": headers, REFUSED: megabytes}, receive_kept


def _counting(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLargeError
        return message

    return receive_some


async def _refuse(megabytes: int, scope: Scope, receive: Receive, send: Send) -> None:
    sentences = [text("error.upload_too_large", code, limit=megabytes) for code in LANGUAGES]
    await PlainTextResponse("\n".join(sentences), status_code=413)(scope, receive, send)
