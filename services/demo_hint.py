"""Whom to sign in as: only a demonstration's data folder holds the file that tells."""

import json
from dataclasses import dataclass, field

from core.i18n import text
from services.runtime import Runtime

FILE = "demo.json"


@dataclass(frozen=True)
class DemoPerson:
    """An invented person of the demonstration, with the password everybody may know."""

    username: str
    name: str
    role: str
    password: str = field(repr=False)


def demo_people(rt: Runtime, language: str) -> list[DemoPerson]:
    """Return the people of `demo.json` ([{username, password, name, role}]); none outside a demonstration.

    role: a word of core.vocab.Role, shown in the language asked for, or any other text as it stands.
    """
    path = rt.settings.data_dir / FILE
    if not path.is_file():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        DemoPerson(row["username"], row["name"], _role(row["role"], language), row["password"])
        for row in rows
    ]


def _role(role: str, language: str) -> str:
    key = f"role.{role}"
    found = text(key, language)
    return role if found == key else found
