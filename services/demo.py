"""The demo: an invented office with its people, accounts, sample year and a present day that moves."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.clock import bangkok
from core.errors import Unavailable
from core.fiscal import Month, fiscal_year
from core.vocab import DeliveryState
from models import ContentItem, Delivery
from services import accounts, evidence_files, linkchecks, scoring
from services.demo_cast import PASSWORD, Cast, seed_people
from services.demo_hint import FILE
from services.demo_notes import seed_notes, sort_and_sign
from services.demo_present import seed_present
from services.demo_waiting import Waiting, seed_waiting
from services.demo_year import YEAR, seed_year
from services.downloads import public_address
from services.runtime import Runtime

PATIENCE_S = 20.0
LOOK_S = 0.25
ON_ITS_WAY = (DeliveryState.SCHEDULED, DeliveryState.SENDING, DeliveryState.PUBLISHED)


class DemoStuck(Unavailable):
    """A part of the demo does not answer; `address` in params says which."""

    code = "demo_stuck"


def seed(rt: Runtime, tokens: Sequence[Mapping[str, Any]]) -> Waiting:
    """Fill the demo's office with whatever is missing and renew the post that waits; safe to repeat.

    tokens: token files of the stand-in platforms' accounts. Needs the platforms to answer.
    """
    cast = seed_people(rt)
    for token in tokens:
        accounts.add_account(rt, token, cast.administrator)
    accounts.check_all(rt)
    seed_year(rt, cast)
    seed_present(rt, cast)
    seed_notes(rt, cast)
    _write_hint(rt, cast)
    return seed_waiting(rt, cast)


def settle(rt: Runtime) -> None:
    """Once the pages answer: look at the links, wait for what goes out now, sort, sign, evaluate."""
    with rt.sessions.begin() as session:
        items = session.scalars(select(ContentItem).where(ContentItem.link != "")).all()
        for item in items:
            item.link = public_address(rt, item.id)  # the port may be another than at the last start
    for item in items:
        linkchecks.check(rt, item.id, item.link)
    _wait_for_posts(rt)
    sort_and_sign(rt, seed_people(rt))
    today = bangkok(rt.clock.now()).date()
    for period in (str(YEAR), str(fiscal_year(today)), str(Month.of(today))):
        scoring.evaluate_period(rt, period)


def _wait_for_posts(rt: Runtime) -> None:
    """Wait until what is due now is read back, but not for ever."""
    until = rt.clock.monotonic() + PATIENCE_S
    while rt.clock.monotonic() < until:
        with rt.sessions.begin() as session:
            if not _on_their_way(rt, session):
                return
        time.sleep(LOOK_S)


def _on_their_way(rt: Runtime, session: Session) -> bool:
    due = select(Delivery.id).where(Delivery.state.in_(ON_ITS_WAY), Delivery.due_at <= rt.clock.now())
    return session.scalar(due.limit(1)) is not None


def _write_hint(rt: Runtime, cast: Cast) -> None:
    """Tell the sign-in page whom to sign in as."""
    people = [cast.officer, cast.approver, cast.kpi_officer, cast.administrator, cast.reviewer]
    rows = [
        {
            "username": one.username,
            "password": PASSWORD,
            "name": one.name,
            "role": next(iter(one.roles)).value,
        }
        for one in people
    ]
    words = json.dumps(rows, ensure_ascii=False, indent=2)
    evidence_files.write(rt.settings.data_dir / FILE, words.encode())
