"""`rukon switches`: modes such as election and mourning, holds of one account or one event's posts."""

from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from core.vocab import ModeKind
from services import holds, modes
from services.modes import ModeForm
from services.moments import read_moment

app = Noun("Modes, and holds of one account or one event's posts. To stop everything: rukon queue stop-all.")

COLUMNS = ("id", "kind", "name", "starts_at", "ends_at", "why")
Why = Annotated[str, typer.Option("--reason", help="why; shown to everybody")]
Scope = Annotated[str, typer.Argument(help="account or event")]
Number = Annotated[int, typer.Argument(help="its number")]


@app.command("list")
def list_all(door: Door) -> None:
    """List the modes that are on or come, and what is held."""
    with door.begin() as session:
        rows: list[Row] = [
            {
                "id": one.id, "kind": one.kind, "name": door.say(f"mode.{one.kind}"),
                "starts_at": one.starts_at, "ends_at": one.ends_at, "why": one.why,
            }
            for one in modes.list_modes(session, door.now)
        ]  # fmt: skip
        rows += [
            {
                "id": one.switch.subject_id, "kind": one.switch.scope, "name": one.name,
                "starts_at": one.switch.at, "ends_at": None, "why": one.switch.why,
            }
            for one in holds.holds(session)
        ]  # fmt: skip
    door.rows("switches", rows, COLUMNS)


@app.command("declare")
def declare(
    door: Door,
    kind: ModeKind,
    reason: Why,
    starts: Annotated[str, typer.Option("--from", help="2026-11-25T18:00; none: now")] = "",
    ends: Annotated[str, typer.Option("--until", help="none: until it is ended")] = "",
) -> None:
    """Turn a mode on: what waits is held until an approver lets it out with a reason."""
    starts_at = read_moment(starts, "starts_at") if starts else door.now
    form = ModeForm(kind, starts_at, read_moment(ends, "ends_at") if ends else None, reason)
    with door.begin() as session:
        mode, fate = modes.declare(session, form, door.person, door.now)
        session.flush()
        shown = {"id": mode.id, "kind": kind, "held": fate.held, "in_flight": fate.in_flight}
    door.done("mode_declared", shown)


@app.command("end")
def end(door: Door, number: Annotated[int, typer.Argument(help="number of the mode")]) -> None:
    """End a mode; what it holds stays held."""
    with door.begin() as session:
        mode = modes.end_mode(session, number, door.person, door.now)
    door.done("mode_ended", {"id": mode.id, "kind": mode.kind})


@app.command("hold")
def hold(door: Door, scope: Scope, number: Number, reason: Why) -> None:
    """Let nothing go out for an account, or for an event's posts."""
    with door.begin() as session:
        switch = holds.hold(session, scope, number, reason, door.person, door.now)
    door.done("hold_set", {"scope": scope, "id": number, "at": switch.at})


@app.command("release")
def release(door: Door, scope: Scope, number: Number) -> None:
    """Let an account's or an event's posts go out again."""
    with door.begin() as session:
        switch = holds.release(session, scope, number, door.person, door.now)
    door.done("hold_released", {"scope": scope, "id": number, "at": switch.at})
