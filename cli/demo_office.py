"""Two steps of `rukon demo` that need the services: write the sample data; let the first figures come in."""

import sys
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import httpx

from cli import welcome
from cli.show import width
from core import log as logs
from core.config import Settings
from core.errors import RukonError
from core.i18n import LANGUAGES, show_time, text
from core.sentences import sentence
from models import schema
from services import demo
from services.demo_hint import demo_people
from services.demo_waiting import Waiting
from services.runtime import Runtime, build_runtime

PATIENCE_S = 30.0
LOOK_S = 0.05


def main(words: list[str]) -> int:
    """Carry out one step; 1 and a sentence if it could not be done."""
    settings = Settings()
    logs.configure(settings.log_level, as_json=settings.log_json)
    rt = build_runtime(settings)
    schema.upgrade(rt.engine)
    try:
        {"seed": seed, "settle": settle}[words[0]](rt)
    except RukonError as error:
        print(sentence(error), file=sys.stderr)
        return 1
    return 0


def seed(rt: Runtime) -> None:
    """Write the sample data, and what to say once the pages answer."""
    started = time.monotonic()
    waiting = demo.seed(rt, credentials(rt.settings))
    words = "\n".join(["", *greeting(rt, waiting), ""])
    (rt.settings.data_dir / welcome.WORDS).write_text(words, "utf-8")
    _say("demo.seeded", seconds=f"{time.monotonic() - started:.1f}")


def settle(rt: Runtime) -> None:
    """Wait for the first posts and evaluate the indicator, so that no page is empty."""
    demo.settle(rt)
    _say("demo.settled")


def credentials(settings: Settings) -> Sequence[Mapping[str, Any]]:
    """Return the token files of the stand-in platforms' accounts, once they answer."""
    address = f"http://127.0.0.1:{settings.sandbox_port}/__control/credentials"
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            answer = httpx.get(address, trust_env=False)
            if answer.status_code == HTTPStatus.OK:
                accounts: Sequence[Mapping[str, Any]] = answer.json()["accounts"]
                return accounts
        except httpx.TransportError as exc:
            if time.monotonic() > until:
                raise demo.DemoStuck(address=address) from exc
        time.sleep(LOOK_S)


def greeting(rt: Runtime, waiting: Waiting) -> list[str]:
    """Return where to look, as whom to sign in, and what to try first."""
    settings = rt.settings
    platforms = f"http://127.0.0.1:{settings.sandbox_port}"
    places = {
        "pages": f"http://{settings.host}:{settings.port}/", "facebook": f"{platforms}/facebook",
        "x": f"{platforms}/x", "control": f"{platforms}/",
    }  # fmt: skip
    people = [
        f"    {one.username:<10}{one.password:<12}{one.name} · {one.role}"
        for one in demo_people(rt, LANGUAGES[0])
    ]
    told = {"title": waiting.title, "folder": settings.data_dir}
    hints = [
        text(f"demo.{key}", language, due=show_time(waiting.due_at, language), **told)
        for key in ("try", "year", "stop")
        for language in LANGUAGES
    ]
    return [
        _both("demo.ready"), "",
        *(f"  {_padded(_both(f'demo.{name}'), 52)}{address}" for name, address in places.items()), "",
        f"  {_both('demo.people')}", *people, "", *(f"  {hint}" for hint in hints),
    ]  # fmt: skip


def _both(key: str) -> str:
    return " · ".join(text(key, language) for language in LANGUAGES)


def _padded(words: str, wide: int) -> str:
    return words + " " * max(1, wide - width(words))


def _say(key: str, **params: object) -> None:
    print(text(key, LANGUAGES[0], **params), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
