"""`rukon costs`: what X billed in a month, and what this month will have cost at its end."""

from typing import Annotated

import typer

from cli.door import USAGE, Door
from core.fiscal import Month
from services import costs as ledger
from services import forecast
from services.usage import ask_usage

COLUMNS = ("operation", "units", "usd")
COUNTS = ("counted_by_x", "counted_by_us")
TOTALS = ("spent", "posts_to_come", "reading_to_come", "forecast", "budget")


def costs(
    door: Door,
    *,
    month: Annotated[str, typer.Option("--month", help="2026-11 or 2569-11; none: this month")] = "",
    ask_x: Annotated[
        bool, typer.Option("--ask-x", help="how many reads X itself counted, beside ours")
    ] = False,
) -> None:
    """Show what X billed, by kind of call, and what the waiting posts and their figures will still cost."""
    if ask_x:
        usage = ask_usage(door.rt)
        door.record({"counted_by_x": usage.counted, "counted_by_us": usage.ours}, COUNTS)
        return
    try:
        wanted = Month.parse(month) if month else ledger.utc_month(door.now)
    except ValueError:
        door.leave(USAGE, door.say("cli.month_unknown", month=month))
    _bill(door, wanted)


def _bill(door: Door, wanted: Month) -> None:
    now = door.now
    with door.begin() as session:
        if wanted != ledger.utc_month(now):
            spent, totals = ledger.spending(session, door.rt.prices, wanted), {}
        else:
            found = forecast.forecast(session, door.rt.prices, now)
            spent = found.spent
            totals = {
                "posts_to_come": found.posts, "reading_to_come": found.reading, "forecast": found.total,
                "budget": door.rt.settings.x_budget_usd or None,
            }  # fmt: skip
    rows = [
        {"operation": _word(door, one.operation), "units": one.units, "usd": one.spent} for one in spent.items
    ]
    if door.as_json:
        door.record({"month": str(wanted), "items": rows, "spent": spent.total, **totals}, ())
        return
    door.rows("items", rows, COLUMNS)
    shown = {"spent": spent.total, **totals}
    door.record(shown, [name for name in TOTALS if name in shown])


def _word(door: Door, operation: str) -> str:
    return operation if door.as_json else door.say(f"cost.operation.{operation}")
