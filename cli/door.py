"""How a command is entered and left: who acts, in which language, as text or JSON, and with which exit code.

0 done · 1 a check failed · 2 wrong usage · 3 refused by a rule, nothing changed · 4 something needed is down
"""

import functools
import inspect
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from typer.core import TyperGroup

from cli import show
from cli.show import Row
from core import log as logs
from core.config import Settings
from core.errors import RukonError
from core.i18n import DEFAULT, LANGUAGES, text
from core.sentences import sentence
from models import Person, schema
from services import people
from services.runtime import Runtime, build_runtime

OK, FAILED, USAGE, REFUSED, DOWN = range(5)
AS = Annotated[str, typer.Option("--as", envvar="RUKON_AS", metavar="USERNAME", help="who does it")]
LANG = Annotated[
    str, typer.Option("--lang", envvar="RUKON_LANG", metavar="th|en", help="language of the words")
]
JSON = Annotated[bool, typer.Option("--json", help="print JSON: English keys, ISO times")]
SHARED = {"who": (AS, ""), "lang": (LANG, DEFAULT), "as_json": (JSON, False)}
Command = TypeVar("Command", bound=Callable[..., None])


@dataclass(frozen=True)
class Door:
    """What every command is given: the runtime, the acting person, and how to answer."""

    who: str
    lang: str
    as_json: bool

    @cached_property
    def rt(self) -> Runtime:
        """The runtime of this machine's settings; on one machine the database is brought up to date first."""
        settings = Settings()
        level = settings.log_level if "log_level" in settings.model_fields_set else "error"
        logs.configure(level, as_json=settings.log_json)
        rt = build_runtime(settings)
        if not settings.database_url:
            schema.upgrade(rt.engine)
        return rt

    @cached_property
    def person(self) -> Person:
        """Who acts; ends the command if nobody was named."""
        if self.someone is None:
            self.leave(USAGE, text("cli.as_missing", self.lang))
        return self.someone

    @cached_property
    def someone(self) -> Person | None:
        """Who acts, or None for whoever may use this machine's command line."""
        if not self.who:
            return None
        with self.rt.sessions.begin() as session:
            return people.find_person(session, self.who)

    @property
    def now(self) -> datetime:
        return self.rt.clock.now()

    def begin(self) -> AbstractContextManager[Session]:
        """Open one phase; its end is the commit. Who acts is looked up before it: SQLite has one writer."""
        _ = self.someone
        return self.rt.sessions.begin()

    def say(self, key: str, **params: object) -> str:
        """Return words in the chosen language."""
        return text(key, self.lang, **params)

    def rows(self, name: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
        """Print a list: as JSON {name: [...]} with every key, as a table with these columns."""
        if self.as_json:
            print(show.as_json({name: rows}))
        else:
            print(show.table(rows, columns, self.lang) if rows else self.say("cli.nothing"))

    def record(self, row: Row, columns: Sequence[str]) -> None:
        """Print one thing: as JSON with every key, as text these keys, one a line."""
        print(show.as_json(row) if self.as_json else show.record(row, columns, self.lang))

    def done(self, key: str, row: Row) -> None:
        """Say what was done: a sentence of [cli.done] filled from the row, or the row as JSON."""
        if self.as_json:
            print(show.as_json(row))
        else:
            shown = {name: show.cell(value, self.lang) for name, value in row.items()}
            print(self.say(f"cli.done.{key}", **shown))

    def progress(self, words: str) -> None:
        """Print a line for whoever waits; it never mixes with JSON."""
        print(words, file=sys.stderr, flush=True)

    def leave(self, code: int, words: str) -> NoReturn:
        """End the command with a sentence on stderr."""
        print(words, file=sys.stderr)
        raise typer.Exit(code)


class Noun(typer.Typer):
    """A group of commands about one noun; each command is a function whose first argument is the Door.

    default: the command meant where none is named, as in `rukon kpi 2564`.
    """

    def __init__(self, words: str, default: str = "") -> None:
        group = _group_with(default) if default else TyperGroup
        super().__init__(help=words, no_args_is_help=not default, cls=group)

    def command(self, name: str | None = None, **more: Any) -> Callable[[Command], Command]:  # noqa: ANN401 -- typer's own options, passed on
        """Register a command that enters through the door."""
        register = super().command(name, **more)

        def decorate(function: Command) -> Command:
            register(entered(function))
            return function

        return decorate


def _group_with(default: str) -> type[TyperGroup]:
    class Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- typer keeps the type to itself
            named = bool(args) and (args[0] in self.commands or args[0] == "--help")
            return super().parse_args(ctx, args if named else [default, *args])

    return Group


def entered(function: Callable[..., None]) -> Callable[..., None]:
    """Return a command for typer: it takes the shared options, opens the door and turns errors into words."""

    @functools.wraps(function)
    def command(*, who: str, lang: str, as_json: bool, **values: object) -> None:
        door = Door(who, lang if lang in LANGUAGES else DEFAULT, as_json)
        try:
            function(door, **values)
        except RukonError as error:
            code = REFUSED if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else DOWN
            door.leave(code, _refusal(door, error))
        except DBAPIError as error:
            door.leave(DOWN, door.say("cli.database_down", reason=type(error.orig).__name__))
        except ValidationError as error:
            wrong = ", ".join(f"RUKON_{'_'.join(map(str, one['loc'])).upper()}" for one in error.errors())
            door.leave(USAGE, door.say("cli.settings_bad", names=wrong))

    own = [
        parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in list(inspect.signature(function).parameters.values())[1:]
    ]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
        for name, (kind, default) in SHARED.items()
    ]
    setattr(command, "__signature__", inspect.Signature([*own, *shared]))  # noqa: B010 -- no attribute of plain functions
    return command


def _refusal(door: Door, error: RukonError) -> str:
    words = sentence(error, door.lang)
    if not door.as_json:
        return words
    return show.as_json({"error": error.key, "field": error.params.get("field"), "message": words})
