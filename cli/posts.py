"""`rukon posts`: write one or many, submit, follow, withdraw."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import REFUSED, Door, Noun
from cli.show import Row
from core.errors import BadInput
from core.sentences import sentence
from core.vocab import Channel, PostKind, PostState
from models import Delivery, Post
from services import history, media_limits, metrics, posts
from services.history import HistoryEntry
from services.media import Upload
from services.moments import read_moment
from services.post_import import COLUMNS as FILE_COLUMNS
from services.post_import import ImportedRow, import_posts, tags_of, with_picture
from services.posts import PostFilter, PostForm

app = Noun("Posts: from the draft to the history of what became of it.")

COLUMNS = ("id", "kind", "title", "due_at", "state", "revision")
DETAILS = (
    *COLUMNS, "event_id", "link", "media", "thread", "poll", "first_comment", "not_after", "author",
    "categories", *Channel,
)  # fmt: skip
DELIVERY_COLUMNS = ("id", "channel", "due_at", "state", "published_at", "permalink", "reason")
HISTORY_COLUMNS = ("at", "kind", "what", "who", "channel", "why")
IMPORT_COLUMNS = ("row", "title", "post_id", "problem")
Number = Annotated[int, typer.Argument(help="number of the post")]
Title = Annotated[str, typer.Argument(help="what colleagues see in lists")]
Picture = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="JPEG, PNG, WebP or GIF")]
Revision = Annotated[int | None, typer.Option(help="only if the post is still this revision")]


@app.command("add")
def add(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    title: Title,
    *,
    facebook: Annotated[str, typer.Option(help="text for Facebook; none: not there")] = "",
    x: Annotated[str, typer.Option("--x", help="text for X; none: not there")] = "",
    kind: Annotated[PostKind, typer.Option()] = PostKind.GENERAL,
    due: Annotated[str, typer.Option(help="2026-11-25T09:00 or 25/11/2569 09.00")] = "",
    event: Annotated[int | None, typer.Option(help="number of the event")] = None,
    link: Annotated[str, typer.Option()] = "",
    image: Picture = None,
    alt_text: Annotated[str, typer.Option(help="what the picture shows, for who cannot see it")] = "",
    categories: Annotated[str, typer.Option(help="news; photo=why: kinds of level 2")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="also ask for approval")] = False,
) -> None:
    """Write a draft for the channels that have a text."""
    bodies = {channel: body for channel, body in ((Channel.FACEBOOK, facebook), (Channel.X, x)) if body}
    due_at = read_moment(due, "due_at") if due else None
    form = PostForm(kind, title, bodies, event, link, due_at=due_at, tags=tags_of(categories))
    if image is not None:
        form = with_picture(door.rt, form, Upload(image.name, image.read_bytes()), alt_text, door.person)
    with door.begin() as session:
        post = posts.create_post(session, form, door.person, door.now)
        session.flush()
        if submit:
            media_limits.check_media(session, post, door.rt.settings)
            posts.submit_post(session, post.id, post.revision, door.person, door.now)
        row = row_of(post)
    door.done("post_submitted" if submit else "post_added", row)


@app.command(
    "import",
    help=f"Write a draft per row of a CSV or JSON file, or none. Columns: {', '.join(FILE_COLUMNS)}.",
)
def import_many(
    door: Door, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="UTF-8 .csv or .json")]
) -> None:
    """Write a draft per row, or none: pictures are looked for beside the file."""
    found = import_posts(
        door.rt, file.name, file.read_bytes(), lambda name: _picture(file.parent, name), door.person
    )
    door.rows("rows", [_import_row(one, door) for one in found], IMPORT_COLUMNS)
    wrong = sum(one.error is not None for one in found)
    if wrong:
        door.leave(REFUSED, door.say("cli.import_refused", wrong=wrong, rows=len(found)))


@app.command("list")
def list_all(
    door: Door,
    *,
    state: Annotated[list[PostState] | None, typer.Option(help="may be given several times")] = None,
    event: Annotated[int | None, typer.Option(help="number of the event")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 100,
) -> None:
    """List posts, last changed first."""
    with door.begin() as session:
        wanted = PostFilter(states=frozenset(state or ()), event_id=event, limit=limit)
        rows = [row_of(post) for post in posts.list_posts(session, wanted)]
    door.rows("posts", rows, COLUMNS)


@app.command("show")
def show_one(door: Door, number: Number) -> None:
    """Show a post, what became of it on each account, and everything that ever happened to it."""
    with door.begin() as session:
        view = posts.load_post(session, number)
        counts = metrics.latest(session, [row.id for row in view.deliveries])
        entries = history.post_history(session, number)
    row = {**row_of(view.post), "author": view.author.name}
    figures = {
        row_id: {name.value: one.value for name, one in read.items()} for row_id, read in counts.items()
    }
    deliveries = [{**delivery_row(one), "metrics": figures.get(one.id, {})} for one in view.deliveries]
    if door.as_json:
        door.record({**row, "deliveries": deliveries, "history": [_entry(one, door) for one in entries]}, ())
        return
    door.record(row, DETAILS)
    print()
    door.rows("deliveries", [_worded(one, door) for one in deliveries], DELIVERY_COLUMNS)
    print()
    door.rows("history", [_entry(one, door) for one in entries], HISTORY_COLUMNS)


@app.command("submit")
def submit(door: Door, number: Number, revision: Revision = None) -> None:
    """Ask for approval."""
    with door.begin() as session:
        known = posts.lock_post(session, number)
        media_limits.check_media(session, known, door.rt.settings)
        post = posts.submit_post(session, number, revision or known.revision, door.person, door.now)
        row = row_of(post)
    door.done("post_submitted", row)


@app.command("recall")
def recall(door: Door, number: Number, revision: Revision = None) -> None:
    """Take a post back from review, to change it."""
    with door.begin() as session:
        known = posts.lock_post(session, number)
        row = row_of(posts.recall_post(session, number, revision or known.revision, door.person, door.now))
    door.done("post_recalled", row)


@app.command("withdraw")
def withdraw(
    door: Door, number: Number, reason: Annotated[str, typer.Option(help="why; shown in the history")]
) -> None:
    """Give a post up for good and cancel what waits of it."""
    with door.begin() as session:
        row = row_of(posts.withdraw_post(session, number, reason, door.person, door.now))
    door.done("post_withdrawn", row)


def row_of(post: Post) -> Row:
    """Return a post with its text per channel."""
    names = ("id", "kind", "title", "event_id", "link", "poll", "reply_settings", "first_comment",
             "due_at", "not_after", "state", "revision", "approved_revision", "author_id", "created_at",
             "changed_at")  # fmt: skip
    return {
        **{name: getattr(post, name) for name in names},
        **{variant.channel.value: variant.body for variant in post.variants},
        "thread": [text for variant in post.variants for text in variant.thread],
        "media": [{"asset_id": one.asset_id, "alt_text": one.alt_text} for one in post.media],
        "categories": [tag.category for tag in post.categories],
    }


def delivery_row(row: Delivery) -> Row:
    """Return one post on one account; account and post must be loaded."""
    names = ("id", "post_id", "account_id", "due_at", "not_after", "state", "published_at", "verified_at",
             "gone_at", "remote_id", "permalink", "reason", "detail")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "channel": row.account.channel,
        "account": row.account.name,
    }


def _worded(row: Row, door: Door) -> Row:
    return {**row, "reason": door.say(f"reason.{row['reason']}") if row["reason"] else ""}


def _entry(entry: HistoryEntry, door: Door) -> Row:
    plain = {
        "at": entry.at, "kind": entry.kind, "what": entry.what, "who": entry.who, "why": entry.why,
        "delivery_id": entry.delivery_id, "channel": entry.account.channel if entry.account else None,
    }  # fmt: skip
    if door.as_json:
        return {**plain, "detail": dict(entry.detail)}
    return {
        **plain,
        "kind": door.say(f"cli.history.{entry.kind}"),
        "what": _what(entry, door),
        "why": _why(entry, door),
    }


def _what(entry: HistoryEntry, door: Door) -> str:
    if entry.kind == "move":
        return door.say(f"{entry.detail['subject']}_state.{entry.what}")
    return door.say(f"audit.{entry.what}" if entry.kind == "deed" else f"cli.{entry.kind}.{entry.what}")


def _why(entry: HistoryEntry, door: Door) -> str:
    """Return a reason code in words; what people typed stays as it is."""
    worded = door.say(f"reason.{entry.why}")
    return entry.why if worded == f"reason.{entry.why}" else worded


def _picture(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise BadInput("picture_missing", field="image", name=name)
    return path.read_bytes()


def _import_row(one: ImportedRow, door: Door) -> Row:
    problem = sentence(one.error, door.lang) if one.error else None
    return {
        "row": one.number, "title": one.title, "post_id": one.post_id, "problem": problem,
        "error": one.error.key if one.error else None,
        "field": one.error.params.get("field") if one.error else None,
    }  # fmt: skip
