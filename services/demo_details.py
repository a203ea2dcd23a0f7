"""What one kind of sample item alone has: drawn albums, figures, answers."""

from collections.abc import Mapping
from typing import Any

from core.vocab import Consent
from services.demo_cast import Cast, drawing
from services.details import Details, Photo, read_figures
from services.runtime import Runtime


def details_of_row(rt: Runtime, cast: Cast, row: Mapping[str, Any]) -> Details:
    """Return the details of a row of the samples, its pictures drawn and kept."""
    photos = [Photo(drawing(rt, name, cast.officer).id, alt) for name, alt in row.get("photos", ())]
    return Details(
        photos=tuple(photos),
        consent=Consent(row.get("consent", Consent.UNKNOWN)),
        figures=read_figures("\n".join(row.get("figures", ()))),
        as_of=row.get("as_of"),
        answers=row.get("answers", {}),
    )
