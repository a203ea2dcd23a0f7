"""Posts of an X account as X shows them: links as t.co, signs escaped; comparing is the caller's work."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.base import Listing, Rejected, RemotePost
from connectors.transport import expecting, read_object
from connectors.x.api import PAGE_SIZE, Span, XApi

FIELDS = ("id", "text", "created_at", "entities", "attachments", "note_tweet", "referenced_tweets")
REPLIED_TO = "replied_to"
LISTED_MAX = 3_200  # X lists the newest posts up to here and no more
PAGES_MAX = LISTED_MAX // PAGE_SIZE
EPOCH_MS = 1288834974657
NOT_FOUND = "resource-not-found"


def find(api: XApi, user_id: str, since: datetime, site: str) -> Listing:
    """Return the account's posts since a moment, newest first; incomplete if X names problems or runs out."""
    found: list[RemotePost] = []
    span, token, whole = Span(since.replace(microsecond=0)), "", True
    for _ in range(PAGES_MAX):
        body = read_object(api.timeline(user_id, FIELDS, span, token))
        with expecting("timeline"):
            found += [remote_post(row, site) for row in body.get("data", [])]
            token = str(body["meta"].get("next_token", ""))
        whole = whole and not body.get("errors")
        if not token:
            return Listing(tuple(found), complete=whole and len(found) < LISTED_MAX)
    return Listing(tuple(found), complete=False)


def read(api: XApi, user_id: str, remote_id: str, site: str) -> RemotePost | None:
    """Return one of our posts, None if X says that it is not there.

    The own timeline is asked first, as that costs a fifth; only a read by id says that a post is gone.
    """
    for row in _around(api, user_id, remote_id):
        if str(row.get("id")) == remote_id:
            with expecting("post"):
                return remote_post(row, site)
    return _by_id(api, remote_id, site)


def _around(api: XApi, user_id: str, remote_id: str) -> list[Mapping[str, Any]]:
    if not remote_id.isdecimal():
        return []
    try:
        rows = read_object(api.around(user_id, FIELDS, remote_id)).get("data")
    except Rejected:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _by_id(api: XApi, remote_id: str, site: str) -> RemotePost | None:
    try:
        body = read_object(api.lookup([remote_id], FIELDS))
    except Rejected as trouble:
        if trouble.code == "not_found":
            return None
        raise
    with expecting("post"):
        rows = body.get("data", [])
        if rows:
            return remote_post(rows[0], site)
        if any(str(error["type"]).endswith(NOT_FOUND) for error in body["errors"]):
            return None
        raise ValueError(remote_id)  # neither the post nor the word that it is gone


def remote_post(row: Mapping[str, Any], site: str) -> RemotePost:
    """Return a row as our value; raises KeyError, TypeError or ValueError for another shape."""
    note = row.get("note_tweet") or row.get("note_post") or {}
    entities = note.get("entities") or row.get("entities") or {}
    remote_id = str(row["id"])
    return RemotePost(
        remote_id=remote_id,
        text=str(note.get("text") or row.get("text", "")),
        created_at=datetime.fromisoformat(row["created_at"]).astimezone(UTC),
        permalink=permalink(site, remote_id),
        media_count=len((row.get("attachments") or {}).get("media_keys", [])),
        entities=entities.get("urls", []),
        reply_to=replied_to(row),
        raw=row,
    )


def replied_to(row: Mapping[str, Any]) -> str:
    """Return the id of the post that a row answers, empty if it answers none; in both vocabularies."""
    references = row.get("referenced_tweets") or row.get("referenced_posts") or []
    return next((str(one["id"]) for one in references if one.get("type") == REPLIED_TO), "")


def permalink(site: str, remote_id: str) -> str:
    """Return the address of a post; X needs no user name in it."""
    return f"{site}/i/status/{remote_id}"


def made_at(remote_id: str) -> datetime | None:
    """Return the moment an id was made: its upper bits are milliseconds."""
    if not remote_id.isdecimal():
        return None
    return datetime.fromtimestamp(((int(remote_id) >> 22) + EPOCH_MS) / 1000, UTC)
