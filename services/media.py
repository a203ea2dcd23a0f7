"""Pictures and files, kept once under the SHA-256 of what is stored."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.config import Settings
from core.errors import BadInput, NotFound
from core.vocab import Role
from models.people import Person
from models.posts import Asset
from services import audit
from services.people import require
from services.pictures import normalise
from services.runtime import Runtime
from services.typed import line

MB = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
ZIP = b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument."
# what a file must begin with, by its extension, and the type it is served as
FILE_KINDS: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".epub": (ZIP, "application/epub+zip"),
    ".docx": (ZIP, f"{OFFICE}wordprocessingml.document"),
    ".xlsx": (ZIP, f"{OFFICE}spreadsheetml.sheet"),
    ".csv": (b"", "text/csv"),
    ".txt": (b"", "text/plain"),
}


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, its bytes, who owns the rights and where it is from."""

    name: str
    data: bytes = field(repr=False)
    rights: str = ""
    source: str = ""


def read_upload(stream: BinaryIO, settings: Settings) -> bytes:
    """Read an upload, but never more than is allowed; raises `file_too_big`."""
    limit = settings.max_upload_mb * MB
    data = stream.read(limit + 1)
    _refuse_big(len(data), settings)
    return data


def store_image(rt: Runtime, upload: Upload, person: Person | None) -> Asset:
    """Normalise and keep a picture (JPEG, PNG, WebP, GIF in; JPEG or PNG out).

    Raises file_empty, file_too_big, not_an_image, image_too_large. The same picture gives the same asset.
    """
    _check(rt, upload, person)
    picture = normalise(upload.data)
    asset = Asset(mime=picture.mime, width=picture.width, height=picture.height)
    return _keep(rt, asset, picture.content, upload, person)


def store_file(rt: Runtime, upload: Upload, person: Person | None) -> Asset:
    """Keep a document (PDF, EPUB, DOCX, XLSX, CSV, TXT) as it is.

    Raises `file_empty`, `file_too_big`, `file_kind_unknown` (extension), `file_not_what_it_says` (content).
    """
    _check(rt, upload, person)
    extension = Path(upload.name).suffix.lower()
    if extension not in FILE_KINDS:
        raise BadInput("file_kind_unknown", field="file", extension=extension, known=sorted(FILE_KINDS))
    magic, mime = FILE_KINDS[extension]
    if not upload.data.startswith(magic) or (not magic and not _is_text(upload.data)):
        raise BadInput("file_not_what_it_says", field="file", extension=extension)
    return _keep(rt, Asset(mime=mime), upload.data, upload, person)


def find_asset(session: Session, asset_id: int) -> Asset:
    """Return an asset; raises NotFound."""
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise NotFound
    return asset


def read_asset(media_dir: Path, sha256: str) -> bytes:
    """Return stored bytes; raises file_missing, or file_damaged if they are no longer what was stored."""
    path = asset_path(media_dir, sha256)
    if not path.is_file():
        raise NotFound("file_missing", sha256=sha256)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound("file_damaged", sha256=sha256)
    return data


def asset_path(media_dir: Path, sha256: str) -> Path:
    """Return where bytes with this hash are kept; raises NotFound for anything that is no hash."""
    if not SHA256.fullmatch(sha256):
        raise NotFound
    return media_dir / sha256[:2] / sha256[2:4] / sha256


def _check(rt: Runtime, upload: Upload, person: Person | None) -> None:
    if person is not None:
        require(person, Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if not upload.data:
        raise BadInput("file_empty", field="file")
    _refuse_big(len(upload.data), rt.settings)


def _refuse_big(size: int, settings: Settings) -> None:
    if size > settings.max_upload_mb * MB:
        raise BadInput("file_too_big", field="file", limit_mb=settings.max_upload_mb)


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _keep(rt: Runtime, asset: Asset, content: bytes, upload: Upload, person: Person | None) -> Asset:
    """Write the bytes, then the row: a crash between leaves a file without a name, never the reverse."""
    sha256 = hashlib.sha256(content).hexdigest()
    _write(asset_path(rt.media_dir, sha256), content)
    with rt.sessions.begin() as session:
        known = session.scalar(select(Asset).where(Asset.sha256 == sha256))
        if known is not None:
            return known
        now = rt.clock.now()
        asset.sha256, asset.size, asset.uploaded_at = sha256, len(content), now
        asset.name = line(Path(upload.name).name, "name", 1000)[-200:]
        asset.rights = line(upload.rights, "rights", 200)
        asset.source = line(upload.source, "source", 200)
        asset.uploaded_by = person.id if person else None
        session.add(asset)
        audit.record(session, asset.uploaded_by, "asset.store", asset, now, sha256=sha256, name=asset.name)
    return asset


def _write(path: Path, content: bytes) -> None:
    """Write atomically: whoever sees the name sees the whole file."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
