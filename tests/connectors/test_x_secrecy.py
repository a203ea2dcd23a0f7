"""No token of a sign-in at X in an address, a log line, an exception or a repr, whatever X answers."""

import logging
import traceback

import pytest
import structlog

from connectors.base import Access, PlatformTrouble, Unfinished
from connectors.login import App, SignIn
from connectors.x.connector import XConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel
from tests.connectors.conftest import CANARY, NOON
from tests.connectors.stand_in import Reply
from tests.connectors.test_secrecy import WAYS
from tests.connectors.test_x_recorded import FILM

SIGNED_IN = Access(
    Channel.X,
    "4401",
    {
        "bearer_token": f"b{CANARY}",
        "refresh_token": f"r{CANARY}",
        "client_id": "25640001",
        "client_secret": f"s{CANARY}",
        "expires_at": "1795410900",
    },
)
APP = App("25640001", f"s{CANARY}")
SIGN_IN = SignIn(f"state{CANARY}", "http://127.0.0.1:8640/back", f"v{CANARY}" * 2)
TOKENS = Reply(
    {"access_token": f"n{CANARY}", "refresh_token": f"m{CANARY}", "expires_in": 7200, "scope": "x"}
)
PARROT = Reply({"error": "invalid_request", "error_description": f"token r{CANARY} was invalid"}, 400)


@pytest.mark.parametrize("reply", [*WAYS, TOKENS, PARROT], ids=range(len(WAYS) + 2))
def test_tokens_of_a_sign_in_appear_nowhere_but_in_headers_and_bodies(reply, stand_in, caplog):
    settings = Settings(x_url=stand_in.url, read_timeout_s=0.2 if reply.how == "hang" else 10)
    x = XConnector(settings, SetClock(NOON))
    stand_in.say(reply)
    told = [repr(SIGNED_IN), repr(APP), repr(SIGN_IN), repr(x)]
    calls = (
        lambda: x.redeem(APP, SIGN_IN, f"code{CANARY}"),
        lambda: x.renew(SIGNED_IN),
        lambda: x.revoke(SIGNED_IN),
        lambda: x.check(SIGNED_IN),
        lambda: x.read_usage(f"a{CANARY}"),
        lambda: x.stage(SIGNED_IN, FILM),
        lambda: x.delete(SIGNED_IN, "1"),
        lambda: x.read_comments(SIGNED_IN, "2124898544362979328"),
    )
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        for call in calls:
            try:
                told.append(repr(call()))
            except PlatformTrouble as trouble:
                told += [repr(trouble), str(vars(trouble)), *traceback.format_exception(trouble)]
                told += [trouble.resume] if isinstance(trouble, Unfinished) else []
    told += [caplog.text, repr(logs), *(seen.address for seen in stand_in.seen)]
    assert len(stand_in.seen) >= len(calls)
    assert CANARY not in "\n".join(told)


def test_only_the_state_stands_in_the_dialog_s_address():
    address = XConnector(Settings(), SetClock(NOON)).authorize_url(APP, SIGN_IN)
    assert SIGN_IN.state in address
    assert address.count(CANARY) == 1


@pytest.mark.parametrize("name", ["tweepy", "requests_oauthlib", "oauthlib", "urllib3"])
def test_libraries_told_to_log_everything_stay_quiet(stand_in, user, caplog, name):
    logging.getLogger(name).setLevel(logging.DEBUG)
    stand_in.say(Reply({"data": {"id": "4401"}}))
    with caplog.at_level(logging.DEBUG):
        XConnector(Settings(x_url=stand_in.url), SetClock(NOON)).check(user)
    assert [line for line in caplog.records if line.name.startswith(name) and line.levelno < 30] == []
