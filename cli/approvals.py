"""`rukon approvals`, `rukon approve`, `rukon return`: four eyes."""

from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.posts import delivery_row
from cli.show import Row
from models import Post
from services import approval, posts
from services.approval import InboxRow

app = Noun("What waits for approval.")

COLUMNS = ("id", "title", "author", "due_at", "own", "late", "risks", "terms")
Number = Annotated[int, typer.Argument(help="number of the post")]
Revision = Annotated[int | None, typer.Option(help="only if the post is still this revision")]


@app.command("list")
def list_all(door: Door) -> None:
    """List the posts that wait, the most urgent first."""
    with door.begin() as session:
        rows = [_row(one, door) for one in approval.inbox(session, door.person, door.now)]
    door.rows("waiting", rows, COLUMNS)


def approve(
    door: Door,
    number: Number,
    *,
    now: Annotated[bool, typer.Option("--now", help="due at once, whatever the post says")] = False,
    revision: Revision = None,
) -> None:
    """Approve a post: what goes to each account is frozen and scheduled. Never by its author."""
    wanted = revision or _post(door, number).revision
    approval.approve_post(door.rt, number, wanted, door.person, publish_now=now)
    with door.begin() as session:
        view = posts.load_post(session, number)
    sent = [delivery_row(one) for one in view.deliveries if one.approved_revision == wanted]
    row = {"id": number, "title": view.post.title, "due_at": view.post.due_at, "revision": wanted}
    door.done("post_approved", {**row, "deliveries": sent if door.as_json else len(sent)})


def give_back(
    door: Door,
    number: Number,
    *,
    reason: Annotated[str, typer.Option(help="what to change; the author reads it")],
    revision: Revision = None,
) -> None:
    """Send a post back to its author with a reason."""
    wanted = revision or _post(door, number).revision
    with door.begin() as session:
        post = approval.return_post(session, number, wanted, reason, door.person, door.now)
        row = {"id": post.id, "title": post.title, "state": post.state, "reason": reason}
    door.done("post_returned", row)


def _post(door: Door, number: int) -> Post:
    with door.begin() as session:
        return posts.lock_post(session, number)


def _row(one: InboxRow, door: Door) -> Row:
    wrong = [f"{found.found} → {found.suggest}" for found in one.findings]
    return {
        "id": one.post.id, "title": one.post.title, "kind": one.post.kind, "author": one.author,
        "due_at": one.post.due_at, "revision": one.post.revision, "own": one.own, "late": one.late,
        "terms": wrong,
        "risks": one.risks if door.as_json else [door.say(f"risk.{name}") for name in one.risks],
        "event_id": one.post.event_id,
    }  # fmt: skip
