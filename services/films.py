"""A video as its boxes tell it (ISO 14496-12): size, length, codecs, and where it says where it was taken.

Reads headers only, so a file of any size costs little; where ffprobe is installed, it sees more.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from core.errors import BadInput

CODECS: Final = {
    b"avc1": "h264", b"avc3": "h264", b"hvc1": "hevc", b"hev1": "hevc", b"av01": "av1", b"vp09": "vp9",
    b"mp4v": "mpeg4", b"mp4a": "aac", b".mp3": "mp3", b"Opus": "opus", b"ac-3": "ac3", b"ec-3": "eac3",
}  # fmt: skip
HOLDERS: Final = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
PERSONAL: Final = {b"udta", b"meta", b"uuid"}  # where phones write the place, the owner and the device
MOST_BOXES: Final = 10_000
LONGEST_TABLE: Final = 2_000_000
CHUNK: Final = 65_536


@dataclass(frozen=True)
class Film:
    """A video as it is shown, turned upright. Codecs by ffprobe's names, audio empty without sound.

    personal: (start, end) of the boxes that tell about whoever filmed. exotic: what ffprobe sees and players
    of the platforms do not take (`pixels`, `interlaced`); empty where it did not look.
    """

    width: int
    height: int
    duration_ms: int
    frames: int
    frames_per_1000_s: int
    video_codec: str
    audio_codec: str
    personal: tuple[tuple[int, int], ...] = ()
    exotic: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    body: int
    end: int


@dataclass
class _Track:
    handler: bytes = b""
    codec: bytes = b""
    width: int = 0
    height: int = 0
    timescale: int = 0
    length: int = 0
    samples: int = 0


def read_film(file: IO[bytes], size: int) -> Film:
    """Return what the boxes tell; raises film_damaged, or film_without_picture."""
    try:
        return _film(file, size)
    except (struct.error, ValueError, OverflowError, ZeroDivisionError) as exc:
        raise BadInput("film_damaged", field="file") from exc


def forget_personal(file: IO[bytes], film: Film) -> None:
    """Overwrite what tells about whoever filmed, in place: every other byte stays where it was."""
    for start, end in film.personal:
        file.seek(start + 4)
        file.write(b"free")
        file.seek(start + 8)
        left = end - start - 8
        while left > 0:
            left -= file.write(bytes(min(left, CHUNK)))


def _film(file: IO[bytes], size: int) -> Film:
    boxes = list(_walk(file, 0, size))
    if not any(box.kind == b"mdat" for box in boxes):
        raise ValueError
    tracks = _tracks(file, boxes)
    video = next((track for track in tracks if track.handler == b"vide"), None)
    if video is None or not (video.width and video.height):
        raise BadInput("film_without_picture", field="file")
    sound = next((track for track in tracks if track.handler == b"soun"), _Track())
    duration_ms = video.length * 1000 // video.timescale
    if not (duration_ms and video.samples):
        raise ValueError
    return Film(
        width=video.width, height=video.height, duration_ms=duration_ms, frames=video.samples,
        frames_per_1000_s=video.samples * 1_000_000 // duration_ms,
        video_codec=_named(video.codec), audio_codec=_named(sound.codec),
        personal=tuple((box.start, box.end) for box in boxes if box.kind in PERSONAL),
    )  # fmt: skip


def _named(code: bytes) -> str:
    return CODECS.get(code, code.decode("ascii", "replace").strip())


def _walk(file: IO[bytes], start: int, end: int) -> Iterator[_Box]:
    """Give every box that matters, the inner ones after the one that holds them; ValueError if cut short."""
    waiting = [(start, end)]
    seen = 0
    while waiting:
        place, stop = waiting.pop()
        if place >= stop:
            continue
        box = _box(file, place, stop)
        seen += 1
        if seen > MOST_BOXES:
            raise ValueError(seen)
        yield box
        waiting.append((box.end, stop))
        if box.kind in HOLDERS:
            waiting.append((box.body, box.end))


def _box(file: IO[bytes], place: int, stop: int) -> _Box:
    file.seek(place)
    length, kind = struct.unpack(">I4s", file.read(8))
    body = place + 8
    if length == 1:
        (length,) = struct.unpack(">Q", file.read(8))
        body += 8
    end = stop if length == 0 else place + length
    if not body <= end <= stop:
        raise ValueError(kind, place, end)
    return _Box(kind, place, body, end)


def _tracks(file: IO[bytes], boxes: list[_Box]) -> list[_Track]:
    tracks: list[_Track] = []
    readers = {b"tkhd": _shown, b"mdhd": _length, b"hdlr": _handler, b"stsd": _codec, b"stts": _samples}
    for box in boxes:
        if box.kind == b"trak":
            tracks.append(_Track())
        elif box.kind in readers and tracks:
            readers[box.kind](file, box, tracks[-1])
    return tracks


def _read(file: IO[bytes], box: _Box, offset: int, layout: str) -> tuple[int, ...]:
    place, size = box.body + offset, struct.calcsize(layout)
    if place + size > box.end:
        raise ValueError(box)
    file.seek(place)
    return struct.unpack(layout, file.read(size))


def _shown(file: IO[bytes], box: _Box, track: _Track) -> None:
    """Read how large a track is shown; a phone held upright says so in the matrix."""
    (version,) = _read(file, box, 0, ">B")
    matrix = 52 if version else 40
    turned = _read(file, box, matrix, ">i")[0] == 0
    width, height = (side >> 16 for side in _read(file, box, matrix + 36, ">II"))
    track.width, track.height = (height, width) if turned else (width, height)


def _length(file: IO[bytes], box: _Box, track: _Track) -> None:
    (version,) = _read(file, box, 0, ">B")
    offset, layout = (20, ">IQ") if version else (12, ">II")
    track.timescale, track.length = _read(file, box, offset, layout)


def _handler(file: IO[bytes], box: _Box, track: _Track) -> None:
    (code,) = _read(file, box, 8, ">I")
    track.handler = code.to_bytes(4, "big")


def _codec(file: IO[bytes], box: _Box, track: _Track) -> None:
    (code,) = _read(file, box, 12, ">I")
    track.codec = code.to_bytes(4, "big")


def _samples(file: IO[bytes], box: _Box, track: _Track) -> None:
    """Count the pictures, or the pieces of sound, of a track."""
    (entries,) = _read(file, box, 4, ">I")
    if entries > LONGEST_TABLE or box.body + 8 + entries * 8 > box.end:
        raise ValueError(entries)
    file.seek(box.body + 8)
    table = file.read(entries * 8)
    track.samples = sum(count for count, _ in struct.iter_unpack(">II", table))
