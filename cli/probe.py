"""`rukon probe facebook`: see on the Page itself what its posts may rely on, and write it down."""

import time
from functools import partial
from typing import Annotated

import typer

from cli.door import FAILED, USAGE, Door
from core.errors import Conflict
from core.vocab import Channel
from models import Account
from services import accounts, probing

PAUSE_S = 5.0


def probe(
    door: Door,
    channel: Annotated[Channel, typer.Argument(help="facebook")],
    *,
    account: Annotated[int, typer.Option(help="number in the list, if there are several")] = 0,
    live: Annotated[
        bool, typer.Option("--live", help="yes, a test post may be public for some seconds")
    ] = False,
) -> None:
    """Try on a Page whether drafts can be made public; only then are its posts sent in two phases."""
    chosen = _chosen(door, channel, account)
    if not live:
        door.leave(USAGE, door.say("cli.probe_warning", name=chosen.name))
    record = probing.probe_account(door.rt, chosen.id, door.someone, partial(time.sleep, PAUSE_S))
    rows = [
        {"step": one["step"] if door.as_json else door.say(f"probe.{one['step']}"), "held": one["held"],
         "seen": one["detail"]}
        for one in record.findings
    ]  # fmt: skip
    door.rows("findings", rows, ("step", "held", "seen"))
    if not door.as_json:
        print(door.say("cli.probe_held" if record.held else "cli.probe_failed", name=chosen.name))
    if not record.held:
        raise typer.Exit(FAILED)


def _chosen(door: Door, channel: Channel, number: int) -> Account:
    """Return the account that is meant; Conflict if there is none, or several and nobody says which."""
    with door.begin() as session:
        if number:
            return accounts.find_account(session, number)
        mine = [one for one in accounts.list_accounts(session, active_only=True) if one.channel is channel]
    if not mine:
        raise Conflict("no_account", channel=channel)
    if len(mine) > 1:
        raise Conflict("probe_which", numbers=", ".join(str(one.id) for one in mine))
    return mine[0]
