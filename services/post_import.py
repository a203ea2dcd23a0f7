"""Many posts from one CSV or JSON file: all of them, or none and a sentence for every row that is wrong."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from core.errors import BadInput, RukonError
from core.vocab import Category, Channel, PostKind, Role
from models.people import Person
from services.content import Tag
from services.media import Upload, store_image
from services.moments import read_moment
from services.people import require
from services.pictures import normalise
from services.post_parts import MediaItem
from services.posts import PostForm, create_post
from services.runtime import Runtime
from services.typed import line

COLUMNS = (
    "title", "kind", "due_at", "facebook", "x", "link", "image", "alt_text", "event_id", "categories",
    "not_after",
)  # fmt: skip
LARGEST = 1000
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class ImportedRow:
    """One row of the file: its number (the first is 1), and the post it became or what is wrong with it."""

    number: int
    title: str
    error: RukonError | None = None
    post_id: int | None = None


def import_posts(
    rt: Runtime, name: str, data: bytes, pictures: Callable[[str], bytes], person: Person
) -> list[ImportedRow]:
    """Write a draft per row if every row is right; else nothing is written and the rows carry their errors.

    name: the file's name, .csv (UTF-8, a head with names of COLUMNS) or .json (a list of objects).
    pictures: gives the bytes of a picture that a row names; raises `file_missing`.
    Raises posts_file_unread, posts_file_columns, posts_file_empty, posts_file_long.
    """
    require(person, Role.OFFICER)
    rows = read_rows(name, data)
    tried = [_try_row(rt, number, row, pictures, person) for number, row in enumerate(rows, 1)]
    if any(one.error for one in tried):
        return tried
    forms = [
        with_picture(
            rt, form_of(row), Upload(row["image"], pictures(row["image"])), row.get("alt_text", ""), person
        )
        if "image" in row else form_of(row)
        for row in rows
    ]  # fmt: skip
    with rt.sessions.begin() as session:
        posts = [create_post(session, form, person, rt.clock.now()) for form in forms]
        session.flush()
        return [replace(one, post_id=post.id) for one, post in zip(tried, posts, strict=True)]


def read_rows(name: str, data: bytes) -> list[dict[str, str]]:
    """Return the rows as text by column; what a row does not say is absent."""
    try:
        text = data.decode("utf-8-sig")
        found = (
            json.loads(text) if name.lower().endswith(".json") else list(csv.DictReader(io.StringIO(text)))
        )
    except (ValueError, csv.Error) as exc:
        raise BadInput("posts_file_unread", field="file") from exc
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadInput("posts_file_unread", field="file")
    unknown = sorted({str(key) for row in found for key in row} - set(COLUMNS))
    if unknown:
        raise BadInput("posts_file_columns", field="file", unknown=unknown, known=COLUMNS)
    rows = [
        {key: str(value).strip() for key, value in row.items() if value not in (None, "")} for row in found
    ]
    if not any(rows):
        raise BadInput("posts_file_empty", field="file")
    if len(rows) > LARGEST:
        raise BadInput("posts_file_long", field="file", rows=len(rows), limit=LARGEST)
    return rows


def _try_row(
    rt: Runtime, number: int, row: Mapping[str, str], pictures: Callable[[str], bytes], person: Person
) -> ImportedRow:
    """Make a post of a row and take it back."""
    title = row.get("title", "")
    try:
        picture = pictures(row["image"]) if "image" in row else None
        _try_form(rt, form_of(row), person, picture, row.get("alt_text", ""))
    except RukonError as error:
        return ImportedRow(number, title, error)
    return ImportedRow(number, title)


def _try_form(rt: Runtime, form: PostForm, person: Person, picture: bytes | None, alt_text: str) -> None:
    """Raise what making the post, and keeping its picture, would raise; nothing of it stays."""
    if picture is not None:
        normalise(picture)
        line(alt_text, "alt_text", 1000, needed="alt_text_missing")
    with rt.sessions() as session:  # never committed
        create_post(session, form, person, rt.clock.now())
        session.flush()


def form_of(row: Mapping[str, str]) -> PostForm:
    """Return a row as a form without its picture; raises what reading a field raises."""
    due_at, not_after, event = row.get("due_at"), row.get("not_after"), row.get("event_id", "")
    if event and not event.isdecimal():
        raise BadInput("not_a_number", field="event_id", raw=event)
    return PostForm(
        kind=_word(row.get("kind", PostKind.GENERAL), PostKind, "kind"),
        title=row.get("title", ""),
        bodies={channel: row[channel.value] for channel in Channel if channel.value in row},
        event_id=int(event) if event else None,
        link=row.get("link", ""),
        due_at=read_moment(due_at, "due_at") if due_at else None,
        not_after=read_moment(not_after, "not_after") if not_after else None,
        tags=tags_of(row.get("categories", "")),
    )


def with_picture(rt: Runtime, form: PostForm, upload: Upload, alt_text: str, person: Person) -> PostForm:
    """Keep a picture and return the form with it; what else is wrong is raised before anything is kept."""
    _try_form(rt, form, person, upload.data, alt_text)
    return replace(form, media=(MediaItem(store_image(rt, upload, person).id, alt_text),))


def tags_of(typed: str) -> tuple[Tag, ...]:
    """Return `news; photo=why` as tags: kinds apart by semicolons, the reason behind an equals sign."""
    parts = [part.partition("=") for part in typed.split(";") if part.strip()]
    return tuple(Tag(_word(kind.strip(), Category, "categories"), why.strip()) for kind, _, why in parts)


def _word(typed: str, kind: type[Word], field: str) -> Word:
    try:
        return kind(typed)
    except ValueError as exc:
        raise BadInput("word_unknown", field=field, raw=typed, known=[one.value for one in kind]) from exc
