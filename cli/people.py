"""`rukon people`: who signs in and what they may do."""

from pathlib import Path
from typing import Annotated

import typer

from cli.door import Door, Noun
from cli.show import Row
from core.vocab import Role
from models import Person
from services import passwords, people
from services.people import PersonForm

app = Noun("People who sign in, and what each may do.")

COLUMNS = ("username", "name", "position", "roles", "language", "active")
Username = Annotated[str, typer.Argument(help="what the person signs in with")]
Roles = Annotated[list[Role], typer.Option("--role", help="may be given several times")]
# a password in the arguments would stand in everybody's process list
PasswordFile = Annotated[
    Path | None,
    typer.Option(exists=True, dir_okay=False, help="file whose first line is the password; none: asked for"),
]


@app.command("add")
def add(  # noqa: PLR0913 -- each option of the command is a parameter
    door: Door,
    username: Username,
    *,
    name: Annotated[str, typer.Option(help="full name")],
    role: Roles,
    position: Annotated[str, typer.Option(help="official position")] = "",
    reads: Annotated[str, typer.Option(metavar="th|en", help="language of the pages")] = "th",
    password_file: PasswordFile = None,
) -> None:
    """Add somebody. Without --as this machine's administrator does it: so the first person comes in."""
    form = PersonForm(username, name, ask_password(door, password_file), frozenset(role), position, reads)
    with door.begin() as session:
        person = people.create_person(session, form, door.someone, door.now)
    door.done("person_added", row_of(person))


@app.command("list")
def list_all(door: Door) -> None:
    """List everybody, active people first."""
    with door.begin() as session:
        rows = [row_of(person) for person in people.list_people(session)]
    door.rows("people", rows, COLUMNS)


@app.command("roles")
def roles(door: Door, username: Username, role: Roles) -> None:
    """Give a person exactly these roles; their sessions end."""
    with door.begin() as session:
        known = people.find_person(session, username)
        person = people.change_roles(session, known.id, role, door.someone, door.now)
        session.flush()
        row = row_of(person)
    door.done("person_roles", row)


@app.command("password")
def password(door: Door, username: Username, password_file: PasswordFile = None) -> None:
    """Give a person a new password; their sessions end."""
    new = ask_password(door, password_file)
    with door.begin() as session:
        person = people.find_person(session, username)
    passwords.set_password(door.rt, person.id, new, door.someone)
    door.done("person_password", row_of(person))


@app.command("deactivate")
def deactivate(door: Door, username: Username) -> None:
    """Keep a person out; their sessions end at once."""
    door.done("person_out", _set_active(door, username, active=False))


@app.command("activate")
def activate(door: Door, username: Username) -> None:
    """Let a person in again."""
    door.done("person_in", _set_active(door, username, active=True))


def ask_password(door: Door, file: Path | None) -> str:
    """Return a password from a file's first line, or typed twice without an echo."""
    if file is not None:
        return (file.read_text("utf-8").splitlines() or [""])[0]
    typed: str = typer.prompt(
        door.say("cli.password"), hide_input=True, confirmation_prompt=door.say("cli.password_again")
    )
    return typed


def row_of(person: Person) -> Row:
    """Return a person without the password."""
    return {
        "id": person.id, "username": person.username, "name": person.name, "position": person.position,
        "roles": sorted(person.roles), "language": person.language, "active": person.active,
    }  # fmt: skip


def _set_active(door: Door, username: str, *, active: bool) -> Row:
    with door.begin() as session:
        known = people.find_person(session, username)
        return row_of(people.set_active(session, known.id, door.someone, door.now, active=active))
