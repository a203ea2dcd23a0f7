"""What every answer carries, and how large a request may be: checked before anything is read."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.i18n import LANGUAGES, text

MEGABYTE = 1024 * 1024
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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
    """Refuses a request body beyond a size, by its announced length or as it comes in."""

    def __init__(self, app: ASGIApp, *, megabytes: int) -> None:
        self.app = app
        self.megabytes = megabytes
        self.limit = (megabytes + 1) * MEGABYTE  # the form around the file takes room too

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self.limit:
            await self._refuse(scope, receive, send)
            return
        try:
            await self.app(scope, self._counting(receive), send)
        except TooLargeError:
            await self._refuse(scope, receive, send)

    def _counting(self, receive: Receive) -> Receive:
        seen = 0

        async def receive_some() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise TooLargeError
            return message

        return receive_some

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        sentences = [text("error.upload_too_large", code, limit=self.megabytes) for code in LANGUAGES]
        await PlainTextResponse("\n".join(sentences), status_code=413)(scope, receive, send)
