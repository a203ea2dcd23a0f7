"""`rukon restored`: say by hand that the database was restored, where no file could tell."""

from typing import Annotated

import typer

from cli.door import Door
from services.moments import read_moment
from services.restoring import declare


def restored(
    door: Door,
    since: Annotated[
        str, typer.Option(metavar="2026-11-25T08:50", help="when the copy was made; rather too early")
    ],
) -> None:
    """Look for everything that may have gone out since a copy was made, before anything is sent again."""
    count = declare(door.rt, read_moment(since, "since"), door.someone)
    door.done("restored", {"count": count})
