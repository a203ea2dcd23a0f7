"""`rukon queue`: what is on its way to each account, the switches, the desk for what no machine decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.door import Door, Noun
from cli.posts import delivery_row
from cli.show import Row
from core.vocab import DeliveryState
from models import Delivery, Person
from services import deciding, queue, queue_list
from services.moments import read_moment
from services.queue_list import QueueFilter

app = Noun("The queue: one line per post and account.")

COLUMNS = ("id", "channel", "title", "due_at", "state", "reason")
CANDIDATES = ("remote_id", "created_at", "text")
OVER = frozenset({DeliveryState.PUBLISHED, DeliveryState.VERIFIED, DeliveryState.CANCELLED})
WAITING = frozenset(DeliveryState) - OVER
Number = Annotated[int, typer.Argument(help="number of the line")]
Why = Annotated[str, typer.Option("--reason", help="why; shown in the history")]
Change = Callable[[Session, Person, datetime], Delivery]


@app.command("list")
def list_all(
    door: Door,
    *,
    state: Annotated[list[DeliveryState] | None, typer.Option(help="may be given several times")] = None,
    everything: Annotated[bool, typer.Option("--all", help="also what is published or given up")] = False,
    account: Annotated[int | None, typer.Option(help="number of the account")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 100,
) -> None:
    """List what waits or is in trouble, latest first."""
    states = frozenset(state) if state else frozenset[DeliveryState]() if everything else WAITING
    with door.begin() as session:
        found = queue_list.list_queue(session, QueueFilter(states=states, account_id=account, limit=limit))
        rows = [_row(one, door) for one in found]
    door.rows("deliveries", rows, COLUMNS)


@app.command("hold")
def hold(door: Door, number: Number, reason: Why = "") -> None:
    """Keep a line from going out until it is released."""
    _change(
        door, "held", lambda session, person, now: queue.hold_delivery(session, number, reason, person, now)
    )


@app.command("release")
def release(door: Door, number: Number, reason: Why = "") -> None:
    """Let a held line go out at its time, at once if that has passed; out of a mode only with a reason."""
    _change(
        door,
        "released",
        lambda session, person, now: queue.release_delivery(session, number, person, now, reason),
    )


@app.command("cancel")
def cancel(door: Door, number: Number, reason: Why = "") -> None:
    """Give a line up for good."""
    _change(
        door,
        "cancelled",
        lambda session, person, now: queue.cancel_delivery(session, number, reason, person, now),
    )


@app.command("now")
def publish_now(door: Door, number: Number, reason: Why = "") -> None:
    """Make a waiting, held, failed or missed line due now; out of a mode only with a reason."""
    _change(
        door,
        "due_now",
        lambda session, person, now: queue.publish_now(session, number, person, now, reason),
    )


@app.command("move")
def move(door: Door, number: Number, due: Annotated[str, typer.Argument(help="2026-11-25T09:00")]) -> None:
    """Give a line another time."""
    due_at = read_moment(due, "due_at")
    _change(
        door, "moved", lambda session, person, now: queue.reschedule(session, number, due_at, person, now)
    )


@app.command("stop-all")
def stop_all(door: Door, reason: Why) -> None:
    """Stop every new send at once; says what could still land."""
    with door.begin() as session:
        stopped = queue.stop_all(session, reason, door.person, door.now)
    door.done("stopped", {"waiting": stopped.waiting, "in_flight": stopped.in_flight})


@app.command("resume")
def resume(door: Door) -> None:
    """Let sends go on; another person than the one who stopped them."""
    with door.begin() as session:
        resumed = queue.resume_all(session, door.person, door.now)
    door.done("resumed", {"overdue": resumed.overdue, "missed": resumed.missed})


@app.command("desk")
def desk(
    door: Door,
    number: Annotated[int | None, typer.Argument(help="show what the platform has for this line")] = None,
) -> None:
    """List what waits for a person's decision; with a number, the posts on the platform that could be it."""
    if number is None:
        with door.begin() as session:
            rows = [_row(one, door) for one in deciding.waiting(session)]
        door.rows("deliveries", rows, COLUMNS)
        return
    found = deciding.candidates(door.rt, number)
    rows = [{name: getattr(one, name) for name in (*CANDIDATES, "permalink")} for one in found]
    door.rows("candidates", rows, CANDIDATES)


@app.command("decide")
def decide(
    door: Door,
    number: Number,
    choice: Annotated[str, typer.Argument(help="adopt (it is this one), send (it is not there), leave")],
    remote_id: Annotated[str, typer.Option(help="with adopt: the post's id on the platform")] = "",
) -> None:
    """Carry out a person's decision."""
    state = deciding.decide(door.rt, number, choice, remote_id, door.person)
    door.done("decided", {"id": number, "state": state})


def _change(door: Door, key: str, change: Change) -> None:
    with door.begin() as session:
        row = change(session, door.person, door.now)
        shown = {"id": row.id, "state": row.state, "due_at": row.due_at, "reason": row.reason}
    door.done(f"delivery_{key}", shown)


def _row(one: Delivery, door: Door) -> Row:
    row = {**delivery_row(one), "title": one.post.title, "kind": one.post.kind}
    if not door.as_json and one.reason:
        row["reason"] = door.say(f"reason.{one.reason}")
    return row
