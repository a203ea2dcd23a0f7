"""More of the port: a person signs in at the platform and lets the office's app publish.

The browser goes to `authorize_url`; the platform sends it back to redirect_uri with `state` and either a
code, which `redeem` turns into accounts with their secrets, or the words of a refusal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from connectors.base import Access, Connector


@dataclass(frozen=True)
class App:
    """The office's own app at a platform, as its developer page names it; no secret for a public client."""

    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class SignIn:
    """One sign-in from start to end: the same values in both halves.

    state: a secret of this browser's session, compared when it comes back. redirect_uri: as registered.
    verifier: the PKCE secret, 43 to 128 characters; only a platform with PKCE uses it.
    """

    state: str = field(repr=False)
    redirect_uri: str
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class GrantedAccount:
    """An account that the sign-in opened. problems: reason codes of what it lacks for publishing."""

    external_id: str
    name: str
    username: str
    secrets: Mapping[str, str] = field(repr=False)  # all that an Access needs
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grant:
    """What a sign-in brought: the accounts (maybe none), and the scopes the person left ticked.

    expires_at: when the accounts' secrets end unless renewed or connected again; None: not by themselves.
    data_access_until: when figures and comments end unless the person signs in again; None: not known.
    """

    accounts: tuple[GrantedAccount, ...]
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    data_access_until: datetime | None = None


@dataclass(frozen=True)
class Renewed:
    """New secrets in place of all old ones, which may be dead from now on: keep them before anything else."""

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: datetime | None = None


@runtime_checkable
class Login(Connector, Protocol):
    """A channel to which accounts are connected by signing in."""

    def authorize_url(self, app: App, sign_in: SignIn) -> str:
        """Return where to send the browser; holds no secret but state. Makes no call."""
        ...

    def redeem(self, app: App, sign_in: SignIn, code: str) -> Grant:
        """Turn a code into accounts; a code works once.

        Rejected: `login_code_refused` (old, used, other address: start again), `app_credentials_wrong`,
        `login_unfinished` (the platform gave a shape that opens nothing). RetryLater: not reachable now.
        """
        ...

    def revoke(self, access: Access) -> None:
        """Take the app's permission back at the platform; what is dead already counts as taken back.

        On Facebook this ends every Page that the same person connected. Raises RetryLater or Rejected only.
        """
        ...


@runtime_checkable
class TokenLogin(Login, Protocol):
    """A channel that also takes a long-lived token made by hand, such as a system user's."""

    def adopt(self, app: App, token: str) -> Grant:
        """Return the accounts that a token opens; raises as redeem does, `token_dead` for a dead one."""
        ...


@runtime_checkable
class Renewing(Connector, Protocol):
    """A channel whose secrets are renewed by the program before they end."""

    def renew(self, access: Access) -> Renewed:
        """Return new secrets. Call it under a lock and for one process at a time: the old ones die.

        Rejected: the refresh token is dead, a person must sign in again. RetryLater: nothing was changed.
        """
        ...
