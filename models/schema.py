"""The schema's versions: bring a database up to date; say whether models and migrations agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from models import Base


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version; does nothing when it is there."""
    with _migrating(engine) as config:
        command.upgrade(config, "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to an older version."""
    with _migrating(engine) as config:
        command.downgrade(config, revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    """Commit once at the end; on SQLite, rows may point to nothing only while a table is built anew."""
    with engine.connect() as connection:
        lite: Any = connection.connection.dbapi_connection if engine.dialect.name == "sqlite" else None
        try:
            if lite:
                lite.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
            yield _config(connection)
            if lite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise IntegrityError("migration", None, ValueError(f"rows point to nothing: {lost[:5]}"))
            connection.commit()
        finally:
            if lite:
                connection.rollback()
                lite.execute("PRAGMA foreign_keys=ON")


def head() -> str | None:
    """Return the newest version of the migrations."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def current(engine: Engine) -> str | None:
    """Return the version this database has; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[Any]:
    """Return what the models have that the database lacks, and the reverse; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def make_revision(engine: Engine, message: str, number: str) -> None:
    """Write a migration for what `differences` shows; a person reads it before it is committed."""
    with engine.connect() as connection:
        command.revision(_config(connection), message, autogenerate=True, rev_id=number)
