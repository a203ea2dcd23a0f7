"""The composer: one post, a text per channel, a picture, its time; checked while it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.fiscal import day_start
from core.vocab import Category, Channel, PostKind, Role
from models import Asset, Post
from services import accounts, calendar, content, media, posts
from services.content import Tag
from services.posts import PostForm
from web.forms import Form
from web.preview import looks_of, mended, with_values
from web.session import Member, Posted, SignedIn
from web.view import typed_day, typed_time

router = APIRouter(prefix="/posts")
BEHIND, AHEAD = timedelta(days=45), timedelta(days=200)


@dataclass(frozen=True)
class Around:
    """What the previews need beside the texts: the accounts' names and the picture."""

    names: Mapping[Channel, str]
    asset: Asset | None


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
    return _sheet(who, _typed(post), post_id=post_id)


@router.post("/{post_id}/edit")
def change(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Store a post's next revision."""
    return _save(who, form, post_id)


@router.post("/check")
def check(who: SignedIn, form: Posted) -> HTMLResponse:
    """Count and check what is typed, mending one finding if its button was pressed; nothing is stored."""
    mend = form.text("fix")
    form = mended(form, mend, who.now)
    if who.by_htmx:
        return _fragment(who, form, "posts/looks.html", mend=mend)
    try:
        return _sheet(who, _with_picture(who, form), post_id=form.number("post_id"))
    except BadInput as error:
        return _sheet(who, form, error, form.number("post_id"))


@router.post("/picture")
def picture(who: SignedIn, form: Posted) -> HTMLResponse:
    """Keep a chosen picture and show it on the sheet, so that its alt text can be written."""
    try:
        return _fragment(who, _with_picture(who, form), "posts/picture_answer.html")
    except BadInput as error:
        return _fragment(who, form, "posts/picture_answer.html", error)


def _save(who: Member, form: Form, post_id: int | None) -> Response:
    try:
        form = _with_picture(who, form)
        wanted, revision = _read(form), form.number("revision") or 0
        with who.rt.sessions.begin() as session:
            if post_id is None:
                post = posts.create_post(session, wanted, who.person, who.now)
            else:
                post = posts.edit_post(session, post_id, revision, wanted, who.person, who.now)
            session.flush()
            if form.text("action") == "submit":
                posts.submit_post(session, post.id, post.revision, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _sheet(who, form, error, post_id)
    return who.go(
        f"/posts/{post.id}", done="post_submitted" if form.text("action") == "submit" else "post_saved"
    )


def _with_picture(who: Member, form: Form) -> Form:
    """Keep an uploaded picture at once: it survives whatever else is wrong on the sheet."""
    upload = form.upload("file")
    if upload is not None:
        asset = media.store_image(who.rt, upload, who.person)
        return with_values(form, {"asset_id": str(asset.id)})
    if form.ticked("drop_picture"):
        return with_values(form, {"asset_id": "", "alt_text": ""})
    return form


def _read(form: Form) -> PostForm:
    chosen = form.choices("channels", Channel)
    return PostForm(
        kind=form.choice("kind", PostKind),
        title=form.text("title"),
        bodies={channel: form.values.get(f"body_{channel}", "") for channel in chosen},
        event_id=form.number("event_id"),
        link=form.text("link"),
        asset_id=form.number("asset_id"),
        alt_text=form.text("alt_text"),
        due_at=form.moment("due_at"),
        not_after=form.moment("not_after"),
        tags=tuple(
            Tag(category, form.text(f"reason_{category}"), form.number(f"item_{category}"))
            for category in form.choices("categories", Category)
        ),
    )


def _typed(post: Post) -> Form:
    """Return a post as the sheet shows it."""
    values = {
        "kind": post.kind.value, "title": post.title, "event_id": str(post.event_id or ""),
        "link": post.link, "asset_id": str(post.asset_id or ""), "alt_text": post.alt_text,
        "revision": str(post.revision),
    }  # fmt: skip
    for name, moment in (("due_at", post.due_at), ("not_after", post.not_after)):
        values |= {f"{name}_day": typed_day(moment), f"{name}_time": typed_time(moment)}
    values |= {f"body_{variant.channel}": variant.body for variant in post.variants}
    values |= {f"reason_{row.category}": row.reason for row in post.categories}
    values |= {f"item_{row.category}": str(row.item_id or "") for row in post.categories}
    chosen = {
        "channels": tuple(variant.channel.value for variant in post.variants),
        "categories": tuple(row.category.value for row in post.categories),
    }
    return Form(values, chosen)


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
        "posts/form.html", trouble=trouble, form=form, looks=looks_of(form, who.now), post_id=post_id,
        events=events, items=items, kinds=list(PostKind), categories=list(Category),
        channels=list(Channel), around=_around(who, form),
    )  # fmt: skip


def _fragment(
    who: Member, form: Form, template: str, trouble: RukonError | None = None, mend: str = ""
) -> HTMLResponse:
    return who.page(
        template, trouble=trouble, form=form, looks=looks_of(form, who.now), mend=mend,
        channels=list(Channel), around=_around(who, form),
    )  # fmt: skip


def _around(who: Member, form: Form) -> Around:
    asset_id = form.values.get("asset_id", "")
    with who.rt.sessions.begin() as session:
        known = accounts.list_accounts(session, active_only=True)
        asset = media.find_asset(session, int(asset_id)) if asset_id.isdecimal() else None
    return Around({account.channel: account.name for account in known}, asset)
