"""What was found in a picture, GIF or video when it came in; where its original and preview are kept."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import MediaKind
from models.base import Base, words


class MediaFacts(Base):
    """The facts of one asset that shows something; null is what this kind of file does not have.

    The asset itself is what is published. `original_sha256` names the bytes as they came, `preview_sha256` a
    small JPEG. examined_by: `pillow`, `ffprobe`, or `boxes` where ffprobe is not installed.
    """

    __tablename__ = "media_facts"

    asset_id: Mapped[int] = mapped_column(ForeignKey("asset.id"), primary_key=True)
    kind: Mapped[MediaKind] = mapped_column(words(MediaKind))
    duration_ms: Mapped[int | None]
    frames: Mapped[int | None]
    frames_per_1000_s: Mapped[int | None]
    video_codec: Mapped[str] = mapped_column(String(40), default="")
    audio_codec: Mapped[str] = mapped_column(String(40), default="")
    exotic: Mapped[str] = mapped_column(String(40), default="", server_default="")  # words, see films.Film
    original_sha256: Mapped[str] = mapped_column(String(64))
    original_mime: Mapped[str] = mapped_column(String(60))
    original_size: Mapped[int]
    preview_sha256: Mapped[str] = mapped_column(String(64), default="")
    examined_by: Mapped[str] = mapped_column(String(20))
