import pytest

from models.database import make_engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def engine(request, tmp_path):
    """An empty database, once of each kind."""
    lite = request.param == "sqlite"
    made = make_engine(
        f"sqlite:///{tmp_path / 'rukon.db'}" if lite else request.getfixturevalue("postgres_url")
    )
    yield made
    made.dispose()
