"""One connection to Facebook, open, for one public call: a post, a video's last step, a comment."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

import requests

from connectors.base import Message, OutcomeUnknown, Receipt, Rejected
from connectors.facebook import videos
from connectors.facebook.graph import Graph
from connectors.facebook.moments import moment
from connectors.transport import read_object
from core.vocab import MediaKind, MessageKind

TRACE_HEADER = "x-fb-trace-id"
TOLD = {"fields": "id,permalink_url,created_time"}


class FacebookLine:
    """One connection to Facebook, open, for one call. for_videos: connects to the host of video bytes."""

    def __init__(
        self, graph: Graph, page_id: str, for_videos: Callable[[], AbstractContextManager[Graph]] | None
    ) -> None:
        self._graph = graph
        self._page_id = page_id
        self._for_videos = for_videos

    def publish(self, message: Message) -> Receipt:
        """Make a post, a video or a comment public."""
        if message.kind is MessageKind.COMMENT:
            return self._comment(message)
        _check_sayable(message)
        if message.media_kind is MediaKind.VIDEO and message.media_ids:
            return self._video(message)
        return self._feed(message, TOLD)

    def draft(self, message: Message) -> Receipt:
        """Make a post nobody sees; comments and videos have no drafts."""
        _check_sayable(message)
        if message.kind is MessageKind.COMMENT or message.media_kind is MediaKind.VIDEO:
            raise Rejected("unsupported_here", "draft")
        return self._feed(message, {"published": "false", "fields": "id"})

    def flip(self, draft_id: str) -> Receipt:
        """Make a draft public; a second time is the same post."""
        response = self._graph.post(draft_id, {"is_published": "true"})
        return _confirmed(response, draft_id)

    def _feed(self, message: Message, more: Mapping[str, str]) -> Receipt:
        form = {"message": message.text, "link": message.link, **more}
        if message.media_ids:
            form["attached_media"] = json.dumps([{"media_fbid": one} for one in message.media_ids])
        filled = {name: value for name, value in form.items() if value}
        return _receipt(self._graph.post(f"{self._page_id}/feed", filled))

    def _comment(self, message: Message) -> Receipt:
        if not message.reply_to or message.media_ids:
            raise Rejected("unsupported_here", "comment")
        form = {"message": message.text, **TOLD}
        return _receipt(self._graph.post(f"{message.reply_to}/comments", form))

    def _video(self, message: Message) -> Receipt:
        path, form, remote_id = videos.finish(self._page_id, message.media_ids[0], message.text)
        if self._for_videos is None:
            return _confirmed(self._graph.post(path, form), remote_id)
        with self._for_videos() as graph:
            return _confirmed(graph.post(path, form), remote_id)


def _check_sayable(message: Message) -> None:
    """Raise Rejected for what Facebook has no words for: it would go out as something else."""
    if message.poll is not None or (message.reply_to and message.kind is MessageKind.POST):
        raise Rejected("unsupported_here", "poll" if message.poll else "reply")
    if message.media_kind is MediaKind.VIDEO and len(message.media_ids) > 1:
        raise Rejected("unsupported_here", "videos")


def _confirmed(response: requests.Response, remote_id: str) -> Receipt:
    """Return the receipt of a call that Facebook confirms with no more than success."""
    trace = response.headers.get(TRACE_HEADER, "")
    if read_object(response).get("success") is not True:
        raise OutcomeUnknown("answer_unreadable", http_status=response.status_code, trace_id=trace)
    return Receipt(remote_id, http_status=response.status_code, trace_id=trace)


def _receipt(response: requests.Response) -> Receipt:
    """Return what Facebook confirms; without an id nothing is confirmed."""
    body, trace = read_object(response), response.headers.get(TRACE_HEADER, "")
    if not isinstance(body.get("id"), str):
        raise OutcomeUnknown("answer_unreadable", http_status=response.status_code, trace_id=trace)
    return Receipt(
        remote_id=body["id"],
        permalink=str(body.get("permalink_url") or "") or None,
        published_at=_moment(body.get("created_time")),
        http_status=response.status_code,
        trace_id=trace,
    )


def _moment(told: object) -> datetime | None:
    try:
        return moment(str(told))
    except ValueError:
        return None
