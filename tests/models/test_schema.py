"""Migrations lead from nothing to exactly what the models say, on both databases."""

from contextlib import contextmanager

import pytest

from models import schema
from models.database import make_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'rukon.db'}"
    return request.getfixturevalue("postgres_url")


@contextmanager
def engine_of(url):
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_migrations_and_models_agree(database_url):
    with engine_of(database_url) as engine:
        schema.upgrade(engine)
        assert schema.differences(engine) == [], "write a migration: python3 dev.py migration 'what it does'"
        assert schema.current(engine) == schema.head()


def test_upgrading_twice_changes_nothing(database_url):
    with engine_of(database_url) as engine:
        assert schema.current(engine) is None
        schema.upgrade(engine)
        schema.upgrade(engine)
        assert schema.current(engine) == schema.head()
