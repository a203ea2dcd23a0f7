"""The body of a new post, checked key by key: X refuses what it does not know."""

from typing import Any

from sandbox.xapi.errors import invalid

KEYS = {
    "card_uri", "community_id", "direct_message_deep_link", "edit_options", "for_super_followers_only",
    "geo", "made_with_ai", "media", "nullcast", "paid_partnership", "poll", "quote_tweet_id", "reply",
    "reply_settings", "share_with_followers", "text",
}  # fmt: skip
INNER_KEYS = {
    "media": {
        "media_ids",
        "tagged_user_ids",
        "title",
        "description",
        "preview_media_id",
        "embeddable",
        "call_to_actions",
    },
    "reply": {"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"},
    "poll": {"options", "duration_minutes"},
    "edit_options": {"previous_post_id"},
    "geo": {"place_id"},
}
REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")
PICTURES_MAX = 4
POLL_OPTIONS = range(2, 5)
POLL_MINUTES = range(5, 10_081)
OPTION_MAX = 25
UNKNOWN_KEY = "is not defined in the schema and the schema does not allow additional properties"


def check(body: dict[str, Any]) -> None:
    """Raise the 400 of the first thing wrong: unknown keys, wrong kinds, things that exclude one another."""
    _known(body, KEYS, "$")
    for name, keys in INNER_KEYS.items():
        if name in body:
            if not isinstance(body[name], dict):
                raise invalid(
                    f"$.{name}: {type(body[name]).__name__} found, object expected", name, body[name]
                )
            _known(body[name], keys, f"$.{name}")
    if not isinstance(body.get("text", ""), str):
        raise invalid("$.text: string expected", "text", body["text"])
    _check_choices(body)
    _check_media(body)
    _check_poll(body)


def _known(body: dict[str, Any], keys: set[str], where: str) -> None:
    for name, value in body.items():
        if name not in keys:
            raise invalid(f"{where}.{name}: {UNKNOWN_KEY}", name, value)


def _check_choices(body: dict[str, Any]) -> None:
    if sum(name in body for name in ("media", "poll", "quote_tweet_id")) > 1:
        raise invalid("Only one of media, poll and quote_tweet_id is allowed.")
    if not body.get("text") and not ({"media", "poll", "card_uri"} & body.keys()):
        raise invalid("$.text: is missing but it is required", "text")
    if "reply_settings" in body and body["reply_settings"] not in REPLY_SETTINGS:
        told = f"$.reply_settings: does not have a value in the enumeration {list(REPLY_SETTINGS)}"
        raise invalid(told, "reply_settings", body["reply_settings"])


def _check_poll(body: dict[str, Any]) -> None:
    if "poll" not in body:
        return
    options, minutes = body["poll"].get("options"), body["poll"].get("duration_minutes")
    fine = isinstance(options, list) and len(options) in POLL_OPTIONS
    if not fine or any(not isinstance(one, str) or not 1 <= len(one) <= OPTION_MAX for one in options):
        raise invalid("$.poll.options: 2 to 4 options of 1 to 25 characters", "poll.options", options)
    if not isinstance(minutes, int) or minutes not in POLL_MINUTES:
        raise invalid("$.poll.duration_minutes: must be 5 to 10080", "poll.duration_minutes", minutes)


def _check_media(body: dict[str, Any]) -> None:
    if "media" not in body:
        return
    ids = body["media"].get("media_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= PICTURES_MAX:
        raise invalid(
            f"$.media.media_ids: must have between 1 and {PICTURES_MAX} items", "media.media_ids", ids
        )
    if any(not isinstance(one, str) or not one.isdigit() for one in ids):
        raise invalid(
            "$.media.media_ids: does not match the regex pattern ^[0-9]{1,19}$", "media.media_ids", ids
        )
