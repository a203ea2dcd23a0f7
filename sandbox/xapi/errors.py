"""The X error table: problem+json, invalid-request and legacy envelopes, by name.

XError
  carries status and body; raised anywhere below the dispatcher, answered there
"""

from typing import Any

PROBLEMS = "https://api.x.com/2/problems/"
BLANK = "about:blank"
Body = dict[str, Any]


class XError(Exception):
    """X refuses this request."""

    def __init__(self, status: int, body: Body) -> None:
        super().__init__(body.get("detail", body.get("title", status)))
        self.status = status
        self.body = body


def invalid(message: str, parameter: str = "", value: object = "") -> XError:
    """Return the 400 that names the parameter and what was wrong with it."""
    parameters = {parameter: [str(value)]} if parameter else {}
    return XError(400, _invalid_request([{"parameters": parameters, "message": message}]))


def refused(name: str) -> XError:
    """Return a named error of the table."""
    status, body = NAMED[name]
    return XError(status, body)


def not_found(value: str, parameter: str, kind: str = "tweet") -> Body:
    """Return the problem of one missing resource, as a 404 body member or inside a 200's errors."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}resource-not-found",
    }


def unauthorized_field(value: str, field: str) -> Body:
    """Return the entry in errors for a private field that may not be shown."""
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with ids : [{value}].",
        "title": "Field Authorization Error",
        "resource_type": "tweet",
        "parameter": "ids",
        "resource_id": value,
        "section": "data",
        "field": field,
        "type": f"{PROBLEMS}not-authorized-for-field",
    }


def _problem(status: int, title: str, detail: str, kind: str = BLANK, **more: object) -> tuple[int, Body]:
    return status, {"title": title, "detail": detail, "type": kind, "status": status, **more}


def _forbidden(detail: str) -> tuple[int, Body]:
    return _problem(403, "Forbidden", detail)


def _invalid_request(errors: list[Body]) -> Body:
    return {
        "errors": errors,
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": f"{PROBLEMS}invalid-request",
    }


def _authorization(detail: str) -> tuple[int, Body]:
    return _problem(403, "Authorization Error", detail, f"{PROBLEMS}not-authorized-for-resource")


_MEDIA_IDS = {"parameters": {}, "message": "Your media IDs are invalid."}
_NOT_ENROLLED: Body = {
    "client_id": "25640001",
    "detail": "When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens "
    "from a developer App that is attached to a Project with the appropriate level of access.",
    "registration_url": "https://developer.x.com/en/docs/projects/overview",
    "title": "Client Forbidden",
    "required_enrollment": "Appropriate Level of API Access",
    "reason": "client-not-enrolled",
    "type": f"{PROBLEMS}client-forbidden",
}
_OLD_CREDITS: Body = {
    "account_id": 1,
    "title": "CreditsDepleted",
    "detail": "Your enrolled account [1] does not have any credits to fulfill this request.",
    "type": "https://api.twitter.com/2/problems/credits",
}
_CAPPED: Body = {
    "title": "UsageCapExceeded",
    "detail": "Usage cap exceeded: Monthly product cap",
    "period": "Monthly",
    "scope": "Product",
    "account_id": 1,
    "type": f"{PROBLEMS}usage-capped",
}
_WRONG_KIND = (
    "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. Supported authentication "
    "types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
)
_READ_ONLY = (
    "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint."
)
NAMED: dict[str, tuple[int, Body]] = {
    "server_error": _problem(503, "Service Unavailable", "Service Unavailable"),
    "unavailable": _problem(503, "Service Unavailable", "Service Unavailable"),
    "internal_error": _problem(500, "Internal Server Error", "Internal Server Error"),
    "unauthorized": _problem(401, "Unauthorized", "Unauthorized"),
    "token_expired": _problem(401, "Unauthorized", "Unauthorized"),
    "legacy_unauthorized": (401, {"errors": [{"code": 89, "message": "Invalid or expired token."}]}),
    "duplicate": _forbidden("You are not allowed to create a Tweet with duplicate content."),
    "forbidden": _forbidden("You are not permitted to perform this action."),
    "reply_not_allowed": _authorization(
        "You can only reply to or quote posts where you are mentioned or are the author."
    ),
    "not_enrolled": (403, _NOT_ENROLLED),
    "wrong_token_kind": _problem(
        403, "Unsupported Authentication", _WRONG_KIND, f"{PROBLEMS}unsupported-authentication"
    ),
    "read_only": _problem(403, "Forbidden", _READ_ONLY, f"{PROBLEMS}oauth1-permissions"),
    "scope_missing": _forbidden("Forbidden"),
    "reply_closed": _forbidden("Reply to this conversation is not allowed by its author."),
    "video_too_long": _forbidden("This user is not allowed to post a video longer than 2 minutes."),
    "bad_url": _forbidden("The Tweet contains an invalid URL."),
    "cashtags": _forbidden("A Tweet can contain a maximum of one cashtag."),
    "too_long": (403, {"errors": [{"code": 186, "message": "Tweet needs to be a bit shorter."}]}),
    "feature_locked": _forbidden("Your account is not permitted to access this feature."),
    "suspended": _problem(403, "Forbidden", "Your account is suspended.", f"{PROBLEMS}user-suspended"),
    "not_found": _problem(404, "Not Found Error", "Not Found", f"{PROBLEMS}resource-not-found"),
    "credits_depleted": _problem(402, "Payment Required", "credits depleted", f"{PROBLEMS}credits-depleted"),
    "credits_depleted_old": (402, _OLD_CREDITS),
    "rate_limited": _problem(429, "Too Many Requests", "Too Many Requests"),
    "rate_limited_legacy": (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    "usage_capped": (429, _CAPPED),
    "invalid_media": (400, _invalid_request([_MEDIA_IDS])),
}  # fmt: skip
