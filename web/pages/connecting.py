"""Connecting an account by signing in at the platform, the office's apps there, and letting an account go."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, Conflict, RukonError, Unavailable
from core.vocab import Channel, Role
from services import accounts, addresses, apps, connecting, disconnecting
from services.connecting import Returned
from services.people import WrongPassword
from web.forms import Form
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/accounts")
# what a person can put right on the page itself
SHOWN = (BadInput, Conflict, Unavailable, WrongPassword)


@router.get("/connect/{channel}")
def explain(who: SignedIn, channel: Channel) -> HTMLResponse:
    """Say what will be asked, and by whom."""
    who.must(Role.ADMINISTRATOR)
    return _start(who, channel)


@router.post("/connect/{channel}")
def begin(who: SignedIn, channel: Channel, form: Posted) -> Response:
    """Show where the browser goes next; a form may not send it to another site by itself."""
    who.must(Role.ADMINISTRATOR)
    try:
        who.confirm(form)
        address = connecting.begin(who.rt, channel, who.browser)
    except SHOWN as error:
        return _start(who, channel, error)
    return who.page("accounts/go.html", channel=channel, address=address)


@router.get("/connect/{channel}/back")
def back(who: SignedIn, channel: Channel, state: str = "", code: str = "", error: str = "") -> Response:
    """Take the platform's answer and go on without it in the address."""
    who.must(Role.ADMINISTRATOR)
    try:
        offer_id = connecting.receive(who.rt, channel, who.browser, Returned(state, code, error))
    except RukonError as trouble:
        return _start(who, channel, trouble)
    return who.go(f"/accounts/connect/offers/{offer_id}")


@router.get("/connect/offers/{offer_id}")
def show(who: SignedIn, offer_id: int) -> HTMLResponse:
    """Show what the sign-in opened, to choose from."""
    who.must(Role.ADMINISTRATOR)
    return _offer(who, offer_id)


@router.post("/connect/offers/{offer_id}")
def choose(who: SignedIn, offer_id: int, form: Posted) -> Response:
    """Connect the chosen accounts and check each."""
    who.must(Role.ADMINISTRATOR)
    try:
        who.confirm(form)
        kept = connecting.choose(who.rt, offer_id, who.browser, form.lists.get("account", ()))
    except (BadInput, WrongPassword) as error:
        return _offer(who, offer_id, error, form)
    for account in kept:
        accounts.check_account(who.rt, account.id)
    return who.go("/accounts", done="accounts_connected", n=len(kept))


@router.get("/apps/{channel}")
def show_app(who: SignedIn, channel: Channel) -> HTMLResponse:
    """Show what is known of the office's app, but never its secret."""
    who.must(Role.ADMINISTRATOR)
    return _app(who, channel)


@router.post("/apps/{channel}")
def keep_app(who: SignedIn, channel: Channel, form: Posted) -> Response:
    """Store the office's app at a platform, or its new secret."""
    who.must(Role.ADMINISTRATOR)
    try:
        who.confirm(form)
        given = apps.keep_app(
            who.rt, channel, form.text("public_id"), form.values.get("secret", ""), who.person,
            app_bearer=form.values.get("app_bearer", ""),
        )  # fmt: skip
    except SHOWN as error:
        return _app(who, channel, error, form)
    return who.go("/accounts", done="app_kept", n=given)


@router.get("/{account_id}/disconnect")
def ask(who: SignedIn, account_id: int) -> HTMLResponse:
    """Say what letting an account go means."""
    who.must(Role.ADMINISTRATOR)
    return _parting(who, account_id)


@router.post("/{account_id}/disconnect")
def disconnect(who: SignedIn, account_id: int, form: Posted) -> Response:
    """Take the permission back, erase the tokens, hold what waits."""
    who.must(Role.ADMINISTRATOR)
    try:
        who.confirm(form)
        parted = disconnecting.disconnect(who.rt, account_id, who.person, anyway=form.ticked("anyway"))
    except SHOWN as error:
        return _parting(who, account_id, error)
    done = f"account_disconnected_{parted.at_platform}"
    return who.go("/accounts", done=done, held=parted.held, in_flight=parted.in_flight)


def _start(who: Member, channel: Channel, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        known = apps.known_apps(session).get(channel)
    redirect = addresses.redirect_uri(who.rt, channel)
    return who.page("accounts/connect.html", trouble=trouble, channel=channel, app=known, redirect=redirect)


def _app(
    who: Member, channel: Channel, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        known = apps.known_apps(session).get(channel)
        # what Facebook is told once, so that it can show that it knows us; no key to anything
        word = apps.verify_token(who.rt, session, channel) if known and who.confirmed else ""
    return who.page(
        "accounts/app.html", trouble=trouble, channel=channel, app=known, typed=form.values if form else {},
        redirect=addresses.redirect_uri(who.rt, channel), webhook=addresses.webhook_uri(who.rt, channel),
        word=word,
    )  # fmt: skip


def _offer(
    who: Member, offer_id: int, trouble: RukonError | None = None, form: Form | None = None
) -> HTMLResponse:
    found = connecting.offer(who.rt, offer_id, who.browser)
    fit = {one.external_id for one in found.choices if not one.problems}
    ticked = set(form.lists.get("account", ())) if form else fit
    return who.page("accounts/offer.html", trouble=trouble, offer=found, ticked=ticked)


def _parting(who: Member, account_id: int, trouble: RukonError | None = None) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        account = accounts.find_account(session, account_id)
        waiting = disconnecting.waiting_for(session, account_id)
    return who.page("accounts/disconnect.html", trouble=trouble, account=account, posts=waiting)
