"""Where Facebook tells us what happens on our Pages: without sign-in, but signed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse

from services import hearing
from web.session import ForgedRequest, runtime

router = APIRouter(prefix="/webhooks")
SIGNATURE = "x-hub-signature-256"


async def raw_body(request: Request) -> bytes:
    """Return the very bytes that were signed."""
    return await request.body()


@router.get("/facebook")
def verify(request: Request) -> PlainTextResponse:
    """Echo the challenge to who knows our word."""
    echo = hearing.answer_challenge(runtime(request), dict(request.query_params))
    if echo is None:
        raise ForgedRequest
    return PlainTextResponse(echo)


@router.post("/facebook")
def hear(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> PlainTextResponse:
    """Take the words down and answer at once; a worker does the rest."""
    if hearing.hear(runtime(request), body, request.headers.get(SIGNATURE, "")) is None:
        raise ForgedRequest
    return PlainTextResponse("ok")
