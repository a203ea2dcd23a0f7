from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from connectors.base import Access, Media
from connectors.facebook.connector import FacebookConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel
from tests.connectors.stand_in import Reply, StandIn, standing_in
from tests.sandbox_server import SandboxHandle, running_sandbox

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
CANARY = "Canary0Token0That0Nobody0May0See"


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory) -> Iterator[SandboxHandle]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process) -> SandboxHandle:
    sandbox_process.reset()
    return sandbox_process


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with standing_in() as server:
        yield server


@pytest.fixture
def page() -> Access:
    return Access(
        Channel.FACEBOOK,
        "1025",
        {"page_token": f"EAA{CANARY}", "app_id": "77", "app_secret": f"s{CANARY}"},
    )


@pytest.fixture
def user() -> Access:
    return Access(
        Channel.X,
        "4401",
        {
            "consumer_key": f"ck{CANARY}",
            "consumer_secret": f"cs{CANARY}",
            "access_token": f"4401-{CANARY}",
            "access_token_secret": f"as{CANARY}",
        },
    )


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def facebook(stand_in: StandIn, clock: SetClock) -> FacebookConnector:
    settings = Settings(facebook_url=f"{stand_in.url}/graph", read_timeout_s=10)
    stand_in.aside["/videos"] = Reply({"data": []})
    return FacebookConnector(settings, clock)


@pytest.fixture(scope="session")
def picture() -> Media:
    content = BytesIO()
    Image.new("RGB", (40, 30), "darkgreen").save(content, "JPEG")
    return Media("ab" * 32, "image/jpeg", content.getvalue(), "ต้นไม้หน้าศาลาว่าการกรุงเทพมหานคร")
