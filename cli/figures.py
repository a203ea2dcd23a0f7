"""`rukon collect` and `rukon settings`: figures read now, and what this installation chose."""

from typing import Annotated
from urllib.parse import urlsplit

import typer

from cli.door import Door
from core.config import Settings
from services import metrics


def collect(
    door: Door,
    *,
    everything: Annotated[bool, typer.Option("--all", help="also posts whose turn it is not yet")] = False,
) -> None:
    """Read figures from the platforms now; append-only, what is missing stays missing."""
    door.done("collected", {"posts": metrics.collect(door.rt, everything=everything)})


def settings(door: Door) -> None:
    """Print the settings in force; passwords inside addresses are hidden."""
    values = Settings()
    rows = [
        {"variable": f"RUKON_{name.upper()}", "value": _shown(getattr(values, name)),
         "chosen": name in values.model_fields_set, "meaning": field.description}
        for name, field in type(values).model_fields.items()
    ]  # fmt: skip
    door.rows("settings", rows, ("variable", "value", "chosen"))


def _shown(value: object) -> str:
    words = str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
    parts = urlsplit(words)
    return words.replace(f":{parts.password}@", ":***@") if parts.password else words
