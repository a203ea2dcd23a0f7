"""Events: entering, changing, calling off; and the wave of posts that tells people beforehand."""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.vocab import Role
from models import Event
from services import calendar, planning, reference
from services.calendar import EventForm
from services.wave import KEYS
from web.forms import Form
from web.session import Member, Posted, SignedIn
from web.view import typed_day, typed_time

router = APIRouter(prefix="/events")
FLAGS = ("public", "unplanned", "royal", "minors", "flagship", "all_day")
WORDS = ("title", "place", "host", "target_group", "description", "unplanned_reason", "source")


@router.get("/new")
def new(who: SignedIn, day: str = "") -> HTMLResponse:
    """Show an empty form, on the day the calendar was pointed at."""
    who.must(Role.OFFICER)
    return _form_page(who, {"public": "1", "starts_at_day": day, "ends_at_day": day})


@router.post("")
def create(who: SignedIn, form: Posted) -> Response:
    """Enter an event and show it with the wave it could have."""
    try:
        wanted = _read(form)
        with who.rt.sessions.begin() as session:
            event = calendar.create_event(session, wanted, who.person, who.now)
    except RukonError as error:
        return _form_page(who, form.values, error)
    return who.go(f"/events/{event.id}", done="event_created")


@router.get("/{event_id}")
def show(who: SignedIn, event_id: int) -> HTMLResponse:
    """Show an event, its wave and its posts."""
    return _event_page(who, event_id)


@router.get("/{event_id}/edit")
def edit(who: SignedIn, event_id: int) -> HTMLResponse:
    """Show an event's form."""
    who.must(Role.OFFICER)
    with who.rt.sessions.begin() as session:
        event = calendar.find_event(session, event_id)
    return _form_page(who, _typed(event), event_id=event_id)


@router.post("/{event_id}/edit")
def change(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Change an event; says how many posts moved with it."""
    try:
        wanted, revision = _read(form), form.number("revision") or 0
        with who.rt.sessions.begin() as session:
            moved = calendar.edit_event(session, event_id, wanted, revision, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _form_page(who, form.values, error, event_id=event_id)
    return who.go(
        f"/events/{event_id}", done="event_changed", moved=moved.moved, taken_back=moved.taken_back,
        live=moved.live,
    )  # fmt: skip


@router.post("/{event_id}/cancel")
def cancel(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Call an event off; its waiting posts are held at once, and a correction may be drafted."""
    return _call_off(who, event_id, form, "cancel")


@router.post("/{event_id}/postpone")
def postpone(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Put an event off without a new date yet."""
    return _call_off(who, event_id, form, "postpone")


@router.post("/{event_id}/confirm")
def confirm(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Mark an event as certain."""
    del form
    with who.rt.sessions.begin() as session:
        calendar.confirm_event(session, event_id, who.person, who.now)
    return who.go(f"/events/{event_id}", done="saved")


@router.post("/{event_id}/held")
def held(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Mark an event as having taken place."""
    del form
    with who.rt.sessions.begin() as session:
        calendar.mark_held(session, event_id, who.person, who.now)
    return who.go(f"/events/{event_id}", done="saved")


@router.post("/{event_id}/correction")
def correct(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Draft the post that tells people of a cancelled or postponed event, and open it."""
    del form
    with who.rt.sessions.begin() as session:
        post = planning.draft_correction(session, event_id, who.person, who.now)
    return who.go(f"/posts/{post.id}/edit", done="correction_drafted")


@router.post("/{event_id}/wave")
def plan_wave(who: SignedIn, event_id: int, form: Posted) -> Response:
    """Write drafts for the chosen offers, each at its own time."""
    try:
        keys = [key for key in KEYS if key in form.lists.get("chosen", ())]
        chosen = [planning.Chosen(key, form.needed_moment(key)) for key in keys]
        with who.rt.sessions.begin() as session:
            posts = planning.create_wave(session, event_id, chosen, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _event_page(who, event_id, error, form)
    return who.go(f"/events/{event_id}", done="wave_created", n=len(posts))


def _call_off(who: Member, event_id: int, form: Form, how: str) -> Response:
    act = calendar.cancel_event if how == "cancel" else calendar.postpone_event
    try:
        with who.rt.sessions.begin() as session:
            fate = act(session, event_id, form.text("reason"), who.person, who.now)
    except BadInput as error:
        return _event_page(who, event_id, error, form)
    return who.go(
        f"/events/{event_id}", done=f"event_{how}", held=fate.held, in_flight=fate.in_flight, live=fate.live
    )


def _event_page(
    who: Member, event_id: int, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        view = calendar.load_event(session, event_id)
        offers = planning.wave_of(session, event_id, who.now)
    kinds = {post.kind for post in view.posts if post.state != "withdrawn"}
    return who.page(
        "events/show.html", trouble=trouble, view=view, event=view.event, offers=offers, kinds=kinds,
        typed=form.values if form else {}, chosen=form.lists.get("chosen", ()) if form else None,
    )  # fmt: skip


def _form_page(
    who: Member, typed: Mapping[str, str], trouble: RukonError | None = None, event_id: int | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        hosts = reference.host_names(session, who.today)
    return who.page("events/form.html", trouble=trouble, typed=typed, event_id=event_id, hosts=hosts)


def _read(form: Form) -> EventForm:
    all_day = form.ticked("all_day")
    return EventForm(
        title=form.text("title"),
        starts_at=form.needed_moment("starts_at", all_day=all_day),
        ends_at=form.needed_moment("ends_at", all_day=all_day),
        all_day=all_day,
        place=form.text("place"),
        host=form.text("host"),
        target_group=form.text("target_group"),
        description=form.text("description"),
        public=form.ticked("public"),
        unplanned=form.ticked("unplanned"),
        unplanned_reason=form.text("unplanned_reason"),
        royal=form.ticked("royal"),
        minors=form.ticked("minors"),
        flagship=form.ticked("flagship"),
        source=form.text("source"),
    )


def _typed(event: Event) -> dict[str, str]:
    """Return an event as its form shows it."""
    times = {
        f"{name}_{part}": show(getattr(event, name))
        for name in ("starts_at", "ends_at")
        for part, show in (("day", typed_day), ("time", typed_time))
    }
    words = {name: getattr(event, name) for name in WORDS}
    flags = {name: "1" for name in FLAGS if getattr(event, name)}
    return {**words, **times, **flags, "revision": str(event.revision)}
