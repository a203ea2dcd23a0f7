"""The composition root: everything a service needs, built once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from connectors.base import Connector
from connectors.registry import build_connectors
from core.clock import Clock, SystemClock
from core.config import Settings
from core.vocab import Channel
from models.database import make_engine
from services.costs import Ledger
from services.prices import Prices, load_prices
from services.vault import Vault, open_vault


@dataclass(frozen=True)
class Runtime:
    """What one process works with; `with rt.sessions.begin()` is the only commit."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    connectors: Mapping[Channel, Connector]
    clock: Clock
    vault: Vault
    prices: Prices = field(default_factory=load_prices)

    @property
    def media_dir(self) -> Path:
        """Where files are kept by SHA-256."""
        return self.settings.data_dir / "media"

    @property
    def evidence_dir(self) -> Path:
        """Where the months' evidence files are kept."""
        return self.settings.data_dir / "evidence"

    @property
    def locks_dir(self) -> Path:
        """Where each living process holds its lock file."""
        return self.settings.data_dir / "locks"


def database_url(settings: Settings) -> str:
    """Return the database: the given one, its password from a file, or SQLite in the data folder."""
    if not settings.database_url:
        return f"sqlite:///{settings.data_dir / 'rukon.db'}"
    password = settings.database_password_file
    return settings.database_url.replace("{password}", password.read_text().strip() if password else "")


def build_runtime(settings: Settings, clock: Clock | None = None) -> Runtime:
    """Return a runtime; makes the data folder and the key file when absent. Opens no connection."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(database_url(settings))
    key_file = settings.secret_key_file or settings.data_dir / "secret.key"
    the_clock = clock or SystemClock()
    prices = load_prices(settings.prices_file)
    sessions = sessionmaker(engine, expire_on_commit=False)
    return Runtime(
        settings=settings,
        engine=engine,
        sessions=sessions,
        connectors=build_connectors(settings, the_clock, Ledger(sessions, the_clock, prices)),
        prices=prices,
        clock=the_clock,
        vault=open_vault(key_file),
    )
