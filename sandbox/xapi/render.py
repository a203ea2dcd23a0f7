"""How posts and users look in answers: chosen fields, both vocabularies, metrics by age and by who asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.accounts import X
from sandbox.audience import count
from sandbox.ids import x_time
from sandbox.things import Post
from sandbox.xapi.call import POSTS_READ, XCall
from sandbox.xapi.errors import invalid, unauthorized_field
from sandbox.xapi.rows import (
    MEDIA_FIELDS,
    USER_FIELDS,
    media_key,
    media_row,
    private_metrics,
    public_metrics,
    user_row,
)
from sandbox.xapi.text import Shown, shown

PRIVATE_FOR = timedelta(days=30)
PRIVATE = ("non_public_metrics", "organic_metrics")
POST_FIELDS = (
    "attachments", "author_id", "context_annotations", "conversation_id", "created_at", "edit_controls",
    "edit_history_tweet_ids", "entities", "geo", "id", "in_reply_to_user_id", "lang", "non_public_metrics",
    "note_tweet", "organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics",
    "referenced_tweets", "reply_settings", "source", "text", "withheld",
)  # fmt: skip
EXPANSIONS = ("attachments.media_keys", "author_id", "in_reply_to_user_id", "referenced_tweets.id")
READ_PARAMETERS = (
    "tweet.fields",
    "post.fields",
    "user.fields",
    "media.fields",
    "poll.fields",
    "place.fields",
    "expansions",
)
# the spelling in the request decides the spelling of the answer
NEW_WORDS = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
    "retweet_count": "repost_count",
    "tweets": "posts",
    "tweet_count": "post_count",
}
OLD_WORDS = {new: old for old, new in NEW_WORDS.items()}


@dataclass(slots=True)
class View:
    """What one read asked for, and the problems met while answering it."""

    call: XCall
    new_words: bool
    fields: set[str]
    errors: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, call: XCall) -> "View":
        """Check the field parameters. Raises XError 400 on a value X does not know."""
        new_words = "post.fields" in call.query
        if new_words and "tweet.fields" in call.query:
            raise invalid(
                "tweet.fields and post.fields cannot be used together",
                "post.fields",
                call.query["post.fields"],
            )
        known = {NEW_WORDS.get(name, name) if new_words else name for name in POST_FIELDS}
        asked = call.listed("post.fields" if new_words else "tweet.fields", known)
        call.listed("user.fields", USER_FIELDS)
        call.listed("media.fields", MEDIA_FIELDS)
        call.listed("expansions", EXPANSIONS)
        fields = {OLD_WORDS.get(name, name) for name in asked}
        return cls(call, new_words, fields | {"id", "text", "edit_history_tweet_ids"})

    def answer(self, posts: list[Post], *, single: bool = False) -> dict[str, Any]:
        """Return {data, includes?, errors?}; `data` is absent when there is nothing to show."""
        rows = [self._row(post) for post in posts]
        self.call.world.calls[POSTS_READ] += len(rows)
        body: dict[str, Any] = {"data": rows[0] if single else rows} if rows else {}
        includes = self._includes(posts)
        if includes:
            body["includes"] = includes
        if self.errors:
            body["errors"] = self.errors
        return _spelt(body, NEW_WORDS) if self.new_words else body

    def _row(self, post: Post) -> dict[str, Any]:
        reading = PostReading(self.call, post)
        row = {}
        for name in POST_FIELDS:
            if name in self.fields and name in ROW:
                value = ROW[name](reading)
                if value is not None:
                    row[name] = value
        if self.fields & set(PRIVATE):
            self._add_private(post, row)
        return row

    def _add_private(self, post: Post, row: dict[str, Any]) -> None:
        """Private figures: own posts only, and only for thirty days; otherwise an entry in errors."""
        own = self.call.caller.id == post.account
        young = self.call.world.clock.now() - post.created_at <= PRIVATE_FOR
        for name in PRIVATE:
            if name in self.fields and not (own and young):
                self.errors.append(unauthorized_field(post.id, name))
            elif name in self.fields:
                row[name] = private_metrics(name, count(self.call.world, post))

    def _includes(self, posts: Iterable[Post]) -> dict[str, Any]:
        asked = self.call.query.get("expansions", "").split(",")
        includes: dict[str, Any] = {}
        if "attachments.media_keys" in asked:
            media = [one for post in posts for one in self.call.world.media_of(post)]
            fields = set(self.call.query.get("media.fields", "").split(","))
            includes["media"] = [media_row(one, fields, self.call) for one in media]
        if "author_id" in asked:
            authors = {post.account for post in posts}
            users = [self.call.world.books.accounts[X, author] for author in sorted(authors)]
            includes["users"] = [user_row(user, self.call) for user in users]
        return {name: rows for name, rows in includes.items() if rows}


@dataclass(frozen=True, slots=True)
class PostReading:
    """One post on its way into an answer."""

    call: XCall
    post: Post

    def shown(self) -> Shown:
        media = self.call.world.media_of(self.post)
        username = self.call.world.books.accounts[X, self.post.account].username
        page = f"https://x.com/{username}/status/{self.post.id}/photo"
        pictures = [(media_key(one), f"{page}/{place}") for place, one in enumerate(media, 1)]
        return shown(self.post.id, self.post.text, pictures)

    def parent(self) -> Post | None:
        return self.call.world.books.posts.get((X, self.post.reply_to))


def created_row(call: XCall, post: Post) -> dict[str, Any]:
    """Return the `data` of a 201."""
    return {"id": post.id, "text": PostReading(call, post).shown().text, "edit_history_tweet_ids": [post.id]}


def _attachments(reading: PostReading) -> dict[str, list[str]] | None:
    keys = [media_key(one) for one in reading.call.world.media_of(reading.post)]
    return {"media_keys": keys} if keys else None


def _entities(reading: PostReading) -> dict[str, Any] | None:
    urls = reading.shown().urls
    return {"urls": urls} if urls else None


def _conversation(reading: PostReading) -> str:
    post = reading.post
    while parent := reading.call.world.books.posts.get((X, post.reply_to)):
        post = parent
    return post.id


def _replied_user(reading: PostReading) -> str | None:
    parent = reading.parent()
    return parent.account if parent else None


def _referenced(reading: PostReading) -> list[dict[str, str]] | None:
    return [{"type": "replied_to", "id": reading.post.reply_to}] if reading.post.reply_to else None


ROW: dict[str, Callable[[PostReading], Any]] = {
    "id": lambda reading: reading.post.id,
    "text": lambda reading: reading.shown().text,
    "edit_history_tweet_ids": lambda reading: [reading.post.id],
    "created_at": lambda reading: x_time(reading.post.created_at),
    "author_id": lambda reading: reading.post.account,
    "conversation_id": _conversation,
    "in_reply_to_user_id": _replied_user,
    "referenced_tweets": _referenced,
    "attachments": _attachments,
    "entities": _entities,
    "lang": lambda _: "th",
    "possibly_sensitive": lambda _: False,
    "reply_settings": lambda reading: reading.post.reply_settings or "everyone",
    "public_metrics": lambda reading: public_metrics(count(reading.call.world, reading.post)),
}


def _spelt(value: Any, words: dict[str, str]) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the same JSON with its keys in the other vocabulary."""
    if isinstance(value, dict):
        return {words.get(name, name): _spelt(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_spelt(inner, words) for inner in value]
    return value
