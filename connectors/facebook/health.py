"""Whether a Page can be published to: whose the token is, what it may do and how long it lives."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.base import CheckReport, PlatformTrouble, Rejected
from connectors.facebook.errors import DEAD, PAIRS
from connectors.facebook.graph import Graph
from connectors.transport import expecting
from connectors.verdicts import Aim
from core.vocab import Health

AUTH_CODE = 190
SOON = timedelta(days=14)
PUBLISHING_TASK = "CREATE_CONTENT"
# scope -> the reason that names it; without the first two a post cannot be published or found again
SCOPES = {
    "pages_manage_posts": "scope_publish_missing",
    "pages_read_engagement": "scope_read_missing",
    "pages_read_user_content": "scope_reactions_missing",
    "read_insights": "scope_insights_missing",
}
# worth telling, but the account can publish
WARNINGS = frozenset({
    "app_credentials_wrong", "data_access_expiring", "scope_insights_missing", "scope_reactions_missing",
    "token_expiring",
})  # fmt: skip


def report(page: Graph, page_id: str, of_token: list[str]) -> CheckReport:
    """Put together what the Page says and what is wrong with the token; raises what a dead token raises."""
    me = page.get("me", fields="id,name")
    mine = str(me.get("id")) == page_id
    problems = of_token + (_tasks(page, page_id) if mine else ["wrong_account"])
    fit = all(problem in WARNINGS for problem in problems)
    return CheckReport(Health.OK if fit else Health.REAUTH, str(me.get("name", "")), tuple(problems))


def token_problems(app: Graph, token: str, now: datetime) -> list[str]:
    """Ask Facebook about a token in the app's name; the token travels in a form, not in an address."""
    try:
        (answer,) = app.batch([f"debug_token?input_token={quote(token)}"])
    except PlatformTrouble as trouble:
        if trouble.health is None:
            raise
        return ["app_credentials_wrong"]
    if answer is None or answer.error:
        return ["app_credentials_wrong"]
    with expecting("debug_token"):
        return list(_problems(answer.body["data"], now))


def _problems(told: Mapping[str, Any], now: datetime) -> Iterator[str]:
    if not told["is_valid"]:
        subcode = (told.get("error") or {}).get("subcode", 0)
        yield PAIRS.get((AUTH_CODE, subcode), DEAD).on(Aim.READ).reason
        return
    yield from _ending(told.get("expires_at"), now, over="token_expired", soon="token_expiring")
    yield from _ending(
        told.get("data_access_expires_at"), now, over="data_access_over", soon="data_access_expiring"
    )
    scopes = told.get("scopes", [])
    yield from (problem for scope, problem in SCOPES.items() if scope not in scopes)


def _ending(at: int | None, now: datetime, *, over: str, soon: str) -> Iterator[str]:
    """Judge a unix time; 0 and absent mean that it never ends."""
    if not at:
        return
    left = datetime.fromtimestamp(at, UTC) - now
    if left <= timedelta(0):
        yield over
    elif left <= SOON:
        yield soon


def _tasks(page: Graph, page_id: str) -> list[str]:
    """Ask what the person behind the token may do on the Page; Facebook need not say."""
    try:
        tasks = page.get(page_id, fields="id,tasks").get("tasks")
    except Rejected:
        return []
    return ["task_publish_missing"] if isinstance(tasks, list) and PUBLISHING_TASK not in tasks else []
