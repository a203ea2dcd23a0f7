"""What every test shares: its own data folder, real servers, and honesty about what is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.servers import ServerUnavailableError, fresh_database, running_postgres, running_redis

BROWSER_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# a law is no matter of speed; where CI is set, Hypothesis throws the same dice each time
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own data folder, and forget every RUKON_ variable of the caller."""
    for name in [name for name in os.environ if name.startswith("RUKON_") and name != "RUKON_REQUIRE_ALL"]:
        monkeypatch.delenv(name)
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("RUKON_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """Run one real PostgreSQL for the whole session."""
    try:
        with running_postgres() as url:
            yield url
    except ServerUnavailableError as exc:
        missing(str(exc))


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """Give the test an empty database on a real PostgreSQL."""
    with fresh_database(postgres_server_url) as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """Run one real Redis for the whole session."""
    try:
        with running_redis() as url:
            yield url
    except ServerUnavailableError as exc:
        missing(str(exc))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser; RUKON_CHROMIUM names one that is not on the path."""
    named = os.environ.get("RUKON_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        missing("no Chromium on this machine (Debian: apt-get install chromium)")
    return str(found)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Run one headless browser for the whole session; each test opens its own context in it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(autouse=True)
def fresh_logging() -> Iterator[None]:
    """Forget how a command that ran inside a test set up the log."""
    yield
    structlog.reset_defaults()


def missing(reason: str) -> None:
    """Skip with the reason; fail instead where everything must be present (CI)."""
    if os.environ.get("RUKON_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}; RUKON_REQUIRE_ALL=1 says nothing may be left out", pytrace=False)
    pytest.skip(reason)
