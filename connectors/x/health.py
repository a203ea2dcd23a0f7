"""What X tells of an account when asked who we are: whose keys these are and whether they may write."""

from collections.abc import Mapping

import requests

from connectors.reports import CheckReport
from connectors.transport import expecting, read_object
from connectors.x.login import PUBLISHING
from core.vocab import Health

ACCESS_HEADER = "x-access-level"
READING = frozenset({"read", "none"})


def report(response: requests.Response, external_id: str, secrets: Mapping[str, str]) -> CheckReport:
    """Return whether the account can publish, by X's answer and the scopes the sign-in brought."""
    with expecting("user"):
        data = read_object(response)["data"]
        name, mine = str(data.get("name", "")), str(data["id"]) == external_id
    scopes = secrets.get("scope", "").split()
    found = {
        "wrong_account": not mine,
        "read_only_token": response.headers.get(ACCESS_HEADER) in READING,
        "x_scope_missing": bool(scopes) and not set(PUBLISHING) <= set(scopes),
    }
    problems = tuple(problem for problem, holds in found.items() if holds)
    return CheckReport(Health.REAUTH if problems else Health.OK, name, problems)
