"""A request, read once, in the form both platforms take it."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, UploadFile
from starlette.requests import Request

MAX_BODY = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body."""

    name: str
    mime: str
    content: bytes


@dataclass(slots=True)
class Incoming:
    """Everything a request said. `json` is None without a JSON body; `broken_json` tells that it was none."""

    method: str
    path: str
    origin: str
    headers: Headers
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    json: Any = None
    raw: bytes = b""
    broken_json: bool = False

    @property
    def form_encoded(self) -> bool:
        return self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


async def read(request: Request) -> Incoming:
    """Read the whole request: query, form, files, JSON."""
    incoming = Incoming(
        method=request.method,
        path=request.scope["raw_path"].decode("latin-1"),
        origin=f"{request.url.scheme}://{request.url.netloc}",
        headers=request.headers,
        query=dict(request.query_params),
    )
    kind = request.headers.get("content-type", "")
    if "multipart/form-data" in kind or "x-www-form-urlencoded" in kind:
        await _read_form(request, incoming)
    elif "json" in kind:
        _read_json(await request.body(), incoming)
    elif request.method == "POST":
        incoming.raw = await request.body()
    return incoming


async def _read_form(request: Request, incoming: Incoming) -> None:
    async with request.form(max_part_size=MAX_BODY) as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                mime = value.content_type or "application/octet-stream"
                incoming.files[name] = Upload(value.filename or "", mime, await value.read())
            else:
                incoming.form[name] = value


def _read_json(body: bytes, incoming: Incoming) -> None:
    try:
        incoming.json = json.loads(body) if body else None
    except ValueError:
        incoming.broken_json = True
