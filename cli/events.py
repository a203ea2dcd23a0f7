"""`rukon events`: the calendar, an event's wave of posts, and what happens when plans change."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.posts import row_of as post_row
from cli.show import Row
from core.clock import bangkok
from core.fiscal import day_start
from models import Event
from services import calendar, planning
from services.calendar import EventForm
from services.moments import day_bounds, read_day, read_moment
from services.unsent import Fate
from services.wave import PlannedPost

app = Noun("Events of the calendar and the posts planned for each.")

COLUMNS = ("id", "title", "starts_at", "ends_at", "place", "state")
DETAILS = (*COLUMNS, "all_day", "host", "target_group", "public", "royal", "minors", "unplanned_reason",
           "source", "cancel_reason", "revision")  # fmt: skip
WAVE_COLUMNS = ("key", "kind", "due_at", "moved_from", "moved_because", "note")
POST_COLUMNS = ("id", "kind", "title", "due_at", "state")
AHEAD = timedelta(days=60)
Number = Annotated[int, typer.Argument(help="number of the event")]
Start = Annotated[str, typer.Option(help="2026-12-05T17:00 or 5/12/2569 17.00; with --all-day the day alone")]
Why = Annotated[str, typer.Option("--reason", help="why; shown in the history")]


@app.command("add")
def add(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    title: Annotated[str, typer.Argument(help="name of the event")],
    *,
    start: Start,
    end: Annotated[str, typer.Option(help="the same; none: the start")] = "",
    all_day: Annotated[bool, typer.Option("--all-day", help="from 00.00 to 23.59")] = False,
    place: Annotated[str, typer.Option()] = "",
    host: Annotated[str, typer.Option(help="agency that holds it, full name")] = "",
    target_group: Annotated[str, typer.Option(help="who should know beforehand")] = "",
    description: Annotated[str, typer.Option()] = "",
    source: Annotated[str, typer.Option(help="where the facts stand")] = "",
    internal: Annotated[bool, typer.Option("--internal", help="not for the public, nor for the KPI")] = False,
    royal: Annotated[bool, typer.Option("--royal", help="about the royal institution")] = False,
    minors: Annotated[bool, typer.Option("--minors", help="children in the pictures")] = False,
    unplanned_reason: Annotated[str, typer.Option(help="makes it an emergency outside the plan")] = "",
) -> None:
    """Enter an event."""
    starts_at, ends_at = _times(start, end or start, all_day=all_day)
    form = EventForm(
        title, starts_at, ends_at, all_day=all_day, place=place, host=host, target_group=target_group,
        description=description, source=source, public=not internal, royal=royal, minors=minors,
        unplanned=bool(unplanned_reason), unplanned_reason=unplanned_reason,
    )  # fmt: skip
    with door.begin() as session:
        event = calendar.create_event(session, form, door.person, door.now)
        session.flush()
        row = row_of(event)
    door.done("event_added", row)


@app.command("list")
def list_all(
    door: Door,
    start: Annotated[str, typer.Option("--from", help="first day; none: today")] = "",
    end: Annotated[str, typer.Option("--to", help="last day; none: 60 days on")] = "",
) -> None:
    """List the events that touch these days."""
    first = read_day(start, "starts_at") if start else bangkok(door.now).date()
    last = read_day(end, "ends_at") if end else first + AHEAD
    with door.begin() as session:
        found = calendar.list_events(session, day_start(first), day_start(last + timedelta(days=1)))
        rows = [row_of(event) for event in found]
    door.rows("events", rows, COLUMNS)


@app.command("show")
def show_one(door: Door, number: Number) -> None:
    """Show an event and its posts."""
    with door.begin() as session:
        view = calendar.load_event(session, number)
        row, posts = row_of(view.event), [post_row(post) for post in view.posts]
    if door.as_json:
        door.record({**row, "posts": posts}, ())
        return
    door.record(row, DETAILS)
    print()
    door.rows("posts", posts, POST_COLUMNS)


@app.command("cancel")
def cancel(door: Door, number: Number, reason: Why) -> None:
    """Cancel an event: its waiting posts are held at once."""
    with door.begin() as session:
        fate = calendar.cancel_event(session, number, reason, door.person, door.now)
    door.done("event_cancelled", _fate(number, fate))


@app.command("postpone")
def postpone(door: Door, number: Number, reason: Why) -> None:
    """Put an event off without a new date: its waiting posts are held."""
    with door.begin() as session:
        fate = calendar.postpone_event(session, number, reason, door.person, door.now)
    door.done("event_postponed", _fate(number, fate))


@app.command("confirm")
def confirm(door: Door, number: Number) -> None:
    """Mark an event as certain to take place."""
    with door.begin() as session:
        row = row_of(calendar.confirm_event(session, number, door.person, door.now))
    door.done("event_confirmed", row)


@app.command("held")
def held(door: Door, number: Number) -> None:
    """Mark an event as having taken place."""
    with door.begin() as session:
        row = row_of(calendar.mark_held(session, number, door.person, door.now))
    door.done("event_held", row)


@app.command("wave")
def wave(
    door: Door,
    number: Number,
    *,
    write: Annotated[bool, typer.Option("--write", help="write a draft for each possible offer")] = False,
    only: Annotated[
        list[str] | None, typer.Option(help="T-7, T-3, T-1, T or recap; may be given several times")
    ] = None,
) -> None:
    """Show the posts offered for an event (T-7, T-3, T-1, the day, recap); --write makes the drafts."""
    with door.begin() as session:
        offers = planning.wave_of(session, number, door.now)
    if not write:
        door.rows("offers", [_offer(one, door) for one in offers], WAVE_COLUMNS)
        return
    wanted = [one for one in offers if one.possible and (not only or one.key in only)]
    chosen = [planning.Chosen(one.key, one.due_at) for one in wanted]
    with door.begin() as session:
        posts = planning.create_wave(session, number, chosen, door.person, door.now)
        session.flush()
        rows = [post_row(post) for post in posts]
    door.rows("posts", rows, POST_COLUMNS)


def row_of(event: Event) -> Row:
    """Return an event with every field that a page shows."""
    names = ("id", "title", "description", "starts_at", "ends_at", "all_day", "place", "host", "target_group",
             "state", "public", "unplanned", "unplanned_reason", "royal", "minors", "source", "cancelled_at",
             "cancel_reason", "revision")  # fmt: skip
    return {name: getattr(event, name) for name in names}


def _times(start: str, end: str, *, all_day: bool) -> tuple[datetime, datetime]:
    if all_day:
        return day_bounds(read_day(start, "starts_at"))[0], day_bounds(read_day(end, "ends_at"))[1]
    return read_moment(start, "starts_at"), read_moment(end, "ends_at")


def _fate(number: int, fate: Fate) -> Row:
    return {"id": number, "held": fate.held, "in_flight": fate.in_flight, "live": fate.live}


def _offer(offer: PlannedPost, door: Door) -> Row:
    note = offer.note if door.as_json or not offer.note else door.say(f"wave.note.{offer.note}")
    return {
        "key": offer.key if door.as_json else door.say(f"wave.{offer.key}"), "kind": offer.kind,
        "due_at": offer.due_at, "not_after": offer.not_after, "moved_from": offer.moved_from,
        "moved_because": offer.moved_because,
        "possible": offer.possible, "note": note,
    }  # fmt: skip
