"""The two steps of `rukon demo` that need the services: write the sample data, then welcome the newcomer."""

import sys
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx

from cli.show import width
from core import log as logs
from core.config import Settings
from core.errors import RukonError
from core.i18n import LANGUAGES, show_time, text
from core.sentences import sentence
from models import schema
from services import demo
from services.demo_hint import demo_people
from services.runtime import Runtime, build_runtime

PATIENCE_S = 60.0
LOOK_S = 0.1


def main(words: list[str]) -> int:
    """Carry out one step; 1 and a sentence if it could not be done."""
    settings = Settings()
    logs.configure(settings.log_level, as_json=settings.log_json)
    try:
        {"seed": seed, "welcome": welcome}[words[0]](settings)
    except RukonError as error:
        print(sentence(error), file=sys.stderr)
        return 1
    return 0


def seed(settings: Settings) -> None:
    """Write the sample data; only into a folder that is empty or a demo's."""
    started = time.monotonic()
    demo.claim_folder(settings.data_dir)
    rt = build_runtime(settings)
    schema.upgrade(rt.engine)
    demo.seed(rt, credentials(settings))
    _say("demo.seeded", seconds=f"{time.monotonic() - started:.1f}")


def credentials(settings: Settings) -> Sequence[Mapping[str, Any]]:
    """Return the token files of the stand-in platforms' accounts, once they answer."""
    answer = _awaited(f"http://127.0.0.1:{settings.sandbox_port}/__control/credentials")
    accounts: Sequence[Mapping[str, Any]] = answer.json()["accounts"]
    return accounts


def welcome(settings: Settings) -> None:
    """Say where to look and as whom to sign in; then let the first figures come in."""
    _awaited(f"http://{settings.host}:{settings.port}/healthz")
    rt = build_runtime(settings)
    print("\n".join(["", *_welcome(rt), ""]), flush=True)
    demo.settle(rt)
    _say("demo.settled")


def _awaited(address: str) -> httpx.Response:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer = httpx.get(address, trust_env=False)
            if answer.status_code == HTTPStatus.OK:
                return answer
        except httpx.TransportError:
            pass
        if time.monotonic() > until:
            raise demo.DemoStuck(address=address)
        time.sleep(LOOK_S)


def _welcome(rt: Runtime) -> list[str]:
    settings = rt.settings
    pages = f"http://{settings.host}:{settings.port}/"
    platforms = f"http://127.0.0.1:{settings.sandbox_port}"
    places = {
        "pages": pages,
        "facebook": f"{platforms}/facebook",
        "x": f"{platforms}/x",
        "control": f"{platforms}/",
    }
    lines = [_both("demo.ready"), ""]
    lines += [f"  {_padded(_both(f'demo.{name}'), 46)}{address}" for name, address in places.items()]
    lines += ["", f"  {_both('demo.people')}"]
    lines += [
        f"    {one.username:<10}{one.password:<18}{one.name} · {one.role}"
        for one in demo_people(rt, LANGUAGES[0])
    ]
    waiting = demo.waiting(rt)
    if waiting is not None:
        due = show_time(waiting.due_at)
        lines += [
            "",
            *(f"  {text('demo.try', language, title=waiting.title, due=due)}" for language in LANGUAGES),
        ]
    return [
        *lines,
        "",
        *(f"  {text('demo.stop', language, folder=settings.data_dir)}" for language in LANGUAGES),
    ]


def _both(key: str) -> str:
    return " · ".join(text(key, language) for language in LANGUAGES)


def _padded(words: str, wide: int) -> str:
    return words + " " * max(1, wide - width(words))


def _say(key: str, **params: object) -> None:
    print(text(key, LANGUAGES[0], **params), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
