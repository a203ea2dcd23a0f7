"""The web application: one factory, every page behind sign-in and the forged-request check."""

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from core.config import Settings
from services.runtime import Runtime, build_runtime
from web import errors
from web.api import health, metrics, webhooks
from web.headers import BodyLimit, SafeHeaders
from web.pages import (
    accounts,
    approvals,
    calendar,
    comments,
    composer,
    connecting,
    content,
    costs,
    desk,
    events,
    evidence,
    form,
    imports,
    kpi,
    kpi_criteria,
    kpi_notes,
    kpi_posts,
    kpi_sign,
    media,
    people,
    plans,
    post,
    posts,
    public,
    public_files,
    queue,
    reference,
    sign_in,
    switches,
    today,
    verify,
)
from web.session import form_of_member
from web.view import FOLDER

OPEN = (health.router, public_files.router, public.router, sign_in.router, verify.router, webhooks.router)
BEHIND_SIGN_IN = (
    today.router, calendar.router, events.router, composer.router, posts.router, post.router,
    approvals.router, queue.router, desk.router, kpi.router, kpi_sign.router, kpi_notes.router,
    kpi_posts.router, kpi_criteria.router, evidence.router, form.router, imports.router,
    content.router, reference.router, plans.router, accounts.router, connecting.router, switches.router,
    people.router, media.router, metrics.router, costs.router, comments.router,
)  # fmt: skip


def create_app(rt: Runtime) -> FastAPI:
    """Return the application over a runtime; it opens nothing itself."""
    app = FastAPI(title="Rukon", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.rt = rt
    errors.install(app)
    for router in OPEN:
        app.include_router(router)
    for router in BEHIND_SIGN_IN:
        app.include_router(router, dependencies=[Depends(form_of_member)])
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.add_middleware(
        BodyLimit, megabytes=rt.settings.max_upload_mb, larger={"/posts": rt.settings.max_video_mb}
    )
    app.add_middleware(SafeHeaders, over_https=rt.settings.secure_cookies)
    return app


def build_app() -> FastAPI:
    """Return the application of this machine's settings; for `uvicorn --factory web.app:build_app`."""
    return create_app(build_runtime(Settings()))
