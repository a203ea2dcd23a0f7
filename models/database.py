"""Engines: the PRAGMAs and BEGIN IMMEDIATE that make SQLite honest, and the same settings' PostgreSQL."""

import sqlite3
import threading
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_S = 30
LIGHT = "light"  # the execution option of a transaction that a power cut may take back
READING = "reading"  # the execution option of a transaction that only reads


def make_engine(url: str) -> Engine:
    """Return an engine for sqlite:/// or postgresql:// (psycopg 3); opens nothing yet."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30)
        event.listen(engine, "begin", _begin_on_postgres)
        return engine
    turn = threading.Lock()
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=50,
        connect_args={"factory": lambda *args, **kwargs: TakingTurns(*args, turn=turn, **kwargs)},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def commit_lightly(session: Session) -> None:
    """Let the commit of this session's transaction return before the disk has it; say so first of all.

    A killed process keeps it; a power cut may take it back, but never without what was committed after it.
    """
    session.connection(execution_options={LIGHT: True})


def only_read(session: Session) -> None:
    """Let this session's transaction read and never write; say so first of all.

    On SQLite it waits for nobody and nobody waits for it: readers cannot keep a post from going out.
    """
    session.connection(execution_options={READING: True})


class TakingTurns(sqlite3.Connection):
    """A connection that waits for its turn among the threads of this process before it asks for the file.

    SQLite lets one transaction write at a time and has the others ask again and again, asleep in between;
    with some threads most of the time goes by while all of them sleep. Processes still meet in that way.
    """

    def __init__(self, *args: Any, turn: threading.Lock, **kwargs: Any) -> None:  # noqa: ANN401 -- sqlite3's own
        super().__init__(*args, **kwargs)
        self._turn = turn
        self._has_turn = False
        self._full: bool | None = None
        self._reading = False

    def take_turn(self) -> None:
        self._has_turn = self._turn.acquire(timeout=BUSY_S)

    def give_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._turn.release()

    def only_read(self, *, reading: bool) -> None:
        """Choose whether the coming transaction may write."""
        if reading is not self._reading:
            self.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
            self._reading = reading

    def be_safe(self, *, full: bool) -> None:
        """Choose whether the coming commit waits for the disk."""
        if full is not self._full:
            self.execute(f"PRAGMA synchronous={'FULL' if full else 'NORMAL'}")
            self._full = full

    def commit(self) -> None:
        super().commit()
        self.give_turn()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self.give_turn()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self.give_turn()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    setattr(connection, "isolation_level", None)  # noqa: B010 -- the protocol type hides sqlite3's attribute
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_S * 1000}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_on_sqlite(connection: Connection) -> None:
    held: Any = connection.connection.dbapi_connection
    reading = bool(connection.get_execution_options().get(READING))
    held.only_read(reading=reading)
    if reading:
        connection.exec_driver_sql("BEGIN")
        return
    held.take_turn()
    held.be_safe(full=not connection.get_execution_options().get(LIGHT))
    # a reader that later writes would meet SQLITE_BUSY at once; taking the lock first waits instead
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_on_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(READING):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    if connection.get_execution_options().get(LIGHT):
        connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
