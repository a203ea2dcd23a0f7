"""The composer: one post, its texts per channel, its pictures, its time; checked while it is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import day_start
from core.vocab import Category, Channel, PostKind, ReplySettings, Role
from models import Asset, MediaFacts
from services import accounts, calendar, content, media, media_limits, posts
from services.post_parts import MOST_MEDIA, MOST_PARTS, MediaItem
from web.forms import Form
from web.preview import looks_of, mended
from web.sentences import sentence
from web.session import Member, Posted, SignedIn
from web.sheet import answers, chosen_media, read_post, rearranged, typed, with_media

router = APIRouter(prefix="/posts")
BEHIND, AHEAD = timedelta(days=45), timedelta(days=200)
OPEN_MINUTES = (60, 360, 720, 1440, 4320, 10080)  # how long a poll may be open: an hour to a week


@dataclass(frozen=True)
class Around:
    """What the sheet needs beside the texts: the accounts' names, the chosen files, places for answers."""

    names: Mapping[Channel, str]
    media: Sequence[tuple[Asset, str]]  # each with its words
    unfit: Mapping[int, Sequence[str]]  # what platforms will not take, by asset
    facts: Mapping[int, MediaFacts]
    answers: Sequence[str]


@router.get("/new")
def new(who: SignedIn, event: int | None = None) -> HTMLResponse:
    """Show an empty sheet, for an event if one is named."""
    who.must(Role.OFFICER)
    kind = PostKind.ANNOUNCE if event else PostKind.GENERAL
    blank = {"event_id": str(event or ""), "kind": kind.value}
    return _sheet(who, Form(blank, {"channels": tuple(Channel), "categories": ()}))


@router.post("")
def create(who: SignedIn, form: Posted) -> Response:
    """Store a new draft, and ask for approval at once if that button was pressed."""
    return _save(who, form, None)


@router.get("/{post_id}/edit")
def edit(who: SignedIn, post_id: int) -> HTMLResponse:
    """Show a post on the sheet."""
    who.must(Role.OFFICER)
    with who.rt.sessions.begin() as session:
        post = posts.load_post(session, post_id).post
    return _sheet(who, typed(post), post_id=post_id)


@router.post("/{post_id}/edit")
def change(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Store a post's next revision."""
    return _save(who, form, post_id)


@router.post("/check")
def check(who: SignedIn, form: Posted) -> HTMLResponse:
    """Count and check what is typed, after the one button that was pressed; nothing is stored.

    fix: puts one finding right. do: adds, drops, moves or splits a piece of the post.
    """
    mend, do = form.text("fix"), form.text("do")
    form = rearranged(mended(form, mend, who.now), do)
    if who.by_htmx:
        return _fragment(who, form, "posts/rearranged.html" if do else "posts/looks.html", mend=mend)
    try:
        return _sheet(who, _with_uploads(who, form), post_id=form.number("post_id"))
    except BadInput as error:
        return _sheet(who, form, error, form.number("post_id"))


@router.post("/media")
def add_media(who: SignedIn, form: Posted) -> HTMLResponse:
    """Keep chosen files and show them on the sheet, so that their alt texts can be written."""
    try:
        return _fragment(who, _with_uploads(who, form), "posts/media_answer.html")
    except BadInput as error:
        return _fragment(who, form, "posts/media_answer.html", error)


def _save(who: Member, form: Form, post_id: int | None) -> Response:
    try:
        form = _with_uploads(who, form)
        wanted, revision = read_post(form), form.number("revision") or 0
        with who.rt.sessions.begin() as session:
            if post_id is None:
                post = posts.create_post(session, wanted, who.person, who.now)
            else:
                post = posts.edit_post(session, post_id, revision, wanted, who.person, who.now)
            session.flush()
            if form.text("action") == "submit":
                media_limits.check_media(session, post, who.rt.settings)
                posts.submit_post(session, post.id, post.revision, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _sheet(who, form, error, post_id)
    return who.go(
        f"/posts/{post.id}", done="post_submitted" if form.text("action") == "submit" else "post_saved"
    )


def _with_uploads(who: Member, form: Form) -> Form:
    """Keep uploaded files at once: they survive whatever else is wrong on the sheet."""
    added = [
        MediaItem(media.store_media(who.rt, one, who.person).id, "") for one in form.files.get("file", ())
    ]
    return with_media(form, [*chosen_media(form), *added]) if added else form


def _sheet(
    who: Member, form: Form, trouble: RukonError | None = None, post_id: int | None = None
) -> HTMLResponse:
    today = day_start(who.today)
    with who.rt.sessions.begin() as session:
        events = list(calendar.list_events(session, today - BEHIND, today + AHEAD))
        chosen = form.values.get("event_id", "")
        if chosen.isdecimal() and int(chosen) not in {event.id for event in events}:
            events.append(calendar.find_event(session, int(chosen)))
        items = content.list_items(session)
    return who.page(
        "posts/form.html", trouble=trouble, form=form, looks=looks_of(form, who.now, who.rt.prices),
        post_id=post_id, events=events, items=items, kinds=list(PostKind), categories=list(Category),
        **_choices(), around=_around(who, form),
    )  # fmt: skip


def _fragment(
    who: Member, form: Form, template: str, trouble: RukonError | None = None, mend: str = ""
) -> HTMLResponse:
    return who.page(
        template, trouble=trouble, form=form, looks=looks_of(form, who.now, who.rt.prices), mend=mend,
        **_choices(), around=_around(who, form),
    )  # fmt: skip


def _choices() -> dict[str, Any]:
    """Return what every piece of the sheet may ask for."""
    return {
        "channels": list(Channel), "who_may": list(ReplySettings), "open_minutes": OPEN_MINUTES,
        "most_media": MOST_MEDIA, "most_parts": MOST_PARTS,
    }  # fmt: skip


def _around(who: Member, form: Form) -> Around:
    items = chosen_media(form)
    with who.rt.sessions.begin() as session:
        known = accounts.list_accounts(session, active_only=True)
        files = [(media.find_asset(session, one.asset_id), one.alt_text) for one in items]
        chosen = [channel for channel in Channel if channel in form.lists.get("channels", ())]
        unfit = media_limits.look_through(session, [asset for asset, _ in files], chosen, who.rt.settings)
        facts = media.facts_of(session, [asset.id for asset, _ in files])
    told = {key: [sentence(one, who.language) for one in problems] for key, problems in unfit.items()}
    names = {account.channel: account.name for account in known}
    return Around(names, files, told, facts, answers(form))
