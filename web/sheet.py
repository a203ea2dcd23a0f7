"""The composer's sheet: what is typed on it read as a post, a post shown on it, its pieces moved about."""

from collections.abc import Sequence
from dataclasses import replace

from core.vocab import Category, Channel, PostKind, ReplySettings
from models import Post
from services.content import Tag
from services.post_parts import OPTIONS, MediaItem, PollForm
from services.posts import PostForm
from services.texts import split
from web.forms import Form
from web.view import typed_day, typed_time

PARTS, ASSETS, ALTS, ANSWERS = "part", "asset_id", "alt_text", "poll_option"
FIRST_PART = 2  # the body is the first post of a thread


def read_post(form: Form) -> PostForm:
    """Return the post that was typed; raises BadInput with the field."""
    chosen = form.choices("channels", Channel)
    return PostForm(
        kind=form.choice("kind", PostKind),
        title=form.text("title"),
        bodies={channel: form.values.get(f"body_{channel}", "") for channel in chosen},
        event_id=form.number("event_id"),
        link=form.text("link"),
        media=chosen_media(form),
        due_at=form.moment("due_at"),
        not_after=form.moment("not_after"),
        tags=tuple(
            Tag(category, form.text(f"reason_{category}"), form.number(f"item_{category}"))
            for category in form.choices("categories", Category)
        ),
        thread=form.lists.get(PARTS, ()) if Channel.X in chosen else (),
        poll=PollForm(form.lists.get(ANSWERS, ()), form.number("poll_minutes") or 0),
        reply_settings=form.choice("reply_settings", ReplySettings)
        if form.text("reply_settings")
        else ReplySettings.EVERYONE,
        first_comment=form.values.get("first_comment", ""),
    )


def typed(post: Post) -> Form:
    """Return a post as the sheet shows it."""
    poll = post.poll or {"options": [], "minutes": ""}
    values = {
        "kind": post.kind.value, "title": post.title, "event_id": str(post.event_id or ""),
        "link": post.link, "revision": str(post.revision), "first_comment": post.first_comment,
        "reply_settings": post.reply_settings.value, "poll_minutes": str(poll["minutes"]),
    }  # fmt: skip
    for name, moment in (("due_at", post.due_at), ("not_after", post.not_after)):
        values |= {f"{name}_day": typed_day(moment), f"{name}_time": typed_time(moment)}
    values |= {f"body_{variant.channel}": variant.body for variant in post.variants}
    values |= {f"reason_{row.category}": row.reason for row in post.categories}
    values |= {f"item_{row.category}": str(row.item_id or "") for row in post.categories}
    lists = {
        "channels": tuple(variant.channel.value for variant in post.variants),
        "categories": tuple(row.category.value for row in post.categories),
        PARTS: tuple(text for variant in post.variants for text in variant.thread),
        ASSETS: tuple(str(one.asset_id) for one in post.media),
        ALTS: tuple(one.alt_text for one in post.media),
        ANSWERS: tuple(poll["options"]),
    }
    return Form(values, lists)


def chosen_media(form: Form) -> tuple[MediaItem, ...]:
    """Return the chosen files in their order, each with its words as typed so far."""
    ids = [typed for typed in form.lists.get(ASSETS, ()) if typed.isdecimal()]
    words = [*form.lists.get(ALTS, ()), *([""] * len(ids))]
    return tuple(MediaItem(int(one), words[place]) for place, one in enumerate(ids))


def answers(form: Form) -> list[str]:
    """Return the poll's answers as typed, with empty places up to as many as X takes."""
    return [*form.lists.get(ANSWERS, ()), *([""] * OPTIONS[1])][: OPTIONS[1]]


def text_of(form: Form, field: str) -> str:
    """Return the text of a field by its name on the sheet: part_2 is the first of the further posts."""
    place = _place(field)
    parts = form.lists.get(PARTS, ())
    return form.values.get(field, "") if place is None else "".join(parts[place : place + 1])


def with_text(form: Form, field: str, text: str) -> Form:
    """Return the form with a field's text typed anew."""
    place = _place(field)
    if place is None:
        return replace(form, values={**form.values, field: text})
    parts = list(form.lists.get(PARTS, ()))
    parts[place : place + 1] = [text]
    return with_lists(form, {PARTS: parts})


def with_media(form: Form, items: Sequence[MediaItem]) -> Form:
    """Return the form with other files, or in another order."""
    return with_lists(
        form, {ASSETS: [str(one.asset_id) for one in items], ALTS: [one.alt_text for one in items]}
    )


def with_lists(form: Form, changes: dict[str, Sequence[str]]) -> Form:
    """Return a form with some lists typed anew."""
    return replace(form, lists={**form.lists, **{name: tuple(typed) for name, typed in changes.items()}})


def rearranged(form: Form, do: str) -> Form:
    """Return the form after one button was pressed.

    do: add_part, drop_part|2, split, media_up|2, media_down|1, media_drop|1, counted as people do.
    A button for what is not there any more changes nothing.
    """
    deed, _, typed_place = do.partition("|")
    place = int(typed_place) if typed_place.isdecimal() else 0
    parts = list(form.lists.get(PARTS, ()))
    if deed == "add_part":
        return with_lists(form, {PARTS: [*parts, ""]})
    if deed == "drop_part" and FIRST_PART <= place < FIRST_PART + len(parts):
        del parts[place - FIRST_PART]
        return with_lists(form, {PARTS: parts})
    if deed == "split":
        return _split(form, parts)
    return _with_media_moved(form, deed, place - 1)


def _split(form: Form, parts: Sequence[str]) -> Form:
    """Cut all that is typed for X into as many posts as it takes."""
    whole = "\n\n".join(text.strip() for text in (form.values.get("body_x", ""), *parts) if text.strip())
    found = split(whole, form.text("link")) or [""]
    return with_lists(with_text(form, "body_x", found[0]), {PARTS: found[1:]})


def _with_media_moved(form: Form, deed: str, place: int) -> Form:
    items = list(chosen_media(form))
    if not 0 <= place < len(items):
        return form
    item = items.pop(place)
    if deed == "media_up":
        items.insert(max(0, place - 1), item)
    elif deed == "media_down":
        items.insert(place + 1, item)
    elif deed != "media_drop":
        return form
    return with_media(form, items)


def _place(field: str) -> int | None:
    """Return which of the further posts a field is, from 0; None for a field of its own name."""
    name, _, place = field.partition("_")
    return int(place) - FIRST_PART if name == PARTS and place.isdecimal() else None
