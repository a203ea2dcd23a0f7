"""Two seconds of film (our own test picture, H.264 and AAC, 96 by 64), and what can be made of it by hand."""

import struct
from pathlib import Path

TINY = (Path(__file__).parent / "tiny.mp4").read_bytes()


def lasting(seconds: float, film: bytes = TINY) -> bytes:
    """Return a film whose video track says that it lasts so long."""
    place = film.index(b"mdhd") + 4 + 12
    (timescale,) = struct.unpack_from(">I", film, place)
    return _written(film, place + 4, ">I", int(seconds * timescale))


def sized(width: int, height: int, film: bytes = TINY) -> bytes:
    """Return a film whose video track says that it is shown so large."""
    return _written(film, film.index(b"tkhd") + 4 + 40 + 36, ">II", width << 16, height << 16)


def upright(film: bytes = TINY) -> bytes:
    """Return a film as a phone held upright writes it: turned by a quarter."""
    one = 1 << 16
    return _written(film, film.index(b"tkhd") + 4 + 40, ">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)


def coded(code: bytes, film: bytes = TINY) -> bytes:
    """Return a film whose picture is said to be coded otherwise."""
    return film.replace(b"avc1", code)


def padded(size: int, film: bytes = TINY) -> bytes:
    """Return a film of exactly so many bytes, the rest of them free for use."""
    return film + struct.pack(">I4s", size - len(film), b"free") + bytes(size - len(film) - 8)


def _written(film: bytes, place: int, layout: str, *values: int) -> bytes:
    packed = struct.pack(layout, *values)
    return film[:place] + packed + film[place + len(packed) :]
