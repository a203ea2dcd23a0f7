"""What somebody typed into a form, kept as typed, and read into values field by field.

Each reader raises BadInput with `field`, so that the page can show the sentence beside that field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from core.clock import from_bangkok
from core.errors import BadInput
from language.letters import western_digits
from language.thai_dates import BadDate, parse
from language.thai_times import BadTime, parse_time
from services.media import Upload

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class Form:
    """The fields of one request; `values` are as typed, for showing them again."""

    values: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a field without white space around it; empty if absent."""
        return self.values.get(name, "").strip()

    def ticked(self, name: str) -> bool:
        return name in self.values

    def number(self, name: str) -> int | None:
        """Return a whole number; None if empty."""
        typed = western_digits(self.text(name))
        if not typed:
            return None
        if not typed.isdecimal():
            raise BadInput("not_a_number", field=name, raw=typed)
        return int(typed)

    def decimal(self, name: str) -> Decimal | None:
        """Return a number, with a point or without; None if empty."""
        typed = western_digits(self.text(name)).replace(",", "")
        if not typed:
            return None
        try:
            number = Decimal(typed)
        except InvalidOperation as exc:
            raise BadInput("not_a_number", field=name, raw=typed) from exc
        if not number.is_finite():
            raise BadInput("not_a_number", field=name, raw=typed)
        return number

    def choice(self, name: str, kind: type[Kind]) -> Kind:
        """Return one of a fixed set of words."""
        try:
            return kind(self.text(name))
        except ValueError as exc:
            raise BadInput("choose_one", field=name) from exc

    def choices(self, name: str, kind: type[Kind]) -> list[Kind]:
        """Return all ticked words of a fixed set."""
        try:
            return [kind(typed) for typed in self.lists.get(name, ())]
        except ValueError as exc:
            raise BadInput("choose_one", field=name) from exc

    def day(self, name: str) -> date | None:
        """Return a day in any way Thais write it; None if empty."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return parse(typed)
        except BadDate as exc:
            raise BadInput(exc.key, **{**exc.params, "field": name}) from exc

    def needed_day(self, name: str) -> date:
        """Return a day that must be filled in."""
        day = self.day(name)
        if day is None:
            raise BadInput("day_missing", field=name)
        return day

    def clock(self, name: str) -> time | None:
        """Return a time of day such as `09.30`; None if empty."""
        typed = self.text(name)
        if not typed:
            return None
        try:
            return parse_time(typed)
        except BadTime as exc:
            raise BadInput(exc.key, **{**exc.params, "field": name}) from exc

    def moment(self, name: str) -> datetime | None:
        """Return the moment of the fields `<name>_day` and `<name>_time`; None if both are empty."""
        if not self.text(f"{name}_day") and not self.text(f"{name}_time"):
            return None
        return self.needed_moment(name)

    def needed_moment(self, name: str, *, all_day: bool = False) -> datetime:
        """Return the moment of two fields that must be filled in; all day: at 00.00, no time is read."""
        day = self.needed_day(f"{name}_day")
        clock = time() if all_day else self.clock(f"{name}_time")
        if clock is None:
            raise BadInput("time_missing", field=f"{name}_time")
        return from_bangkok(datetime.combine(day, clock))

    def upload(self, name: str) -> Upload | None:
        """Return the file of a field; None if none was chosen."""
        return next(iter(self.files.get(name, ())), None)

    def needed_upload(self, name: str) -> Upload:
        """Return the file of a field that must have one."""
        upload = self.upload(name)
        if upload is None:
            raise BadInput("choose_file", field=name)
        return upload


def read_form(data: FormData, refused_mb: int | None = None) -> Form:
    """Return the fields of a posted form; its files stay open as long as the request.

    A file takes its rights and source from the form's fields of these names. refused_mb: the limit that the
    request was over, so that its files were not read.
    """
    lists: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for name, value in data.multi_items():
        if not isinstance(value, UploadFile):
            lists.setdefault(name, []).append(value.replace("\r\n", "\n"))
    typed = {name: values[-1] for name, values in lists.items()}
    for name, value in data.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            upload = Upload(
                value.filename, value.file, typed.get("rights", ""), typed.get("source", ""),
                value.content_type or "", refused_mb,
            )  # fmt: skip
            files.setdefault(name, []).append(upload)
    return Form(
        values=typed,
        lists={name: tuple(values) for name, values in lists.items()},
        files={name: tuple(found) for name, found in files.items()},
    )
