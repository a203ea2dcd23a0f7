"""Repair of the text that a reader copies out of a PDF that typst wrote (krilla issue 411, open).

Typst labels each Thai cluster with /ActualText and repeats the label on each piece that a shifted mark splits
off, so that copying gives ทั้ทั้งสิ้สิ้น; readers that know no /ActualText get worse. Here each glyph gets its
own characters, and a label stays only where the glyphs in painted order do not spell the text (น้ำ).
tests/reports/test_text_layer.py fails when typst no longer needs this.
"""

import io
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

import pikepdf

from reports import glyph_texts

_SUBSET_TAG = re.compile(r"^/[A-Z]{6}\+")
_BFCHAR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
# Marked text as krilla writes it: a label in hexadecimal, then a font and what is shown after each Tm.
_LABELLED = re.compile(
    rb"/Span<</ActualText<(?P<label>FEFF[0-9A-F]*)>>>BDC(?P<body>(?:(?!EMC).)*)EMC", re.DOTALL
)
_FONT = re.compile(rb"(/f\d+) \S+ Tf")
_SHOWN = re.compile(rb" Tm(.*?)T[Jj]\s", re.DOTALL)
# A mark drawn apart from its letter, a hair (at most 0.03 em) to the right of where the next letter begins:
# Chrome's reader sorts by position and would read it after that letter. Without the hair it looks the same.
_LATE_MARK = re.compile(rb" Tm\[-[0-2]?[0-9](?P<mark>\((?:[^()\\]|\\.)*\))\]TJ", re.DOTALL)
# A space shown on its own has no width for Chrome's reader, which then joins the words: it moves into the
# array before it, where it paints as little.
_LONE_SPACE = re.compile(
    rb"\]TJ\s+0 Tr(?P<font>/f\d+) \S+ Tf 1 0 0 -1 \S+ 0 Tm(?P<space>\((?:[^()\\]|\\.)*\))Tj", re.DOTALL
)
_BLOCK = 100  # the most pairs that one bfchar block may hold
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{blocks}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""

Characters: TypeAlias = dict[int, str]  # glyph id of a subset font -> its characters


def repair(pdf: bytes, font_files: Iterable[Path]) -> bytes:
    """Return the same pages with a text layer that copies as the source, up to NFKC and white space.

    font_files: the TTFs it is set in; a font not among them keeps its layer. Same input, same bytes.
    """
    sources = {source.name: source for source in map(glyph_texts.of_file, font_files)}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = {}
        for font, source in _known_fonts(document, sources):
            texts[font.objgen] = _true_texts(font, source)
            font.ToUnicode = document.make_stream(_cmap(texts[font.objgen]))
        for page in document.pages:
            fonts = {
                name.encode(): texts.get(font.objgen)
                for name, font in page.Resources.get("/Font", {}).items()
            }
            page.Contents = document.make_stream(_relabelled(page.Contents.read_bytes(), fonts))
        written = io.BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


def _known_fonts(
    document: pikepdf.Pdf, sources: dict[str, glyph_texts.GlyphTexts]
) -> Iterator[tuple[pikepdf.Object, glyph_texts.GlyphTexts]]:
    used = {
        font.objgen: font
        for page in document.pages
        for font in page.Resources.get("/Font", {}).values()
        if font.get("/Subtype") == "/Type0"
    }
    for _, font in sorted(used.items(), key=itemgetter(0)):
        source = sources.get(_SUBSET_TAG.sub("", str(font.BaseFont)))
        if source is not None:
            yield font, source


def _true_texts(font: pikepdf.Object, source: glyph_texts.GlyphTexts) -> Characters:
    """Return each glyph's characters; where outlines are shared (space, no-break space) typst decides."""
    written = {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _BFCHAR.findall(font.ToUnicode.read_bytes())
    }
    possible = source.of_subset(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes())
    return written | {code: _choose(written.get(code), texts) for code, texts in possible.items() if code}


def _choose(written: str | None, possible: list[str]) -> str:
    return written if written is not None and written in possible else possible[0]


def _cmap(texts: Characters) -> bytes:
    pairs = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in sorted(texts.items())
    ]
    blocks = [pairs[start : start + _BLOCK] for start in range(0, len(pairs), _BLOCK)]
    return _CMAP.format(
        blocks="\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    ).encode()


def _relabelled(content: bytes, fonts: dict[bytes, Characters | None]) -> bytes:
    """Return a page's content without the labels that are false or needless, marks before the next letter."""
    true = _LABELLED.sub(lambda span: span[0] if _is_needed(span, fonts) else b" %b " % span["body"], content)
    return _LATE_MARK.sub(rb" Tm[\g<mark>]TJ", _LONE_SPACE.sub(lambda show: _joined(show, fonts), true))


def _joined(show: re.Match[bytes], fonts: dict[bytes, Characters | None]) -> bytes:
    texts = fonts.get(show["font"]) or {}
    is_space = all(texts.get(code) == " " for code in _codes_of(show["space"]))
    return b"%b]TJ" % show["space"] if is_space else show[0]


def _is_needed(span: re.Match[bytes], fonts: dict[bytes, Characters | None]) -> bool:
    """Tell whether a label spells the same letters as its glyphs, in an order that the glyphs do not."""
    used = [fonts.get(name) for name in _FONT.findall(span["body"])]
    if not used or used[0] is None:
        return True
    label = bytes.fromhex(span["label"].decode()).decode("utf-16")
    codes = chain.from_iterable(map(_codes_of, _SHOWN.findall(span["body"])))
    painted = "".join(used[0].get(code, "") for code in codes)
    return painted != label and _letters(painted) == _letters(label)


@lru_cache(maxsize=4096)  # clusters and spaces come again and again
def _codes_of(shown: bytes) -> tuple[int, ...]:
    """Return the glyph ids of one operand of Tj or TJ."""
    operand = pikepdf.Object.parse(shown)
    strings = list(operand) if isinstance(operand, pikepdf.Array) else [operand]
    codes = b"".join(bytes(string) for string in strings if isinstance(string, pikepdf.String))
    return tuple(code for (code,) in struct.iter_unpack(">H", codes))


def _letters(text: str) -> list[str]:
    return sorted(unicodedata.normalize("NFKC", text))
