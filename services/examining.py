"""What is kept of a picture, a GIF or a video, and what is found in it: as it came, as published, small."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from core.vocab import MediaKind
from models.media import MediaFacts
from models.posts import Asset
from services import ffprobe, films, gifs, pictures
from services.blobs import Kept, copy_stream, keep, keep_stream
from services.filetypes import FileType
from services.uploads import Upload


def keep_picture(media_dir: Path, upload: Upload, kind: FileType, *, still: bool) -> tuple[Asset, MediaFacts]:
    """Keep a picture; a GIF that moves stays one unless only a still picture is wanted."""
    data = upload.data
    gif = gifs.clean(data) if kind.mime == "image/gif" and not still else None
    if gif is not None and gif.frames > 1:
        shown = pictures.Picture(gif.content, "image/gif", gif.width, gif.height)
        facts = MediaFacts(kind=MediaKind.GIF, duration_ms=gif.duration_ms, frames=gif.frames)
    else:
        shown = pictures.normalise(data)
        facts = MediaFacts(kind=MediaKind.IMAGE)
    small = pictures.preview(shown.content)
    original, kept = keep(media_dir, data), keep(media_dir, shown.content)
    facts.preview_sha256, facts.examined_by = keep(media_dir, small).sha256, "pillow"
    return _asset(kept, shown.mime, shown.width, shown.height), _original(facts, original, kind)


def keep_film(media_dir: Path, upload: Upload, kind: FileType) -> tuple[Asset, MediaFacts]:
    """Keep a video; what is published says nothing of who filmed it, and where."""
    media_dir.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=media_dir, prefix=".examining-") as work:
        copy_stream(upload.stream, work.file)
        work.flush()
        film, examined_by = ffprobe.second_opinion(Path(work.name), films.read_film(work.file, upload.size))
        still = ffprobe.first_picture(Path(work.name))
        small = pictures.preview(still) if still else b""
        original = shown = keep_stream(media_dir, work.file)
        if film.personal:
            films.forget_personal(work.file, film)
            shown = keep_stream(media_dir, work.file)
    facts = MediaFacts(
        kind=MediaKind.VIDEO, duration_ms=film.duration_ms, frames=film.frames,
        frames_per_1000_s=film.frames_per_1000_s, video_codec=film.video_codec,
        audio_codec=film.audio_codec, examined_by=examined_by, exotic=" ".join(film.exotic),
        preview_sha256=keep(media_dir, small).sha256 if small else "",
    )  # fmt: skip
    return _asset(shown, kind.mime, film.width, film.height), _original(facts, original, kind)


def _asset(kept: Kept, mime: str, width: int, height: int) -> Asset:
    return Asset(mime=mime, sha256=kept.sha256, size=kept.size, width=width, height=height)


def _original(facts: MediaFacts, original: Kept, kind: FileType) -> MediaFacts:
    facts.original_sha256, facts.original_size = original.sha256, original.size
    facts.original_mime = kind.mime
    return facts
