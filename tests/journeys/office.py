"""The people of a running installation and what they do on its pages, over HTTP and nothing else."""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from core.clock import SystemClock, bangkok
from core.vocab import Channel, Role
from services.accounts import add_account, check_account
from services.runtime import Runtime, build_runtime
from tests.builders import PASSWORD, Team, make_team
from tests.deployments import Deployment
from tests.journeys.forms import form_to
from tests.sandbox_server import SandboxHandle
from tests.web.site import Visitor, words

PATIENCE_S = 60  # far beyond what a quiet machine takes


@dataclass
class Desk:
    """One person's browser on one installation."""

    visitor: Visitor
    seen: httpx.Response = field(init=False)

    def look(self, path: str, **query: Any) -> str:
        """Go to a page and return what can be read on it."""
        self.seen = self.visitor.get(path, **query)
        assert self.seen.status_code == httpx.codes.OK, f"{path}: {words(self.seen)[:500]}"
        return words(self.seen)

    def send(
        self, action: str, changes: Mapping[str, Any] | None = None, files: Any = None, **wanted: str
    ) -> str:
        """Fill in a form of the page in sight and send it; return what is read where it leads."""
        filled = form_to(self.seen.text, action, **wanted).fields | dict(changes or {})
        self.seen = self.visitor.post(action, filled, files=files)
        assert self.seen.status_code == httpx.codes.OK, f"{action}: {words(self.seen)[:500]}"
        return words(self.seen)

    def upload(self, action: str, file: tuple[str, bytes, str]) -> str:
        """Put a file on the sheet in sight, as its file field does; return the number it is kept under."""
        fields = form_to(self.seen.text, action).fields
        answer = self.visitor.post("/posts/media", fields, files={"file": file})
        found = re.search(r'name="asset_id" value="(\d+)"', answer.text)
        assert found, words(answer)[:500]
        return found[1]

    def number(self, pattern: str) -> int:
        """Return the number at (\\d+) in the address in sight, else on the page."""
        found = re.search(pattern, str(self.seen.url)) or re.search(pattern, self.seen.text)
        assert found, f"{pattern} stands nowhere on {self.seen.url}"
        return int(found[1])


@dataclass
class Journey:
    """An installation with people and accounts; `rt` looks into the same database."""

    deployment: Deployment
    rt: Runtime
    team: Team
    open: contextlib.ExitStack

    @property
    def sandbox(self) -> SandboxHandle:
        return self.deployment.sandbox

    def sign_in(self, role: Role) -> Desk:
        """Sign somebody in through the page."""
        client = httpx.Client(
            base_url=self.deployment.url, timeout=30, trust_env=False, follow_redirects=True
        )
        desk = Desk(Visitor(self.open.enter_context(client)))
        desk.look("/sign-in")
        desk.send("/sign-in", {"username": role.value, "password": PASSWORD})
        return desk


@contextlib.contextmanager
def opened(deployment: Deployment) -> Iterator[Journey]:
    """Give an empty installation one person of each role and the sandbox's two accounts, checked."""
    rt = build_runtime(deployment.settings)
    with contextlib.ExitStack() as stack:
        stack.callback(rt.engine.dispose)
        with rt.sessions.begin() as session:
            team = make_team(session)
        for channel in Channel:
            account = add_account(rt, deployment.sandbox.credentials(channel), None)
            assert check_account(rt, account.id).problems == ()
        yield Journey(deployment, rt, team, stack)


def event_fields(title: str, start: datetime) -> dict[str, str]:
    """Return an event of three hours as an officer types it, its days in Buddhist years."""
    end = start + timedelta(hours=3)
    return {
        "title": title,
        "starts_at_day": typed_day(start), "starts_at_time": f"{start:%H.%M}",
        "ends_at_day": typed_day(end), "ends_at_time": f"{end:%H.%M}",
        "place": "สะพานพระราม 8", "host": "สำนักวัฒนธรรม กีฬา และการท่องเที่ยว",
        "target_group": "ประชาชนทั่วไป", "public": "1",
    }  # fmt: skip


def typed_day(day: datetime) -> str:
    """Return a day the way people type it: 24/10/2563."""
    return f"{day.day}/{day.month}/{day.year + 543}"


def evening_in(days: int) -> datetime:
    """Return 17.00 on Bangkok's wall clock, so many days from now."""
    return (bangkok(SystemClock().now()) + timedelta(days=days)).replace(hour=17, minute=0)
