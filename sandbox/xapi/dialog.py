"""The page on which a person lets an app post for an account, or does not; the browser then goes back."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sandbox.accounts import DEMO_X_CLIENT_ID, X
from sandbox.pages import POLICY, page
from sandbox.state import World
from sandbox.xapi.sessions import Permission, allow

TEMPLATE = "x_dialog.html"
STATE_MAX = 500
SCOPES = {
    "tweet.read": "อ่านโพสต์",
    "tweet.write": "สร้างและลบโพสต์แทนคุณ",
    "users.read": "ดูข้อมูลบัญชี",
    "media.write": "ส่งรูปภาพและวิดีโอ",
    "offline.access": "ใช้งานต่อได้โดยไม่ต้องลงชื่อเข้าใช้ใหม่",
    "tweet.moderate.write": "ซ่อนคำตอบ",
    "follows.read": "ดูผู้ติดตาม",
    "like.read": "ดูรายการที่ถูกใจ",
}
NEEDED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge")


async def endpoint(request: Request) -> Response:
    """Serve /i/oauth2/authorize: GET shows the question, POST takes the answer."""
    world: World = request.app.state.world
    asked = dict(request.query_params)
    wrong = _wrong(asked, world.settings.x_redirects)
    if wrong:
        return page(TEMPLATE, {"here": "dialog", "wrong": wrong}, 400)
    if request.method == "GET":
        return _question(world, asked)
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return page(TEMPLATE, {"here": "dialog", "wrong": "คำตอบต้องมาจากหน้านี้เท่านั้น"}, 403)
    async with request.form() as form:
        answer = {name: str(value) for name, value in form.items()}
    return _back(asked, _answered(world, asked, answer))


def _wrong(asked: Mapping[str, str], registered: list[str]) -> str:
    """Say what is wrong with the address the browser was sent to, nothing if all is well."""
    parts = urlsplit(asked.get("redirect_uri", ""))
    checks = {
        "ขาดพารามิเตอร์ " + ", ".join(one for one in NEEDED if not asked.get(one)): all(map(asked.get, NEEDED)),
        "response_type ต้องเป็น code": asked.get("response_type") == "code",
        "ไม่พบแอปนี้ (client_id)": asked.get("client_id") == DEMO_X_CLIENT_ID,
        "ที่อยู่สำหรับกลับไปไม่ตรงกับที่แอปลงทะเบียนไว้ (redirect_uri)": (
            asked.get("redirect_uri") in registered
            if registered
            else parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.fragment
        ),
        "code_challenge_method ต้องเป็น S256": asked.get("code_challenge_method") == "S256",
        "code_challenge ไม่ใช่ค่าแฮช": bool(re.fullmatch(r"[A-Za-z0-9_-]{43}", asked.get("code_challenge", ""))),
        "state ยาวเกิน 500 ตัวอักษร": len(asked.get("state", "")) <= STATE_MAX,
        "ไม่รู้จักสิทธิ์ที่ขอ (scope)": set(asked.get("scope", "").split()) <= SCOPES.keys(),
    }
    return next((problem for problem, fine in checks.items() if not fine), "")


def _question(world: World, asked: Mapping[str, str]) -> Response:
    back = urlsplit(asked["redirect_uri"])
    context = {
        "here": "dialog",
        "users": world.books.offices(X),
        "scopes": [(one, SCOPES[one]) for one in asked["scope"].split()],
        "back": back.netloc,
    }
    shown = page(TEMPLATE, context)
    # browsers hold the whole way of a form to this policy, the way back included
    policy = POLICY.replace("form-action 'self'", f"form-action 'self' {back.scheme}://{back.netloc}")
    shown.headers["content-security-policy"] = policy
    return shown


def _answered(world: World, asked: Mapping[str, str], answer: Mapping[str, str]) -> dict[str, str]:
    """X lets a person allow all that is asked or nothing."""
    if answer.get("answer") != "allow" or (X, answer.get("account", "")) not in world.books.accounts:
        return {"error": "access_denied"}
    scopes = set(asked["scope"].split())
    permission = Permission(
        answer["account"], asked["redirect_uri"], asked["code_challenge"], scopes, world.clock.now()
    )
    return {"code": allow(world, permission)}


def _back(asked: Mapping[str, str], said: Mapping[str, str]) -> Response:
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    query = urlencode({"state": asked["state"], **said})
    return RedirectResponse(f"{asked['redirect_uri']}{joint}{query}", 303)
