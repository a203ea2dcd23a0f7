"""No secret anywhere but sealed in its row: an office runs, fails and renews, then everything is searched."""

import base64
import html
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import redis
from sqlalchemy import select, text

from core.vocab import Channel, DeliveryState, Health, Role
from models import Account, Alert, Delivery
from services import accounts, apps
from services.runtime import Runtime, build_runtime
from tests import deployments
from tests.builders import PASSWORD, Team, approve, make_post, make_team
from tests.deployments import STAYING, Deployment, environment, program_words, taken_apart
from tests.journeys.overheard import Overheard, listening_proxy, postgres_dump
from tests.sandbox_server import running_sandbox
from tests.servers import free_port, wait_until
from tests.services import platforms
from tests.web.site import Visitor

pytestmark = pytest.mark.servers

PATIENCE_S = 240  # other tests may keep the machine busy
PAGES = (
    "/today", "/accounts", "/accounts/connect/x", "/accounts/apps/facebook", "/queue", "/comments", "/posts",
    "/desk", "/switches", "/people", "/kpi?period=2570", "/nothing/here",
)  # fmt: skip


@dataclass
class Place:
    """Where somebody could read, and what stands there."""

    name: str
    words: str


def hits(secrets: Mapping[str, str], places: list[Place]) -> list[str]:
    """Return where a secret stands: as it is, in an address, in base64 or as bytes of a dump."""
    found = []
    for name, secret in secrets.items():
        raw = secret.encode()
        forms = {
            secret,
            quote(secret, safe=""),
            html.escape(secret),
            base64.b64encode(raw).decode().rstrip("="),
            raw.hex(),
        }
        found += [f"{name} in {place.name}" for place in places if any(form in place.words for form in forms)]
    return found


@dataclass
class Office:
    """A running installation, a way into its database, and the secrets that were ever in use."""

    running: Deployment
    rt: Runtime
    team: Team
    folder: Path
    secrets: dict[str, str]
    addresses: list[str]

    def note_secrets(self) -> None:
        """Remember the secrets of all accounts as they are now."""
        with self.rt.sessions.begin() as session:
            for row in session.scalars(select(Account)):
                held = accounts.access_of(self.rt, row).secrets
                self.secrets |= {f"{row.channel}.{name}={value[-6:]}": value for name, value in held.items()
                                 if len(value) >= 16 and name not in ("scope", "app_id")}  # fmt: skip
            for channel in Channel:
                app = apps.app_of(self.rt, session, channel)
                self.secrets[f"{channel} app"] = app.client_secret
            self.secrets["webhook word"] = apps.verify_token(self.rt, session, Channel.FACEBOOK)

    def rukon(self, *words: str) -> str:
        """Type a command; return all it said."""
        settings = self.rt.settings
        given = environment(
            {
                "RUKON_DATA_DIR": str(settings.data_dir),
                "RUKON_DATABASE_URL": settings.database_url,
                "RUKON_SECRET_KEY_FILE": str(settings.secret_key_file),
                "RUKON_FACEBOOK_URL": settings.facebook_url,
                "RUKON_X_URL": settings.x_url,
                "RUKON_LOG_LEVEL": "debug",
            }
        )
        done = subprocess.run(
            program_words(["rukon", *words]), env=given, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def wait(self, kind: type, *conditions: Any, what: str) -> None:
        def there() -> bool:
            with self.rt.sessions.begin() as session:
                return session.scalars(select(kind).where(*conditions)).first() is not None

        wait_until(there, seconds=PATIENCE_S, what=what, every=0.2)


@pytest.fixture
def office(
    tmp_path: Path, postgres_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    monkeypatch.setattr(deployments, "START_S", PATIENCE_S)
    port = free_port()
    with (
        running_sandbox(tmp_path / "platforms") as sandbox,
        listening_proxy(sandbox.base_url) as (proxy, addresses),
    ):
        variables = {
            "RUKON_FACEBOOK_URL": f"{proxy}/graph", "RUKON_X_URL": proxy, "RUKON_LOG_LEVEL": "debug",
            "RUKON_PORT": str(port), "RUKON_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }  # fmt: skip
        with taken_apart(tmp_path, postgres_url, redis_url, **variables) as running:
            settings = running.settings.model_copy(
                update={
                    "facebook_url": f"{proxy}/graph",
                    "x_url": proxy,
                    "public_url": variables["RUKON_PUBLIC_URL"],
                }
            )
            rt = build_runtime(settings)
            with rt.sessions.begin() as session:
                team = make_team(session)
            office = Deployment(running.url, running.settings, sandbox, running.programs)
            yield Office(office, rt, team, tmp_path, {}, addresses)
            rt.engine.dispose()


def test_secrets_stand_nowhere_but_sealed_in_their_rows(office, redis_url):
    with Overheard(redis_url) as broker:
        admin = signed_in(office)
        for channel in Channel:
            connected(office, admin, channel)
        office.note_secrets()
        told = [office.rukon("check-account"), published(office), renewed(office), refused(office)]
        office.note_secrets()
        told += [
            office.rukon("check-account"),
            office.rukon("accounts", "list", "--json"),
            office.rukon("costs", "--ask-x"),
            let_go(office, admin),
        ]
        pages = [Place(path, admin.get(path).text) for path in PAGES]
        admin.http.close()
        office.running.stop()
    assert len(office.secrets) >= 12, sorted(office.secrets)
    places = [
        *pages,
        *(Place(f"log of {one.name}", one.said()) for one in office.running.programs),
        *(Place(f"words of command {number}", words) for number, words in enumerate(told)),
        Place("database", postgres_dump(office.rt.settings.database_url)),
        Place("broker", "\n".join([*broker.words, *left_in(redis_url)])),
        Place("addresses", "\n".join(office.addresses)),
        Place("files", "\n".join(files_of(office.rt.settings.data_dir))),
    ]
    # the word that Facebook is given by hand stands on the administrator's page, and opens nothing
    assert set(hits(office.secrets, places)) <= {"webhook word in /accounts/apps/facebook"}
    assert {name for name in STAYING if f"log of {name}" in {place.name for place in places}} == set(STAYING)
    assert any("collecting" in words for words in broker.words), "the tasks went by here"
    assert any("/oauth" in one for one in office.addresses)
    assert any("/2/users/me" in one for one in office.addresses)
    assert any("/2/usage/tweets" in one for one in office.addresses)
    the_search_finds_what_is_planted(office, redis_url)


def the_search_finds_what_is_planted(office, redis_url):
    """Plant a secret in each kind of place: the same search must find every one."""
    name, secret = next((name, value) for name, value in office.secrets.items() if "bearer" in name)
    with office.rt.sessions.begin() as session:
        session.execute(
            text("UPDATE alert SET detail = CAST(:found AS JSON)"), {"found": f'{{"seen": "{secret}"}}'}
        )
        session.execute(
            text("UPDATE account SET sealed = :found WHERE channel = 'facebook'"), {"found": secret.encode()}
        )
    with Overheard(redis_url) as broker, redis.Redis.from_url(redis_url) as client:
        client.lpush("publish", f'{{"args": ["{secret}"]}}')
        client.delete("publish")
    httpx.get(office.rt.settings.x_url + f"/2/users/me?access_token={secret}", trust_env=False)
    log = office.folder / "web.log"
    log.write_text(log.read_text("utf-8") + f"Authorization: Bearer {secret}\n", "utf-8")
    (office.rt.settings.data_dir / "note.txt").write_text(secret, "utf-8")
    planted = [
        Place("database", postgres_dump(office.rt.settings.database_url)),
        Place("broker", "\n".join(broker.words)),
        Place("addresses", "\n".join(office.addresses)),
        Place("log", log.read_text("utf-8")),
        Place("files", "\n".join(files_of(office.rt.settings.data_dir))),
        Place("page", f"<p>{html.escape(secret)}</p>"),
    ]
    assert hits({name: secret}, planted) == [f"{name} in {place.name}" for place in planted]


def signed_in(office) -> Visitor:
    admin = Visitor(httpx.Client(base_url=office.running.url, timeout=30))
    admin.get("/sign-in")
    assert (
        admin.post("/sign-in", {"username": Role.ADMINISTRATOR.value, "password": PASSWORD}).status_code
        == 303
    )
    admin.get("/password")
    office.secrets |= {"password": PASSWORD, "session": admin.http.cookies["rukon"]}
    return admin


def connected(office, admin: Visitor, channel: Channel) -> None:
    """Store the app and connect the account, all on the pages."""
    handed_out = office.running.sandbox.ask("GET", "/__control/credentials")
    client, bearer = handed_out["x_client"], handed_out["x_bearer"]["app"]
    page = office.running.sandbox.credentials(Channel.FACEBOOK)["secrets"]
    told = (page["app_id"], page["app_secret"]) if channel is Channel.FACEBOOK else tuple(client.values())
    admin.get(f"/accounts/apps/{channel}")
    app = {"public_id": told[0], "secret": told[1], "app_bearer": bearer if channel is Channel.X else ""}
    office.secrets["token of the app"] = bearer
    admin.follow(admin.post(f"/accounts/apps/{channel}", app))
    admin.get(f"/accounts/connect/{channel}")
    shown = admin.post(f"/accounts/connect/{channel}").text
    address = html.unescape(re.search(r'btn-main" href="([^"]+)"', shown)[1])
    returned = platforms.allow(address)
    office.secrets |= {f"{channel} code": returned.code, f"{channel} state": returned.state}
    office.addresses[:] = [
        one for one in office.addresses if returned.state not in one
    ]  # the browser's own way out
    back = admin.get(f"/accounts/connect/{channel}/back", state=returned.state, code=returned.code)
    offer = back.headers["location"]
    external_id = platforms.PAGE if channel is Channel.FACEBOOK else platforms.USER
    admin.follow(back)
    assert "เชื่อมต่อบัญชีแล้ว" in admin.follow(admin.post(offer, {"account": external_id})).text


def published(office) -> str:
    with office.rt.sessions.begin() as session:
        due = office.rt.clock.now() + timedelta(minutes=10)
        post = make_post(session, office.team.officer, now=office.rt.clock.now(), due_at=due)
    rows = approve(office.rt, post.id, office.team.approver, publish_now=True)
    for row in rows:
        office.wait(
            Delivery, Delivery.id == row.id, Delivery.state == DeliveryState.VERIFIED, what="the post"
        )
    return office.rukon("queue", "list")


def renewed(office) -> str:
    with office.rt.sessions.begin() as session:
        row = session.scalars(select(Account).where(Account.channel == Channel.X)).one()
        row.refresh_at = office.rt.clock.now()
    office.wait(Account, Account.refreshed_at.is_not(None), what="the renewal")
    return office.rukon("alerts", "list")


def refused(office) -> str:
    """Have the Page's token die, quoted back in the refusal, while a post is due."""
    office.running.sandbox.fault("facebook", "*", "error", times=3, name="token_invalid")
    with office.rt.sessions.begin() as session:
        now = office.rt.clock.now()
        words = {"title": "ถูกปฏิเสธ", "bodies": {Channel.FACEBOOK: "โพสต์ที่ถูกปฏิเสธ"}}
        post = make_post(session, office.team.officer, now=now, due_at=now + timedelta(minutes=10), **words)
    approve(office.rt, post.id, office.team.approver, publish_now=True)
    office.wait(Account, Account.health == Health.REAUTH, what="the refusal")
    office.wait(Alert, Alert.closed_at.is_(None), what="the alert")
    return office.rukon("accounts", "list")


def let_go(office, admin: Visitor) -> str:
    with office.rt.sessions.begin() as session:
        account = session.scalars(select(Account).where(Account.channel == Channel.X)).one()
    admin.get(f"/accounts/{account.id}/disconnect")
    assert admin.post(f"/accounts/{account.id}/disconnect").status_code == 303
    return office.rukon("check-account", str(account.id))


def left_in(redis_url: str) -> list[str]:
    """Return what lies in Redis now, whatever its kind."""
    with redis.Redis.from_url(redis_url) as client:
        return [repr((key, client.dump(key))) for key in client.keys("*")]


def files_of(folder: Path) -> list[str]:
    """Return the content of everything that is kept as files, but the key."""
    return [
        path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "secret.key"
    ]
