"""The calls to X: tweepy over our own session, and the v2 media calls that tweepy does not have.

tweepy's own media methods speak to a retired host whose ids X then refuses: they are never used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import requests
import tweepy

from connectors.base import Access
from connectors.credentials import secret
from connectors.transport import PlatformSession

POSTING_HOST = "https://api.twitter.com"  # where tweepy calls
MEDIA_HOST = "https://api.x.com"
OAUTH1 = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
PAGE_SIZE = 100


@dataclass(frozen=True)
class Keys:
    """Either the four keys of an OAuth 1.0a user, or an OAuth 2.0 user token as `bearer_token`."""

    values: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, access: Access) -> "Keys":
        names = ("bearer_token",) if access.secrets.get("bearer_token") else OAUTH1
        return cls(dict(zip(names, secret(access, *names), strict=True)))

    @property
    def user_auth(self) -> bool:
        """Whether tweepy signs; with False it sends the bearer token."""
        return "bearer_token" not in self.values


@dataclass(frozen=True)
class Span:
    """From when, and until when if not until now: aware, whole seconds; X wants an end that is past."""

    start: datetime
    end: datetime | None = None


class XApi:
    """X over one session; every call ends in a good response or raises PlatformTrouble."""

    def __init__(self, session: PlatformSession, keys: Keys) -> None:
        self._session = session
        self._keys = keys
        self._client = tweepy.Client(**keys.values, return_type=requests.Response, wait_on_rate_limit=False)
        self._client.session = session

    def create(self, text: str, media_ids: Sequence[str]) -> requests.Response:
        response: requests.Response = self._client.create_tweet(
            text=text or None, media_ids=list(media_ids) or None, user_auth=self._keys.user_auth
        )
        return response

    def me(self, *fields: str) -> requests.Response:
        response: requests.Response = self._client.get_me(
            user_fields=list(fields) or None, user_auth=self._keys.user_auth
        )
        return response

    def timeline(self, user_id: str, fields: Sequence[str], span: Span, token: str = "") -> requests.Response:
        """Return one page of a user's own posts, newest first."""
        response: requests.Response = self._client.get_users_tweets(
            user_id, start_time=span.start, end_time=span.end, max_results=PAGE_SIZE,
            pagination_token=token or None, tweet_fields=list(fields), user_auth=self._keys.user_auth,
        )  # fmt: skip
        return response

    def lookup(self, ids: Sequence[str], fields: Sequence[str]) -> requests.Response:
        """Return up to 100 posts by id; what is not there is told in `errors`."""
        response: requests.Response = self._client.get_tweets(
            list(ids), tweet_fields=list(fields), user_auth=self._keys.user_auth
        )
        return response

    def upload(self, name: str, content: bytes, mime: str) -> requests.Response:
        """Upload a picture in one piece; nothing public."""
        return self._media(
            "upload", files={"media": (name, content, mime)}, data={"media_category": "tweet_image"}
        )

    def describe(self, media_id: str, alt: str) -> requests.Response:
        """Give an uploaded picture its alt text."""
        return self._media("metadata", json={"id": media_id, "metadata": {"alt_text": {"text": alt}}})

    def _media(self, call: str, **body: Any) -> requests.Response:  # noqa: ANN401 -- passed to requests
        if self._keys.user_auth:
            signer = tweepy.OAuth1UserHandler(*(self._keys.values[name] for name in OAUTH1))
            body["auth"] = signer.apply_auth()
        else:
            body["headers"] = {"Authorization": f"Bearer {self._keys.values['bearer_token']}"}
        return self._session.request("POST", f"{MEDIA_HOST}/2/media/{call}", **body)
