"""The page on which a person lets an app manage their Pages, or does not; the browser then goes back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.accounts import DEMO_APP_ID, FACEBOOK, PAGE_SCOPES, PAGE_TASKS
from sandbox.graph.login import Permit, allow
from sandbox.graph.people import PERSON_NAME
from sandbox.pages import POLICY, page
from sandbox.state import World

PARAMETERS = frozenset(
    {"client_id", "redirect_uri", "state", "response_type", "scope", "auth_type", "display"}
)
SCOPES = {
    "public_profile": "ชื่อและรูปของคุณ",
    "pages_show_list": "ดูรายชื่อเพจที่คุณดูแล",
    "pages_manage_posts": "สร้างและลบโพสต์ในนามเพจ",
    "pages_read_engagement": "อ่านโพสต์ของเพจ",
    "pages_read_user_content": "อ่านความคิดเห็นบนเพจ",
    "pages_manage_engagement": "ตอบและซ่อนความคิดเห็นบนเพจ",
    "read_insights": "อ่านข้อมูลเชิงลึกของเพจ",
    "pages_manage_metadata": "รับการแจ้งเตือนของเพจ",
    "business_management": "เข้าถึงเพจในพอร์ตโฟลิโอธุรกิจ",
    "publish_video": "เผยแพร่วิดีโอ",
}
ROLES = {
    "all": ("ทุกงาน (ผู้ดูแลเพจ)", list(PAGE_TASKS)),
    "analyst": ("ดูข้อมูลเชิงลึกเท่านั้น", ["ANALYZE"]),
    "moderator": ("ดูแลความคิดเห็นเท่านั้น", ["ANALYZE", "MODERATE"]),
}
DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}
assert set(PAGE_SCOPES) <= set(SCOPES)  # noqa: S101 -- a table that contradicts the other must not load


async def endpoint(request: Request) -> Response:
    """Serve /dialog/{version}/dialog/oauth: GET shows the question, POST takes the answer."""
    asked = dict(request.query_params)
    wrong = _wrong(asked)
    if wrong:
        return page("dialog.html", {"here": "dialog", "wrong": wrong}, 400)
    if request.method == "GET":
        return _question(request, asked)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return page("dialog.html", {"here": "dialog", "wrong": "คำตอบต้องมาจากหน้านี้เท่านั้น"}, 403)
    async with request.form() as form:
        answer = {name: [str(one) for one in form.getlist(name)] for name in form}
    return _back(asked, _answered(request.app.state.world, asked, answer))


def _wrong(asked: Mapping[str, str]) -> str:
    """Say what is wrong with the address the browser was sent to, nothing if all is well."""
    parts = urlsplit(asked.get("redirect_uri", ""))
    unknown = sorted(asked.keys() - PARAMETERS)
    scopes = [one for one in asked.get("scope", "").split(",") if one and one not in SCOPES]
    if asked.get("client_id") != DEMO_APP_ID:
        return "ไม่พบแอปนี้ (Invalid App ID)"
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        return "ที่อยู่สำหรับกลับไปใช้ไม่ได้ (redirect_uri)"
    if asked.get("response_type", "code") != "code":
        return "response_type ต้องเป็น code"
    if unknown:
        return f"ไม่รู้จักพารามิเตอร์ {', '.join(unknown)}"
    return f"ไม่รู้จักสิทธิ์ {', '.join(scopes)} (Invalid Scopes)" if scopes else ""


def _question(request: Request, asked: Mapping[str, str]) -> Response:
    world: World = request.app.state.world
    pages = [one for (channel, _), one in world.books.accounts.items() if channel == FACEBOOK]
    context: dict[str, Any] = {
        "here": "dialog",
        "person": PERSON_NAME,
        "pages": pages,
        "roles": [(name, title) for name, (title, _) in ROLES.items()],
        "scopes": [(one, SCOPES[one]) for one in asked.get("scope", "").split(",") if one],
        "back": urlsplit(asked["redirect_uri"]).netloc,
    }
    shown = page("dialog.html", context)
    back = urlsplit(asked["redirect_uri"])
    # browsers hold the whole way of a form to this policy, the way back included
    policy = POLICY.replace("form-action 'self'", f"form-action 'self' {back.scheme}://{back.netloc}")
    shown.headers["content-security-policy"] = policy
    return shown


def _answered(world: World, asked: Mapping[str, str], answer: Mapping[str, list[str]]) -> dict[str, str]:
    if answer.get("answer") != ["allow"]:
        return DENIED
    ticked = set(answer.get("scope", [])) & set(asked.get("scope", "").split(","))
    known = {key for channel, key in world.books.accounts if channel == FACEBOOK}
    pages = {
        one: ROLES.get(answer.get(f"role_{one}", ["all"])[0], ROLES["all"])[1]
        for one in answer.get("page", [])
        if one in known
    }
    return {"code": allow(world, Permit(asked["redirect_uri"], ticked, world.clock.now(), pages))}


def _back(asked: Mapping[str, str], said: Mapping[str, str]) -> Response:
    query = dict(said) | ({"state": asked["state"]} if "state" in asked else {})
    address = asked["redirect_uri"]
    joint = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{joint}{urlencode(query)}", 303)
