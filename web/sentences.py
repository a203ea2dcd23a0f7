"""What an error says to a person, in the person's language."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from core.errors import RukonError
from core.i18n import show_date, show_moment, text
from core.vocab import (
    BundleState,
    Category,
    Channel,
    DeliveryState,
    EventState,
    Health,
    PostKind,
    PostState,
    Role,
)

TABLES: dict[type[StrEnum], str] = {
    BundleState: "bundle_state",
    Category: "category",
    Channel: "channel",
    DeliveryState: "delivery_state",
    EventState: "event_state",
    Health: "health",
    PostKind: "post_kind",
    PostState: "post_state",
    Role: "role",
}


def sentence(error: RukonError, language: str) -> str:
    """Return the sentence of an error: its states, roles, days and moments in words."""
    subject = str(error.params.get("subject", ""))
    tables = {"field": "field", "origin": f"{subject}_state", "target": f"{subject}_state"}
    shown = {name: _shown(value, tables.get(name, ""), language) for name, value in error.params.items()}
    return text(f"error.{error.key}", language, **shown)


def beside(error: RukonError, language: str) -> dict[str, str]:
    """Return the sentence under the name of the field it belongs to; under "" if it has none."""
    return {str(error.params.get("field", "")): sentence(error, language)}


def _shown(value: object, table: str, language: str) -> object:
    if isinstance(value, datetime):
        return show_moment(value, language)
    if isinstance(value, date):
        return show_date(value, language)
    if isinstance(value, StrEnum) and type(value) in TABLES:
        return text(f"{TABLES[type(value)]}.{value}", language)
    if isinstance(value, str):
        found = text(f"{table}.{value}", language)
        return value if found == f"{table}.{value}" else found
    if isinstance(value, Collection):
        return ", ".join(str(_shown(one, table, language)) for one in sorted(value, key=str))
    return value
