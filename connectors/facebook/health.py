"""Whether a Page can be published to: whose the token is, what it may do and how long it lives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from connectors.base import PlatformTrouble, Rejected
from connectors.facebook.errors import DEAD, PAIRS
from connectors.facebook.graph import Graph
from connectors.reports import CheckReport, Ending
from connectors.transport import expecting
from connectors.verdicts import Aim
from core.vocab import Health

AUTH_CODE = 190
SOON = timedelta(days=14)
# task of the person behind the token -> the reason that names it; without the first nothing can be published
TASKS = {
    "CREATE_CONTENT": "task_publish_missing",
    "MODERATE": "task_comments_missing",
    "ANALYZE": "task_insights_missing",
}
# scope -> the reason that names it; without the first two a post cannot be published or found again
SCOPES = {
    "pages_manage_posts": "scope_publish_missing",
    "pages_read_engagement": "scope_read_missing",
    "pages_read_user_content": "scope_reactions_missing",
    "pages_manage_engagement": "scope_comments_missing",
    "read_insights": "scope_insights_missing",
}
# worth telling, but the account can publish
WARNINGS = frozenset({
    "app_credentials_wrong", "clock_skewed", "data_access_expiring", "scope_comments_missing",
    "scope_insights_missing", "scope_reactions_missing", "task_comments_missing", "task_insights_missing",
    "token_expiring", "version_drift",
})  # fmt: skip


@dataclass(frozen=True)
class OfToken:
    """What Facebook says of a token: reason codes, and the ends still ahead."""

    problems: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()


def report(page: Graph, page_id: str, of_token: OfToken) -> CheckReport:
    """Put together what the Page says and what is wrong with the token; raises what a dead token raises."""
    me = page.get("me", fields="id,name")
    mine = str(me.get("id")) == page_id
    problems = (*of_token.problems, *(_tasks(page, page_id) if mine else ["wrong_account"]))
    return CheckReport(fitness(problems), str(me.get("name", "")), problems, of_token.endings)


def fitness(problems: tuple[str, ...]) -> Health:
    """Return whether an account with these problems can publish."""
    return Health.OK if all(problem in WARNINGS for problem in problems) else Health.REAUTH


def of_token(app: Graph, token: str, now: datetime) -> OfToken:
    """Ask Facebook about a token in the app's name; the token travels in a form, not in an address."""
    try:
        (answer,) = app.batch([f"debug_token?input_token={quote(token)}"])
    except PlatformTrouble as trouble:
        if trouble.health is None:
            raise
        return OfToken(("app_credentials_wrong",))
    if answer is None or answer.error:
        return OfToken(("app_credentials_wrong",))
    with expecting("debug_token"):
        told = answer.body["data"]
        return OfToken(tuple(_problems(told, now)), tuple(_endings(told, now)))


def task_problems(tasks: object) -> list[str]:
    """Return what the person behind a token may not do on the Page; Facebook need not say."""
    if not isinstance(tasks, list):
        return []
    return [problem for task, problem in TASKS.items() if task not in tasks]


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


def _endings(told: Mapping[str, Any], now: datetime) -> Iterator[Ending]:
    names = {"expires_at": "token_expiring", "data_access_expires_at": "data_access_expiring"}
    for name, code in names.items():
        at = datetime.fromtimestamp(told.get(name) or 0, UTC)
        if at > now:
            yield Ending(code, at)


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
    try:
        return task_problems(page.get(page_id, fields="id,tasks").get("tasks"))
    except Rejected:
        return []
