"""One post: its texts, where it stands on each channel, its figures, and everything that happened."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from core.lifecycle import LIVE
from core.vocab import DeliveryState, Metric
from models import Delivery, Reading
from services import history, metrics, posts
from services.history import HistoryEntry
from services.posts import PostView
from services.spacing import too_close
from web.pieces import chains_of, pieces_of
from web.session import Member, SignedIn

router = APIRouter(prefix="/posts")
MOVING = LIVE - {DeliveryState.VERIFIED} | {
    DeliveryState.SCHEDULED,
    DeliveryState.SENDING,
    DeliveryState.UNCERTAIN,
}
SOON_S, OFTEN_S, SELDOM_S = 180, 3, 15


@dataclass(frozen=True)
class Standing:
    """A post as it stands now; pause: seconds until the page should look again; close: see too_close."""

    view: PostView
    entries: list[HistoryEntry]
    figures: dict[int, dict[Metric, Reading]]
    pause: int
    chains: list[list[Delivery]]
    close: Sequence[str]


@router.get("/{post_id}")
def show(who: SignedIn, post_id: int) -> HTMLResponse:
    """Show a post."""
    standing = _standing(who, post_id)
    post = standing.view.post
    return who.page("posts/show.html", post=post, texts=pieces_of(post), **vars(standing))


@router.get("/{post_id}/live")
def show_live(who: SignedIn, post_id: int) -> HTMLResponse:
    """Show only what changes by itself, for the page to exchange."""
    standing = _standing(who, post_id)
    return who.page("posts/live.html", post=standing.view.post, **vars(standing))


def _standing(who: Member, post_id: int) -> Standing:
    with who.rt.sessions.begin() as session:
        view = posts.load_post(session, post_id)
        entries = history.post_history(session, post_id)
        figures = metrics.latest(session, [row.id for row in view.deliveries])
        close = too_close(session, view.post)
    soon = any(
        row.state in MOVING and (row.due_at - who.now).total_seconds() < SOON_S for row in view.deliveries
    )
    return Standing(view, entries, figures, OFTEN_S if soon else SELDOM_S, chains_of(view), close)
