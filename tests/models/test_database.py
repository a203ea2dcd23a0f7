"""Transactions on both databases: turns on SQLite, and which commits wait for the disk."""

import contextlib
import sqlite3
import threading

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import sessionmaker

from models.database import commit_lightly, make_engine, only_read

ASK = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
FULL = {"sqlite": 2, "postgresql": "on"}
LIGHT = {"sqlite": 1, "postgresql": "off"}
WRITERS, ROUNDS = 8, 20


@pytest.fixture
def engine(tmp_path):
    made = make_engine(f"sqlite:///{tmp_path / 'rukon.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT NOT NULL)"))
    yield made
    made.dispose()


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def test_only_a_light_commit_does_not_wait_for_the_disk(database, tmp_path, request):
    url = f"sqlite:///{tmp_path / 'rukon.db'}"
    made = make_engine(url if database == "sqlite" else request.getfixturevalue("postgres_url"))
    sessions = sessionmaker(made)
    found = []
    for light in (False, True, False):
        with sessions.begin() as session:
            if light:
                commit_lightly(session)
            found.append(session.scalar(text(ASK[database])))
    made.dispose()
    assert found == [FULL[database], LIGHT[database], FULL[database]]


def test_threads_that_write_at_once_all_get_their_turn(engine):
    def write():
        for number in range(ROUNDS):
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO note VALUES (:words)"), {"words": str(number)})

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == WRITERS * ROUNDS


@pytest.mark.parametrize("words", ["INSERT INTO note VALUES (NULL)", "SELECT nonsense"])
def test_whoever_fails_gives_the_turn_back(engine, words):
    with pytest.raises(Exception, match=r"NOT NULL|no such column"), engine.begin() as connection:
        connection.execute(text(words))
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == 0


def test_whoever_finds_the_file_taken_by_another_process_gives_the_turn_back(engine, tmp_path):
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
    with contextlib.closing(sqlite3.connect(tmp_path / "rukon.db")) as another:
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), engine.begin():
            pass
        another.rollback()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM note")) == 0


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def test_who_only_reads_neither_waits_for_a_writer_nor_may_write(database, tmp_path, request):
    url = (
        f"sqlite:///{tmp_path / 'rukon.db'}"
        if database == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    engine = make_engine(url)
    sessions = sessionmaker(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT NOT NULL)"))
    with sessions.begin() as writing:
        writing.execute(text("INSERT INTO note VALUES ('one')"))
        with sessions.begin() as reading:
            only_read(reading)
            assert reading.execute(text("SELECT count(*) FROM note")).scalar() == 0
    with sessions() as reading:
        only_read(reading)
        with pytest.raises(DBAPIError):
            reading.execute(text("INSERT INTO note VALUES ('two')"))
    with sessions.begin() as again:
        again.execute(text("INSERT INTO note VALUES ('three')"))
        assert again.execute(text("SELECT count(*) FROM note")).scalar() == 2
    engine.dispose()
