"""The forms of a page as a browser without scripts knows them: where they go and what they would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "file", "image", "reset"}
Attributes = dict[str, str | None]


@dataclass
class PageForm:
    """One form: its address, and each field's name with what would be sent if nobody touched it."""

    action: str
    fields: dict[str, str | list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        held = self.fields.get(name)
        if held is None:
            self.fields[name] = value
        else:
            self.fields[name] = [*(held if isinstance(held, list) else [held]), value]


def forms_of(page: str) -> list[PageForm]:
    """Return the forms of a page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def form_to(page: str, action: str, **wanted: str) -> PageForm:
    """Return the page's first form that goes to this address and carries these values."""
    for form in forms_of(page):
        if form.action == action and wanted.items() <= form.fields.items():
            return form
    raise AssertionError(f"no form to {action} {wanted}, only {[one.action for one in forms_of(page)]}")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._inside = False
        self._select = ""
        self._area = ""
        self._typed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(PageForm(given.get("action") or ""))
            self._inside = True
        elif not self._inside:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given.get("name") or ""
        elif tag == "option" and self._select:
            self._option(given)
        elif tag == "textarea":
            self._area, self._typed = given.get("name") or "", []

    def handle_data(self, data: str) -> None:
        if self._area:
            self._typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            # a browser drops the line break that follows the tag
            self.forms[-1].add(self._area, "".join(self._typed).removeprefix("\n"))
            self._area = ""

    def _input(self, given: Attributes) -> None:
        name, kind = given.get("name"), given.get("type") or "text"
        if not name or kind in UNSENT or "disabled" in given:
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self.forms[-1].add(name, given.get("value") or ("on" if kind == "checkbox" else ""))

    def _option(self, given: Attributes) -> None:
        first = self._select not in self.forms[-1].fields
        if first or "selected" in given:  # a browser sends the first one if none is chosen
            self.forms[-1].fields[self._select] = given.get("value") or ""
