"""Thai dates and figures for the pages a person looks at."""

from datetime import datetime, timedelta, timezone

BANGKOK = timezone(timedelta(hours=7))
BUDDHIST = 543
MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")


def day(moment: datetime) -> str:
    """Return 23 พ.ย. 2569."""
    local = moment.astimezone(BANGKOK)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year + BUDDHIST}"


def clock(moment: datetime) -> str:
    """Return 14.05 น."""
    return f"{moment.astimezone(BANGKOK):%H.%M}\u00a0น."


def day_and_clock(moment: datetime) -> str:
    """Return 23 พ.ย. 2569 เวลา 14.05 น."""
    return f"{day(moment)} เวลา {clock(moment)}"


def figure(number: int | None) -> str:
    """Return a figure with its thousands apart; a dash when it is unknown."""
    return "–" if number is None else f"{number:,}"
