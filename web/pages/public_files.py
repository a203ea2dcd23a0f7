"""What citizens and their programs fetch: files, pictures, tables, the calendar, feeds, the site's map."""

from datetime import date
from urllib.parse import quote
from xml.sax.saxutils import escape

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from core.errors import NotFound
from core.i18n import text
from models import Asset
from services import downloads, public_feeds, public_pages
from services.media import read_asset
from services.public_entries import Entry, moment_of, news
from services.public_map import site_map
from web.citizen import AN_HOUR, READS, Anyone, Citizen
from web.view import render

router = APIRouter()
INLINE = ("image/", "application/pdf")
SITE_MAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{pages}
</urlset>
"""


@router.api_route("/public/files/{item_id}", methods=READS)
def download(who: Anyone, item_id: int) -> Response:
    """Give an item's file in its newest opened version; count it, and note nothing about who asks."""
    with who.reading() as session:
        found = downloads.public_file(session, item_id)
    answer = _file(who, found.asset)
    if who.request.method == "GET" and answer.status_code == 200:  # noqa: PLR2004 -- 304: they have it already
        downloads.count_download(who.rt, item_id, who.request.headers.get("user-agent", ""))
    return answer


@router.api_route("/public/files/{item_id}/versions/{number}", methods=READS)
def older(who: Anyone, item_id: int, number: int) -> Response:
    """Give the file of an older version."""
    if number < 1:
        raise NotFound
    with who.reading() as session:
        found = downloads.public_file(session, item_id, number)
    return _file(who, found.asset, f"v{number}-")


@router.api_route("/public/items/{item_id}/photos/{place}", methods=READS)
def photo(who: Anyone, item_id: int, place: int) -> Response:
    """Give a picture: 0 is the item's own, 1 and on those of its album."""
    with who.reading() as session:
        asset = downloads.public_photo(session, item_id, place)
    return who.answer(read_asset(who.rt.media_dir, asset.sha256), asset.mime, keep_s=AN_HOUR)


@router.api_route("/public/items/{item_id}/figures.csv", methods=READS)
def figures(who: Anyone, item_id: int) -> Response:
    """Give an item's figures as a table for spreadsheets."""
    with who.reading() as session:
        content = public_feeds.figures_file(public_pages.statistics_item(session, item_id))
    name = {"Content-Disposition": f'attachment; filename="figures-{item_id}.csv"'}
    return who.answer(content, "text/csv; charset=utf-8", headers=name)


@router.api_route("/public/calendar.ics", methods=READS)
def calendar(who: Anyone) -> Response:
    """Give every announced event of the last three months and all to come."""
    with who.reading() as session:
        events = public_pages.events_for_feed(session, who.now - public_feeds.PAST)
    return _calendar(who, public_feeds.calendar_file(events, downloads.public_base(who.rt), who.language))


@router.api_route("/public/events/{event_id}/event.ics", methods=READS)
def one_event(who: Anyone, event_id: int) -> Response:
    """Give one announced event."""
    with who.reading() as session:
        event = public_pages.event_page(session, event_id).event
    return _calendar(who, public_feeds.calendar_file([event], downloads.public_base(who.rt), who.language))


@router.api_route("/public/news.rss", methods=READS)
def rss(who: Anyone) -> Response:
    """Give the news as RSS 2.0."""
    values = {
        "entries": [(entry, moment_of(entry)) for entry in _news(who)],
        "lang": who.language, "base": downloads.public_base(who.rt), "suffix": _suffix(who),
    }  # fmt: skip
    return who.answer(render("public/news.rss", values).encode(), "application/rss+xml; charset=utf-8")


@router.api_route("/public/news.json", methods=READS)
def json_feed(who: Anyone) -> Response:
    """Give the news as JSON Feed 1.1."""
    base = downloads.public_base(who.rt)
    entries = [(entry, moment_of(entry)) for entry in _news(who)]
    content = public_feeds.json_feed(entries, base, who.language)
    return who.answer(content, "application/feed+json; charset=utf-8")


@router.api_route("/public/sitemap.xml", methods=READS)
def sitemap(who: Anyone) -> Response:
    """List every public page for search engines."""
    base = escape(downloads.public_base(who.rt))
    with who.reading() as session:
        pages = "\n".join(_place(f"{base}/public{path}", day) for path, day in site_map(session))
    return who.answer(SITE_MAP.format(pages=pages).encode(), "application/xml; charset=utf-8", keep_s=AN_HOUR)


def _place(address: str, day: date | None) -> str:
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<url><loc>{address}</loc>{changed}</url>"


@router.api_route("/robots.txt", methods=READS)
def robots(who: Anyone) -> Response:
    """Let search engines read the public page and nothing else."""
    lines = ["User-agent: *", "Allow: /public", "Allow: /static", "Disallow: /"]
    return PlainTextResponse(
        "\n".join([*lines, f"Sitemap: {downloads.public_base(who.rt)}/public/sitemap.xml", ""]),
        headers={"Cache-Control": f"public, max-age={AN_HOUR}"},
    )


def _news(who: Citizen) -> list[Entry]:
    with who.reading() as session:
        return list(news(session).entries)


def _suffix(who: Citizen) -> str:
    return "" if who.language == "th" else f"?lang={who.language}"


def _calendar(who: Citizen, content: bytes) -> Response:
    name = text("public.section.calendar", "en").lower()
    headers = {"Content-Disposition": f'inline; filename="{name}.ics"'}
    return who.answer(content, "text/calendar; charset=utf-8", headers=headers)


def _file(who: Citizen, asset: Asset, prefix: str = "") -> Response:
    content = read_asset(who.rt.media_dir, asset.sha256)
    how = "inline" if asset.mime.startswith(INLINE) else "attachment"
    name = quote(prefix + asset.name)
    headers = {"Content-Disposition": f"{how}; filename*=UTF-8''{name}"}
    return who.answer(content, asset.mime, headers=headers)
