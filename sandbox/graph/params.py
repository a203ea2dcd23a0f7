"""Which parameters each Graph call takes; any other is refused, so that a slip of the pen is seen here."""

from collections.abc import Iterable

from sandbox.graph.errors import bad_parameter

ALWAYS = frozenset({"access_token", "appsecret_proof"})
FIELDS = frozenset({"fields"})
PAGED = FIELDS | {"limit", "since", "until", "after", "before", "__paging_token"}
TIMELINE = PAGED | {"include_hidden"}
FEED = FIELDS | {
    "message", "link", "published", "scheduled_publish_time", "unpublished_content_type", "attached_media",
    "backdated_time", "targeting", "feed_targeting", "call_to_action", "place", "tags", "child_attachments",
}  # fmt: skip
PHOTO = FIELDS | {
    "url", "source", "caption", "message", "published", "alt_text_custom", "temporary", "no_story",
    "scheduled_publish_time",
}  # fmt: skip
VIDEO = FIELDS | {
    "upload_phase", "file_size", "upload_session_id", "start_offset", "video_file_chunk", "title",
    "description", "published", "source", "file_url", "fbuploader_video_file_chunk", "thumb",
    "is_ai_generated", "no_story",
    "scheduled_publish_time",
}  # fmt: skip
CHANGE = frozenset({
    "message", "is_published", "is_hidden", "is_pinned", "attached_media", "backdated_time", "attachment_url",
})  # fmt: skip
COMMENT = FIELDS | {"message", "attachment_url"}
COMMENTS = PAGED | {"filter", "order", "summary"}
INSIGHTS = frozenset({"metric", "period", "since", "until", "date_preset", "breakdown", "after", "before"})
BATCH = frozenset({"batch", "include_headers"})
TOKEN = frozenset({
    "client_id", "client_secret", "redirect_uri", "code", "grant_type", "fb_exchange_token",
    "set_token_expires_in_60_days",
})  # fmt: skip
UPLOAD = frozenset({"file_name", "file_length", "file_type"})
REEL = frozenset({
    "upload_phase", "video_id", "video_state", "description", "title", "scheduled_publish_time",
})  # fmt: skip


def check(given: Iterable[str], taken: frozenset[str]) -> None:
    """Raise the (#100) refusal of the first parameter that this call does not take."""
    for name in given:
        if name.partition("[")[0] not in taken | ALWAYS:
            raise bad_parameter(f"Unknown parameter {name}")
