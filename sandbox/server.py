"""Running the application: one process, one event loop, a clean stop, nothing to do while idle."""

import signal
import socket
import sys

import uvicorn
from starlette.applications import Starlette

from sandbox.app import create_app
from sandbox.config import Config
from sandbox.connections import TrackedProtocol

BACKLOG = 2048
GRACE_S = 2


class AnnouncingServer(uvicorn.Server):
    """Uvicorn that says one line once it listens, for whoever waits for it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            sys.stdout.write(f"sandbox ready at http://{host}:{port}\n")
            sys.stdout.flush()


def listen(host: str, port: int) -> socket.socket:
    """Open the listening socket; port 0 takes a free one. Raises OSError when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(
        family, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # asyncio needs it to set TCP_NODELAY
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind((host, port))
    return opened


def serve(config: Config, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT, then close the books."""
    app = create_app(config)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again after its own clean stop
    try:
        AnnouncingServer(_settings(app)).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        app.state.world.close()


def _settings(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=TrackedProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,  # X's side tells its own time, which may be off from ours
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_S,
    )
