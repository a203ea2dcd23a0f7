"""Every answer written down for both platforms: the state it leads to, and the words a person then reads."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import update

from core.config import Settings
from core.i18n import LANGUAGES, catalogue
from core.vocab import Channel, DeliveryState, Health
from models import Account, Delivery
from services import publishing
from tests.connectors.stand_in import Reply, StandIn, standing_in
from tests.publishing.conftest import Office, opened
from tests.sandbox_server import ROOT, SandboxHandle

STATES = {
    "Rejected": DeliveryState.FAILED,
    "RetryLater": DeliveryState.SCHEDULED,
    "OutcomeUnknown": DeliveryState.UNCERTAIN,
}
NEXT_STEP = ("โปรด", "เอง", "ระบบจะ", "ระบบกำลัง")  # what to do now, or that the system goes on by itself


@dataclass(frozen=True)
class Row:
    """One written-down answer: what it is, and what a publish must make of it."""

    channel: Channel
    name: str
    reply: Reply
    kind: str
    code: str
    health: str


def rows() -> Iterator[Row]:
    for channel in Channel:
        told = json.loads((ROOT / f"tests/connectors/replies/{channel}.json").read_text("utf-8"))
        for one in told:
            kind, code, health, *_ = [*one["publish"].split(), "", ""]
            reply = Reply(one["body"], one["status"], one.get("headers", {}))
            yield Row(channel, one["name"], reply, kind, code, health)


EVERY = list(rows())


@pytest.fixture(scope="module")
def platform() -> Iterator[StandIn]:
    with standing_in() as server:
        yield server


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, platforms: SandboxHandle, platform: StandIn
) -> Iterator[Office]:
    """Open one office for all rows; its platforms say what the row says."""
    settings: dict[str, Any] = {"facebook_url": f"{platform.url}/graph", "x_url": platform.url}
    data = tmp_path_factory.mktemp("office")
    with opened(Settings(data_dir=data, read_timeout_s=5, **settings), platforms) as found:
        yield found


@pytest.mark.parametrize("row", EVERY, ids=lambda row: f"{row.channel}: {row.name}")
def test_each_answer_leads_to_its_state_and_its_sentence(office: Office, platform: StandIn, row: Row):
    delivery_id = office.approved(row.channel, f"ทดสอบคำตอบ {row.name}")
    platform.say(row.reply)
    publishing.drain(office.rt, office.life)
    delivery, account = office.delivery(delivery_id), office.account(row.channel)
    assert (delivery.state, delivery.reason) == (STATES[row.kind], row.code)
    assert account.health == (row.health or Health.OK)
    (attempt,) = office.attempts(delivery_id)
    assert attempt.code == row.code
    assert all(catalogue(language)["reason"][delivery.reason] for language in LANGUAGES)
    assert any(words in catalogue("th")["reason"][delivery.reason] for words in NEXT_STEP)


@pytest.fixture(autouse=True)
def afresh(office: Office) -> None:
    """Forget what the row before said about the accounts, and what waits."""
    with office.rt.sessions.begin() as session:
        session.execute(update(Account).values(health=Health.OK, blocked_until=None))
        waiting = update(Delivery).where(Delivery.state == DeliveryState.SCHEDULED)
        session.execute(waiting.values(next_at=Delivery.not_after))
