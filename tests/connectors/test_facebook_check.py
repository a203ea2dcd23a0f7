"""What the check of a Page tells: the token's life and scopes, the person's tasks."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.base import Access, RetryLater
from connectors.facebook.connector import FacebookConnector
from connectors.facebook.health import SCOPES, TASKS
from connectors.reports import Ending
from core.config import Settings
from core.vocab import Channel, Health
from tests.connectors.conftest import CANARY, NOON
from tests.connectors.graph_replies import (
    GOOD,
    element,
    error,
)
from tests.connectors.stand_in import Reply


def token(**changes: Any) -> Reply:
    scopes = list(SCOPES)
    return Reply([element({"data": {"is_valid": True, "expires_at": 0, "scopes": scopes, **changes}})])


def at(delta: timedelta) -> int:
    return int((NOON + delta).timestamp())


@pytest.mark.parametrize(
    ("told", "health", "problems"),
    [
        (token(), Health.OK, ()),
        (token(is_valid=False, error={"code": 190, "subcode": 460}), Health.REAUTH, ("password_changed",)),
        (token(is_valid=False), Health.REAUTH, ("token_dead",)),
        (token(expires_at=at(timedelta(days=3))), Health.OK, ("token_expiring",)),
        (token(expires_at=at(timedelta(days=30))), Health.OK, ()),
        (token(expires_at=at(timedelta(0))), Health.REAUTH, ("token_expired",)),
        (token(data_access_expires_at=at(timedelta(days=14))), Health.OK, ("data_access_expiring",)),
        (token(data_access_expires_at=at(timedelta(days=-1))), Health.REAUTH, ("data_access_over",)),
        (
            token(scopes=[scope for scope in SCOPES if scope != "pages_manage_posts"]),
            Health.REAUTH,
            ("scope_publish_missing",),
        ),
        (
            token(scopes=["pages_manage_posts", "pages_read_engagement"]),
            Health.OK,
            ("scope_reactions_missing", "scope_comments_missing", "scope_insights_missing"),
        ),
        (
            Reply([element(error(190, "Invalid OAuth access token signature."), 400)]),
            Health.OK,
            ("app_credentials_wrong",),
        ),
        (
            Reply(error(190, "Invalid OAuth access token signature."), 400),
            Health.OK,
            ("app_credentials_wrong",),
        ),
        (Reply([None]), Health.OK, ("app_credentials_wrong",)),
    ],
)
def test_the_check_reads_the_tokens_life_and_scopes(facebook, stand_in, page, told, health, problems):
    stand_in.say(told, Reply(GOOD), Reply({"id": "1025", "tasks": list(TASKS)}))
    report = facebook.check(page)
    assert (report.health, report.problems, report.name) == (health, problems, GOOD["name"])
    assert all(CANARY not in seen.address for seen in stand_in.seen)


@pytest.mark.parametrize(
    ("tasks", "problems"),
    [
        (Reply({"id": "1025", "tasks": ["ANALYZE"]}), ("task_publish_missing", "task_comments_missing")),
        (Reply({"id": "1025", "tasks": ["CREATE_CONTENT", "MODERATE"]}), ("task_insights_missing",)),
        (Reply({"id": "1025"}), ()),
        (Reply(error(100, "(#100) Tried accessing nonexisting field (tasks) on node type (Page)"), 400), ()),
    ],
)
def test_the_check_asks_for_the_persons_tasks_where_facebook_tells_them(facebook, stand_in, tasks, problems):
    stand_in.say(Reply(GOOD), tasks)
    report = facebook.check(Access(Channel.FACEBOOK, "1025", {"page_token": "EAAtoken"}))
    assert report.problems == problems


def test_a_wrong_app_secret_is_told_as_such(facebook, stand_in, page):
    stand_in.say(token(), Reply(error(100, "Invalid appsecret_proof provided in the API argument"), 400))
    report = facebook.check(page)
    assert (report.health, report.problems) == (Health.REAUTH, ("proof_wrong",))


def test_a_page_that_may_not_be_read_needs_a_new_token(facebook, stand_in, page):
    stand_in.say(token(), Reply(error(10, "(#10) requires a permission"), 403))
    report = facebook.check(page)
    assert (report.health, report.problems) == (Health.REAUTH, ("permission_missing",))


@pytest.mark.parametrize("told", [Reply("cut"), Reply([element({"data": {}})])])
def test_a_check_that_facebook_does_not_answer_says_nothing_about_the_account(facebook, stand_in, page, told):
    stand_in.say(told)
    with pytest.raises(RetryLater):
        facebook.check(page)


def test_the_check_tells_every_end_that_is_known_however_far(facebook, stand_in, page):
    ends = {"expires_at": at(timedelta(days=40)), "data_access_expires_at": at(timedelta(days=7))}
    stand_in.say(token(**ends), Reply(GOOD), Reply({"id": "1025", "tasks": list(TASKS)}))
    assert facebook.check(page).endings == (
        Ending("token_expiring", NOON + timedelta(days=40)),
        Ending("data_access_expiring", NOON + timedelta(days=7)),
    )


@pytest.mark.parametrize(
    ("headers", "problems"),
    [
        ({"Date": "Mon, 23 Nov 2026 05:04:00 GMT"}, ()),
        ({"Date": "Mon, 23 Nov 2026 05:05:00 GMT"}, ("clock_skewed",)),
        ({"Date": "Mon, 23 Nov 2026 04:55:00 GMT"}, ("clock_skewed",)),
        ({"Date": "yesterday"}, ()),
        ({"facebook-api-version": "v26.0"}, ()),
        ({"facebook-api-version": "v24.0"}, ("version_drift",)),
    ],
)
def test_the_check_tells_when_the_clock_or_the_version_is_off(facebook, stand_in, page, headers, problems):
    tasks = Reply({"id": "1025", "tasks": list(TASKS)}, headers=headers)
    stand_in.say(token(), Reply(GOOD), tasks)
    report = facebook.check(page)
    assert (report.health, report.problems) == (Health.OK, problems)


@pytest.mark.parametrize(
    ("worn", "health", "problem"),
    [
        ({"dead": 463}, Health.REAUTH, "token_expired"),
        ({"dead": 458}, Health.REAUTH, "app_removed"),
        ({"dead": 460}, Health.REAUTH, "password_changed"),
        ({"dead": 492}, Health.REAUTH, "role_lost"),
        ({"tasks": ["ANALYZE", "MODERATE"]}, Health.REAUTH, "task_publish_missing"),
        ({"scopes": [scope for scope in SCOPES if scope != "pages_manage_posts"]}, Health.REAUTH,
         "scope_publish_missing"),
        ({"scopes": [scope for scope in SCOPES if scope != "read_insights"]}, Health.OK,
         "scope_insights_missing"),
        ({"expires_at": "2026-11-23T04:00:00Z"}, Health.REAUTH, "token_expired"),
        ({"data_access_expires_at": "2026-11-23T04:00:00Z"}, Health.REAUTH, "data_access_over"),
        ({"data_access_expires_at": "2026-11-30T04:00:00Z"}, Health.OK, "data_access_expiring"),
    ],
)  # fmt: skip
def test_each_way_in_which_a_page_can_be_wrong_has_its_own_word(sandbox, clock, worn, health, problem):
    told = sandbox.credentials("facebook")
    sandbox.set_clock(NOON.isoformat())
    sandbox.wear_token("facebook", told["external_id"], **worn)
    connector = FacebookConnector(Settings(facebook_url=sandbox.graph_url), clock)
    report = connector.check(Access(Channel.FACEBOOK, told["external_id"], told["secrets"]))
    assert (report.health, report.problems) == (health, (problem,))


@pytest.mark.parametrize("minutes", [6, -6])
def test_a_server_whose_clock_is_off_is_told_so(sandbox, clock, minutes):
    told = sandbox.credentials("facebook")
    sandbox.set_clock((NOON + timedelta(minutes=minutes)).isoformat())
    connector = FacebookConnector(Settings(facebook_url=sandbox.graph_url), clock)
    report = connector.check(Access(Channel.FACEBOOK, told["external_id"], told["secrets"]))
    assert (report.health, report.problems) == (Health.OK, ("clock_skewed",))
