"""Every row of both error tables, over real HTTP: what an answer means to each kind of call."""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Access, Message, PlatformTrouble
from connectors.facebook import errors as facebook_errors
from connectors.facebook import health as facebook_health
from connectors.registry import build_connectors
from connectors.verdicts import Aim
from connectors.x import errors as x_errors
from core.clock import SetClock
from core.config import Settings
from core.i18n import LANGUAGES, catalogue
from core.vocab import Channel
from tests.connectors.conftest import NOON
from tests.connectors.stand_in import Reply

REPLIES = Path(__file__).parent / "replies"
CONNECTORS = Path(facebook_errors.__file__).parent.parent


@dataclass(frozen=True)
class Told:
    """A reply written down in the platform's own shape, and what each aim must make of it."""

    channel: Channel
    name: str
    reply: Reply
    meaning: dict[Aim, str]


def told(channel: Channel) -> list[Told]:
    rows = json.loads((REPLIES / f"{channel}.json").read_text(encoding="utf-8"))
    return [
        Told(
            channel,
            row["name"],
            Reply(row["body"], row["status"], row.get("headers", {})),
            {Aim.PUBLISH: row["publish"], Aim.STAGE: row["stage"], Aim.READ: row["read"]},
        )
        for row in rows
    ]


EVERY = [*told(Channel.FACEBOOK), *told(Channel.X)]


def meaning(trouble: PlatformTrouble) -> str:
    return " ".join(filter(None, (type(trouble).__name__, trouble.code, trouble.health)))


def connector_to(stand_in, channel: Channel, read_s: float = 10) -> Any:
    settings = Settings(facebook_url=f"{stand_in.url}/graph", x_url=stand_in.url, read_timeout_s=read_s)
    return build_connectors(settings, SetClock(NOON))[channel]


def publish(connector, access: Access):
    with connector.open(access) as line:
        return line.publish(Message("ขอเชิญร่วมงาน"))


@pytest.fixture
def access_of(page, user):
    return {Channel.FACEBOOK: page, Channel.X: user}


@pytest.mark.parametrize("row", EVERY, ids=lambda row: f"{row.channel}: {row.name}")
def test_each_answer_has_one_meaning_for_each_kind_of_call(stand_in, access_of, picture, row):
    connector, access = connector_to(stand_in, row.channel), access_of[row.channel]
    stand_in.say(row.reply)
    calls = {
        Aim.PUBLISH: lambda: publish(connector, access),
        Aim.STAGE: lambda: connector.stage(access, picture),
        Aim.READ: lambda: connector.find(access, NOON),
    }
    for aim, call in calls.items():
        with pytest.raises(PlatformTrouble) as trouble:
            call()
        assert meaning(trouble.value) == row.meaning[aim]


def test_every_row_of_the_facebook_table_is_covered():
    errors = [
        row.reply.body["error"]
        for row in EVERY
        if isinstance(row.reply.body, dict) and isinstance(row.reply.body.get("error"), dict)
    ]
    pairs = {(error.get("code"), error.get("error_subcode")) for error in errors if error.get("code") != [1]}
    codes = {code for code, _ in pairs}
    messages = [error["message"].lower() for error in errors]
    assert set(facebook_errors.PAIRS) <= pairs
    assert set(facebook_errors.NUMBERS) <= {number for pair in pairs for number in pair}
    assert all(any(words in message for message in messages) for words, _ in facebook_errors.WORDS)
    assert all(any(code in known for code in codes) for known, _ in facebook_errors.CODES)


def test_every_row_of_the_x_table_decides_a_reply():
    replies = (row.reply for row in told(Channel.X))
    decided = [x_errors.row_for(reply.status, as_received(reply)) for reply in replies]
    assert set(x_errors.ROWS) <= set(decided)


def as_received(reply: Reply) -> Any:
    """Return the body as the client parses it, None if it is no JSON."""
    try:
        return json.loads(reply.content())
    except ValueError:
        return None


def test_facebook_says_how_long_to_wait_in_its_usage_header(stand_in, page):
    usage = {"1025": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 12}]}
    body = {"error": {"message": "(#80001) too many calls", "code": 80001}}
    stand_in.say(Reply(body, 400, {"x-business-use-case-usage": json.dumps(usage)}))
    with pytest.raises(PlatformTrouble) as trouble:
        publish(connector_to(stand_in, Channel.FACEBOOK), page)
    assert trouble.value.wait_s == 12 * 60


@pytest.mark.parametrize("header", ["", "no json", "[]", '{"1025": [{}]}', '{"1025": [1]}', '{"1025": []}'])
def test_facebook_is_given_an_hour_when_its_usage_header_says_nothing(stand_in, page, header):
    body = {"error": {"message": "(#32) Page request limit reached", "code": 32}}
    stand_in.say(Reply(body, 400, {"x-business-use-case-usage": header}))
    with pytest.raises(PlatformTrouble) as trouble:
        publish(connector_to(stand_in, Channel.FACEBOOK), page)
    assert trouble.value.wait_s == 3600


RESET = int((NOON + timedelta(minutes=7)).timestamp())
MIDNIGHT = int((NOON + timedelta(hours=19)).timestamp())


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, 900),
        ({"x-rate-limit-reset": "soon"}, 900),
        ({"x-rate-limit-reset": str(RESET)}, 420),
        ({"x-rate-limit-reset": str(RESET - 3600)}, 1),
        (
            {
                "x-rate-limit-reset": str(RESET),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": str(MIDNIGHT),
                "x-app-limit-24hour-remaining": "3",
                "x-app-limit-24hour-reset": str(MIDNIGHT + 99),
            },
            19 * 3600,
        ),
    ],
)
def test_x_says_in_its_headers_how_long_to_wait(stand_in, user, headers, wait_s):
    stand_in.say(Reply({"title": "Too Many Requests", "type": "about:blank"}, 429, headers))
    with pytest.raises(PlatformTrouble) as trouble:
        publish(connector_to(stand_in, Channel.X), user)
    assert trouble.value.wait_s == wait_s


def test_the_attempt_can_keep_status_trace_and_the_platforms_own_words(stand_in, page, user):
    refused = {"error": {"message": "(#200) no", "code": 200, "error_subcode": 7, "fbtrace_id": "Atrace"}}
    stand_in.say(Reply(refused, 403))
    with pytest.raises(PlatformTrouble) as facebook:
        publish(connector_to(stand_in, Channel.FACEBOOK), page)
    stand_in.say(Reply({"detail": "ข้อความนี้ไม่ผ่าน"}, 403, {"x-transaction-id": "t17"}))
    with pytest.raises(PlatformTrouble) as x:
        publish(connector_to(stand_in, Channel.X), user)
    assert (facebook.value.http_status, facebook.value.trace_id) == (403, "Atrace")
    assert facebook.value.detail == "#200/7 (#200) no"
    assert (x.value.http_status, x.value.trace_id) == (403, "t17")
    assert x.value.detail == "HTTP 403 ข้อความนี้ไม่ผ่าน"


TROUBLES = {"Rejected", "RetryLater", "OutcomeUnknown"}
VERDICTS = {"never", "later", "throttle", "hold", "lacking", "unclear"}


def reasons_in_code() -> set[str]:
    """Return every reason code written in connectors/: in the tables, in raises and in the checks."""
    found = {*facebook_health.SCOPES.values(), *facebook_health.WARNINGS}
    for path in CONNECTORS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in TROUBLES | VERDICTS:
                    found |= texts(
                        [*node.args[:1], *(one.value for one in node.keywords if one.arg == "reading")]
                    )
                elif node.func.id == "_ending":
                    found |= texts(one.value for one in node.keywords)
    return found


def texts(nodes: Iterable[ast.expr]) -> set[str]:
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_sentence(language):
    assert reasons_in_code() <= set(catalogue(language)["reason"])
