"""Posts: the list, asking for approval, taking back, giving up."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.vocab import PostState
from services import media_limits, posts
from services.posts import PostFilter
from web.session import Posted, SignedIn

router = APIRouter(prefix="/posts")


@router.get("")
def index(who: SignedIn, state: str = "", mine: str = "") -> HTMLResponse:
    """Show posts, last changed first: of one state, or mine only."""
    states = frozenset({PostState(state)}) if state in set(PostState) else frozenset()
    wanted = PostFilter(states=states, author_id=who.person.id if mine else None)
    with who.rt.sessions.begin() as session:
        found = posts.list_posts(session, wanted)
    return who.page("posts/index.html", posts=found, state=state, mine=mine, states=list(PostState))


@router.post("/{post_id}/submit")
def submit(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Ask for approval."""
    with who.rt.sessions.begin() as session:
        media_limits.check_media(session, posts.lock_post(session, post_id), who.rt.settings)
        posts.submit_post(session, post_id, form.number("revision") or 0, who.person, who.now)
    return who.go(f"/posts/{post_id}", done="post_submitted")


@router.post("/{post_id}/recall")
def recall(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Take a post back from review and open it for change."""
    with who.rt.sessions.begin() as session:
        posts.recall_post(session, post_id, form.number("revision") or 0, who.person, who.now)
    return who.go(f"/posts/{post_id}/edit", done="post_recalled")


@router.post("/{post_id}/withdraw")
def withdraw(who: SignedIn, post_id: int, form: Posted) -> Response:
    """Give a post up for good."""
    with who.rt.sessions.begin() as session:
        posts.withdraw_post(session, post_id, form.text("reason"), who.person, who.now)
    return who.go(f"/posts/{post_id}", done="post_withdrawn")
