"""Facebook's error answers as rows: known numbers, then words of the message, then the code, then the status.

The error's `type` is nearly always the same and is never read. What no row names is unclear.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from connectors.base import OutcomeUnknown, PlatformTrouble, RetryLater
from connectors.credentials import conceal
from connectors.transport import GOOD, read_json
from connectors.verdicts import Aim, Ruling, Verdict, hold, lacking, later, never, throttle, unclear
from core.vocab import Health

HOUR_S = 3600.0
SERVER_SIDE = 500
WRONG_OFFSET = 1363037
USAGE_HEADER = "x-business-use-case-usage"


@dataclass(frozen=True)
class Answer:
    """What came back: a whole response, or one element of a batch. body: parsed JSON, None if it is none."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def error(self) -> Mapping[str, Any]:
        """Return the error envelope, an empty one if there is none."""
        found = self.body.get("error") if isinstance(self.body, dict) else None
        return found if isinstance(found, dict) else {}


DEAD = hold("token_dead", Health.REAUTH)
BUSY = throttle("rate_limited", HOUR_S)
BROKEN = unclear("server_error")
DUPLICATE = unclear("duplicate_refused")
BAD_MEDIA = never("media_refused")
BAD_LINK = never("link_refused")
UNREAD_LINK = later("link_unread", 600)  # its site may have been out for a moment
BAD_CODE = never("login_code_refused")
# an upload that is not whole yet: where to go on stands beside the error
OFFSET = later("media_not_ready", 30)
UNREADABLE = unclear("answer_unreadable")
DEFAULT = unclear("unclear_answer")

# code and subcode together
PAIRS: dict[tuple[int, int], Verdict] = {
    (100, 33): never("not_found"),
    (190, 458): hold("app_removed", Health.REAUTH),
    (190, 459): hold("identity_check", Health.REAUTH),
    (190, 460): hold("password_changed", Health.REAUTH),
    (190, 463): hold("token_expired", Health.REAUTH),
    (190, 464): hold("identity_check", Health.REAUTH),
    (190, 492): hold("role_lost", Health.REAUTH),
}

# long numbers that say enough alone; they come as error_subcode, some as code
NUMBERS: dict[int, Verdict] = {
    2446079: BUSY,
    2494055: BUSY,
    1390008: hold("too_fast", Health.BLOCKED, HOUR_S),
    1346003: never("content_refused"),
    1404102: never("content_refused"),
    1404006: hold("human_check", Health.BLOCKED, HOUR_S),
    1404078: hold("page_authorization", Health.BLOCKED, HOUR_S),
    4854002: hold("identity_check", Health.BLOCKED, HOUR_S),
    1404112: hold("account_limited", Health.BLOCKED, 6 * HOUR_S),
    1366051: DUPLICATE,
    1366046: BAD_MEDIA,
    2069019: BAD_MEDIA,
    1349125: BAD_MEDIA,
    1609005: UNREAD_LINK,
    2061006: BAD_LINK,
    1609008: BAD_LINK,
    1363037: OFFSET,
    36007: BAD_CODE,
    36008: BAD_CODE,
    36009: BAD_CODE,
    1363047: BROKEN,
    1609010: BROKEN,
}

# words of the message, lower case, that say more than the code
WORDS: tuple[tuple[str, Verdict], ...] = (
    ("we limit how often", hold("too_fast", Health.BLOCKED, HOUR_S)),
    ("reduce the amount of data", unclear("server_error", reading="too_heavy")),
    ("valid insights metric", never("metric_unknown")),
    ("nonexisting field", never("field_unknown")),
    ("appsecret_proof", hold("proof_wrong", Health.REAUTH)),
    ("upload session", later("media_not_ready", 30)),
    ("verification code", BAD_CODE),
    ("validating client secret", never("app_credentials_wrong")),
    ("validating application", never("app_credentials_wrong")),
)

# code or range of codes
CODES: tuple[tuple[range, Verdict], ...] = (
    (range(1, 3), BROKEN),
    (range(3, 4), lacking("permission_missing", Health.REAUTH)),
    (range(4, 5), BUSY),
    (range(10, 11), lacking("permission_missing", Health.REAUTH)),
    (range(17, 18), BUSY),
    (range(32, 33), BUSY),
    (range(100, 101), never("bad_request")),
    (range(102, 103), DEAD),
    (range(104, 105), DEAD),
    (range(190, 191), DEAD),
    (range(200, 300), lacking("permission_missing", Health.REAUTH)),
    (range(324, 325), BAD_MEDIA),
    (range(341, 342), BUSY),
    (range(368, 369), never("content_refused")),
    (range(506, 507), DUPLICATE),
    (range(613, 614), BUSY),
    (range(803, 804), never("not_found")),
    (range(2635, 2636), hold("version_gone", Health.BLOCKED, HOUR_S)),
    (range(80000, 80015), BUSY),
)


class WrongOffset(RetryLater):
    """A chunk in the wrong place: Facebook wants the bytes from start to end."""

    start = 0
    end = 0


def judge(response: requests.Response, aim: Aim) -> PlatformTrouble | None:
    """Return the trouble that a response means to a call of this aim, None for a good one."""
    answer = Answer(response.status_code, read_json(response), response.headers)
    trouble = classify(answer, aim)
    if aim is not Aim.PUBLISH and _number(answer.error.get("error_subcode")) == WRONG_OFFSET:
        return _wrong_offset(answer, trouble)
    return trouble


def classify(answer: Answer, aim: Aim) -> PlatformTrouble | None:
    """Judge an answer, whole or one element of a batch; a good status may still carry an error."""
    ruling = _ruling(answer, aim)
    if ruling is None:
        return None
    if aim is Aim.PUBLISH and answer.status >= SERVER_SIDE and ruling.kind is not OutcomeUnknown:
        # on a failure of the server nothing is definite about a public call, whatever the body says
        ruling = replace(BROKEN.publish, health=ruling.health)
    return ruling.kind(
        ruling.reason,
        _told(answer),
        http_status=answer.status,
        trace_id=str(answer.error.get("fbtrace_id") or answer.headers.get("x-fb-trace-id", "")),
        health=ruling.health,
        wait_s=(regain_s(answer.headers) if ruling.throttled else 0.0) or ruling.wait_s,
    )


def regain_s(headers: Mapping[str, str]) -> float:
    """Return the seconds until Facebook lets us call again, as its usage header says; 0 if it does not."""
    try:
        usage = json.loads(headers.get(USAGE_HEADER, "{}"))
        rows = [row for rows in usage.values() for row in rows]
        return max((float(row["estimated_time_to_regain_access"]) for row in rows), default=0.0) * 60
    except (ValueError, AttributeError, TypeError, KeyError):
        return 0.0


def _wrong_offset(answer: Answer, trouble: PlatformTrouble | None) -> PlatformTrouble | None:
    """Return the trouble with the bytes wanted instead: they stand beside the error, as JSON or its text."""
    told = answer.error.get("error_data")
    try:
        told = json.loads(told) if isinstance(told, str) else told
        found = WrongOffset("media_not_ready", trouble.detail if trouble else "")
        found.start, found.end = int(told["start_offset"]), int(told["end_offset"])  # type: ignore[index]  # else: TypeError
    except (ValueError, TypeError, KeyError):
        return trouble
    return found


def _ruling(answer: Answer, aim: Aim) -> Ruling | None:
    if answer.error:
        return _verdict(answer.error).on(aim)
    if answer.status not in GOOD:
        return (BROKEN if answer.status >= SERVER_SIDE else DEFAULT).on(aim)
    if answer.body is None:
        return UNREADABLE.on(aim)
    if isinstance(answer.body, dict) and ("error" in answer.body or answer.body.get("success") is False):
        return DEFAULT.on(aim)
    return None


def _verdict(error: Mapping[str, Any]) -> Verdict:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    known = PAIRS.get((code, subcode)) or NUMBERS.get(subcode) or NUMBERS.get(code)
    if known:
        return known
    message = str(error.get("message", "")).lower()
    said = (verdict for words, verdict in WORDS if words in message)
    coded = (verdict for codes, verdict in CODES if code in codes)
    return next(said, None) or next(coded, DEFAULT)


def _number(value: object) -> int:
    """Return a code as a number; Facebook sometimes writes it as text, -1 if it is neither."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else -1


def _told(answer: Answer) -> str:
    error = answer.error
    numbers = "/".join(str(error[name]) for name in ("code", "error_subcode") if name in error)
    words = (str(error[name]) for name in ("message", "error_user_msg") if error.get(name))
    return conceal(" ".join((f"#{numbers}" if numbers else f"HTTP {answer.status}", *words)))
