"""Whether this process can answer: for supervisors and load balancers, without sign-in."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from web.session import runtime

router = APIRouter()


@router.get("/healthz")
def show(request: Request) -> JSONResponse:
    """Answer 200 while the database answers, else 503."""
    try:
        with runtime(request).engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return JSONResponse({"status": "no database"}, status_code=503)
    return JSONResponse({"status": "ok"})
