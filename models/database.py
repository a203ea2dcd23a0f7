"""Engines: the PRAGMAs and BEGIN IMMEDIATE that make SQLite honest, and the same settings' PostgreSQL."""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 30_000


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    setattr(connection, "isolation_level", None)  # noqa: B010 -- the protocol type hides sqlite3's attribute
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's event gives a Connection of any dialect
    # a reader that later writes would meet SQLITE_BUSY at once; taking the lock first waits instead
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def make_engine(url: str) -> Engine:
    """Return an engine for sqlite:/// or postgresql:// (psycopg 3); opens nothing yet."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=30)
    engine = create_engine(url, pool_size=10, max_overflow=50)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine
