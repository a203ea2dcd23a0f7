"""`rukon accounts`: the office's Page and X account."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.door import FAILED, Door, Noun
from cli.show import Row
from core.errors import BadInput
from core.vocab import Channel, Health
from models import Account
from services import accounts, apps, disconnecting, hearing, two_phase

app = Noun("The office's accounts on Facebook and X.")

COLUMNS = ("id", "channel", "name", "external_id", "active", "health", "problems", "checked_at")
Number = Annotated[int, typer.Argument(help="number in the list")]


@app.command("add")
def add(
    door: Door,
    token_file: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="JSON with channel, name, external_id, secrets")
    ],
) -> None:
    """Add an account, or give a known one new tokens; the tokens are stored encrypted and never shown."""
    account = accounts.add_account(door.rt, read_token_file(token_file), door.someone)
    door.done("account_added", row_of(account, door))


@app.command("list")
def list_all(door: Door) -> None:
    """List the accounts and whether they can publish, as last checked."""
    with door.begin() as session:
        rows = [row_of(account, door) for account in accounts.list_accounts(session)]
    door.rows("accounts", rows, COLUMNS)


@app.command("drafts")
def drafts(door: Door, number: Number) -> None:
    """List the calls that may have left a draft behind; take those away on the Page once a month."""
    with door.begin() as session:
        accounts.find_account(session, number)
        found = two_phase.orphans(session, number)
    rows = [
        {"id": one.attempt.delivery_id, "opened_at": one.attempt.started_at, "external_id": one.remote_id}
        for one in found
    ]
    door.rows("drafts", rows, ("id", "opened_at", "external_id"))


@app.command("pause")
def pause(door: Door, number: Number) -> None:
    """Leave an account out: nothing goes to it until it is resumed."""
    account = accounts.set_active(door.rt, number, door.someone, active=False)
    door.done("account_paused", row_of(account, door))


@app.command("resume")
def resume(door: Door, number: Number) -> None:
    """Use an account again."""
    account = accounts.set_active(door.rt, number, door.someone, active=True)
    door.done("account_resumed", row_of(account, door))


@app.command("app")
def keep_app(
    door: Door,
    channel: Channel,
    app_file: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="JSON with id, secret and, for X, app_bearer of the office's app",
        ),
    ],
) -> None:
    """Store the office's app on a platform, or its new secret; then connect accounts on the pages."""
    told = read_token_file(app_file)
    public_id, secret, bearer = (str(told.get(name, "")) for name in ("id", "secret", "app_bearer"))
    given = apps.keep_app(door.rt, channel, public_id, secret, door.someone, app_bearer=bearer)
    door.done("app_kept", {"channel": channel, "n": given})


@app.command("disconnect")
def disconnect(
    door: Door,
    number: Number,
    *,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="erase the keys even if the platform cannot be reached")
    ] = False,
) -> None:
    """Take the permission back at the platform, erase the keys, hold what waits."""
    parted = disconnecting.disconnect(door.rt, number, door.someone, anyway=anyway)
    row = {
        "id": number,
        "held": parted.held,
        "in_flight": parted.in_flight,
        "at_platform": parted.at_platform,
    }
    door.done(f"disconnected_{parted.at_platform}", row)


@app.command("listen")
def listen(door: Door, number: Number) -> None:
    """Have Facebook tell of new comments at /webhooks/facebook, once that address is set up at the app."""
    hearing.subscribe(door.rt, number, door.someone)
    door.done("listening", {"id": number})


def check_account(
    door: Door,
    number: Annotated[
        int | None, typer.Argument(help="number in the list; none: all active accounts")
    ] = None,
) -> None:
    """Ask whether the accounts can publish; say what is wrong and what to do; exit 1 if one cannot."""
    found = accounts.check_all(door.rt) if number is None else [accounts.check_account(door.rt, number)]
    rows = [{**row_of(one.account, door, one.problems), "reached": one.reached} for one in found]
    door.rows("accounts", rows, COLUMNS)
    if any(not one.reached or one.account.health is not Health.OK for one in found):
        raise typer.Exit(FAILED)


def read_token_file(path: Path) -> dict[str, Any]:
    """Return a token file's JSON object; raises `token_file_invalid`, which never shows the content."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadInput("token_file_invalid", field="token", key="{}")
    return found


def row_of(account: Account, door: Door, problems: tuple[str, ...] | None = None) -> Row:
    """Return an account without its secrets."""
    codes = problems if problems is not None else tuple(filter(None, account.health_reason.split(",")))
    return {
        "id": account.id, "channel": account.channel, "name": account.name,
        "external_id": account.external_id, "active": account.active, "health": account.health,
        "checked_at": account.checked_at, "token_ends_at": account.token_ends_at,
        "data_access_ends_at": account.data_access_ends_at,
        "problems": codes if door.as_json else [door.say(f"reason.{code}") for code in codes],
    }  # fmt: skip
