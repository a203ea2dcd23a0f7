"""The public information page: what any citizen may read, in Thai or English, without signing in."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from core.errors import NotFound
from core.fiscal import Month, to_be
from core.vocab import Category
from services import public_entries, public_pages
from services.public_entries import LAST_PAGE, Entry
from services.public_search import search
from web.citizen import READS, Anyone

router = APIRouter(prefix="/public")
JANUARY, DECEMBER = 1, 12


@router.api_route("", methods=READS)
def home(who: Anyone) -> Response:
    """Show the newest of everything."""
    with who.reading() as session:
        view = public_pages.home(session, who.now)
    return who.page("home.html", view=view)


@router.api_route("/search", methods=READS)
def find(who: Anyone, q: str = "") -> Response:
    """Show what holds every word of a query."""
    with who.reading() as session:
        found = search(session, q)
    return who.page("search.html", found=found, q=q.strip()[:100])


@router.api_route("/about", methods=READS)
def about(who: Anyone) -> Response:
    """Say what this page is, what it counts and how to reach people."""
    return who.page("about.html")


@router.api_route("/calendar", methods=READS)
def calendar(who: Anyone, month: str = "") -> Response:
    """Show the announced events of a month such as `2563-10`."""
    try:
        wanted = Month.parse(month) if month else Month.of(who.today)
    except ValueError as exc:
        raise NotFound from exc
    with who.reading() as session:
        view = public_pages.month_page(session, wanted)
    return who.page(
        "calendar.html", view=view, days=_by_day(view.events, wanted), earlier=_name(_before(wanted)),
        later=_name(wanted.next()),
    )  # fmt: skip


@router.api_route("/events/{event_id}", methods=READS)
def event(who: Anyone, event_id: int) -> Response:
    """Show an announced event."""
    with who.reading() as session:
        view = public_pages.event_page(session, event_id)
    return who.page("event.html", view=view)


@router.api_route("/posts/{post_id}", methods=READS)
def post(who: Anyone, post_id: int) -> Response:
    """Show a post that went out, and where."""
    with who.reading() as session:
        view = public_pages.post_page(session, post_id)
    return who.page("post.html", view=view)


@router.api_route("/items/{item_id}", methods=READS)
def item(who: Anyone, item_id: int) -> Response:
    """Show an opened item."""
    with who.reading() as session:
        view = public_pages.item_page(session, item_id)
    section = next((name for name, kind in public_pages.SECTIONS.items() if kind is view.item.category), "")
    return who.page("item.html", view=view, section=section)


def _section(name: str, category: Category) -> Callable[[Anyone, int], Response]:
    def show(who: Anyone, page: int = 1) -> Response:
        if not 1 <= page <= LAST_PAGE:
            raise NotFound
        with who.reading() as session:
            if category is Category.NEWS:
                listed = public_entries.news(session, page)
            else:
                listed = public_entries.items_of(session, category, page)
        return who.page("section.html", listed=listed, section=name)

    return show


for _name_of, _category in public_pages.SECTIONS.items():
    router.add_api_route(f"/{_name_of}", _section(_name_of, _category), methods=READS)


def _by_day(entries: Sequence[Entry], month: Month) -> list[tuple[object, list[Entry]]]:
    """Return a month's events by day; what began earlier stands on the first."""
    first = month.first_day()
    days: dict[object, list[Entry]] = {}
    for entry in entries:
        days.setdefault(max(entry.day, first), []).append(entry)
    return list(days.items())


def _before(month: Month) -> Month:
    return Month(month.year - 1, DECEMBER) if month.month == JANUARY else Month(month.year, month.month - 1)


def _name(month: Month) -> str:
    return f"{to_be(month.year)}-{month.month:02d}"
