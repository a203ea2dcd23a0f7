"""The fictional Pages and users, and the tokens that open them.

Credentials are made from the account's id, so the demo accounts are the same on every machine and worth
nothing anywhere else. `/__control/credentials` hands them out.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

Channel = Literal["facebook", "x"]

FACEBOOK: Channel = "facebook"
X: Channel = "x"
DEMO_PAGE_ID = "102564000000001"
DEMO_X_ID = "1102564000000000001"
DEMO_NAME = "กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์"
DEMO_X_USERNAME = "pr_sandbox_demo"
DEMO_APP_ID = "900256400000001"
PERSON_ID = "10225640000000001"
SYSTEM_PERSON_ID = "10225640000000002"
DEMO_X_CLIENT_ID = "25640001"
PAGE_SCOPES = (
    "pages_show_list", "pages_manage_posts", "pages_read_engagement", "pages_read_user_content",
    "pages_manage_engagement", "read_insights", "pages_manage_metadata",
)  # fmt: skip
MOMENTS = ("expires_at", "data_access_expires_at")
PAGE_TASKS = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")


@dataclass(slots=True)
class Account:
    """A Page or an X user. `followers` is what a new account starts with; a citizen's has no token."""

    channel: Channel
    id: str
    name: str
    username: str
    followers: int = 48_000
    citizen: bool = False

    def record(self) -> dict[str, Any]:
        return {"kind": "account", **asdict(self)}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        return cls(**{name: record[name] for name in cls.__dataclass_fields__ if name in record})


@dataclass(slots=True)
class Token:
    """What a credential opens; `dead` is the 190 subcode Facebook would answer with, None while it lives.

    `person`: who signed in for it. `pages`: the Pages a person let the app have, each with the tasks there;
    None for every Page.
    """

    channel: Channel
    kind: Literal["page", "user", "app", "refresh"]
    account_id: str
    scopes: set[str] = field(default_factory=set)
    tasks: tuple[str, ...] = PAGE_TASKS
    dead: int | None = None
    expires_at: datetime | None = None
    data_access_expires_at: datetime | None = None
    read_only: bool = False
    person: str = ""
    pages: dict[str, list[str]] | None = None

    def record(self, mark: str) -> dict[str, Any]:
        told = asdict(self) | {"scopes": sorted(self.scopes)}
        told |= {name: at.isoformat() for name in MOMENTS if (at := told[name])}
        return {"kind": "token", "channel": self.channel, "id": mark, "token": told}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        told = {name: record["token"][name] for name in cls.__dataclass_fields__}
        moments = {name: datetime.fromisoformat(told[name]) for name in MOMENTS if told[name]}
        lists = {"scopes": set(told["scopes"]), "tasks": tuple(told["tasks"])}
        return cls(**told | moments | lists)


def mark_of(secret: str) -> str:
    """Return what the books know a credential by: who reads them cannot sign in with it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def demo_accounts() -> Iterable[Account]:
    """Yield the two accounts every sandbox starts with."""
    yield Account(FACEBOOK, DEMO_PAGE_ID, DEMO_NAME, "pr.sandbox.demo", followers=412_600)
    yield Account(X, DEMO_X_ID, DEMO_NAME, DEMO_X_USERNAME, followers=187_300)


def tokens_of(account: Account) -> dict[str, Token]:
    """Return every credential that opens this account, and the ones that open all of its platform."""
    if account.citizen:
        return {}
    if account.channel == FACEBOOK:
        return {
            page_token(account.id): Token(FACEBOOK, "page", account.id, set(PAGE_SCOPES), person=PERSON_ID),
            user_token(): Token(FACEBOOK, "user", "", set(PAGE_SCOPES), person=PERSON_ID),
            system_token(): Token(FACEBOOK, "user", "", set(PAGE_SCOPES), person=SYSTEM_PERSON_ID),
            f"{DEMO_APP_ID}|{facebook_app_secret()}": Token(FACEBOOK, "app", DEMO_APP_ID),
        }
    return {
        x_access(account.id)[0]: Token(X, "user", account.id),
        x_user_bearer(account.id): Token(X, "user", account.id),
        x_app_bearer(): Token(X, "app", DEMO_X_CLIENT_ID),
    }


def made_up(purpose: str, *parts: str) -> str:
    """Return a credential that looks like one, says it is none, and is the same everywhere."""
    digest = hashlib.sha256("/".join(("rukon-sandbox", purpose, *parts)).encode()).hexdigest()
    return f"SANDBOX{digest[:40]}"


def page_token(page_id: str) -> str:
    """Return a Page's own token."""
    return "EAA" + made_up("page_token", FACEBOOK, page_id)


def user_token() -> str:
    """Return the long-lived token of the person who manages every sandbox Page."""
    return "EAA" + made_up("user_token", FACEBOOK)


def system_token() -> str:
    """Return the token of the business's system user, which never ends."""
    return "EAA" + made_up("system_token", FACEBOOK)


def facebook_app_secret() -> str:
    """Return the secret of the one fake Facebook app."""
    return made_up("app_secret", FACEBOOK, DEMO_APP_ID)


def x_consumer() -> tuple[str, str]:
    """Return key and secret of the one fake X app."""
    return made_up("consumer_key", X), made_up("consumer_secret", X)


def x_access(user_id: str) -> tuple[str, str]:
    """Return a user's OAuth 1.0a access token and its secret."""
    return f"{user_id}-{made_up('access_token', X, user_id)}", made_up("access_token_secret", X, user_id)


def x_user_bearer(user_id: str) -> str:
    """Return the OAuth 2.0 user-context token of an X user."""
    return made_up("oauth2_access_token", X, user_id)


def x_client_secret() -> str:
    """Return the secret of the one fake X app as an OAuth 2.0 client."""
    return made_up("client_secret", X, DEMO_X_CLIENT_ID)


def x_app_bearer() -> str:
    """Return the X app's own token."""
    return "AAAA" + made_up("app_bearer", X)


def token_file(account: Account) -> dict[str, Any]:
    """Return what `accounts add --token-file` reads for this account."""
    if account.channel == FACEBOOK:
        secrets = {
            "page_token": page_token(account.id),
            "app_id": DEMO_APP_ID,
            "app_secret": facebook_app_secret(),
        }
    else:
        key, secret = x_consumer()
        access, access_secret = x_access(account.id)
        secrets = {
            "consumer_key": key,
            "consumer_secret": secret,
            "access_token": access,
            "access_token_secret": access_secret,
        }
    return {
        "channel": account.channel,
        "name": account.name,
        "username": account.username,
        "external_id": account.id,
        "secrets": secrets,
    }
