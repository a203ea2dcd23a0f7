"""The plan: approved posts, written through the services, and what must come of each, before the run."""

import io
import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from core.vocab import Channel, Health
from models import Account, Delivery
from services.accounts import add_account
from services.media import Upload, store_image
from services.runtime import Runtime
from tests.builders import Team, make_approved, make_team
from tests.sandbox_server import SandboxHandle

TOGETHER = 5  # accounts of each channel that one post goes to
LONG, SHORT = timedelta(hours=6), timedelta(seconds=8)
SHORT_SHARE, PICTURE_SHARE = 0.05, 0.2
PHRASES = (
    "เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8 & คลองโอ่งอ่าง <เข้าชมฟรี>",
    "ปิดถนนชั่วคราว โปรดใช้ทางเลี่ยง ดูแผนที่ https://www.bangkok.go.th/map?road=3&lane=2",
    "น้ำทะเลหนุน  เฝ้าระวังริมแม่น้ำเจ้าพระยา\nสอบถาม 1555",
    "ฉีดวัคซีนไข้หวัดใหญ่ที่ศูนย์บริการสาธารณสุขทุกแห่ง 💉",
    "สวนลุมพินีเปิดถึง 21.00 น. cafe\u0301 & ดนตรีในสวน",
    "รับสมัครนักเรียนโรงเรียนฝึกอาชีพ รุ่นที่ 2 https://www.bangkok.go.th/สมัคร",
)


def write_plan(rt: Runtime, sandbox: SandboxHandle, size: int, first: datetime, span_s: float) -> list[dict]:
    """Approve posts until there are `size` deliveries, due over a span; return one row a delivery."""
    dice = random.Random(size)  # noqa: S311 -- the same plan for the same size, nothing is secret
    groups = _groups(rt, sandbox, accounts_for(size))
    with rt.sessions.begin() as session:
        team = make_team(session)
    picture = store_image(rt, Upload("ภาพ.jpg", _jpeg(), "กทม.", "ถ่ายเอง"), team.officer).id
    plan: list[dict] = []
    while len(plan) < size:
        group = groups[len(plan) // (2 * TOGETHER) % len(groups)]
        due = first + timedelta(seconds=span_s * len(plan) / size)
        plan += _post(rt, team, group, _form(dice, len(plan), due, picture))
    return plan


def bring_forward(rt: Runtime, plan: list[dict], delta: timedelta) -> None:
    """Let everything be due sooner: nobody knows beforehand how long writing a plan takes."""
    with rt.sessions.begin() as session:
        for delivery in session.scalars(select(Delivery)):
            delivery.due_at -= delta
            delivery.next_at -= delta
            delivery.not_after -= delta
    for row in plan:
        row |= {
            name: (datetime.fromisoformat(row[name]) - delta).isoformat() for name in ("due_at", "not_after")
        }


def write_lines(path: Path, lines: list[dict]) -> None:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def accounts_for(size: int) -> int:
    """Return how many accounts per channel: about fifty posts each, so that listings stay of real length."""
    return max(2 * TOGETHER, size // 100 // TOGETHER * TOGETHER)


def _groups(rt: Runtime, sandbox: SandboxHandle, count: int) -> list[list[Account]]:
    """Add accounts, all switched off, in groups of some of both channels."""
    rows = {channel: list(_accounts(rt, sandbox, channel, count)) for channel in Channel}
    with rt.sessions.begin() as session:  # every other Page in two phases, as a probe would have set it
        pages = [account.id for account in rows[Channel.FACEBOOK][::2]]
        session.query(Account).where(Account.id.in_(pages)).update({"two_phase": True})
    return [
        [account for channel in Channel for account in rows[channel][place : place + TOGETHER]]
        for place in range(0, count, TOGETHER)
    ]


def _accounts(rt: Runtime, sandbox: SandboxHandle, channel: Channel, count: int) -> Iterator[Account]:
    for token in sandbox.add_accounts(channel, count):
        added = add_account(rt, token, None)
        with rt.sessions.begin() as session:
            row = session.get_one(Account, added.id)
            row.health, row.active = Health.OK, False
        yield row


def _form(dice: random.Random, number: int, due: datetime, picture: int) -> dict:
    """Return what is special about a post: its words, its window, perhaps a picture."""
    short, pictured = dice.random() < SHORT_SHARE, dice.random() < PICTURE_SHARE
    text = f"{dice.choice(PHRASES)} ({number})"
    media = {"asset_id": picture, "alt_text": "กระทงใบตองลอยในคลอง"} if pictured else {}
    return {
        "bodies": dict.fromkeys(Channel, text),
        "due_at": due,
        "not_after": due + (SHORT if short else LONG),
    } | media


def _post(rt: Runtime, team: Team, group: list[Account], form: dict) -> list[dict]:
    """Approve one post while only its group of accounts is switched on."""
    ids = {account.id: account for account in group}
    _switch(rt, ids, active=True)
    rows = make_approved(rt, team.officer, team.approver, **form)
    _switch(rt, ids, active=False)
    return [_planned(row, ids[row.account_id], form) for row in rows]


def switch_on_all(rt: Runtime, plan: list[dict]) -> None:
    """Let every account of the plan publish."""
    _switch(rt, {row["account_id"]: None for row in plan}, active=True)


def _switch(rt: Runtime, ids: dict, *, active: bool) -> None:
    with rt.sessions.begin() as session:
        session.query(Account).where(Account.id.in_(ids)).update({"active": active})


def _planned(row: Delivery, account: Account, form: dict) -> dict:
    return {
        "key": str(row.id),
        "account_id": account.id,
        "channel": str(account.channel),
        "account": account.external_id,
        "text": form["bodies"][account.channel],
        "pictures": 1 if "asset_id" in form else 0,
        "due_at": form["due_at"].isoformat(),
        "not_after": form["not_after"].isoformat(),
        "short": form["not_after"] - form["due_at"] == SHORT,
    }


def _jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(buffer, "JPEG")
    return buffer.getvalue()
