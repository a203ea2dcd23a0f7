"""The calls to X: tweepy over our own session, and the v2 calls that tweepy does not have.

tweepy's own media methods speak to a retired host whose ids X then refuses: they are never used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy

from connectors.base import Access, Message
from connectors.credentials import secret
from connectors.transport import PlatformSession
from connectors.x.bill import Bill

POSTING_HOST = "https://api.twitter.com"  # where tweepy calls
HOST = "https://api.x.com"
OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
PAGE_SIZE = 100
LEAST_PAGE = 5


@dataclass(frozen=True)
class Keys:
    """Either the four keys of an OAuth 1.0a user, or an OAuth 2.0 user token as `bearer_token`."""

    values: Mapping[str, str] = field(repr=False)
    ends_at: datetime | None = None

    @classmethod
    def of(cls, access: Access) -> "Keys":
        names = ("bearer_token",) if access.secrets.get("bearer_token") else OAUTH1
        ends = access.secrets.get("expires_at", "")
        moment = datetime.fromtimestamp(int(ends), UTC) if ends.isdecimal() else None
        return cls(dict(zip(names, secret(access, *names), strict=True)), moment)

    @property
    def user_auth(self) -> bool:
        """Whether tweepy signs; with False it sends the bearer token."""
        return "bearer_token" not in self.values

    def over(self, now: datetime) -> bool:
        """Say whether the token's own time is up; the keys of OAuth 1.0a have none."""
        return self.ends_at is not None and self.ends_at <= now


@dataclass(frozen=True)
class Span:
    """From when, and until when if not until now: aware, whole seconds; X wants an end that is past."""

    start: datetime
    end: datetime | None = None


class XApi:
    """X over one session; every call ends in a good response or raises PlatformTrouble.

    What X bills is noted as soon as the answer is there. A post is not noted: what was published is in the
    office's books, also where the answer was lost.
    """

    def __init__(self, session: PlatformSession, keys: Keys, bill: Bill) -> None:
        self._session = session
        self._keys = keys
        self._bill = bill
        self._client = tweepy.Client(**keys.values, return_type=requests.Response, wait_on_rate_limit=False)
        self._client.session = session

    def create(self, message: Message) -> requests.Response:
        """Make a post, a reply or a poll public; a link stands in the text, X has no other place for it."""
        poll = message.poll
        response: requests.Response = self._client.create_tweet(
            text=message.text or None,
            media_ids=list(message.media_ids) or None,
            in_reply_to_tweet_id=message.reply_to or None,
            poll_options=list(poll.options) if poll else None,
            poll_duration_minutes=poll.minutes if poll else None,
            reply_settings=message.reply_settings or None,
            user_auth=self._keys.user_auth,
        )
        return response

    def delete(self, remote_id: str) -> None:
        """Take a post away; X answers `deleted: false` for one that is not there."""
        response: requests.Response = self._client.delete_tweet(remote_id, user_auth=self._keys.user_auth)
        self._bill.deleted(remote_id, response)

    def me(self, *fields: str) -> requests.Response:
        response: requests.Response = self._client.get_me(
            user_fields=list(fields) or None, user_auth=self._keys.user_auth
        )
        self._bill.users(response)
        return response

    def timeline(self, user_id: str, fields: Sequence[str], span: Span, token: str = "") -> requests.Response:
        """Return one page of a user's own posts, newest first."""
        return self._owned(
            self._client.get_users_tweets, user_id, fields,
            start_time=span.start, end_time=span.end, max_results=PAGE_SIZE, pagination_token=token or None,
        )  # fmt: skip

    def around(self, user_id: str, fields: Sequence[str], remote_id: str) -> requests.Response:
        """Return the page of a user's own posts that can hold just this one: a fifth of a read by id."""
        number = int(remote_id)
        return self._owned(
            self._client.get_users_tweets, user_id, fields,
            since_id=number - 1, until_id=number + 1, max_results=LEAST_PAGE,
        )  # fmt: skip

    def mentions(self, user_id: str, fields: Sequence[str], span: Span, token: str = "") -> requests.Response:
        """Return one page of the posts that mention a user, newest first."""
        return self._owned(
            self._client.get_users_mentions, user_id, fields,
            start_time=span.start, max_results=PAGE_SIZE, pagination_token=token or None,
        )  # fmt: skip

    def lookup(self, ids: Sequence[str], fields: Sequence[str]) -> requests.Response:
        """Return up to 100 posts by id; what is not there is told in `errors`."""
        response: requests.Response = self._client.get_tweets(
            list(ids), tweet_fields=list(fields), user_auth=self._keys.user_auth
        )
        self._bill.posts(response)
        return response

    def upload(self, name: str, content: bytes, mime: str) -> requests.Response:
        """Upload a picture in one piece; nothing public."""
        return self._media(
            "POST", "upload", files={"media": (name, content, mime)}, data={"media_category": "tweet_image"}
        )

    def initialize(self, mime: str, size: int, category: str) -> requests.Response:
        """Announce an upload in segments."""
        body = {"media_type": mime, "total_bytes": size, "media_category": category, "shared": False}
        return self._media("POST", "upload/initialize", json=body)

    def append(self, media_id: str, index: int, segment: bytes) -> requests.Response:
        """Send one segment; the same one again replaces it."""
        return self._media(
            "POST", f"upload/{media_id}/append",
            files={"media": ("segment", segment)}, data={"segment_index": str(index)},
        )  # fmt: skip

    def finalize(self, media_id: str) -> requests.Response:
        """Say that all segments are there."""
        return self._media("POST", f"upload/{media_id}/finalize")

    def status(self, media_id: str) -> requests.Response:
        """Ask how far X is with a file."""
        return self._media("GET", "upload", params={"command": "STATUS", "media_id": media_id})

    def describe(self, media_id: str, alt: str) -> requests.Response:
        """Give an uploaded file its alt text."""
        response = self._media(
            "POST", "metadata", json={"id": media_id, "metadata": {"alt_text": {"text": alt}}}
        )
        self._bill.described()
        return response

    def usage(self) -> requests.Response:
        """Return what X counted of this month's post reads; tweepy does not have this call."""
        headers = {"Authorization": f"Bearer {self._keys.values['bearer_token']}"}
        return self._session.request("GET", f"{HOST}/2/usage/tweets", headers=headers)

    def _owned(self, call: Any, user_id: str, fields: Sequence[str], **more: Any) -> requests.Response:  # noqa: ANN401 -- tweepy has no types
        response: requests.Response = call(
            user_id, tweet_fields=list(fields), user_auth=self._keys.user_auth, **more
        )
        self._bill.owned_posts(response)
        return response

    def _media(self, method: str, call: str, **body: Any) -> requests.Response:  # noqa: ANN401 -- passed to requests
        if self._keys.user_auth:
            signer = tweepy.OAuth1UserHandler(*(self._keys.values[name] for name in OAUTH1))
            body["auth"] = signer.apply_auth()
        else:
            body["headers"] = {"Authorization": f"Bearer {self._keys.values['bearer_token']}"}
        return self._session.request(method, f"{HOST}/2/media/{call}", **body)
