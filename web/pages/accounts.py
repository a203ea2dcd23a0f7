"""The office's accounts: whether they can publish, what to do if not, and how to add one."""

import json

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from core.errors import BadInput, RukonError
from core.vocab import Channel, Role
from services import accounts, apps
from services.accounts import AccountCheck
from services.endings import ending_code
from services.people import WrongPassword
from web.session import Member, Posted, SignedIn

router = APIRouter(prefix="/accounts")


@router.get("")
def index(who: SignedIn) -> HTMLResponse:
    """Show the accounts."""
    return _page(who)


@router.post("")
def add(who: SignedIn, form: Posted) -> Response:
    """Add an account, or renew its tokens, from a token file."""
    who.must(Role.ADMINISTRATOR)
    try:
        who.confirm(form)
        upload = form.needed_upload("token")
        accounts.add_account(who.rt, _token(upload.data), who.person)
    except (BadInput, WrongPassword) as error:
        return _page(who, error)
    return who.go("/accounts", done="account_added")


@router.post("/{account_id}/check")
def check(who: SignedIn, account_id: int, form: Posted) -> Response:
    """Ask the platform now whether an account can publish."""
    del form
    who.must(Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR)
    return _page(who, checked=accounts.check_account(who.rt, account_id))


@router.post("/{account_id}/hold")
def hold(who: SignedIn, account_id: int, form: Posted) -> Response:
    """Leave an account out; what is scheduled for it waits."""
    del form
    accounts.set_active(who.rt, account_id, who.person, active=False)
    return who.go("/accounts", done="account_held")


@router.post("/{account_id}/use")
def use(who: SignedIn, account_id: int, form: Posted) -> Response:
    """Use an account again."""
    del form
    accounts.set_active(who.rt, account_id, who.person, active=True)
    return who.go("/accounts", done="account_used")


def _page(
    who: Member, trouble: RukonError | None = None, checked: AccountCheck | None = None
) -> HTMLResponse:
    with who.rt.sessions.begin() as session:
        rows = accounts.list_accounts(session)
        known = apps.known_apps(session)
    return who.page(
        "accounts.html", trouble=trouble, rows=rows, checked=checked, apps=known, channels=list(Channel),
        endings={row.id: ending_code(row) for row in rows},
    )  # fmt: skip


def _token(data: bytes) -> dict[str, object]:
    """Read a token file; the error says nothing of what stood in it."""
    try:
        found = json.loads(data)
    except ValueError as exc:
        raise BadInput("token_file_invalid", field="token", key="JSON") from exc
    return found if isinstance(found, dict) else {}
