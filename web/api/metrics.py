"""One post's figures as JSON, for programs that poll; missing is null with its reason, never 0."""

from fastapi import APIRouter

from services import metrics, posts
from web.session import SignedIn

router = APIRouter(prefix="/api/posts")


@router.get("/{post_id}/metrics")
def show(who: SignedIn, post_id: int) -> dict[str, object]:
    """Return each delivery's state and its newest figures."""
    with who.rt.sessions.begin() as session:
        view = posts.load_post(session, post_id)
        figures = metrics.latest(session, [row.id for row in view.deliveries])
    return {
        "post_id": post_id,
        "as_of": who.now.isoformat(),
        "deliveries": [
            {
                "id": row.id,
                "channel": row.account.channel,
                "state": row.state,
                "permalink": row.permalink,
                "metrics": {
                    name: {"state": one.state, "value": one.value, "read_at": one.read_at.isoformat()}
                    for name, one in figures.get(row.id, {}).items()
                },
            }
            for row in view.deliveries
        ],
    }
