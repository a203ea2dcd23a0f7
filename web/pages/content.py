"""The store of level 2: items of the eight kinds, with file, source and rights."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError
from core.vocab import Category, Role
from services import content, downloads, media
from services.content import ContentForm
from services.media import Upload
from web.forms import Form
from web.preview import with_values
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/content")
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


@router.get("")
def index(who: SignedIn, category: str = "") -> HTMLResponse:
    """Show stored items, newest first, of one kind or all."""
    wanted = Category(category) if category in set(Category) else None
    with who.rt.sessions.begin() as session:
        items = content.list_items(session, wanted)
    return who.page("content/index.html", items=items, categories=list(Category), category=wanted)


@router.get("/new")
def new(who: SignedIn, category: str = "") -> HTMLResponse:
    """Show an empty form."""
    who.must(Role.OFFICER, Role.KPI_OFFICER)
    return _form_page(who, Form({"category": category}))


@router.post("")
def add(who: SignedIn, form: Posted) -> Response:
    """Store an item; a form, e-book or table with a file gets its public address."""
    try:
        form = _with_file(who, form)
        wanted = _read(form)
        with who.rt.sessions.begin() as session:
            item = content.add_item(session, wanted, who.person, who.now)
            session.flush()
            if item.asset_id and item.category in downloads.PUBLIC:
                downloads.link_item(session, who.rt, item.id)
    except (BadInput, Conflict) as error:
        return _form_page(who, form, error)
    return who.go(f"/content/{item.id}", done="item_added")


@router.get("/{item_id}")
def show(who: SignedIn, item_id: int) -> HTMLResponse:
    """Show one item."""
    with who.rt.sessions.begin() as session:
        item = content.find_item(session, item_id)
        asset = media.find_asset(session, item.asset_id) if item.asset_id else None
    return who.page("content/show.html", item=item, asset=asset)


def _with_file(who: Member, form: Form) -> Form:
    upload = form.upload("file")
    if upload is None:
        return form
    kept = Upload(upload.name, upload.data, rights=form.text("rights"), source=form.text("source"))
    store = media.store_image if upload.name.lower().endswith(PICTURES) else media.store_file
    return with_values(form, {"asset_id": str(store(who.rt, kept, who.person).id)})


def _read(form: Form) -> ContentForm:
    return ContentForm(
        category=form.choice("category", Category),
        title=form.text("title"),
        agency=form.text("agency"),
        item_date=form.needed_day("item_date"),
        summary=form.text("summary"),
        source=form.text("source"),
        rights=form.text("rights"),
        alt_text=form.text("alt_text"),
        link=form.text("link"),
        asset_id=form.number("asset_id"),
    )


def _form_page(who: Member, form: Form, trouble: RukonError | None = None) -> HTMLResponse:
    return who.page("content/form.html", trouble=trouble, typed=form.values, categories=list(Category))
