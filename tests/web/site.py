"""A real server on a real socket, and people who sign in through its pages, as a browser without scripts."""

import atexit
import html
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from core.clock import SetClock
from core.config import Settings
from core.vocab import Role
from models import Base
from services import people
from services.runtime import Runtime, build_runtime
from tests.builders import NAMES, PASSWORD, START, Team, make_team
from web.app import create_app

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TAG = re.compile(r"<[^>]+>")


@dataclass
class Visitor:
    """A browser without scripts: keeps cookies, sends the token of its last page with each form."""

    http: httpx.Client
    csrf: str = ""

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Look at a page and remember the token of its forms."""
        answer = self.http.get(path, params=query or None)
        found = CSRF.search(answer.text)
        self.csrf = found[1] if found else self.csrf
        return answer

    def post(
        self,
        path: str,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form as a browser would."""
        origin = {"Origin": str(self.http.base_url).rstrip("/")}
        return self.http.post(
            path, data={"csrf": self.csrf, **(data or {})}, files=files, headers=origin | dict(headers or {})
        )

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer leads."""
        assert answer.status_code == 303, f"{answer.status_code}: {words(answer)[:600]}"
        return self.get(answer.headers["location"])


@dataclass
class Site:
    """A running application with one person of each role."""

    url: str
    rt: Runtime
    clock: SetClock
    team: Team
    open: list[httpx.Client] = field(default_factory=list)

    def stranger(self) -> Visitor:
        client = httpx.Client(base_url=self.url, timeout=30)
        self.open.append(client)
        return Visitor(client)

    def member(self, role: Role | str) -> Visitor:
        """Sign somebody in through the page."""
        visitor = self.stranger()
        visitor.get("/sign-in")
        answer = visitor.post("/sign-in", {"username": str(role), "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        visitor.get("/password")
        return visitor


def words(answer: httpx.Response) -> str:
    """Return what a person reads on a page."""
    return " ".join(html.unescape(TAG.sub(" ", answer.text)).split())


@cache
def empty_office() -> Path:
    """Make a folder with the schema and one person of each role, once; copying it is quicker."""
    folder = Path(mkdtemp(prefix="rukon-empty-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    rt = build_runtime(Settings(data_dir=folder))
    Base.metadata.create_all(rt.engine)
    with rt.sessions.begin() as session:
        make_team(session)
    rt.engine.dispose()
    return folder


@contextmanager
def running_site(folder: Path, **settings: Any) -> Iterator[Site]:
    """Serve the application on a fresh SQLite file; without further settings, without platforms."""
    shutil.copytree(empty_office(), folder, dirs_exist_ok=True)
    clock = SetClock(START)
    rt = build_runtime(Settings(data_dir=folder, **settings), clock)
    if not settings:
        rt = replace(rt, connectors={})
    with rt.sessions.begin() as session:
        team = Team(*(people.find_person(session, role.value) for role in NAMES))
    with serving(rt) as url:
        site = Site(url, rt, clock, team)
        yield site
        for client in site.open:
            client.close()
    rt.engine.dispose()


def serving(rt: Runtime) -> AbstractContextManager[str]:
    """Serve the application's pages and give their address."""
    return answering(create_app(rt))


@contextmanager
def answering(app: ASGIApp) -> Iterator[str]:
    """Run uvicorn in a thread on a free port and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.005)
        assert thread.is_alive(), "the server did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
