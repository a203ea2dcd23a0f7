"""The key file: read by every process, changed while all run, and useless for a row copied elsewhere."""

import base64
import os
import threading

import pytest
from sqlalchemy import select

from core.clock import SetClock
from core.errors import Conflict, Forbidden
from core.vocab import Channel
from models import Account, AppKeys
from services import accounts, apps, keys
from services.runtime import build_runtime
from services.vault import VaultShut, open_vault
from tests.builders import START, TOKENS, make_account

ABOUT = "account:facebook:1:sealed"


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "keys" / "secret.key"


def test_what_is_sealed_opens_for_the_same_thing_only(key_file):
    vault = open_vault(key_file)
    sealed = vault.seal(ABOUT, {"token": "canary"})
    assert b"canary" not in sealed
    assert vault.unseal(ABOUT, vault.key_id, sealed) == {"token": "canary"}
    with pytest.raises(VaultShut):
        vault.unseal("account:facebook:2:sealed", vault.key_id, sealed)
    with pytest.raises(VaultShut):
        vault.unseal(ABOUT, "another", sealed)
    with pytest.raises(VaultShut):
        vault.unseal(ABOUT, vault.key_id, sealed[:-1] + b"x")


def test_a_key_file_is_made_once_and_readable_by_its_owner_only(key_file):
    first, second = open_vault(key_file), open_vault(key_file)
    assert first.key_ids == second.key_ids
    assert key_file.stat().st_mode & 0o077 == 0
    assert [path.name for path in key_file.parent.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("content", [b"", b"not base64!", base64.b64encode(b"short")])
def test_a_file_that_holds_no_key_is_refused(tmp_path, content):
    file = tmp_path / "secret.key"
    file.write_bytes(content)
    with pytest.raises(VaultShut, match="vault_bad_key"):
        open_vault(file)


def test_a_running_process_finds_the_new_key_by_itself(rt):
    account = make_account(rt, Channel.FACEBOOK)
    running = build_runtime(rt.settings, SetClock(START))
    old = running.vault.key_id
    done = keys.rotate(rt, None, new_key=True)
    assert (done.sealed, done.left, len(rt.vault.key_ids)) == (1, 0, 2)
    assert running.vault.key_id == old
    with running.sessions.begin() as session:
        row = session.get_one(Account, account.id)
        assert accounts.access_of(running, row).secrets == TOKENS[Channel.FACEBOOK]
    assert running.vault.key_id == rt.vault.key_id != old
    running.engine.dispose()


def test_the_old_key_is_forgotten_only_when_nothing_needs_it(rt, team):
    apps.keep_app(rt, Channel.X, "client", "canary", None)
    behind = build_runtime(rt.settings, SetClock(START))
    keys.rotate(rt, team.administrator, new_key=True)
    make_account(behind, Channel.X)  # a process that has not seen the new key yet seals with the old one
    with rt.sessions.begin() as session:
        session.scalars(select(AppKeys)).one().key_id = "unreadable"
    with pytest.raises(VaultShut):
        keys.rotate(rt, None, new_key=False, forget_old=True)
    with rt.sessions.begin() as session:
        session.scalars(select(AppKeys)).one().key_id = rt.vault.key_id
    done = keys.rotate(rt, None, new_key=False, forget_old=True)
    assert (done.left, len(rt.vault.key_ids)) == (0, 1)
    with rt.sessions.begin() as session:
        assert apps.app_of(rt, session, Channel.X).client_secret == "canary"
        for row in session.scalars(select(Account)):
            assert accounts.access_of(rt, row).secrets
    behind.engine.dispose()
    with pytest.raises(Forbidden):
        keys.rotate(rt, team.officer, new_key=True)


def test_a_rotation_that_was_stopped_goes_on_where_it_was(rt, monkeypatch):
    for number in range(1, 6):
        make_account(rt, Channel.FACEBOOK, str(number))
    sealed, seal = [], keys._seal_account

    def stopping(runtime, account_id):
        if len(sealed) == 2:
            raise KeyboardInterrupt
        sealed.append(account_id)
        return seal(runtime, account_id)

    monkeypatch.setattr(keys, "_seal_account", stopping)
    with pytest.raises(KeyboardInterrupt):
        keys.rotate(rt, None, new_key=True)
    monkeypatch.undo()
    assert keys.rotate(rt, None, new_key=False).sealed == 3


def test_under_load_every_reader_can_open_what_it_reads(rt):
    ids = [make_account(rt, Channel.FACEBOOK, str(number)).id for number in range(1, 9)]
    reader = build_runtime(rt.settings, SetClock(START))
    ended, troubles = threading.Event(), []

    def read():
        while not ended.is_set():
            with reader.sessions.begin() as session:
                rows = [session.get_one(Account, account_id) for account_id in ids]
            try:
                assert all(
                    accounts.access_of(reader, row).secrets == TOKENS[Channel.FACEBOOK] for row in rows
                )
            except VaultShut as trouble:
                troubles.append(trouble)

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(3):
        keys.rotate(rt, None, new_key=True)
    ended.set()
    thread.join(20)
    reader.engine.dispose()
    assert troubles == []
    assert len(rt.vault.key_ids) == 4


def test_hashes_outlive_a_new_key_and_need_the_key(key_file, tmp_path):
    vault = open_vault(key_file)
    before = vault.keyed_hash("author", "สมชาย")
    key_file.write_bytes(base64.b64encode(os.urandom(32)) + b"\n" + key_file.read_bytes())
    vault.look_again()
    assert len(vault.key_ids) == 2
    assert vault.keyed_hash("author", "สมชาย") == before
    assert open_vault(tmp_path / "other.key").keyed_hash("author", "สมชาย") != before
    assert vault.keyed_hash("author", "สมหญิง") != before


def test_a_conflict_names_how_many_rows_still_need_the_old_key(rt, monkeypatch):
    make_account(rt, Channel.FACEBOOK)
    monkeypatch.setattr(keys, "_seal_accounts", lambda _rt: [])
    with pytest.raises(Conflict, match="keys_in_use") as refused:
        keys.rotate(rt, None, new_key=True, forget_old=True)
    assert refused.value.params["n"] == 1
