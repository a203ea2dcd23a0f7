"""Pictures, GIFs, videos and files: checked, made alike, kept once under the SHA-256 of what is published."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, NotFound
from core.vocab import Role
from models.media import MediaFacts
from models.people import Person
from models.posts import Asset
from services import audit
from services.blobs import asset_path, checked_path, found_path, keep, read_asset
from services.examining import keep_film, keep_picture
from services.filetypes import refuse_two_in_one, type_of
from services.people import require
from services.runtime import Runtime
from services.typed import line
from services.uploads import MB, Upload

__all__ = [
    "MB", "Upload", "asset_path", "checked_path", "facts_of", "find_asset", "found_path", "preview_of",
    "read_asset", "store_file", "store_image", "store_media",
]  # fmt: skip

ZIP = b"PK\x03\x04"
OFFICE = "application/vnd.openxmlformats-officedocument."
# what a file must begin with, by its extension, and the type it is served as
FILE_KINDS: Final[dict[str, tuple[bytes, str]]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".epub": (ZIP, "application/epub+zip"),
    ".docx": (ZIP, f"{OFFICE}wordprocessingml.document"),
    ".xlsx": (ZIP, f"{OFFICE}spreadsheetml.sheet"),
    ".csv": (b"", "text/csv"),
    ".txt": (b"", "text/plain"),
}


def store_media(rt: Runtime, upload: Upload, person: Person | None) -> Asset:
    """Check and keep what a post may show: a picture, a GIF or a video. The same file gives the same asset.

    Raises file_empty, file_too_big, file_named_wrong, file_two_kinds, not_an_image, svg_refused and the like
    (services/filetypes), image_too_large, too_many_frames, gif_too_large, film_damaged and its siblings.
    """
    return _store(rt, upload, person, ("image/", "video/"))


def store_image(rt: Runtime, upload: Upload, person: Person | None) -> Asset:
    """Check and keep a still picture (JPEG, PNG, WebP, GIF in; JPEG or PNG out); raises as store_media."""
    return _store(rt, upload, person, ("image/",), still=True)


def store_file(rt: Runtime, upload: Upload, person: Person | None) -> Asset:
    """Keep a document (PDF, EPUB, DOCX, XLSX, CSV, TXT) as it is.

    Raises `file_empty`, `file_too_big`, `file_kind_unknown` (extension), `file_not_what_it_says` (content).
    """
    _check(rt, upload, person)
    extension = Path(upload.name).suffix.lower()
    if extension not in FILE_KINDS:
        raise BadInput("file_kind_unknown", field="file", extension=extension, known=sorted(FILE_KINDS))
    upload.refuse_over(rt.settings.max_upload_mb)
    magic, mime = FILE_KINDS[extension]
    data = upload.data
    if not data.startswith(magic) or (not magic and not _is_text(data)):
        raise BadInput("file_not_what_it_says", field="file", extension=extension)
    kept = keep(rt.media_dir, data)
    return _row(rt, Asset(mime=mime, sha256=kept.sha256, size=kept.size), None, upload, person)


def find_asset(session: Session, asset_id: int) -> Asset:
    """Return an asset; raises NotFound."""
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise NotFound
    return asset


def facts_of(session: Session, asset_ids: Sequence[int]) -> dict[int, MediaFacts]:
    """Return what is known of pictures, GIFs and videos, by asset; other files have no entry."""
    rows = session.scalars(select(MediaFacts).where(MediaFacts.asset_id.in_(asset_ids)))
    return {row.asset_id: row for row in rows}


def preview_of(rt: Runtime, asset_id: int) -> bytes:
    """Return a small JPEG of an asset; empty for a video nobody drew; raises NotFound for a document."""
    with rt.sessions.begin() as session:
        facts = session.get(MediaFacts, asset_id)
        if facts is None:
            raise NotFound
        sha256 = facts.preview_sha256
    return read_asset(rt.media_dir, sha256) if sha256 else b""


def _store(
    rt: Runtime, upload: Upload, person: Person | None, families: tuple[str, ...], *, still: bool = False
) -> Asset:
    _check(rt, upload, person)
    head, tail = upload.ends()
    kind = type_of(upload.name, upload.declared, head)
    if not kind.mime.startswith(families):
        raise BadInput("not_an_image", field="file")
    if kind.mime.startswith("video/"):
        upload.refuse_over(rt.settings.max_video_mb)
        return _row(rt, *keep_film(rt.media_dir, upload, kind), upload, person)
    upload.refuse_over(rt.settings.max_upload_mb)
    refuse_two_in_one(head, tail)
    return _row(rt, *keep_picture(rt.media_dir, upload, kind, still=still), upload, person)


def _check(rt: Runtime, upload: Upload, person: Person | None) -> None:
    if person is not None:
        require(person, Role.OFFICER, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if not upload.size:
        raise BadInput("file_empty", field="file")
    upload.refuse_over(max(rt.settings.max_upload_mb, rt.settings.max_video_mb))


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _row(rt: Runtime, asset: Asset, facts: MediaFacts | None, upload: Upload, person: Person | None) -> Asset:
    """Write the row once the bytes lie there: a crash leaves a file without a name, not the reverse."""
    with rt.sessions.begin() as session:
        known = session.scalar(select(Asset).where(Asset.sha256 == asset.sha256))
        if known is not None:
            return known
        now = rt.clock.now()
        asset.uploaded_at = now
        asset.name = line(Path(upload.name).name, "name", 1000)[-200:]
        asset.rights = line(upload.rights, "rights", 200)
        asset.source = line(upload.source, "source", 200)
        asset.uploaded_by = person.id if person else None
        session.add(asset)
        session.flush()
        if facts is not None:
            facts.asset_id = asset.id
            session.add(facts)
        audit.record(
            session, asset.uploaded_by, "asset.store", asset, now, sha256=asset.sha256, name=asset.name
        )
    return asset
