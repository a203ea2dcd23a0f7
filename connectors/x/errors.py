"""X's error answers as rows: status, kind of problem, words. What no row names is unclear.

The sentences change now and then; the catch-all rows at the end of each status take what is not recognised.
A client's fault of any other status is a definite no to a post, if X itself says so in words of its own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from connectors.base import PlatformTrouble
from connectors.credentials import conceal
from connectors.transport import GOOD, read_json
from connectors.verdicts import Aim, Ruling, Verdict, hold, lacking, later, never, throttle, unclear
from core.vocab import Health

WINDOW_S = 900.0
HOUR_S = 3600.0
SERVER_SIDE = 500
TRACE_HEADER = "x-transaction-id"
DAY_LIMITS = ("x-user-limit-24hour", "x-app-limit-24hour")

UNREADABLE = unclear("answer_unreadable")
BROKEN = unclear("server_error")
DEFAULT = unclear("unclear_answer")
REFUSED = replace(DEFAULT, publish=never("refused_unknown").publish)
REFUSALS = frozenset(range(400, 500)) - {408}  # a request that took too long may have been carried out
# a 401 says no more than that; what it means is told by its time and by ours
DEAD = hold("token_dead", Health.REAUTH)
EXPIRED = hold("token_expired", Health.REAUTH)
SKEWED = hold("clock_skewed", Health.BLOCKED, WINDOW_S)
SKEW_S = 240.0  # X refuses a signature that is five minutes off
SIGNED_AT = re.compile(r'oauth_timestamp="(\d+)"')


@dataclass(frozen=True)
class Row:
    """One row: fits a status, a kind of problem and words in it; empty fits any.

    bare: also taken without a readable body, as X answers these so and nothing between us and X does.
    """

    status: int
    verdict: Verdict
    kind: str = ""
    said: str = ""
    bare: bool = False


ROWS: tuple[Row, ...] = (
    # a fresh upload takes a moment to spread
    Row(400, later("media_not_ready", 5.0), said="media ids are invalid"),
    Row(400, never("bad_request")),
    Row(401, DEAD, bare=True),
    Row(402, hold("credits_exhausted", Health.BILLING, WINDOW_S), bare=True),
    Row(403, unclear("duplicate_refused"), said="duplicate content"),
    Row(403, unclear("duplicate_refused"), said="code:187"),
    Row(403, never("reply_refused"), kind="not-authorized-for-resource"),
    Row(403, never("reply_refused"), said="reply to this conversation"),
    Row(403, lacking("not_enrolled", Health.BILLING), kind="client-forbidden"),
    Row(403, lacking("wrong_token_kind", Health.REAUTH), kind="unsupported-authentication"),
    Row(403, lacking("read_only_token", Health.REAUTH), said="oauth1 app permissions"),
    Row(403, never("media_refused"), said="not allowed to post a video longer"),
    Row(403, never("link_refused"), said="invalid url"),
    Row(403, never("text_refused"), said="cashtag"),
    Row(403, never("text_too_long"), said="too long"),
    Row(403, never("text_too_long"), said="shorter"),
    Row(403, never("text_too_long"), said="code:186"),
    Row(403, hold("account_suspended", Health.BLOCKED, HOUR_S), kind="user-suspended"),
    Row(403, hold("account_suspended", Health.BLOCKED, HOUR_S), said="not permitted to access this feature"),
    Row(403, never("not_permitted")),
    Row(404, never("not_found")),
    Row(429, hold("usage_capped", Health.BILLING, 6 * HOUR_S), kind="usage-capped"),
    Row(429, throttle("rate_limited", WINDOW_S), bare=True),
)
# answers of the token calls, which publish nothing
TOKEN_ROWS: tuple[Row, ...] = (
    Row(400, never("login_code_refused"), said="authorization code"),
    Row(400, never("sign_in_over"), said="invalid_grant"),
    Row(400, never("sign_in_over"), said="token was invalid"),
    Row(400, never("app_credentials_wrong"), said="client"),
    Row(400, never("login_code_refused")),
    Row(401, never("app_credentials_wrong"), bare=True),
    Row(402, hold("credits_exhausted", Health.BILLING, WINDOW_S), bare=True),
    Row(403, never("app_credentials_wrong")),
    Row(429, throttle("rate_limited", WINDOW_S), bare=True),
)


def judge(
    response: requests.Response, aim: Aim, now: datetime, *, token_over: bool = False
) -> PlatformTrouble | None:
    """Return the trouble that a response means to a call of this aim, None for a good one.

    token_over: the time that X gave the token is up by our clock.
    """
    body = read_json(response)
    verdict = _verdict(response.status_code, body, ROWS)
    if verdict is DEAD:
        verdict = SKEWED if skew_s(response) > SKEW_S else EXPIRED if token_over else DEAD
    elif verdict is DEFAULT and response.status_code in REFUSALS and isinstance(body, dict) and _words(body):
        verdict = REFUSED
    return _trouble(response, body, verdict.on(aim) if verdict else None, now)


def judge_token_call(response: requests.Response, now: datetime) -> PlatformTrouble | None:
    """Return what an answer of the token calls means: nothing of theirs is public."""
    body = read_json(response)
    verdict = _verdict(response.status_code, body, TOKEN_ROWS)
    return _trouble(response, body, verdict.on(Aim.STAGE) if verdict else None, now)


def skew_s(response: requests.Response) -> float:
    """Return how far our signature's time is from X's own, in seconds; 0 if nothing was signed."""
    signed = SIGNED_AT.search(str(response.request.headers.get("Authorization", "")))
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", ""))
    except ValueError:
        return 0.0
    return abs(int(signed.group(1)) - theirs.timestamp()) if signed else 0.0


def _trouble(
    response: requests.Response, body: object, ruling: Ruling | None, now: datetime
) -> PlatformTrouble | None:
    if ruling is None:
        return None
    return ruling.kind(
        ruling.reason,
        conceal(_told(response.status_code, body)),
        http_status=response.status_code,
        trace_id=response.headers.get(TRACE_HEADER, ""),
        health=ruling.health,
        wait_s=(until_reset_s(response.headers, now) if ruling.throttled else 0.0) or ruling.wait_s,
    )


def until_reset_s(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds until X lets us call again, as its headers say; 0 if they do not."""
    resets = [headers.get("x-rate-limit-reset", "")]
    resets += [
        headers.get(f"{name}-reset", "") for name in DAY_LIMITS if headers.get(f"{name}-remaining") == "0"
    ]
    moments = [int(one) for one in resets if one.isdecimal()]
    return max(max(moments) - now.timestamp(), 1.0) if moments else 0.0


def row_for(status: int, body: object, rows: tuple[Row, ...] = ROWS) -> Row | None:
    """Return the first row that fits an answer, None if none does."""
    told = body if isinstance(body, dict) else {}
    kind, words = str(told.get("type", "")).rpartition("/")[2], _words(told).lower()
    fits = (
        row
        for row in rows
        if row.status == status and (told or row.bare) and row.kind in ("", kind) and row.said in words
    )
    return next(fits, None)


def _verdict(status: int, body: object, rows: tuple[Row, ...]) -> Verdict | None:
    if status in GOOD:
        return None if isinstance(body, dict) else UNREADABLE
    if status >= SERVER_SIDE:
        return BROKEN
    row = row_for(status, body, rows)
    return row.verdict if row else DEFAULT


def _words(told: Mapping[str, Any]) -> str:
    """Return detail, messages and codes of all of X's envelopes."""
    errors = told.get("errors")
    inner = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    words = [told.get("detail"), told.get("error"), told.get("error_description")]
    words += [one.get(name) for one in inner for name in ("message", "detail")]
    words += [f"code:{one['code']}" for one in inner if "code" in one]
    return " | ".join(str(word) for word in words if word)


def _told(status: int, body: object) -> str:
    words = _words(body) if isinstance(body, dict) else ""
    return f"HTTP {status} {words}".strip()
