"""Which characters a glyph of a subset font stands for, found by comparing outlines with the source font."""

import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

Outline: TypeAlias = tuple[Any, ...]
_POSTSCRIPT_NAME = 6
_EXTENSION = 7
_NIKHAHIT_BEFORE_TONE = re.compile("\u0e4d([\u0e48-\u0e4b])")


class GlyphTexts:
    """A source font read backwards: outline in, texts out, the likeliest first.

    Outlines are drawn only of glyphs as wide as one that is asked for: most of a font is in no paper.
    """

    def __init__(self, font: TTFont) -> None:
        self.name = str(font["name"].getDebugName(_POSTSCRIPT_NAME))
        self._font = font
        self._texts = _texts_of_glyphs(font)
        self._of_width: dict[int, dict[Outline, list[str]]] = {}

    def of_subset(self, program: bytes) -> dict[int, list[str]]:
        """Return the texts each glyph id of a subset program may stand for; unknown outlines are absent."""
        with TTFont(io.BytesIO(program)) as subset:
            found = (
                (subset.getGlyphID(glyph), self._by_outline(outline[0]).get(outline))
                for glyph, outline in _outlines(subset, subset.getGlyphOrder())
            )
            return {glyph_id: texts for glyph_id, texts in found if texts}

    def _by_outline(self, width: int) -> dict[Outline, list[str]]:
        if width not in self._of_width:
            widths = self._font["hmtx"].metrics
            names = [name for name in self._font.getGlyphOrder() if widths[name][0] == width]
            found: dict[Outline, list[str]] = {}
            for name, outline in _outlines(self._font, [name for name in names if name in self._texts]):
                found.setdefault(outline, []).extend(self._texts[name])
            self._of_width[width] = found
        return self._of_width[width]


@cache
def of_file(path: Path) -> GlyphTexts:
    """Return the texts of a font file, read once per process."""
    return GlyphTexts(TTFont(io.BytesIO(path.read_bytes())))


def _outlines(font: TTFont, names: Iterable[str]) -> Iterator[tuple[str, Outline]]:
    glyphs = font.getGlyphSet()
    for name in names:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(pen)
        yield name, (glyphs[name].width, *pen.value)


def _texts_of_glyphs(font: TTFont) -> dict[str, list[str]]:
    """Return the characters of each glyph: from the character map, then through the substitutions of GSUB."""
    texts: dict[str, list[str]] = {}
    for code, glyph in sorted(font.getBestCmap().items()):
        texts.setdefault(glyph, []).append(chr(code))
    substitutions = list(_substitutions(font))
    before = -1
    while before != len(texts):  # substitutions feed each other: repeat until nothing is new
        before = len(texts)
        for glyphs, result in substitutions:
            if result not in texts and all(glyph in texts for glyph in glyphs):
                texts[result] = [_as_typed("".join(texts[glyph][0] for glyph in glyphs))]
    return texts


def _as_typed(text: str) -> str:
    """Put the tone before the nikhahit, as people type น้ำ: tone, then sara am, which NFKC takes apart."""
    return _NIKHAHIT_BEFORE_TONE.sub("\\1\u0e4d", text)


def _substitutions(font: TTFont) -> Iterator[tuple[list[str], str]]:
    """Yield (glyphs, the one glyph painted in their place) of single, alternate and ligature lookups."""
    if "GSUB" not in font:
        return
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            yield from _pairs(table.ExtSubTable if table.LookupType == _EXTENSION else table)


def _pairs(table: Any) -> Iterator[tuple[list[str], str]]:  # noqa: ANN401 -- fontTools ships no types
    match table.LookupType:
        case 1:
            yield from (([glyph], result) for glyph, result in table.mapping.items())
        case 3:
            yield from (([glyph], other) for glyph, others in table.alternates.items() for other in others)
        case 4:
            for first, ligatures in table.ligatures.items():
                yield from (([first, *ligature.Component], ligature.LigGlyph) for ligature in ligatures)
        case _:
            return
