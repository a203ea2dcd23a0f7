"""Signing in at Facebook: code, short-lived token, long-lived token, the person's Pages; and back out again.

Codes and tokens travel in forms and headers, never in an address. Facebook has no refresh token: a Page's
token got with a long-lived one does not end by itself, but dies with a password change or a lost role.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from connectors.base import Access, Rejected, RetryLater
from connectors.credentials import secret
from connectors.facebook.errors import classify, judge
from connectors.facebook.graph import Graph, Key, dialog_root
from connectors.facebook.health import SCOPES, task_problems
from connectors.facebook.watch import Watch
from connectors.login import App, Grant, GrantedAccount, SignIn
from connectors.transport import Reach, calls, expecting
from connectors.verdicts import Aim
from core.clock import Clock
from core.config import Settings

ASKED = (
    "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_read_user_content",
    "pages_manage_engagement", "read_insights", "pages_manage_metadata", "business_management",
)  # fmt: skip
PAGE_FIELDS = "id,name,access_token,category,tasks"
PAGES_MAX = 10
SHORT = timedelta(days=1)  # a token that ends sooner is exchanged for one of 60 days


@dataclass(frozen=True)
class Desk:
    """Where sign-ins are done: settings, network and clock of the connector."""

    settings: Settings
    reach: Reach
    clock: Clock
    watch: Watch

    def authorize_url(self, app: App, sign_in: SignIn) -> str:
        """Return the dialog's address."""
        query = {
            "client_id": app.client_id,
            "redirect_uri": sign_in.redirect_uri,
            "state": sign_in.state,
            "response_type": "code",
            "scope": ",".join(ASKED),
        }
        return (
            f"{dialog_root(self.settings)}/{self.settings.facebook_version}/dialog/oauth?{urlencode(query)}"
        )

    def redeem(self, app: App, sign_in: SignIn, code: str) -> Grant:
        """Turn a code into the person's Pages."""
        short = self._token(app, {"redirect_uri": sign_in.redirect_uri, "code": code})
        return self._grant(app, self._lengthened(app, short))

    def adopt(self, app: App, token: str) -> Grant:
        """Turn a token made by hand into its Pages; a short-lived one is exchanged first."""
        told = self._living(app, token)
        ends = _moment(told.get("expires_at"))
        if ends is not None and ends - self.clock.now() < SHORT:
            token = self._lengthened(app, token)
        return self._grant(app, token)

    def revoke(self, access: Access) -> None:
        """Take the app's permission back in the person's name; a dead token counts as taken back."""
        (token,) = secret(access, "page_token")
        app = App(*secret(access, "app_id", "app_secret"))
        told = self._told(app, token)
        if not told.get("is_valid"):
            return
        with expecting("debug_token"):
            person = str(told["user_id"])
        try:
            with self._graph(Key.of_app(self.settings, app.client_id, app.client_secret), Aim.STAGE) as graph:
                graph.delete(f"{quote(person)}/permissions")
        except Rejected as trouble:
            if trouble.code != "not_found":
                raise

    def _grant(self, app: App, token: str) -> Grant:
        told = self._living(app, token)
        scopes = tuple(str(scope) for scope in told.get("scopes", []))
        with self._graph(Key.of_token(self.settings, token, app.client_secret)) as graph:
            rows = list(_pages(graph))
        with expecting("accounts"):
            accounts = tuple(_account(app, row, scopes) for row in rows if row.get("access_token"))
        ends = None
        if accounts:
            of_page = self._living(app, accounts[0].secrets["page_token"])
            ends, told = _moment(of_page.get("expires_at")), of_page
        return Grant(accounts, scopes, ends, _moment(told.get("data_access_expires_at")))

    def _lengthened(self, app: App, short: str) -> str:
        return self._token(app, {"grant_type": "fb_exchange_token", "fb_exchange_token": short})

    def _token(self, app: App, form: Mapping[str, str]) -> str:
        who = {"client_id": app.client_id, "client_secret": app.client_secret}
        with self._graph(Key.of_nobody(self.settings), Aim.STAGE) as graph:
            body = graph.send("oauth/access_token", who | dict(form))
        if not isinstance(body.get("access_token"), str):
            raise Rejected("login_unfinished")
        return str(body["access_token"])

    def _living(self, app: App, token: str) -> Mapping[str, Any]:
        told = self._told(app, token)
        if not told.get("is_valid") or str(told.get("app_id", app.client_id)) != app.client_id:
            raise Rejected("token_dead")
        return told

    def _told(self, app: App, token: str) -> Mapping[str, Any]:
        """Return what Facebook says of a token, in the app's name; the token travels in a form."""
        with self._graph(Key.of_app(self.settings, app.client_id, app.client_secret)) as graph:
            (answer,) = graph.batch([f"debug_token?input_token={quote(token)}"])
        if answer is None:
            raise RetryLater("platform_trouble", "debug_token")
        trouble = classify(answer, Aim.READ)
        if trouble is not None and trouble.health is not None:
            raise Rejected("app_credentials_wrong")
        if trouble is not None:
            raise trouble
        with expecting("debug_token"):
            return dict(answer.body["data"])

    @contextmanager
    def _graph(self, key: Key, aim: Aim = Aim.READ) -> Iterator[Graph]:
        with calls(self.reach, judge, aim) as session:
            yield Graph(session, key, self.watch)


def _pages(graph: Graph) -> Iterator[Mapping[str, Any]]:
    """Yield the person's Pages; those of a business may stand in its portfolio only."""
    seen: set[str] = set()
    for rows, _ in graph.pages("me/accounts", PAGES_MAX, fields=PAGE_FIELDS, limit="100"):
        seen |= {str(row.get("id")) for row in rows}
        yield from rows
    yield from (row for row in _of_businesses(graph) if str(row.get("id")) not in seen)


def _of_businesses(graph: Graph) -> Iterator[Mapping[str, Any]]:
    edges = ("owned_pages", "client_pages")
    fields = ",".join(f"{edge}{{{PAGE_FIELDS}}}" for edge in edges)
    try:
        businesses = graph.get("me/businesses", fields=fields)
    except Rejected:
        return
    with expecting("businesses"):
        for one in businesses.get("data", []):
            for edge in edges:
                yield from (one.get(edge) or {}).get("data", [])


def _account(app: App, row: Mapping[str, Any], scopes: tuple[str, ...]) -> GrantedAccount:
    problems = [problem for scope, problem in SCOPES.items() if scope not in scopes]
    return GrantedAccount(
        external_id=str(row["id"]),
        name=str(row.get("name", "")),
        username="",
        secrets={
            "page_token": str(row["access_token"]),
            "app_id": app.client_id,
            "app_secret": app.client_secret,
        },
        problems=(*problems, *task_problems(row.get("tasks"))),
    )


def _moment(at: object) -> datetime | None:
    """Return a unix time as a moment; 0 and absent mean that it never ends."""
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) and at else None
