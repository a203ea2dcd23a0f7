"""`rukon alerts`: what somebody must know, and putting away what has been read."""

from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from services import alerts
from services.alerts import AlertView

app = Noun("Troubles that last, and digests that nobody has read.")

COLUMNS = ("id", "opened_at", "words", "reason")


@app.command("list")
def list_all(door: Door) -> None:
    """List the open alerts meant for a person."""
    with door.begin() as session:
        rows = [_row(one, door) for one in alerts.shown_to(session, door.person)]
    door.rows("alerts", rows, COLUMNS)


@app.command("see")
def see(door: Door, number: Annotated[int, typer.Argument(help="number in the list")]) -> None:
    """Put an alert away that has been read; if the trouble lasts, another one opens."""
    with door.begin() as session:
        row = alerts.see_alert(session, number, door.person, door.now)
    door.done("alert_seen", {"id": row.id, "kind": row.kind})


def _row(one: AlertView, door: Door) -> Row:
    row = one.alert
    return {
        "id": row.id, "kind": row.kind, "opened_at": row.opened_at, "last_at": row.last_at,
        "count": row.count, "words": door.say(f"alert.{row.kind}", name=one.name, count=row.count),
        "reason": row.code if door.as_json or not row.code else door.say(f"reason.{row.code}"),
    }  # fmt: skip
