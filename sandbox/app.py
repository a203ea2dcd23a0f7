"""The whole stand-in as one ASGI application."""

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import citizens, control, pages, panel
from sandbox.config import Config
from sandbox.graph import dialog
from sandbox.graph import dispatch as graph
from sandbox.state import World
from sandbox.xapi import dispatch as xapi


def create_app(config: Config) -> Starlette:
    """Return the application over the world kept in `config.data`."""
    app = Starlette(
        routes=[
            Route("/graph", graph.endpoint, methods=["GET", "POST"]),
            Route("/graph/{version}/dialog/oauth", dialog.endpoint, methods=["GET", "POST"]),
            Route("/dialog/{version}/dialog/oauth", dialog.endpoint, methods=["GET", "POST"]),
            Route("/graph/{path:path}", graph.endpoint, methods=["GET", "POST", "DELETE"]),
            Route("/graph-video/{path:path}", graph.endpoint, methods=["GET", "POST"]),
            Route("/rupload/{path:path}", graph.endpoint, methods=["POST"]),
            *xapi.routes(),
            *control.routes(),
            *panel.routes(),
            *pages.routes(),
        ]
    )
    world = app.state.world = World(config)
    app.add_middleware(Citizens, world=world)
    return app


class Citizens:
    """Lets the citizens speak whose time has come before anybody looks."""

    def __init__(self, app: ASGIApp, *, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        citizens.speak(self.world)
        await self.app(scope, receive, send)
