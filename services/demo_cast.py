"""The demo's sample data as read, its invented people, and the small things that several parts of it make."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from core.clock import bangkok
from core.fiscal import day_start
from core.vocab import Role
from models import Asset, Person
from reports.typesetting import render_leaflet
from services.demo_pictures import picture
from services.evidence_files import FONTS
from services.media import Upload, store_image
from services.people import PersonForm, create_person, list_people
from services.runtime import Runtime

PASSWORD = "rukon-2569"  # noqa: S105 -- of invented people, shown on the demo's own sign-in page
INVENTED = "ข้อมูลตัวอย่างสำหรับการสาธิต"
OWN = "สร้างขึ้นสำหรับการสาธิต ใช้ได้โดยไม่จำกัด"


@dataclass(frozen=True)
class Cast:
    """The invented people, one for each role."""

    officer: Person
    approver: Person
    kpi_officer: Person
    administrator: Person
    reviewer: Person


@cache
def sample(name: str) -> dict[str, Any]:
    """Return a file of services/samples; nobody may change what it returns."""
    return tomllib.loads((files("services") / "samples" / f"{name}.toml").read_text(encoding="utf-8"))


def seed_people(rt: Runtime) -> Cast:
    """Add the people who are not there yet and return one for each role."""
    with rt.sessions.begin() as session:
        known = {person.username: person for person in list_people(session)}
        for row in sample("fy2564")["person"]:
            if row["username"] not in known:
                form = PersonForm(
                    row["username"],
                    row["name"],
                    PASSWORD,
                    frozenset(map(Role, row["roles"])),
                    row["position"],
                )
                known[form.username] = create_person(session, form, None, rt.clock.now())
        session.flush()
        by_role = {role: person for person in known.values() for role in person.roles}
        return Cast(**{part.name: by_role[Role(part.name)] for part in fields(Cast)})


def page(rt: Runtime, name: str, title: str, lines: list[str]) -> Upload:
    """Set a page of Thai text as a PDF, dated today."""
    made_at = day_start(bangkok(rt.clock.now()).date())
    return Upload(f"{name}.pdf", render_leaflet(title, lines, made_at, FONTS), OWN, INVENTED)


def drawing(rt: Runtime, name: str, person: Person) -> Asset:
    """Return a picture: the one kept at an earlier start, or newly drawn."""
    file_name = f"{name}.jpg"
    with rt.sessions.begin() as session:
        known = session.scalars(
            select(Asset).where(Asset.name == file_name, Asset.source == INVENTED)
        ).first()
    return known or store_image(rt, Upload(file_name, picture(name), OWN, INVENTED), person)
