"""One ZIP for one month: the same files give the same bytes; what comes back is checked before it is used."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from core.errors import BadInput
from reports import manifest

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can hold: no clock shows in the bytes
_READABLE = 0o644 << 16
LARGEST = 512 * 1024 * 1024


class BundleUnreadable(BadInput):
    """The file is no bundle that can be opened; `detail` in params says what is wrong."""

    code = "bundle_unreadable"


class UnsafeName(BundleUnreadable):
    """A file name that could leave the folder it is unpacked to; `name` in params."""

    code = "bundle_name_unsafe"


def pack(files: Mapping[str, bytes], manifest_bytes: bytes) -> bytes:
    """Return a ZIP of the files and their manifest, sorted, without clock or machine in its bytes."""
    written = io.BytesIO()
    everything = {**files, manifest.NAME: manifest_bytes}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(everything):
            entry = zipfile.ZipInfo(_safe(name), _OLDEST)
            entry.create_system, entry.external_attr = 3, _READABLE
            archive.writestr(entry, everything[name])
    return written.getvalue()


def unpack(bundle: bytes) -> tuple[dict[str, bytes], bytes]:
    """Return (files without the manifest, manifest) of a ZIP, ready for manifest.verify.

    A file that is damaged inside a sound ZIP comes back empty, so that verify names it as changed. Raises
    BundleUnreadable for what is no ZIP, has no manifest, holds a name twice or is over LARGEST when unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
            files = {entry.filename: _read(archive, entry) for entry in _checked(archive)}
    except (zipfile.BadZipFile, ValueError) as exc:
        raise BundleUnreadable(detail=str(exc)) from exc
    listed = files.pop(manifest.NAME, None)
    if listed is None:
        raise BundleUnreadable(detail=manifest.NAME)
    return files, listed


def _checked(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len({_safe(entry.filename) for entry in entries}) != len(entries):
        raise BundleUnreadable(detail="duplicate names")
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise BundleUnreadable(detail=f"> {LARGEST} bytes")
    return entries


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return b""


def _safe(name: str) -> str:
    """Return the name if it stays below the folder it is unpacked to."""
    path = PurePosixPath(name)
    if (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in name
        or ":" in name
        or str(path) != name
    ):
        raise UnsafeName(name=name)
    return name
