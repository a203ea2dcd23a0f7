"""Signing in at X by OAuth 2.0 with PKCE: from the dialog to tokens, their renewal, and giving them back.

A refresh token works once: whoever uses it must keep the new pair before using it, one process at a time.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connectors.base import Access, Rejected
from connectors.credentials import secret
from connectors.login import App, Grant, GrantedAccount, Renewed, SignIn
from connectors.transport import PlatformSession, expecting, read_object
from connectors.x.api import HOST

Calls = Callable[[], AbstractContextManager[PlatformSession]]
DIALOG = "https://x.com/i/oauth2/authorize"
TOKEN, REVOKE = f"{HOST}/2/oauth2/token", f"{HOST}/2/oauth2/revoke"
PUBLISHING = ("tweet.read", "tweet.write", "users.read", "media.write")
LASTING = "offline.access"
SCOPES = (*PUBLISHING, LASTING)


def authorize_url(dialog: str, app: App, sign_in: SignIn) -> str:
    """Return the dialog's address; the verifier goes out as its hash only."""
    digest = hashlib.sha256(sign_in.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": sign_in.redirect_uri,
        "scope": " ".join(SCOPES),
        "state": sign_in.state,
        "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return f"{dialog}?{urlencode(asked)}"


@dataclass(frozen=True)
class Desk:
    """Where tokens are asked for: a session for the token calls, and who a new token belongs to."""

    calls: Calls
    whoami: Callable[[Mapping[str, str]], Mapping[str, Any]]  # secrets -> X's row of the user


def redeem(desk: Desk, app: App, sign_in: SignIn, code: str, now: datetime) -> Grant:
    """Turn a code into the one account that signed in."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": sign_in.redirect_uri,
        "code_verifier": sign_in.verifier,
    }
    with desk.calls() as session:
        told = _ask(session, TOKEN, app, form)
    renewed = _secrets(told, app, now)
    user = desk.whoami(renewed.secrets)
    scopes, lasting = tuple(str(told.get("scope", "")).split()), "refresh_token" in renewed.secrets
    with expecting("user"):
        account = GrantedAccount(
            external_id=str(user["id"]),
            name=str(user.get("name", "")),
            username=str(user.get("username", "")),
            secrets=renewed.secrets,
            problems=problems(scopes, lasting=lasting),
        )
    return Grant((account,), scopes, None if lasting else renewed.expires_at)


def renew(desk: Desk, access: Access, now: datetime) -> Renewed:
    """Trade the refresh token for a new pair; the old one is dead from then on, heard or not."""
    (refresh_token,) = secret(access, "refresh_token")
    with desk.calls() as session:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return _secrets(_ask(session, TOKEN, app_of(access), form), app_of(access), now)


def revoke(desk: Desk, access: Access) -> None:
    """Give both tokens back; those dead already count as given back. The keys of OAuth 1.0a cannot be."""
    if not access.secrets.get("bearer_token"):
        raise Rejected("revoke_by_hand")
    with desk.calls() as session:
        for name in ("refresh_token", "bearer_token"):
            token = access.secrets.get(name, "")
            try:
                if token:
                    _ask(session, REVOKE, app_of(access), {"token": token})
            except Rejected as trouble:
                if trouble.code == "app_credentials_wrong":
                    raise


def app_of(access: Access) -> App:
    """Return the app that an account was connected through."""
    return App(access.secrets.get("client_id", ""), access.secrets.get("client_secret", ""))


def problems(scopes: tuple[str, ...], *, lasting: bool) -> tuple[str, ...]:
    """Return what a sign-in lacks for publishing without a person."""
    found = {"x_scope_missing": not set(PUBLISHING) <= set(scopes), "x_not_lasting": not lasting}
    return tuple(problem for problem, holds in found.items() if holds)


def _ask(session: PlatformSession, url: str, app: App, form: Mapping[str, str]) -> Mapping[str, Any]:
    """Call as a confidential client, by name and secret in the header, or as a public one."""
    if app.client_secret:
        return read_object(session.request("POST", url, data=form, auth=(app.client_id, app.client_secret)))
    return read_object(session.request("POST", url, data={**form, "client_id": app.client_id}))


def _secrets(told: Mapping[str, Any], app: App, now: datetime) -> Renewed:
    """Return what an Access needs; raises login_unfinished for an answer without a token."""
    bearer, refresh_token = told.get("access_token"), told.get("refresh_token")
    if not isinstance(bearer, str) or not bearer:
        raise Rejected("login_unfinished")
    lasts = told.get("expires_in")
    ends = now + timedelta(seconds=lasts) if isinstance(lasts, int) else None
    found = {
        "bearer_token": bearer,
        "refresh_token": refresh_token if isinstance(refresh_token, str) else "",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "expires_at": str(int(ends.timestamp())) if ends else "",
        "scope": str(told.get("scope", "")),
    }
    return Renewed({name: value for name, value in found.items() if value}, ends)
