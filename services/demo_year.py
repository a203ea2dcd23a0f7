"""The demo's fiscal year 2564: the office's own form, the approved plan, public facts as calendar and store.

Its posts are not there: they would have had to go out in the past. So the year shows what the form claims
beside what can be evidenced today, and the present year shows evidence as it comes in.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from core.vocab import Category, EventState
from models import Asset, ContentItem, Event
from services import calendar, content, holidays, importing, opening, plans
from services.calendar import EventForm
from services.content import ContentForm
from services.demo_cast import Cast, drawing, page, sample
from services.demo_details import details_of_row
from services.downloads import link_item
from services.media import store_file
from services.plans import PlanForm
from services.runtime import Runtime

YEAR = 2564
FORM = "kpi-form-2564.txt"
EVENT_WORDS = (
    "title", "starts_at", "ends_at", "all_day", "place", "host", "target_group", "description", "public",
    "royal", "minors", "flagship",
)  # fmt: skip
ITEM_WORDS = ("title", "agency", "item_date", "summary", "source", "rights", "alt_text", "sample")


def seed_year(rt: Runtime, cast: Cast) -> None:
    """Add whatever of the sample year is not there yet."""
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, YEAR)
        planned = plans.plan_of(session, YEAR) is not None
        if importing.latest_import(session, YEAR) is None:
            data = (files("services") / "samples" / FORM).read_bytes()
            importing.import_form(session, FORM, data, cast.kpi_officer, rt.clock.now())
        titles = set(session.scalars(select(ContentItem.title)))
    if not planned:
        _plan(rt, cast)
    _events(rt, cast)
    for row in sample("fy2564")["content"]:
        if row["title"] not in titles:
            _item(rt, cast, row)


def _plan(rt: Runtime, cast: Cast) -> None:
    row = sample("fy2564")["plan"]
    form = PlanForm(
        row["fiscal_year"], row["title"], row["number"], row["approver"], row["approved_on"],
        page(rt, "plan-2564", row["title"], row["text"].strip().split("\n")), frozenset(row["covers"]),
    )  # fmt: skip
    plans.add_plan_document(rt, form, cast.administrator)


def _events(rt: Runtime, cast: Cast) -> None:
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        known = set(session.scalars(select(Event.title)))
        for row in sample("fy2564")["event"]:
            if row["title"] in known:
                continue
            values = {name: row[name] for name in EVENT_WORDS if name in row}
            source = f"{row['source']} (ส่วนที่สมมติ: {row['made_up']})"
            event = calendar.create_event(session, EventForm(**values, source=source), cast.officer, now)
            session.flush()
            calendar.confirm_event(session, event.id, cast.officer, now)
            if EventState(row["state"]) is EventState.CANCELLED:
                calendar.cancel_event(session, event.id, row["cancel_reason"], cast.officer, now)
            else:
                calendar.mark_held(session, event.id, cast.officer, now)


def _item(rt: Runtime, cast: Cast, row: Mapping[str, Any]) -> None:
    """Store an item and open it; e-book and form get a file and an address of ours, never a foreign site."""
    asset, kept = _file(rt, cast, row), details_of_row(rt, cast, row)
    values = {name: row[name] for name in ITEM_WORDS if name in row}
    category = Category(row["category"])
    with rt.sessions.begin() as session:
        now = rt.clock.now()
        shown = session.scalars(select(Event.id).where(Event.title == row.get("event", ""))).first()
        form = ContentForm(
            category, **values, asset_id=asset.id if asset else None, event_id=shown, details=kept
        )
        item = content.add_item(session, form, cast.officer, now)
        if category in {Category.EBOOK, Category.FORM}:
            link_item(session, rt, item.id)
        opening.open_item(session, item.id, cast.approver, now)


def _file(rt: Runtime, cast: Cast, row: Mapping[str, Any]) -> Asset | None:
    if row["category"] == Category.PHOTO:
        return drawing(rt, "canal", cast.officer)
    if row["category"] in {Category.EBOOK, Category.FORM}:
        leaflet = page(rt, row["key"], row["title"], [row["summary"], row["source"]])
        return store_file(rt, leaflet, cast.officer)
    return None
