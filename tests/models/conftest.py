from contextlib import contextmanager

import pytest

from models.database import make_engine
from tests.servers import fresh_database

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)]


@pytest.fixture(params=BOTH)
def engine(request, tmp_path):
    """An empty database, once of each kind."""
    with emptied(request, tmp_path) as made:
        yield made


@pytest.fixture(scope="module", params=BOTH)
def shared_engine(request, tmp_path_factory):
    """An empty database that the tests of a file share: for what they only look at, or are refused."""
    with emptied(request, tmp_path_factory.mktemp("shared")) as made:
        yield made


@contextmanager
def emptied(request, folder):
    if request.param == "sqlite":
        yield from opened(f"sqlite:///{folder / 'rukon.db'}")
    else:
        with fresh_database(request.getfixturevalue("postgres_server_url")) as url:
            yield from opened(url)


def opened(url):
    made = make_engine(url)
    yield made
    made.dispose()
