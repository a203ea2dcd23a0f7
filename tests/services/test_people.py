"""Signing in and roles: what a guesser learns (nothing), and what ends a session."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.vocab import Role
from models import AuditEvent, LoginSession, LoginTry
from services import passwords, people
from services.guesses import TooManyTries
from services.people import PersonForm, WrongPassword
from tests.builders import PASSWORD, START

pytestmark = pytest.mark.usefixtures("team")

HERE, THERE = "192.0.2.1", "192.0.2.2"


def sign_in(rt, username="officer", password=PASSWORD, address=HERE, **more):
    return people.sign_in(rt, username, password, address, **more)


def resume(rt, key):
    with rt.sessions.begin() as session:
        return people.resume(session, key, rt.clock.now(), rt.settings)


def test_a_right_password_opens_a_session_whose_key_is_stored_nowhere(rt, team):
    signed = sign_in(rt)
    assert resume(rt, signed.key).person.id == team.officer.id
    with rt.sessions.begin() as session:
        row = session.scalars(select(LoginSession)).one()
    assert signed.key not in {row.key_sha256, row.csrf}
    assert row.csrf == signed.csrf
    assert signed.key not in repr(signed)


@pytest.mark.parametrize(
    ("username", "password"),
    [("officer", "not the password"), ("nobody", PASSWORD), ("", ""), ("officer", "x" * 100_000)],
)
def test_a_wrong_name_and_a_wrong_password_say_the_same(rt, username, password):
    with pytest.raises(WrongPassword) as refused:
        sign_in(rt, username, password)
    assert (refused.value.key, refused.value.status) == ("wrong_password", 401)
    assert refused.value.params == {"field": "password"}


def test_a_wrong_name_takes_as_long_as_a_wrong_password(rt):
    def seconds(username):
        started = time.perf_counter()
        with pytest.raises(WrongPassword):
            sign_in(rt, username, "not the password")
        return time.perf_counter() - started

    seconds("nobody")
    known = min(seconds("officer") for _ in range(3))
    unknown = min(seconds("nobody") for _ in range(3))
    assert 0.4 < unknown / known < 2.5


def test_the_name_may_be_typed_in_capitals(rt, team):
    assert sign_in(rt, "  Officer ").person_id == team.officer.id


def test_somebody_switched_off_cannot_sign_in_and_is_signed_out(rt, team):
    signed = sign_in(rt)
    with rt.sessions.begin() as session:
        people.set_active(session, team.officer.id, team.administrator, START, active=False)
    assert resume(rt, signed.key) is None
    with pytest.raises(WrongPassword):
        sign_in(rt)


def test_after_ten_wrong_tries_even_the_right_password_waits(rt, team, clock):
    for _ in range(10):
        with pytest.raises(WrongPassword):
            sign_in(rt, password="not the password")
        clock.advance(timedelta(seconds=30))
    with pytest.raises(TooManyTries) as refused:
        sign_in(rt)
    assert refused.value.params == {"minutes": 10}
    assert sign_in(rt, address=THERE).person_id == team.officer.id
    clock.advance(timedelta(minutes=10, seconds=1))
    assert sign_in(rt).person_id == team.officer.id


def test_right_passwords_are_not_counted_as_tries(rt):
    for _ in range(12):
        sign_in(rt)
    with rt.sessions.begin() as session:
        assert session.scalars(select(LoginTry)).all() == []


def test_signing_in_again_replaces_the_browsers_session(rt):
    old = sign_in(rt)
    new = sign_in(rt, replaces=old.key)
    assert resume(rt, old.key) is None
    assert resume(rt, new.key) is not None
    assert new.csrf != old.csrf


def test_a_session_ends_after_half_an_hour_without_a_click(rt, clock):
    signed = sign_in(rt)
    for _ in range(4):
        clock.advance(timedelta(minutes=29))
        assert resume(rt, signed.key) is not None
    clock.advance(timedelta(minutes=31))
    assert resume(rt, signed.key) is None
    clock.advance(timedelta(minutes=-5))
    assert resume(rt, signed.key) is None


def test_a_session_ends_after_twelve_hours_in_any_case(rt, clock):
    signed = sign_in(rt)
    for _ in range(25):
        clock.advance(timedelta(minutes=28, seconds=48))
        assert resume(rt, signed.key) is not None
    clock.advance(timedelta(minutes=1))
    assert resume(rt, signed.key) is None


def test_a_click_a_minute_writes_nothing_more_often(rt, queries):
    signed = sign_in(rt)
    with queries() as seen:
        resume(rt, signed.key)
    assert not any(statement.startswith("UPDATE") for statement in seen)


def test_signing_out_deletes_the_session(rt):
    signed = sign_in(rt)
    with rt.sessions.begin() as session:
        people.sign_out(session, signed.key)
        people.sign_out(session, "")
    assert resume(rt, signed.key) is None
    assert resume(rt, "") is None


def test_a_change_of_roles_ends_the_sessions(rt, team):
    signed = sign_in(rt)
    with rt.sessions.begin() as session:
        wanted = {Role.OFFICER, Role.APPROVER}
        person = people.change_roles(session, team.officer.id, wanted, team.administrator, START)
    assert person.roles == wanted
    assert resume(rt, signed.key) is None


def test_somebody_let_in_again_signs_in_as_before(rt, team):
    for active in (False, True):
        with rt.sessions.begin() as session:
            people.set_active(session, team.officer.id, team.administrator, START, active=active)
    assert sign_in(rt).person_id == team.officer.id


def test_the_last_administrator_stays_one(rt, team):
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="last_administrator"):
        people.change_roles(session, team.administrator.id, {Role.OFFICER}, team.administrator, START)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="last_administrator"):
        people.set_active(session, team.administrator.id, team.administrator, START, active=False)
    with rt.sessions.begin() as session:
        people.change_roles(session, team.approver.id, {Role.ADMINISTRATOR}, team.administrator, START)
        people.change_roles(session, team.administrator.id, {Role.OFFICER}, team.administrator, START)


def test_only_administrators_change_people(rt, team):
    form = PersonForm("someone", "ใครสักคน", "รหัสผ่านยาวพอ", frozenset({Role.OFFICER}))
    with rt.sessions.begin() as session:
        with pytest.raises(Forbidden, match="role_needed"):
            people.create_person(session, form, team.officer, START)
        with pytest.raises(Forbidden, match="role_needed"):
            people.change_roles(session, team.officer.id, {Role.ADMINISTRATOR}, team.officer, START)
        with pytest.raises(Forbidden, match="role_needed"):
            people.set_active(session, team.approver.id, team.officer, START, active=False)
    with pytest.raises(Forbidden, match="role_needed"):
        passwords.set_password(rt, team.approver.id, "รหัสผ่านใหม่ยาวพอ", team.officer)


def test_a_new_person_signs_in_with_the_roles_given(rt, team):
    form = PersonForm("Some.One", " สมหญิง  ตัวอย่าง ", "รหัสผ่านยาวพอ", frozenset({Role.REVIEWER}), language="en")
    with rt.sessions.begin() as session:
        people.create_person(session, form, team.administrator, START)
    signed = sign_in(rt, "some.one", "รหัสผ่านยาวพอ")
    person = resume(rt, signed.key).person
    assert (person.name, person.roles, person.language) == ("สมหญิง ตัวอย่าง", {Role.REVIEWER}, "en")
    assert "รหัสผ่านยาวพอ" not in repr(form)
    assert person.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": "  "}, "username_empty"),
        ({"username": "พิมพ์"}, "username_bad"),
        ({"username": "a b"}, "username_bad"),
        ({"username": "x" * 61}, "too_long"),
        ({"username": "OFFICER"}, "username_taken"),
        ({"name": ""}, "name_empty"),
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 201}, "password_too_long"),
        ({"password": "my someone 99"}, "password_is_username"),
    ],
)
def test_what_is_typed_wrong_is_named(rt, change, code):
    values = {"username": "someone", "name": "ใคร", "password": "รหัสผ่านยาวพอ", **change}
    with rt.sessions.begin() as session, pytest.raises((BadInput, Conflict)) as refused:
        people.create_person(session, PersonForm(**values), None, START)
    assert refused.value.key == code
    assert refused.value.params["field"] in values


def test_people_change_their_own_password_with_the_old_one(rt, team):
    signed = sign_in(rt)
    with pytest.raises(WrongPassword, match="old_password_wrong"):
        passwords.change_password(rt, team.officer.id, "not the password", "รหัสผ่านใหม่ยาวพอ")
    passwords.change_password(rt, team.officer.id, PASSWORD, "รหัสผ่านใหม่ยาวพอ")
    assert resume(rt, signed.key) is None
    with pytest.raises(WrongPassword):
        sign_in(rt)
    assert sign_in(rt, password="รหัสผ่านใหม่ยาวพอ").person_id == team.officer.id


def test_an_administrator_sets_a_password_and_it_is_written_down_without_it(rt, team):
    passwords.set_password(rt, team.officer.id, "รหัสผ่านใหม่ยาวพอ", team.administrator)
    assert sign_in(rt, password="รหัสผ่านใหม่ยาวพอ")
    with rt.sessions.begin() as session:
        deeds = session.scalars(select(AuditEvent)).all()
    assert [(deed.action, deed.person_id) for deed in deeds][:1] == [
        ("person.password", team.administrator.id)
    ]
    assert all("รหัสผ่าน" not in str(deed.detail) for deed in deeds)


def test_everybody_is_listed_active_people_first(rt, team, queries):
    with rt.sessions.begin() as session:
        people.set_active(session, team.reviewer.id, team.administrator, START, active=False)
    with rt.sessions.begin() as session, queries() as seen:
        listed = people.list_people(session)
        assert [person.active for person in listed] == [True] * 4 + [False]
        assert all(person.roles for person in listed)
    assert len(seen) == 2


def test_a_person_is_found_by_name_and_reads_the_chosen_language(session):
    with pytest.raises(NotFound, match="person_unknown"):
        people.find_person(session, "nobody")
    with pytest.raises(NotFound):
        people.load_person(session, 999)
    form = PersonForm("one", "หนึ่ง", "รหัสผ่านยาวพอ", language="xx")
    person = people.create_person(session, form, None, START)
    assert person.language == "th"
    people.set_language(session, person.id, "en")
    people.set_language(session, person.id, "xx")
    assert people.find_person(session, " ONE ").language == "en"
