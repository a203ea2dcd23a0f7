"""Which characters a glyph of a subset font stands for, found by comparing outlines with the source font."""

import io
import re
from collections.abc import Iterator
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
    """A source font read backwards: outline in, texts out, the likeliest first."""

    def __init__(self, font: TTFont) -> None:
        self.name = str(font["name"].getDebugName(_POSTSCRIPT_NAME))
        by_glyph = _texts_of_glyphs(font)
        self._by_outline: dict[Outline, list[str]] = {}
        for glyph, outline in _outlines(font):
            for text in by_glyph.get(glyph, ()):
                self._by_outline.setdefault(outline, []).append(text)

    def of_subset(self, program: bytes) -> dict[int, list[str]]:
        """Return the texts each glyph id of a subset program may stand for; unknown outlines are absent."""
        with TTFont(io.BytesIO(program)) as subset:
            found = (
                (subset.getGlyphID(glyph), self._by_outline.get(outline))
                for glyph, outline in _outlines(subset)
            )
            return {glyph_id: texts for glyph_id, texts in found if texts}


@cache
def of_file(path: Path) -> GlyphTexts:
    """Return the texts of a font file, read once per process."""
    with TTFont(path) as font:
        return GlyphTexts(font)


def _outlines(font: TTFont) -> Iterator[tuple[str, Outline]]:
    glyphs = font.getGlyphSet()
    for name in font.getGlyphOrder():
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
