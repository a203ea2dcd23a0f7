"""Signing in at the platform: one browser, one answer, a few minutes; nothing granted is lost or shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from core.errors import BadInput, Forbidden, RukonError
from core.vocab import Channel, Health
from models import Account, AppKeys, AuditEvent, Handshake
from services import accounts, apps, connecting
from services.connecting import Browser, Returned
from services.runtime import build_runtime
from tests.builders import START, TOKENS, make_account
from tests.sandbox_server import SandboxHandle, running_sandbox
from tests.services import platforms

CHANNELS = list(Channel)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as handle:
        yield handle


@pytest.fixture
def rt(data_dir, sandbox):
    with platforms.online(data_dir, sandbox) as runtime:
        yield runtime


@pytest.fixture
def browser(team) -> Browser:
    return Browser(team.administrator, "session-key")


@pytest.fixture
def ready(rt, sandbox):
    platforms.keep_apps(rt, sandbox)


def refused(act) -> str:
    with pytest.raises(RukonError) as found:
        act()
    return found.value.key


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("channel", CHANNELS)
def test_an_account_connected_by_signing_in_can_publish(rt, team, channel):
    account = platforms.connect(rt, channel, team.administrator)
    check = accounts.check_account(rt, account.id)
    assert (check.account.health, check.account.external_id) == (
        Health.OK, platforms.PAGE if channel is Channel.FACEBOOK else platforms.USER,
    )  # fmt: skip
    with rt.sessions.begin() as session:
        deeds = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert deeds[-2:] == ["account.add", "account.connect"]


@pytest.mark.usefixtures("ready")
def test_x_is_asked_with_a_hashed_verifier_and_the_registered_address(rt, browser):
    asked = parse_qs(urlsplit(connecting.begin(rt, Channel.X, browser)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{platforms.PUBLIC}/accounts/connect/x/back"]
    with rt.sessions.begin() as session:
        row = session.scalars(select(Handshake)).one()
    assert asked["state"][0] not in (row.state_sha256, str(row.sealed))
    assert row.expires_at - row.created_at == timedelta(minutes=10)


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("channel", CHANNELS)
def test_an_answer_is_taken_once(rt, browser, channel):
    returned = platforms.allow(connecting.begin(rt, channel, browser))
    connecting.receive(rt, channel, browser, returned)
    assert refused(lambda: connecting.receive(rt, channel, browser, returned)) == "connect_used"


@pytest.mark.usefixtures("ready")
def test_an_answer_of_another_browser_person_or_platform_is_not_taken(rt, browser, team):
    returned = platforms.allow(connecting.begin(rt, Channel.X, browser))
    other = Browser(team.administrator, "another-session")
    for who, channel in ((other, Channel.X), (browser, Channel.FACEBOOK)):
        assert refused(lambda who=who, channel=channel: connecting.receive(rt, channel, who, returned)) == (
            "connect_unknown"
        )
    made_up = Returned("state-nobody-asked-with", "code")
    assert refused(lambda: connecting.receive(rt, Channel.X, browser, made_up)) == "connect_unknown"
    assert connecting.receive(rt, Channel.X, browser, returned)


@pytest.mark.usefixtures("ready")
def test_an_answer_after_ten_minutes_comes_too_late(rt, browser):
    returned = platforms.allow(connecting.begin(rt, Channel.FACEBOOK, browser))
    rt.clock.advance(timedelta(minutes=10, seconds=1))
    assert refused(lambda: connecting.receive(rt, Channel.FACEBOOK, browser, returned)) == "connect_expired"
    assert refused(lambda: connecting.receive(rt, Channel.FACEBOOK, browser, returned)) == "connect_used"


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_no_at_the_platform_connects_nothing(rt, browser, channel):
    returned = platforms.allow(connecting.begin(rt, channel, browser), answer="deny")
    assert returned.error == "access_denied"
    assert refused(lambda: connecting.receive(rt, channel, browser, returned)) == "connect_denied"
    with rt.sessions.begin() as session:
        assert session.scalars(select(Account)).all() == []


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_code_of_nobodys_is_refused_and_a_silent_platform_told_apart(rt, browser, channel):
    for expected, base in (
        ("connect_login_code_refused", None),
        ("connect_unreachable", "http://127.0.0.1:9"),
    ):
        state = platforms.allow(connecting.begin(rt, channel, browser)).state
        where = rt if base is None else _elsewhere(rt, base)
        answer = Returned(state, "AQmadeup")
        assert refused(
            lambda where=where, answer=answer: connecting.receive(where, channel, browser, answer)
        ) == (expected)


def _elsewhere(rt, base):
    moved = rt.settings.model_copy(update={"facebook_url": base, "x_url": base, "connect_timeout_s": 1})
    return replace(rt, connectors=build_runtime(moved, rt.clock).connectors)


@pytest.mark.usefixtures("ready")
def test_somebody_without_the_page_is_told_so(rt, browser):
    returned = platforms.allow(connecting.begin(rt, Channel.FACEBOOK, browser), page=[])
    assert refused(lambda: connecting.receive(rt, Channel.FACEBOOK, browser, returned)) == "connect_none"


@pytest.mark.usefixtures("ready")
def test_what_an_account_lacks_is_shown_before_it_is_chosen(rt, browser):
    returned = platforms.allow(
        connecting.begin(rt, Channel.FACEBOOK, browser), **{f"role_{platforms.PAGE}": "analyst"}
    )
    offer_id = connecting.receive(rt, Channel.FACEBOOK, browser, returned)
    (choice,) = connecting.offer(rt, offer_id, browser).choices
    assert (choice.external_id, choice.known) == (platforms.PAGE, False)
    assert "task_publish_missing" in choice.problems
    with pytest.raises(BadInput, match="choose_account"):
        connecting.choose(rt, offer_id, browser, {"7"})


@pytest.mark.usefixtures("ready")
def test_an_offer_is_open_to_its_own_browser_until_it_is_chosen_from(rt, browser, team):
    returned = platforms.allow(connecting.begin(rt, Channel.X, browser))
    offer_id = connecting.receive(rt, Channel.X, browser, returned)
    stranger = Browser(team.administrator, "another-session")
    assert refused(lambda: connecting.offer(rt, offer_id, stranger)) == "connect_unknown"
    assert refused(lambda: connecting.offer(rt, 999, browser)) == "connect_unknown"
    with pytest.raises(Forbidden):
        connecting.choose(rt, offer_id, Browser(team.officer, "session-key"), {platforms.USER})
    connecting.choose(rt, offer_id, browser, {platforms.USER})
    assert refused(lambda: connecting.choose(rt, offer_id, browser, {platforms.USER})) == "connect_used"
    with rt.sessions.begin() as session:
        row = session.get_one(Handshake, offer_id)
        assert rt.vault.unseal(f"handshake:{row.state_sha256}:sealed", row.key_id, row.sealed) == {}


@pytest.mark.usefixtures("ready")
def test_an_offer_nobody_chose_from_runs_out(rt, browser):
    returned = platforms.allow(connecting.begin(rt, Channel.X, browser))
    offer_id = connecting.receive(rt, Channel.X, browser, returned)
    rt.clock.advance(timedelta(minutes=11))
    assert refused(lambda: connecting.offer(rt, offer_id, browser)) == "connect_expired"


@pytest.mark.usefixtures("ready")
def test_sign_ins_of_yesterday_are_forgotten(rt, browser):
    connecting.begin(rt, Channel.X, browser)
    rt.clock.advance(timedelta(days=2))
    connecting.begin(rt, Channel.X, browser)
    with rt.sessions.begin() as session:
        assert len(session.scalars(select(Handshake)).all()) == 1


@pytest.mark.usefixtures("ready")
def test_connecting_a_known_account_again_gives_it_new_keys(rt, team):
    first = make_account(rt, Channel.X)
    again = platforms.connect(rt, Channel.X, team.administrator)
    held = accounts.access_of(rt, again).secrets
    assert (again.id, again.health) == (first.id, Health.UNCHECKED)
    assert held.get("bearer_token") not in (None, TOKENS[Channel.X]["access_token"])
    assert again.access_until == START + timedelta(hours=2)
    assert again.refresh_at == START + timedelta(minutes=90)


def test_without_an_app_nothing_can_be_connected(rt, browser, team):
    assert refused(lambda: connecting.begin(rt, Channel.FACEBOOK, browser)) == "app_missing"
    with pytest.raises(Forbidden):
        connecting.begin(rt, Channel.FACEBOOK, Browser(team.officer, "key"))


def test_a_channel_without_sign_in_says_so(rt, browser, sandbox):
    platforms.keep_apps(rt, sandbox)
    bare = replace(rt, connectors={Channel.X: object()})
    assert refused(lambda: connecting.begin(bare, Channel.X, browser)) == "connect_by_file"


@pytest.mark.parametrize(
    ("public_id", "secret", "code"),
    [("", "s", "app_id_bad"), ("two words", "s", "app_id_bad"), ("๙๙", "s", "app_id_bad"),
     ("900", "", "app_secret_bad"), ("900", "ลับ", "app_secret_bad"), ("900", "s" * 501, "app_secret_bad")],
)  # fmt: skip
def test_an_app_that_cannot_be_is_refused(rt, team, public_id, secret, code):
    with pytest.raises(BadInput, match=code):
        apps.keep_app(rt, Channel.FACEBOOK, public_id, secret, team.administrator)


def test_an_apps_secret_is_kept_when_left_empty_and_a_public_client_has_none(rt, team):
    apps.keep_app(rt, Channel.FACEBOOK, "900", "first", team.administrator)
    apps.keep_app(rt, Channel.FACEBOOK, "900", "", team.administrator)
    apps.keep_app(rt, Channel.X, "client", "", team.administrator)
    with rt.sessions.begin() as session:
        assert apps.app_of(rt, session, Channel.FACEBOOK).client_secret == "first"
        assert apps.app_of(rt, session, Channel.X).client_secret == ""
        assert apps.known_apps(session)[Channel.FACEBOOK].public_id == "900"
    with pytest.raises(BadInput, match="app_secret_bad"):
        apps.keep_app(rt, Channel.FACEBOOK, "901", "", team.administrator)
    with pytest.raises(Forbidden):
        apps.keep_app(rt, Channel.X, "client", "", team.officer)


def test_a_new_app_secret_reaches_the_accounts_of_that_app_and_no_other(rt, team, sandbox):
    mine = accounts.add_account(rt, sandbox.credentials(Channel.FACEBOOK), None)
    other = make_account(rt, Channel.FACEBOOK, "42")
    app_id = sandbox.credentials(Channel.FACEBOOK)["secrets"]["app_id"]
    assert apps.keep_app(rt, Channel.FACEBOOK, app_id, "rotated", team.administrator) == 1
    with rt.sessions.begin() as session:
        rows = [session.get_one(Account, one.id) for one in (mine, other)]
        assert [accounts.access_of(rt, row).secrets["app_secret"] for row in rows] == [
            "rotated",
            "app-secret",
        ]
        assert rows[0].probe_at is None


def test_the_word_for_a_webhook_stays_and_is_sealed(rt):
    with rt.sessions.begin() as session:
        assert apps.verify_token(rt, session, Channel.FACEBOOK) == ""
    apps.keep_app(rt, Channel.FACEBOOK, "900", "first", None)
    with rt.sessions.begin() as session:
        word = apps.verify_token(rt, session, Channel.FACEBOOK)
    apps.keep_app(rt, Channel.FACEBOOK, "900", "second", None)
    with rt.sessions.begin() as session:
        assert apps.verify_token(rt, session, Channel.FACEBOOK) == word
        assert word.encode() not in session.scalars(select(AppKeys)).one().sealed


def test_nothing_is_redeemed_for_an_app_that_is_gone(rt, browser, sandbox):
    platforms.keep_apps(rt, sandbox)
    returned = platforms.allow(connecting.begin(rt, Channel.X, browser))
    apps.keep_app(rt, Channel.X, "another-client", "wrong-secret", None)
    assert refused(lambda: connecting.receive(rt, Channel.X, browser, returned)) in {
        "connect_app_credentials_wrong", "connect_login_code_refused",
    }  # fmt: skip
