"""The control page: accounts, faults and clock at the click of a button. Works without scripts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import citizens, thai
from sandbox.accounts import FACEBOOK, X
from sandbox.clock import real_now
from sandbox.faults import DELAYS, SETTINGS, Fault
from sandbox.pages import page, profile
from sandbox.scripts import SCRIPTS
from sandbox.state import World
from sandbox.words import CHANNELS, OPERATIONS, PRESETS, fault_left, fault_title

TIMES_MAX = 100
CITIZENS_MAX = 50
TEXT_MAX = 250
REQUESTS_SHOWN = 12
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
Act = Callable[[World, FormData], None]


def routes() -> list[Route]:
    """Return the control page and what its buttons send."""
    return [
        Route("/", control),
        Route("/panel/faults", _button(add_fault), methods=["POST"]),
        Route("/panel/faults/clear", _button(clear_fault), methods=["POST"]),
        Route("/panel/clock", _button(move_clock), methods=["POST"]),
        Route("/panel/crowd", _button(change_crowd), methods=["POST"]),
        Route("/panel/comment", _button(let_speak), methods=["POST"]),
        Route("/panel/reset", _button(start_over), methods=["POST"]),
    ]


async def control(request: Request) -> Response:
    """Show the control page; with ?part=state only what changes by itself."""
    world: World = request.app.state.world
    template = "control_state.html" if "part" in request.query_params else "control.html"
    return page(template, _state(world) | _choices(world))


def add_fault(world: World, form: FormData) -> None:
    """Switch a preset on for a platform; a preset for the other platform only does nothing."""
    preset, channel = PRESETS.get(str(form.get("preset"))), str(form.get("channel"))
    if preset is None or channel not in (*preset.channels, "*"):
        return
    times = str(form.get("times", "1"))
    wanted = min(int(times), TIMES_MAX) if times.isdigit() and int(times) else 1
    lasting = preset.kind in (*DELAYS, *SETTINGS) or "always" in form
    for one in preset.channels if channel == "*" else (channel,):
        world.faults.add(
            Fault(one, preset.operation, preset.kind, None if lasting else wanted, preset.params)
        )


def clear_fault(world: World, form: FormData) -> None:
    """Take one rule back, or all."""
    number = str(form.get("id", ""))
    world.faults.clear(int(number) if number.isdigit() else None)


def move_clock(world: World, form: FormData) -> None:
    """Step the clock forward, or follow real time again."""
    step = STEPS.get(str(form.get("step")))
    if step is None:
        world.clock.follow_real()
    else:
        world.clock.shift((world.clock.now() + step - real_now()).total_seconds())


def change_crowd(world: World, form: FormData) -> None:
    """Choose how audiences behave, and how many citizens answer each post."""
    script, number = str(form.get("audience")), str(form.get("citizens"))
    if script in SCRIPTS and number.isdigit():
        world.settings.change({"audience": script, "citizens": min(int(number), CITIZENS_MAX)})


def let_speak(world: World, form: FormData) -> None:
    """Let a citizen answer the newest post of a platform, in words typed here."""
    channel, text = str(form.get("channel")), str(form.get("text", "")).strip()
    posts = [post for one in world.books.offices(channel) for post in world.timeline(channel, one.id)]
    if posts and text:
        newest = max(posts, key=lambda post: post.created_at)
        citizens.say(world, newest, text[:TEXT_MAX], "ประชาชนจำลอง", world.clock.now())


def start_over(world: World, form: FormData) -> None:
    """Forget every post, if the person ticked that they mean it."""
    if "sure" in form:
        world.reset()


def _button(act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("คำสั่งนี้ต้องมาจากหน้าควบคุมเท่านั้น", 403)
        async with request.form() as form:
            act(request.app.state.world, form)
        return RedirectResponse("/", 303)

    return serve


def _state(world: World) -> dict[str, Any]:
    now = world.clock.now()
    requests = world.log.entries()[-REQUESTS_SHOWN:]
    return {
        "here": "control",
        "now": thai.day_and_clock(now),
        "clock_mode": world.clock.describe()["mode"],
        "pages": _heads(world, FACEBOOK),
        "users": _heads(world, X),
        "faults": [_fault(rule) for rule in world.faults.rules()],
        "requests": [_request(entry) for entry in reversed(requests)],
        "received": thai.figure(requests[-1]["n"] if requests else 0),
    }


def _heads(world: World, channel: str) -> list[dict[str, Any]]:
    return [profile(world, account) for account in world.books.offices(channel)[:10]]


def _choices(world: World) -> dict[str, Any]:
    presets = [(name, preset.title, _only(preset.channels)) for name, preset in PRESETS.items()]
    return {
        "presets": presets,
        "channels": CHANNELS,
        "scripts": [(name, script.title) for name, script in SCRIPTS.items()],
        "settings": world.settings,
        "citizens_max": CITIZENS_MAX,
    }


def _only(channels: tuple[str, ...]) -> str:
    return f" (เฉพาะ{CHANNELS[channels[0]]})" if len(channels) == 1 else ""


def _fault(rule: Fault) -> dict[str, Any]:
    used_up = rule.times is not None and rule.hits >= rule.times
    return {
        "id": rule.id,
        "channel": CHANNELS[rule.channel],
        "operation": OPERATIONS[rule.operation],
        "title": fault_title(rule),
        "left": fault_left(rule),
        "hits": rule.hits,
        "used_up": used_up,
    }


def _request(entry: dict[str, Any]) -> dict[str, Any]:
    status = entry["status"]
    told = "รออยู่" if status is None else "ไม่ตอบ" if status == 0 else str(status)
    bad = status is not None and not 200 <= status < 300  # noqa: PLR2004 - the range of good answers
    names = {"channel": CHANNELS[entry["channel"]], "operation": OPERATIONS[entry["operation"]]}
    return entry | names | {"status": told, "bad": bad, "at": entry["at"]}
