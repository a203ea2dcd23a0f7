"""Bytes kept once under their SHA-256: written whole or not at all, read back only if unchanged."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from core.errors import NotFound

SHA256: Final = re.compile(r"[0-9a-f]{64}")
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """Bytes that now lie on disk."""

    sha256: str
    size: int
    path: Path


def keep(media_dir: Path, content: bytes) -> Kept:
    """Keep bytes; those already there stay as they are."""
    return keep_stream(media_dir, BytesIO(content))


def keep_stream(media_dir: Path, stream: IO[bytes]) -> Kept:
    """Keep what a stream holds from its beginning, never more than a piece of it in memory."""
    media_dir.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=media_dir, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            digest, size = copy_stream(stream, handle)
            handle.flush()
            os.fsync(handle.fileno())
        path = asset_path(media_dir, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        # whoever sees the name sees the whole file
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Kept(digest, size, path)


def read_asset(media_dir: Path, sha256: str) -> bytes:
    """Return stored bytes; raises file_missing, or file_damaged if they are no longer what was stored."""
    data = found_path(media_dir, sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound("file_damaged", sha256=sha256)
    return data


def checked_path(media_dir: Path, sha256: str) -> Path:
    """Return where stored bytes lie, read through in pieces; raises what `read_asset` raises."""
    path = found_path(media_dir, sha256)
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != sha256:
            raise NotFound("file_damaged", sha256=sha256)
    return path


def found_path(media_dir: Path, sha256: str) -> Path:
    """Return where stored bytes lie, unread; raises file_missing."""
    path = asset_path(media_dir, sha256)
    if not path.is_file():
        raise NotFound("file_missing", sha256=sha256)
    return path


def asset_path(media_dir: Path, sha256: str) -> Path:
    """Return where bytes with this hash are kept; raises NotFound for anything that is no hash."""
    if not SHA256.fullmatch(sha256):
        raise NotFound
    return media_dir / sha256[:2] / sha256[2:4] / sha256


def copy_stream(stream: IO[bytes], target: IO[bytes]) -> tuple[str, int]:
    """Copy a stream from its beginning, in pieces; return the hash and how many bytes there were."""
    digest = hashlib.sha256()
    size = 0
    stream.seek(0)
    while piece := stream.read(CHUNK):
        digest.update(piece)
        size += target.write(piece)
    return digest.hexdigest(), size
