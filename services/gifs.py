"""A GIF block by block: how long it runs; comments, camera data and what follows its end are taken out."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image

from core.errors import BadInput
from services.pictures import BOMBS, DAMAGED, MAX_FRAMES, MAX_PIXELS

TRAILER, IMAGE, EXTENSION = 0x3B, 0x2C, 0x21
CONTROL, APPLICATION = 0xF9, 0xFF
REPEATS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
MAX_AREA: Final = 300_000_000  # pixels of all frames together: what X takes, and what decoding may cost
HEADER, DESCRIPTOR = 13, 10


@dataclass(frozen=True)
class Gif:
    """A cleaned GIF; one frame is a still picture."""

    content: bytes
    width: int
    height: int
    frames: int
    duration_ms: int


def clean(data: bytes) -> Gif:
    """Return a GIF with nothing in it but what shows. Raises not_an_image, too_many_frames, gif_too_large."""
    try:
        gif = _Reader(data).read()
    except (IndexError, ValueError) as exc:
        raise BadInput("not_an_image", field="file") from exc
    if gif.frames > MAX_FRAMES:
        raise BadInput("too_many_frames", field="file", frames=gif.frames, limit=MAX_FRAMES)
    if gif.width * gif.height * gif.frames > MAX_AREA or gif.width * gif.height > MAX_PIXELS:
        raise _too_large(gif)
    _decode(gif)
    return gif


def _too_large(gif: Gif) -> BadInput:
    return BadInput("gif_too_large", field="file", width=gif.width, height=gif.height, frames=gif.frames)


def _decode(gif: Gif) -> None:
    """Draw every frame once: what cannot be drawn here will not be drawn by a platform."""
    try:
        with Image.open(io.BytesIO(gif.content), formats=("GIF",)) as opened:
            for frame in range(gif.frames):
                opened.seek(frame)
                opened.load()
    except BOMBS as exc:  # a frame may be larger than the picture says
        raise _too_large(gif) from exc
    except DAMAGED as exc:
        raise BadInput("not_an_image", field="file") from exc


class _Reader:
    """Walks over the blocks of one GIF and keeps those that show something."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.kept = bytearray()
        self.frames = 0
        self.hundredths = 0

    def read(self) -> Gif:
        """Return the cleaned file; IndexError or ValueError where it does not hold what it promises."""
        width = int.from_bytes(self.data[6:8], "little")
        height = int.from_bytes(self.data[8:10], "little")
        self._keep(HEADER + _colours(self.data[10]))
        while (block := self.data[self.place]) != TRAILER:
            if block == IMAGE:
                self._image()
            elif block == EXTENSION:
                self._extension()
            else:
                raise ValueError(block)
        self._keep(1)
        if not (width and height and self.frames):
            raise ValueError(width, height, self.frames)
        return Gif(bytes(self.kept), width, height, self.frames, self.hundredths * 10)

    def _image(self) -> None:
        start = self.place
        end = start + DESCRIPTOR + _colours(self.data[start + DESCRIPTOR - 1]) + 1  # and the code size
        self._keep(self._after_blocks(end) - start)
        self.frames += 1

    def _extension(self) -> None:
        start = self.place
        label = self.data[start + 1]
        end = self._after_blocks(start + 2)
        if label == CONTROL:
            self.hundredths += int.from_bytes(self.data[start + 4 : start + 6], "little")
        if label == CONTROL or (label == APPLICATION and self.data[start + 3 : start + 14] in REPEATS):
            self._keep(end - start)
        else:
            self.place = end

    def _after_blocks(self, place: int) -> int:
        """Return where a run of data blocks ends."""
        while size := self.data[place]:
            place += size + 1
        return place + 1

    def _keep(self, size: int) -> None:
        if self.place + size > len(self.data):
            raise IndexError(self.place)
        self.kept += self.data[self.place : self.place + size]
        self.place += size


def _colours(flags: int) -> int:
    """Return how many bytes the colour table takes that a packed field announces."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
