"""A running site for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.vocab import Role
from tests.builders import make_accounts
from tests.web.site import Site, Visitor, running_site


@pytest.fixture
def site(data_dir: Path) -> Iterator[Site]:
    """Serve the application with one person of each role and a ready account per channel."""
    with running_site(data_dir) as running:
        make_accounts(running.rt)
        yield running


@pytest.fixture
def officer(site: Site) -> Visitor:
    return site.member(Role.OFFICER)


@pytest.fixture
def approver(site: Site) -> Visitor:
    return site.member(Role.APPROVER)
