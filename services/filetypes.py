"""What a file is: by its first bytes, which its name and what the browser says must agree with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from core.errors import BadInput

HEAD: Final = 1024  # bytes that `sniff` wants to see
TAIL: Final = 66_000  # a ZIP's directory ends within the last 65,557 bytes


@dataclass(frozen=True)
class FileType:
    """One kind of file that is taken: the extensions it may have, other names that browsers give it."""

    mime: str
    extensions: tuple[str, ...]
    also: tuple[str, ...] = ()


TYPES: Final = (
    FileType("image/jpeg", (".jpg", ".jpeg", ".jfif"), ("image/jpg", "image/pjpeg")),
    FileType("image/png", (".png",), ("image/x-png",)),
    FileType("image/webp", (".webp",)),
    FileType("image/gif", (".gif",)),
    FileType("video/mp4", (".mp4", ".m4v"), ("video/x-m4v",)),
)
UNDECLARED: Final = ("", "application/octet-stream")
PICTURE_MAGIC: Final = {b"\xff\xd8\xff": TYPES[0], b"\x89PNG\r\n\x1a\n": TYPES[1], b"GIF8": TYPES[3]}
OTHER_PICTURES: Final = {b"BM": "BMP", b"II*\x00": "TIFF", b"MM\x00*": "TIFF"}
PHONE_PICTURES: Final = (b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
OTHER_FILMS: Final = {b"qt  ": "MOV", b"3gp4": "3GP", b"3gp5": "3GP", b"3g2a": "3GP"}
# marks of a second file inside a picture, where they do harm: at its head, and at its end
HEAD_MARKS: Final = (b"%PDF-", b"<html", b"<script", b"<!doctype")
TAIL_MARKS: Final = (b"PK\x05\x06", b"<html", b"<script", b"<?php")


def type_of(name: str, declared: str, head: bytes) -> FileType:
    """Return what a file is. Raises what `sniff` raises, or file_named_wrong (extension, actual)."""
    found = sniff(head)
    extension = PurePath(name).suffix.lower()
    said = declared.partition(";")[0].strip().lower()
    if extension not in found.extensions or said not in (found.mime, *found.also, *UNDECLARED):
        actual = found.extensions[0].removeprefix(".").upper()
        raise BadInput("file_named_wrong", field="file", extension=extension or name, actual=actual)
    return found


def sniff(head: bytes) -> FileType:
    """Return what a file's first HEAD bytes show it to be.

    Raises svg_refused, heic_refused, picture_kind_refused, film_kind_refused (kind), or not_an_image.
    """
    for magic, found in PICTURE_MAGIC.items():
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return TYPES[2]
    if head[4:8] == b"ftyp":
        return _film(head[8:12])
    raise _refusal(head)


def refuse_two_in_one(head: bytes, tail: bytes) -> None:
    """Raise file_two_kinds when a picture is also an archive, a document or a page."""
    early, late = head[:HEAD].lower(), tail[-TAIL:].lower()
    if _has(early, HEAD_MARKS) or _has(late, TAIL_MARKS):
        raise BadInput("file_two_kinds", field="file")


def _has(data: bytes, marks: tuple[bytes, ...]) -> bool:
    return any(mark.lower() in data for mark in marks)


def _film(brand: bytes) -> FileType:
    if brand in PHONE_PICTURES:
        raise BadInput("heic_refused", field="file")
    if brand in OTHER_FILMS:
        raise BadInput("film_kind_refused", field="file", kind=OTHER_FILMS[brand])
    return TYPES[4]


def _refusal(head: bytes) -> BadInput:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return BadInput("svg_refused", field="file")
    kinds: Mapping[bytes, str] = OTHER_PICTURES
    for magic, kind in kinds.items():
        if head.startswith(magic):
            return BadInput("picture_kind_refused", field="file", kind=kind)
    if head.startswith(b"\x1aE\xdf\xa3"):
        return BadInput("film_kind_refused", field="file", kind="WebM/MKV")
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        return BadInput("film_kind_refused", field="file", kind="AVI")
    return BadInput("not_an_image", field="file")
