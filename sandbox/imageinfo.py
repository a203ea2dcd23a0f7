"""Kind and size of a picture from its first bytes, as the platforms check them; no picture is decoded."""

import struct
from dataclasses import dataclass

JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
MARKER = 0xFF
STANDALONE = {0x01, *range(0xD0, 0xD9)}
# first bytes, kind, and where width and height stand
FIXED = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ">II", 16),
    (b"GIF87a", "image/gif", "<HH", 6),
    (b"GIF89a", "image/gif", "<HH", 6),
    (b"BM", "image/bmp", "<ii", 18),
)


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """`mime` by content, whatever the upload claimed."""

    mime: str
    width: int
    height: int


def inspect(content: bytes) -> ImageInfo | None:
    """Return kind and size; None when this is no picture the platforms take."""
    try:
        return _inspect(content)
    except (struct.error, IndexError):
        return None


def _inspect(content: bytes) -> ImageInfo | None:
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    for magic, mime, layout, at in FIXED:
        if content.startswith(magic):
            return ImageInfo(mime, *struct.unpack_from(layout, content, at))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ImageInfo("image/webp", 0, 0)
    return ImageInfo("image/tiff", 0, 0) if content.startswith((b"II*\x00", b"MM\x00*")) else None


def _jpeg(content: bytes) -> ImageInfo | None:
    at = 2
    while content[at] == MARKER:
        marker = content[at + 1]
        if marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return ImageInfo("image/jpeg", width, height)
        at += 2 if marker in STANDALONE else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
