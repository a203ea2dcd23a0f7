"""How long citizens wait: `python3 dev.py bench public`, with 5,000 items, events and posts."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert
from starlette.responses import PlainTextResponse

from bench.figures import head, percentile, show
from core.config import Settings
from core.vocab import Category, Channel, DeliveryState, EventState, PostKind, PostState
from language.collation import search_key
from models import Account, Base, ContentItem, Delivery, Event, Person, Post, PostVariant, PostWords
from services.public_entries import LAST_PAGE
from services.public_pages import SECTIONS
from services.runtime import Runtime, build_runtime
from tests.builders import START, make_accounts, make_team
from tests.web.site import answering, serving

AIM_S = 0.3
ASKED = 20
WORDS = (
    "น้ำท่วม", "จราจร", "สวนสาธารณะ", "วัคซีน", "ทะเบียนราษฎร", "โรงเรียน", "ขยะ", "คลอง", "ทางเท้า", "ห้องสมุด",
    "ผู้สูงอายุ", "ตลาด", "ลอยกระทง", "ดนตรี", "ไฟฟ้า", "เขตดินแดง", "เขตบางรัก", "เขตสาทร", "ปี 2563", "ปี 2564",
)  # fmt: skip
PATHS = {
    "first page": "/public",
    "news": "/public/news",
    "news, the last page": f"/public/news?page={LAST_PAGE}",
    **{name: f"/public/{name}" for name in SECTIONS if name != "news"},
    "a month": "/public/calendar?month=2563-10",
    "an item": "/public/items/2500",
    "an event": "/public/events/2500",
    "a post": "/public/posts/2500",
    "about": "/public/about",
    "search, one word": "/public/search?q=นําท่วม",
    "search, three words": "/public/search?q=ตลาด ๒๕๖๓ สาทร",
    "search, nothing found": "/public/search?q=ไม่มีแน่นอนเลยสักนิด",
    "calendar as ICS": "/public/calendar.ics",
    "an event as ICS": "/public/events/2500/event.ics",
    "news as RSS": "/public/news.rss",
    "news as JSON": "/public/news.json",
    "site map": "/public/sitemap.xml",
}


@dataclass(frozen=True)
class Took:
    """One address: seconds of the middle, the slowest twentieth, the processor; a bare answer's middle."""

    p50: float
    p95: float
    cpu: float
    bare: float

    def __str__(self) -> str:
        times = f"p50 {self.p50 * 1000:4.0f}   p95 {self.p95 * 1000:4.0f}   CPU {self.cpu * 1000:4.0f} ms"
        return f"{times}   ×{self.p50 / self.bare:.0f}"


def main(rows: int) -> None:
    """Fill an office, ask for each page over HTTP and print how long it took.

    × is the middle beside that of a bare answer: two bytes from the same server, asked in turn with the page.
    CPU is the processor time of server and asker together: it stays what it is on a busy machine.
    """
    with filled(rows) as url, answering(PlainTextResponse("ok")) as bare, httpx.Client(timeout=60) as client:
        client.get(f"{url}/public/search", params={"q": "คำแรกสุดของวัน"})  # the dictionary is read once
        head(f"public pages over {rows:,} items, events and posts each, SQLite")
        for name, path in PATHS.items():
            took = ask(client, url + path, bare)
            show(name, str(took), "≤ 300 ms", holds=took.p95 <= AIM_S)
        show("a bare answer", f"p50 {took.bare * 1000:.1f} ms")


def ask(client: httpx.Client, page: str, bare: str) -> Took:
    """Ask one address again and again, a bare one before each time."""
    pages, bares, cpu = [], [], 0.0
    for _ in range(ASKED):
        bares.append(_seconds(client, bare))
        before = time.process_time()
        pages.append(_seconds(client, page))
        cpu += time.process_time() - before
    pages.sort()
    return Took(percentile(pages, 0.5), percentile(pages, 0.95), cpu / ASKED, percentile(sorted(bares), 0.5))


def _seconds(client: httpx.Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address).raise_for_status()
    return time.perf_counter() - began


@contextmanager
def filled(rows: int) -> Iterator[str]:
    """Serve an office with so many items, events and posts that are out."""
    with tempfile.TemporaryDirectory() as folder:
        rt = build_runtime(Settings(data_dir=Path(folder)))
        Base.metadata.create_all(rt.engine)
        with rt.sessions.begin() as session:
            officer = make_team(session).officer
        accounts = make_accounts(rt)
        _fill(rt, officer, accounts[Channel.FACEBOOK], rows)
        with serving(rt) as url:
            yield url
        rt.engine.dispose()


def _fill(rt: Runtime, officer: Person, account: Account, rows: int) -> None:
    kinds = [kind for kind in Category if kind is not Category.CALENDAR]
    with rt.sessions.begin() as session:
        session.execute(
            insert(ContentItem), [_item(n, kinds[n % len(kinds)], officer.id) for n in range(rows)]
        )
        session.execute(insert(Event), [_event(n, officer.id) for n in range(rows)])
        session.execute(insert(Post), [_post(n, officer.id) for n in range(1, rows + 1)])
        texts = [{"post_id": n, "channel": Channel.FACEBOOK, "body": _text(n)} for n in range(1, rows + 1)]
        session.execute(insert(PostVariant), texts)
        session.execute(
            insert(PostWords),
            [{"post_id": n, "search_key": search_key(_text(n))} for n in range(1, rows + 1)],
        )
        session.execute(insert(Delivery), [_delivery(n, account.id) for n in range(1, rows + 1)])


def _text(n: int) -> str:
    chosen = [WORDS[(n * step + step) % len(WORDS)] for step in (1, 3, 7, 11)]
    return f"เรื่องที่ {n} " + " ".join(chosen * 12)


def _title(n: int) -> str:
    return _text(n)[:80]


def _item(n: int, kind: Category, officer: int) -> dict[str, object]:
    return {
        "category": kind, "title": _title(n), "agency": "สำนักงานประชาสัมพันธ์", "summary": _text(n),
        "source": "",
        "rights": "", "language": "th", "alt_text": "", "link": "", "sample": False, "details": {},
        "version": 1,
        "item_date": (START - timedelta(days=n % 1500)).date(), "created_by": officer, "created_at": START,
        "opened_at": START, "search_key": search_key(_text(n)),
    }  # fmt: skip


def _event(n: int, officer: int) -> dict[str, object]:
    starts = START + timedelta(days=n % 800 - 400, hours=n % 12)
    return {
        "title": _title(n), "description": _text(n), "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "state": EventState.CONFIRMED, "created_by": officer, "created_at": START, "opened_at": START,
        "public": True, "search_key": search_key(_text(n)),
    }  # fmt: skip


def _post(n: int, officer: int) -> dict[str, object]:
    return {
        "id": n, "kind": PostKind.GENERAL, "title": _title(n), "due_at": START,
        "state": PostState.APPROVED,
        "author_id": officer, "created_at": START, "changed_at": START, "approved_revision": 1,
    }  # fmt: skip


def _delivery(n: int, account: int) -> dict[str, object]:
    out = START - timedelta(hours=n)
    return {
        "post_id": n, "account_id": account, "approved_revision": 1, "payload": {"text": _text(n)},
        "payload_sha256": "0" * 64, "due_at": out, "not_after": out, "next_at": out, "published_at": out,
        "verified_at": out, "remote_id": str(n), "permalink": f"https://example.org/{n}",
        "state": DeliveryState.VERIFIED,
    }  # fmt: skip
