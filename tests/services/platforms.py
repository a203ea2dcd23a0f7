"""A runtime that speaks to the stand-in platforms, and a person who signs in there by their own pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel
from models import Account, Base, Person
from services import apps, connecting
from services.connecting import Browser, Returned
from services.runtime import Runtime, build_runtime
from tests.builders import EXTERNAL_IDS, START
from tests.sandbox_server import SandboxHandle

PUBLIC = "https://rukon.example"
PAGE, USER = EXTERNAL_IDS[Channel.FACEBOOK], EXTERNAL_IDS[Channel.X]


@contextmanager
def online(folder: Path, sandbox: SandboxHandle, at: datetime = START, **settings: Any) -> Iterator[Runtime]:
    """Build a runtime on a fresh database that knows only the stand-in platforms; both clocks stand still."""
    sandbox.reset()
    sandbox.set_clock(at.isoformat())
    chosen = Settings(
        data_dir=folder, facebook_url=sandbox.graph_url, x_url=sandbox.base_url, public_url=PUBLIC,
        connect_timeout_s=5, read_timeout_s=5, **settings,
    )  # fmt: skip
    rt = build_runtime(chosen, SetClock(at))
    Base.metadata.create_all(rt.engine)
    yield rt
    rt.engine.dispose()


def advance(rt: Runtime, sandbox: SandboxHandle, moment: datetime) -> None:
    """Move both clocks."""
    rt.clock.set(moment)  # type: ignore[attr-defined]  # a SetClock
    sandbox.set_clock(moment.isoformat())


def keep_apps(rt: Runtime, sandbox: SandboxHandle) -> None:
    """Store the sandbox's apps as an administrator does."""
    client = sandbox.ask("GET", "/__control/credentials")["x_client"]
    page = sandbox.credentials(Channel.FACEBOOK)["secrets"]
    apps.keep_app(rt, Channel.FACEBOOK, page["app_id"], page["app_secret"], None)
    apps.keep_app(rt, Channel.X, client["client_id"], client["client_secret"], None)


def allow(address: str, **answer: Any) -> Returned:
    """Answer the platform's question as a person does; by default everything asked is allowed."""
    asked = parse_qs(urlsplit(address).query)
    form = {
        "answer": "allow", "account": USER, "page": [PAGE],
        "scope": [scope for one in asked["scope"] for scope in one.replace(",", " ").split()], **answer,
    }  # fmt: skip
    back = httpx.post(address, data=form, trust_env=False, timeout=60).headers["location"]
    told = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    return Returned(told["state"], told.get("code", ""), told.get("error", ""))


def connect(rt: Runtime, channel: Channel, person: Person, **answer: Any) -> Account:
    """Go the whole way: ask, allow at the platform, come back, choose."""
    browser = Browser(person, "session-key")
    returned = allow(connecting.begin(rt, channel, browser), **answer)
    offer_id = connecting.receive(rt, channel, browser, returned)
    (account,) = connecting.choose(rt, offer_id, browser, {PAGE, USER})
    return account
