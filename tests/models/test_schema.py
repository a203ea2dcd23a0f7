"""Migrations lead from nothing to what the models say, on both databases; older programs are served."""

import pytest
from sqlalchemy import inspect, text

from core.errors import Conflict
from core.i18n import catalogue
from models import schema


def move_on(engine, revision, floor):
    """Leave the database as a newer program would."""
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
        connection.execute(text("UPDATE schema_floor SET revision = :to"), {"to": floor})


def columns(engine):
    return {
        (table, column["name"]): column
        for table in inspect(engine).get_table_names()
        for column in inspect(engine).get_columns(table)
    }


def test_migrations_and_models_agree(engine):
    schema.upgrade(engine)
    assert schema.differences(engine) == [], "write a migration: python3 dev.py migration 'what it does'"
    assert schema.current(engine) == schema.head()


def test_upgrading_twice_changes_nothing(engine):
    assert schema.current(engine) is None
    schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.current(engine) == schema.head()


def test_a_program_leaves_what_a_newer_one_added_alone(engine):
    schema.upgrade(engine)
    move_on(engine, "9999", schema.head())
    schema.upgrade(engine)
    assert schema.current(engine) == "9999"


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_program_too_old_for_the_schema_says_so_and_touches_nothing(engine, lang):
    schema.upgrade(engine)
    move_on(engine, "9999", "9998")
    with pytest.raises(Conflict) as caught:
        schema.upgrade(engine)
    assert caught.value.params == {"found": "9999", "needs": "9998", "ours": schema.head()}
    assert "{needs}" in catalogue(lang)["error"][caught.value.key]
    assert schema.current(engine) == "9999"


def test_since_the_floor_migrations_only_add_what_an_older_program_need_not_fill(engine):
    schema.upgrade(engine)
    with engine.connect() as connection:
        floor = connection.scalar(text("SELECT revision FROM schema_floor"))
    newest = columns(engine)
    schema.downgrade(engine, floor)
    served = columns(engine)
    assert served.keys() <= newest.keys(), "say `breaks = True` in the migration that takes something away"
    added = [newest[key] for key in newest.keys() - served.keys() if key[0] in {table for table, _ in served}]
    assert [one["name"] for one in added if not one["nullable"] and one["default"] is None] == []
    assert [key for key in served if served[key]["nullable"] != newest[key]["nullable"]] == []
