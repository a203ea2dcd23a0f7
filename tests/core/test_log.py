import logging

import pytest
import structlog

from core import log as logs

CANARY = "EAAGcanary0123456789"


@pytest.fixture
def logged(capsys):
    logs.configure("debug", as_json=True)
    yield capsys
    logging.getLogger().handlers[:] = []
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "line",
    [
        f"GET /me?access_token={CANARY}&fields=id",
        f"Authorization: Bearer {CANARY}",
        f"Authorization: OAuth {CANARY}",
        f"https://h/x?appsecret_proof={CANARY}",
        f"GET /accounts/connect/x/back?state={CANARY}&x=1",
        f"GET /accounts/connect/x/back?x=1&code={CANARY} HTTP/1.1",
    ],
)
def test_a_token_in_a_line_is_replaced_by_stars(line):
    assert CANARY not in logs.redact_text(line)
    assert logs.HIDDEN in logs.redact_text(line)


def test_no_log_call_of_ours_or_of_a_library_shows_a_token(logged):
    structlog.get_logger().info("account.check", access_token=CANARY, url=f"https://h/?access_token={CANARY}")
    logging.getLogger("urllib3").warning("retry %s", f"https://h/?access_token={CANARY}")
    logging.getLogger("tweepy").debug("Bearer %s", CANARY)
    written = logged.readouterr().err
    assert CANARY not in written
    assert "account.check" in written
    assert "tweepy" not in written


def test_thai_words_stay_readable_in_the_log(logged):
    structlog.get_logger().info("post.create", note="ลอยกระทง")
    assert "ลอยกระทง" in logged.readouterr().err
