"""The Graph error table: every named error the platform sheet lists, with its envelope.

GraphError
  carries one Problem; raised anywhere below the dispatcher, turned into the envelope there
"""

import dataclasses
import itertools
from dataclasses import dataclass, field
from typing import Any

from sandbox.ids import fingerprint

TOKEN_CODE = 190
_traces = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of Facebook's: HTTP status, code, words, and the optional members of its envelope."""

    status: int
    code: int
    message: str
    subcode: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    type: str = "OAuthException"

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.type, "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error | self.extra | {"fbtrace_id": trace_id()}}


class GraphError(Exception):
    """The Graph API refuses this request."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def trace_id() -> str:
    """Return an id of Facebook's shape for this answer."""
    return f"A{fingerprint('trace', next(_traces)):016x}sbx"


def bad_parameter(message: str, subcode: int | None = None) -> GraphError:
    """Return the (#100) error with these words."""
    return GraphError(Problem(400, 100, f"(#100) {message}", subcode))


def missing_object(object_id: str, verb: str = "get") -> GraphError:
    """Return the 100/33 error about this id."""
    problem = NAMED["missing"]
    told = (
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation."
    )
    return GraphError(dataclasses.replace(problem, message=told))


def forbidden(permission: str) -> GraphError:
    """Return the (#10) error that names the missing permission."""
    return GraphError(_lacking(permission))


def refused(name: str) -> GraphError:
    """Return a named error of the table."""
    return GraphError(NAMED[name])


def _lacking(permission: str) -> Problem:
    told = f"requires the '{permission}' permission or the 'Page Public Content Access' feature."
    return Problem(403, 10, f"(#10) This endpoint {told}")


def _dead_token(subcode: int, why: str) -> Problem:
    return Problem(400, TOKEN_CODE, f"Error validating access token: {why}", subcode)


def _throttled(code: int, message: str, subcode: int | None = None) -> Problem:
    return Problem(400, code, f"(#{code}) {message}", subcode)


_RETRY = "An unexpected error has occurred. Please retry your request later."
_REDUCE = "Please reduce the amount of data you're asking for, then retry your request"
_CHANGED = (
    "The session has been invalidated because the user changed their password or Facebook has changed the "
    "session for security reasons."
)
_MAY_NOT_POST = (
    "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts as an admin "
    "with sufficient administrative permission"
)
_MAY_NOT_COMMENT = "(#200) Requires pages_manage_engagement and the MODERATE task on this Page"
_PHOTO_RULES = "(#100) Photos should be smaller than 4 MB and saved as JPG, PNG, GIF or TIFF files."
_TRANSIENT = {"is_transient": True}

NAMED: dict[str, Problem] = {
    "server_error": Problem(500, 2, _RETRY, extra=_TRANSIENT),
    "unknown": Problem(500, 1, "An unknown error occurred", 99, extra={"is_transient": False}),
    "reduce_data": Problem(500, 1, _REDUCE, extra=_TRANSIENT),
    "unavailable": Problem(503, 2, "Service temporarily unavailable", 1363047, extra=_TRANSIENT),
    "rate_limited": _throttled(32, "Page request limit reached"),
    "app_rate_limited": _throttled(4, "Application request limit reached"),
    "user_rate_limited": _throttled(17, "User request limit reached", 2446079),
    "custom_rate_limited": _throttled(613, "Calls to this api have exceeded the rate limit."),
    "buc_rate_limited": _throttled(
        80001, "There have been too many calls to this Page account. Wait a bit and try again.", 2446079
    ),
    "token_expired": _dead_token(463, "Session has expired. The current time is later than the expiry time."),
    "password_changed": _dead_token(460, _CHANGED),
    "app_removed": _dead_token(458, "The user has not authorized application."),
    "checkpoint": _dead_token(459, "The user is enrolled in a blocking, logged-in checkpoint"),
    "unconfirmed": _dead_token(464, "Sessions are not allowed: the user is not a confirmed user."),
    "logged_out": _dead_token(467, "The session is invalid because the user logged out."),
    "role_lost": _dead_token(492, "Invalid session. The user no longer has a role on this Page."),
    "token_invalid": Problem(400, TOKEN_CODE, "Invalid OAuth access token - Cannot parse access token"),
    "token_missing": Problem(400, 104, "An access token is required to request this resource."),
    "permission": _lacking("pages_read_user_content"),
    "no_publish_permission": Problem(403, 200, _MAY_NOT_POST),
    "duplicate": Problem(
        400, 506, "(#506) Duplicate status message",
        extra={"error_user_title": "Duplicate Status Update", "is_transient": False},
    ),
    "duplicate_photos": Problem(400, 100, "(#100) These photos were already posted.", 1366051),
    "abusive": Problem(
        400, 368, "The action attempted has been deemed abusive or is otherwise disallowed", 1390008
    ),
    "community_standards": Problem(400, 368, "The content goes against our Community Standards", 1346003),
    "page_authorization": Problem(
        400, 200, "(#200) Page Publishing Authorization is required", 1404078,
        extra={"error_user_msg": "Complete Page Publishing Authorization to keep publishing as this Page."},
    ),
    "confirm_identity": Problem(400, 200, "(#200) Confirm your identity before publishing", 4854002),
    "account_limited": Problem(400, 200, "(#200) Your account is limited for some days", 1404112),
    "comment_check": Problem(400, 200, "(#200) A security check is required before commenting", 1404006),
    "missing": Problem(400, 100, "Unsupported request.", 33, type="GraphMethodException"),
    "invalid_metric": Problem(400, 100, "(#100) The value must be a valid insights metric"),
    "no_moderate_permission": Problem(403, 200, _MAY_NOT_COMMENT),
    "no_video": Problem(400, 100, "(#100) No video was given: source or video_file_chunk is needed"),
    "bad_video": Problem(400, 100, "(#100) The video file is in a format that is not supported.", 1349125),
    "wrong_offset": Problem(400, 100, "(#100) The start offset of the video chunk is wrong.", 1363037),
    "bad_upload_session": Problem(400, 100, "(#100) Invalid parameter: unknown or expired upload session"),
    "video_not_permitted": Problem(400, 100, "No permission to publish the video"),
    "name_too_long": Problem(400, 100, "(#100) Name parameter too long"),
    "bad_schedule": Problem(400, 100, "(#100) The specified scheduled publish time is invalid."),
    "no_image": Problem(400, 324, "(#324) Missing or invalid image file"),
    "photo_too_large": Problem(400, 100, _PHOTO_RULES, 1366046),
    "link_not_scraped": Problem(400, 100, "(#100) The url could not be scraped", 1609005),
    "bad_link": Problem(400, 100, "(#100) The url you supplied is invalid", 2061006),
    "facebook_link": Problem(400, 100, "(#100) Links to facebook.com can not be posted", 1609008),
    "alias_missing": Problem(404, 803, "(#803) Some of the aliases you requested do not exist"),
    "version_gone": Problem(400, 2635, "(#2635) You are calling a deprecated version of the Graph API."),
    "ids_deprecated": Problem(500, 100, "The ids query parameter is deprecated in v26.0+."),
    "proof_missing": Problem(
        400, 100, "API calls from the server require an appsecret_proof argument", type="GraphMethodException"
    ),
    "proof_invalid": Problem(
        400, 100, "Invalid appsecret_proof provided in the API argument", type="GraphMethodException"
    ),
}  # fmt: skip
DEAD_TOKENS = {
    problem.subcode: problem
    for problem in NAMED.values()
    if problem.code == TOKEN_CODE and problem.subcode is not None
}  # what debug_token and every call say about a token that no longer lives
