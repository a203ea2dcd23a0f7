"""The store of level 2: items of the eight kinds, their versions and proofs, what citizens see of them."""

from dataclasses import replace
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, Forbidden, RukonError
from core.vocab import Category, Consent, Role
from services import content, details, downloads, item_views, media, opening, reference
from services.content import ContentForm, Known
from services.details import ANSWERS, Details, Photo
from services.media import Upload
from web.forms import Form
from web.preview import with_values
from web.session import Member, Posted, SignedIn
from web.view import typed_day

router = APIRouter(prefix="/content")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
WORDS = ("title", "agency", "summary", "source", "rights", "language", "alt_text", "link")


@router.get("")
def index(who: SignedIn, category: str = "") -> HTMLResponse:
    """Show stored items, newest first, of one kind or all."""
    wanted = Category(category) if category in set(Category) else None
    with who.rt.sessions.begin() as session:
        items = content.list_items(session, wanted)
        counts = downloads.downloads_of(session)
    return who.page(
        "content/index.html", items=items, counts=counts, categories=list(Category), category=wanted
    )


@router.get("/new")
def new(who: SignedIn, category: str = "") -> HTMLResponse:
    """Show an empty form."""
    who.must(Role.OFFICER, Role.KPI_OFFICER)
    return _form_page(who, Form({"category": category}))


@router.post("")
def add(who: SignedIn, form: Posted) -> Response:
    """Store an item; a form, e-book or table with a file gets its public address."""
    try:
        form = _with_files(who, form)
        wanted = _read(form)
        with who.rt.sessions.begin() as session:
            item = content.add_item(session, wanted, who.person, who.now)
            if item.asset_id and item.category in downloads.PUBLIC:
                downloads.link_item(session, who.rt, item.id)
    except (BadInput, Conflict) as error:
        return _form_page(who, form, error)
    return who.go(f"/content/{item.id}", done="item_added")


@router.get("/{item_id}")
def show(who: SignedIn, item_id: int) -> HTMLResponse:
    """Show one item with its versions and the proofs of its kind."""
    return _item_page(who, item_id)


@router.get("/{item_id}/edit")
def edit(who: SignedIn, item_id: int) -> HTMLResponse:
    """Show the newest version in its form."""
    who.must(Role.OFFICER, Role.KPI_OFFICER)
    with who.rt.sessions.begin() as session:
        view = item_views.item_view(session, item_id, who.now)
    return _form_page(who, Form(_typed(view)), item_id=item_id)


@router.post("/{item_id}/edit")
def revise(who: SignedIn, item_id: int, form: Posted) -> Response:
    """Write the next version."""
    try:
        form = _with_files(who, form)
        wanted, known = _read(form), Known(form.number("number") or 0, form.text("why"))
        with who.rt.sessions.begin() as session:
            content.revise_item(session, item_id, wanted, known, who.person, who.now)
    except (BadInput, Conflict) as error:
        return _form_page(who, form, error, item_id)
    return who.go(f"/content/{item_id}", done="item_revised")


@router.post("/{item_id}/open")
def open_to_citizens(who: SignedIn, item_id: int, form: Posted) -> Response:
    """Show the newest version to citizens."""
    del form
    try:
        with who.rt.sessions.begin() as session:
            opening.open_item(session, item_id, who.person, who.now)
    except (Conflict, Forbidden) as error:
        return _item_page(who, item_id, error)
    return who.go(f"/content/{item_id}", done="item_opened")


@router.post("/{item_id}/close")
def close_to_citizens(who: SignedIn, item_id: int, form: Posted) -> Response:
    """Take an item off the public pages."""
    try:
        with who.rt.sessions.begin() as session:
            opening.close_item(session, item_id, form.text("close_why"), who.person, who.now)
    except (BadInput, Conflict) as error:
        return _item_page(who, item_id, error)
    return who.go(f"/content/{item_id}", done="item_closed")


def _item_page(who: Member, item_id: int, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        view = item_views.item_view(session, item_id, who.now)
    return who.page("content/show.html", trouble=trouble, view=view, item=view.item, asset=view.asset)


def _with_files(who: Member, form: Form) -> Form:
    """Keep the uploaded files and write their ids into the form: a refused form need not send them again."""
    photos = [
        str(media.store_image(who.rt, _owned(form, one), who.person).id)
        for one in form.files.get("photos", ())
    ]
    values = {"photo_ids": ",".join([*_photo_ids(form), *photos])}
    sent = form.upload("file")
    if sent is not None:
        store = media.store_image if sent.name.lower().endswith(PICTURES) else media.store_file
        values["asset_id"] = str(store(who.rt, _owned(form, sent), who.person).id)
    return with_values(form, values)


def _owned(form: Form, sent: Upload) -> Upload:
    return replace(sent, rights=form.text("rights"), source=form.text("source"))


def _photo_ids(form: Form) -> list[str]:
    known = [part for part in form.text("photo_ids").split(",") if part.isdecimal()]
    dropped = set(form.lists.get("drop_photo", ()))
    return list(dict.fromkeys(one for one in known if one not in dropped))


def _read(form: Form) -> ContentForm:
    return ContentForm(
        category=form.choice("category", Category),
        item_date=form.needed_day("item_date"),
        asset_id=form.number("asset_id"),
        event_id=form.number("event_id"),
        details=_details(form),
        title=form.text("title"),
        agency=form.text("agency"),
        summary=form.text("summary"),
        source=form.text("source"),
        rights=form.text("rights"),
        language=form.text("language"),
        alt_text=form.text("alt_text"),
        link=form.text("link"),
    )


def _details(form: Form) -> Details:
    return Details(
        photos=tuple(Photo(int(one), form.text(f"photo_alt_{one}")) for one in _photo_ids(form)),
        consent=form.choice("consent", Consent) if form.text("consent") else Consent.UNKNOWN,
        figures=details.read_figures(form.values.get("figures", "")),
        as_of=form.day("as_of"),
        answers={name: form.text(f"answer_{name}") for name in ANSWERS},
    )


def _typed(view: item_views.ItemView) -> dict[str, str]:
    """Return an item's newest version as its form shows it."""
    data = view.newest.data
    kept = details.details_of(data["details"])
    return {
        **{name: str(data[name]) for name in WORDS},
        **{f"photo_alt_{one.asset_id}": one.alt for one in kept.photos},
        **{f"answer_{name}": words for name, words in kept.answers.items()},
        "category": view.item.category.value,
        "item_date": typed_day(date.fromisoformat(data["item_date"])),
        "asset_id": str(data["asset_id"] or ""),
        "event_id": str(data["event_id"] or ""),
        "photo_ids": ",".join(str(one.asset_id) for one in kept.photos),
        "consent": kept.consent.value,
        "figures": details.show_figures(kept.figures),
        "as_of": typed_day(kept.as_of),
        "number": str(view.newest.number),
    }


def _form_page(
    who: Member, form: Form, trouble: RukonError | None = None, item_id: int | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        events = item_views.events_for_albums(session, who.now)
        hosts = reference.host_names(session, who.today)
    return who.page(
        "content/form.html", hosts=hosts, trouble=trouble, typed=form.values, categories=list(Category),
        events=events, answers=ANSWERS, consents=list(Consent), photo_ids=_photo_ids(form), item_id=item_id,
    )  # fmt: skip
