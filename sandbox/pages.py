"""The pages a person opens: the fake Page and the fake timeline, as citizens see them."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sandbox import thai
from sandbox.accounts import FACEBOOK, Account, Channel, X
from sandbox.audience import followers
from sandbox.imageinfo import inspect
from sandbox.showing import initial, show
from sandbox.state import World
from sandbox.things import Post

HERE = Path(__file__).resolve().parent
SHOWN = 50
POLICY = "default-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
templates = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def routes() -> list[Route | Mount]:
    """Return the routes of the citizens' pages and of the files they need."""
    return [
        Route("/facebook", facebook),
        Route("/facebook/posts/{post}", facebook_post),
        Route("/facebook/{account}", facebook),
        Route("/x", x),
        Route("/x/{username}/status/{post}", x_post),
        Route("/x/{account}", x),
        Route("/media/{sha256}", picture),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


async def facebook(request: Request) -> Response:
    """Show the fake Page, newest post first; with ?part=posts only the posts, for the script."""
    return _timeline(request, FACEBOOK)


async def x(request: Request) -> Response:
    """Show the fake X timeline."""
    return _timeline(request, X)


async def facebook_post(request: Request) -> Response:
    """Show one post of a Page at its own address."""
    return _single(request, FACEBOOK)


async def x_post(request: Request) -> Response:
    """Show one X post at its own address."""
    return _single(request, X)


async def picture(request: Request) -> Response:
    """Serve a stored picture by the hash of its bytes."""
    name = request.path_params["sha256"]
    path = request.app.state.world.config.data / "media" / name
    if not re.fullmatch(r"[0-9a-f]{64}", name) or not path.exists():
        return Response("ไม่พบภาพนี้", 404, media_type="text/plain")
    with path.open("rb") as file:
        head = file.read(65_536)
    image = inspect(head)
    film = "video/mp4" if head[4:8] == b"ftyp" else "application/octet-stream"
    mime = image.mime if image else film
    return FileResponse(path, media_type=mime, headers={"x-content-type-options": "nosniff"})


def page(template: str, context: dict[str, Any], status: int = 200) -> HTMLResponse:
    """Render a template into an answer that may load nothing from outside."""
    return HTMLResponse(templates.get_template(template).render(context), status, HEADERS)


def profile(world: World, account: Account) -> dict[str, Any]:
    """Return what the head of a page says about its account."""
    here = "/facebook" if account.channel == FACEBOOK else "/x"
    now = world.clock.now()
    return {
        "id": account.id,
        "name": account.name,
        "username": account.username,
        "initial": initial(account),
        "followers": thai.figure(followers(account, now)),
        "posts": thai.figure(len(world.timeline(account.channel, account.id))),
        "url": f"{here}/{account.id}",
    }


def _timeline(request: Request, channel: Channel) -> Response:
    world: World = request.app.state.world
    account = _account(world, channel, request.path_params.get("account", ""))
    if account is None:
        return _lost(channel)
    latest = world.timeline(channel, account.id)[-SHOWN:]
    return _posts(request, account, list(reversed(latest)))


def _single(request: Request, channel: Channel) -> Response:
    world: World = request.app.state.world
    post = world.post(channel, request.path_params["post"])
    if post is None or not post.public:
        return _lost(channel)
    return _posts(request, world.books.accounts[channel, post.account], [post])


def _posts(request: Request, account: Account, posts: list[Post]) -> Response:
    world: World = request.app.state.world
    context = {
        "here": account.channel,
        "single": "post" in request.path_params,
        "account": profile(world, account),
        "others": [
            profile(world, one) for one in _accounts(world, account.channel)[:20] if one is not account
        ],
        "posts": [show(world, post) for post in posts],
        "path": request.url.path,
    }
    return page(f"{account.channel}{'_posts' if 'part' in request.query_params else ''}.html", context)


def _account(world: World, channel: Channel, wanted: str) -> Account | None:
    """Return the account of this id or user name; the first one when none is named."""
    found = (one for one in _accounts(world, channel) if wanted in ("", one.id, one.username))
    return next(found, None)


def _accounts(world: World, channel: Channel) -> list[Account]:
    return world.books.offices(channel)


def _lost(channel: Channel) -> Response:
    return page("lost.html", {"here": channel}, 404)
