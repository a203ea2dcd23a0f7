"""The faces that documents are set in: found, checked and read once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from core.errors import Unavailable

FAMILY = "Sarabun"
FACES = ("Sarabun-Regular.ttf", "Sarabun-Bold.ttf")


class FontsMissing(Unavailable):
    """The folder of fonts lacks a face; `missing` in params names the files."""

    code = "fonts_missing"


@dataclass(frozen=True)
class Faces:
    """The font files of one folder and the characters that every one of them can draw."""

    folder: Path
    files: tuple[Path, ...]
    coverage: frozenset[int]


def load(folder: str | PathLike[str]) -> Faces:
    """Return the faces in a folder; FontsMissing names those that are absent or are no fonts."""
    files = tuple(Path(folder) / name for name in FACES)
    covered = {path: _coverage(path) for path in files}
    missing = [path.name for path, points in covered.items() if points is None]
    if missing:
        raise FontsMissing(missing=", ".join(missing))
    return Faces(Path(folder), files, _common(points for points in covered.values() if points is not None))


def _coverage(path: Path) -> frozenset[int] | None:
    return _read_coverage(path) if path.is_file() else None


@cache
def _read_coverage(path: Path) -> frozenset[int] | None:
    try:
        with path.open("rb") as file, TTFont(file, lazy=True) as font:
            return frozenset(font.getBestCmap())
    except TTLibError:
        return None


def _common(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset.intersection(*sets)
