"""The schema's versions: bring a database up to date; say whether models and migrations agree."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict
from models import Base, SchemaFloor

FIRST_FLOOR = "0016"  # programs from before it do not look


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest version, or leave it where a newer program has brought it.

    Programs of two versions run side by side while one takes the other's place: a migration only adds. One
    that does not says `breaks = True`; programs from before it are refused here. Raises schema_too_new.
    """
    with _migrating(engine) as config:
        scripts = ScriptDirectory.from_config(config)
        if _is_newer(config.attributes["connection"], scripts):
            return
        command.upgrade(config, "head")
        _note_floor(config.attributes["connection"], scripts)


def _is_newer(connection: Connection, scripts: ScriptDirectory) -> bool:
    """Tell whether a newer program was here; refuse what it changed beyond what this one can use."""
    known = {script.revision for script in scripts.walk_revisions()}
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None or revision in known:
        return False
    floor = connection.scalar(select(SchemaFloor.revision))
    if floor not in known:
        raise Conflict("schema_too_new", found=revision, needs=floor, ours=scripts.get_current_head())
    return True


def _note_floor(connection: Connection, scripts: ScriptDirectory) -> None:
    """Write down the newest migration that breaks older programs; without one, the first that notes this."""
    breaking = (
        script.revision for script in scripts.walk_revisions() if getattr(script.module, "breaks", False)
    )
    floor = next(breaking, FIRST_FLOOR)
    connection.execute(delete(SchemaFloor))
    connection.execute(insert(SchemaFloor).values(id=1, revision=floor))


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
