"""Which lines of the bill a good answer makes (platforms/x.md section 8); what is only included is free."""

from collections.abc import Iterable, Iterator
from typing import Any

from sandbox.accounts import X
from sandbox.xapi.call import XCall
from sandbox.xapi.text import link_spans

Answer = tuple[int, dict[str, Any]]
Item = tuple[str, str]


def nothing(_: XCall, __: Answer) -> Iterable[Item]:
    """Free."""
    return ()


def creation(call: XCall, answer: Answer) -> Iterator[Item]:
    """Bill a post: dear with a link in it, cheap as an answer to somebody who mentioned us."""
    body = call.body()
    parent = call.world.books.posts.get((X, str(body.get("reply", {}).get("in_reply_to_tweet_id", ""))))
    summoned = parent is not None and parent.account != call.caller.id
    link = bool(link_spans(str(body.get("text", ""))))
    yield "post_link" if link else "reply_summoned" if summoned else "post", answer[1]["data"]["id"]


def deletion(call: XCall, answer: Answer) -> Iterator[Item]:
    """One deletion, unless there was nothing to delete."""
    if answer[1]["data"]["deleted"]:
        yield "delete", call.ids["id"]


def posts(_: XCall, answer: Answer) -> Iterator[Item]:
    """Each post returned."""
    yield from (("post_read", one) for one in _ids(answer))


def own_posts(call: XCall, answer: Answer) -> Iterator[Item]:
    """Each post returned: cheap for one's own account."""
    item = "owned_read" if call.ids.get("id") == call.caller.id else "post_read"
    yield from ((item, one) for one in _ids(answer))


def users(_: XCall, answer: Answer) -> Iterator[Item]:
    """Each user returned."""
    yield from (("user_read", one) for one in _ids(answer))


def description(call: XCall, _: Answer) -> Iterator[Item]:
    """One alt text."""
    yield "media_metadata", str(call.body().get("id", ""))


def counting(_: XCall, __: Answer) -> Iterator[Item]:
    """One count, whatever it found."""
    yield "counts", ""


def _ids(answer: Answer) -> list[str]:
    data = answer[1].get("data", [])
    rows = data if isinstance(data, list) else [data]
    return [str(row["id"]) for row in rows]
