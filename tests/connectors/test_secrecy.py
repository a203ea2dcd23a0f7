"""No token in an address, a log line, an exception or a repr, whatever goes wrong."""

import logging
import traceback
from contextlib import suppress
from dataclasses import replace

import pytest
import structlog

from connectors.base import Message, PlatformTrouble
from connectors.changes import Deleting, Editing
from connectors.comments import Commenting
from connectors.credentials import conceal
from connectors.facebook.graph import Key
from connectors.login import App, Login, Renewing, SignIn, TokenLogin
from connectors.replies import Replying
from connectors.x.api import Keys
from core.config import Settings
from core.vocab import Channel
from tests.connectors.conftest import CANARY, NOON
from tests.connectors.stand_in import Reply
from tests.connectors.test_error_tables import connector_to

PARROT = {"message": f"Malformed access token EAA{CANARY}", "code": 190}
WAYS = (
    Reply({"id": "1", "data": []}),
    Reply({"error": PARROT}, 400),
    Reply({"detail": f"Bearer {CANARY} is no token", "errors": [{"message": f"oauth_token={CANARY}"}]}, 401),
    Reply("<html>502</html>", 502),
    Reply("cut"),
    Reply(how="drop"),
    Reply(how="hang"),
)


@pytest.fixture(params=list(Channel))
def access(request, page, user):
    return page if request.param is Channel.FACEBOOK else user


@pytest.mark.parametrize("reply", WAYS, ids=range(len(WAYS)))
def test_tokens_appear_nowhere_but_in_headers_and_bodies(access, reply, stand_in, picture, caplog):
    connector = connector_to(stand_in, access.channel, read_s=0.2 if reply.how == "hang" else 10)
    stand_in.say(reply)
    told = [repr(access), repr(connector)]
    calls = (
        lambda: publish(connector, access, told),
        lambda: connector.stage(access, picture),
        lambda: connector.find(access, NOON),
        lambda: connector.read(access, "1"),
        lambda: connector.read_metrics(access, {"1": NOON}, NOON),
        lambda: connector.read_account(access),
        lambda: told.append(repr(connector.check(access))),
        *more(connector, access),
    )
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        for call in calls:
            try:
                told.append(repr(call()))
            except PlatformTrouble as trouble:
                told += [repr(trouble), str(vars(trouble)), *traceback.format_exception(trouble)]
    told += [caplog.text, repr(logs), *(seen.address for seen in stand_in.seen)]
    assert stand_in.seen
    assert CANARY not in "\n".join(told)


def more(connector, access):
    """Return the calls that only some channels can do."""
    app, sign_in = App("77", f"s{CANARY}"), SignIn(f"state{CANARY}", "http://127.0.0.1/back", CANARY)
    if isinstance(connector, Commenting):
        yield lambda: connector.read_comments(access, "1")
        yield lambda: connector.hide_comment(access, "1", hidden=True)
    if isinstance(connector, Editing):
        yield lambda: connector.edit(access, "1", "ข่าว")
    if isinstance(connector, Deleting):
        yield lambda: connector.delete(access, "1")
    if isinstance(connector, Replying):
        yield lambda: connector.find_replies(access, "1")
    if isinstance(connector, Login):
        yield lambda: connector.redeem(app, sign_in, f"code{CANARY}")
        yield lambda: connector.revoke(access)
    if isinstance(connector, TokenLogin):
        yield lambda: connector.adopt(app, f"EAA{CANARY}")
    if isinstance(connector, Renewing):
        yield lambda: connector.renew(access)


def publish(connector, access, told):
    with connector.open(access) as line:
        told.append(repr(line) + repr(vars(line)))
        return line.publish(Message("ข่าว"))


def test_keys_do_not_show_in_a_repr(page, user):
    of_app = Key.of_app(Settings(), "77", f"s{CANARY}")
    shown = repr(Key.of_page(Settings(), page)) + repr(of_app) + repr(Keys.of(user))
    assert CANARY not in shown


def test_a_library_told_to_log_everything_stays_quiet(stand_in, user, caplog):
    logging.getLogger("tweepy").setLevel(logging.DEBUG)
    stand_in.say(Reply({"data": {"id": "1"}}, 201))
    with caplog.at_level(logging.DEBUG):
        publish(connector_to(stand_in, Channel.X), user, [])
    assert "tweepy" not in caplog.text


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Malformed access token EAAB1234567890abcdefghijklmn", "Malformed access token ***"),
        ("requires pages_manage_engagement_permission", "requires pages_manage_engagement_permission"),
        ("#190/463 Session has expired", "#190/463 Session has expired"),
        ("ข้อความภาษาไทยที่ยาวมากไม่มีช่องว่างเลยสักนิด", "ข้อความภาษาไทยที่ยาวมากไม่มีช่องว่างเลยสักนิด"),
    ],
)
def test_what_looks_like_a_token_is_hidden_and_names_are_not(words, shown):
    assert conceal(words) == shown


def test_white_space_around_a_key_is_forgiven(stand_in, page):
    stand_in.say(Reply({"data": []}))
    padded = replace(page, secrets={"page_token": f" EAA{CANARY}\n"})
    with suppress(PlatformTrouble):
        connector_to(stand_in, Channel.FACEBOOK).find(padded, NOON)
    assert stand_in.seen[0].headers["Authorization"] == f"Bearer EAA{CANARY}"
