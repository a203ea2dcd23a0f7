"""Frozen values as JSON and back: what the database keeps of a paper, whatever its kind."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import BadInput
from reports.document import EvidenceDocument
from reports.year_form import YearForm

Paper = TypeVar("Paper", EvidenceDocument, YearForm)
_SHAPES: dict[type, TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in (EvidenceDocument, YearForm)}


class DocumentUnreadable(BadInput):
    """Stored values are no paper of this kind; `where` in params names the first wrong field."""

    code = "document_unreadable"


def to_dict(paper: EvidenceDocument | YearForm) -> dict[str, Any]:
    """Return a paper as JSON values: moments ISO 8601, decimals text."""
    values: dict[str, Any] = _SHAPES[type(paper)].dump_python(paper, mode="json")
    return values


def from_dict(kind: type[Paper], values: dict[str, Any]) -> Paper:
    """Return the paper that `to_dict` wrote; DocumentUnreadable if the values have another shape."""
    try:
        paper: Paper = _SHAPES[kind].validate_python(values)
    except ValidationError as exc:
        where = ".".join(str(part) for part in exc.errors()[0]["loc"])
        raise DocumentUnreadable(where=where) from exc
    return paper
