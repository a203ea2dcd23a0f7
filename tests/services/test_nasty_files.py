"""Files that lie, hide something or do harm: each is refused with its reason, or made harmless."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from core.errors import BadInput
from core.i18n import catalogue
from core.vocab import MediaKind
from services import gifs, media
from services.filetypes import sniff
from services.media import Upload
from services.pictures import normalise
from tests.builders import jpeg
from tests.films import TINY


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def moving(frames=3, size=(40, 30), **options):
    images = [Image.new("RGB", size, (20 * place % 255, 90, 120)) for place in range(frames)]
    return encoded(images[0], "GIF", save_all=True, append_images=images[1:], duration=100, loop=0, **options)


def as_large_as(side, gif):
    return gif[:6] + struct.pack("<HH", side, side) + gif[10:]


def with_a_frame_of(side):
    """A GIF of 40 by 30 whose first frame says that it is larger."""
    gif = moving()
    at = gif.index(b"\x2c" + bytes(4))
    return gif[: at + 5] + struct.pack("<HH", side, side) + gif[at + 9 :]


def archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("run.js", "alert(1)")
    return buffer.getvalue()


def text_bomb():
    """A PNG whose comment unpacks to far more than it is."""
    info = PngInfo()
    info.add_text("Comment", "x" * 5_000_000, zip=True)
    return encoded(Image.new("RGB", (4, 4)), "PNG", pnginfo=info)


def pixel_bomb():
    """A PNG of a few bytes that says it is 60,000 by 60,000."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
CORPUS = {
    "a picture that is text": ("a.jpg", b"<html>not a picture</html>", "not_an_image"),
    "a JPEG named PNG": ("a.png", jpeg(), "file_named_wrong"),
    "a PNG named JPEG": ("a.jpg", encoded(Image.new("RGB", (4, 4)), "PNG"), "file_named_wrong"),
    "a picture named as a program": ("a.exe", jpeg(), "file_named_wrong"),
    "a picture with a second ending": ("a.jpg.html", jpeg(), "file_named_wrong"),
    "a picture without a name": ("", jpeg(), "file_named_wrong"),
    "a film named as a picture": ("a.jpg", TINY, "file_named_wrong"),
    "an SVG": ("a.svg", SVG, "svg_refused"),
    "an SVG named PNG": ("a.png", b"\xef\xbb\xbf " + SVG, "svg_refused"),
    "a HEIC from a phone": ("a.heic", b"\x00\x00\x00\x18ftypheic" + bytes(40), "heic_refused"),
    "an AVIF": ("a.avif", b"\x00\x00\x00\x18ftypavif" + bytes(40), "heic_refused"),
    "a BMP": ("a.bmp", encoded(Image.new("RGB", (4, 4)), "BMP"), "picture_kind_refused"),
    "a TIFF": ("a.tif", encoded(Image.new("RGB", (4, 4)), "TIFF"), "picture_kind_refused"),
    "a QuickTime film": ("a.mov", b"\x00\x00\x00\x14ftypqt  " + bytes(40), "film_kind_refused"),
    "a WebM": ("a.webm", b"\x1aE\xdf\xa3" + bytes(40), "film_kind_refused"),
    "an AVI": ("a.avi", b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(40), "film_kind_refused"),
    "a picture that is also an archive": ("a.jpg", jpeg() + archive(), "file_two_kinds"),
    "a GIF that is also a page": ("a.gif", moving() + b"<script>alert(1)</script>", "file_two_kinds"),
    "a JPEG with a program behind it": ("a.jpg", jpeg() + b"<?php echo 1", "file_two_kinds"),
    "a picture that is also a PDF": ("a.jpg", jpeg(comment=b"%PDF-1.4"), "file_two_kinds"),
    "a picture cut short": ("a.jpg", jpeg()[:-400], "not_an_image"),
    "half a PNG": ("a.png", encoded(Image.effect_noise((90, 90), 50), "PNG")[:4000], "not_an_image"),
    "a GIF cut short": ("a.gif", moving()[:-30], "not_an_image"),
    "a bomb of pixels": ("a.png", pixel_bomb(), "image_too_large"),
    "a bomb of text": ("a.png", text_bomb(), "not_an_image"),
    "too many frames": ("a.gif", moving(frames=201, size=(4, 4)), "too_many_frames"),
    "too many frames of WebP": (
        "a.webp",
        encoded(
            Image.new("RGB", (4, 4)), "WEBP", save_all=True, lossless=True,
            append_images=[Image.new("RGB", (4, 4), (place, 0, 0)) for place in range(1, 202)],
        ),
        "too_many_frames",
    ),
    "a GIF as large as a field": ("a.gif", as_large_as(7_100, moving()), "gif_too_large"),
    "a GIF with a frame larger than itself": ("a.gif", with_a_frame_of(15_000), "gif_too_large"),
    "a GIF as large as a wall": ("a.gif", as_large_as(12_000, moving()), "gif_too_large"),
}  # fmt: skip


@pytest.mark.parametrize("case", CORPUS)
def test_a_nasty_file_is_refused_with_its_reason(rt, team, case):
    name, data, code = CORPUS[case]
    with pytest.raises(BadInput) as caught:
        media.store_media(rt, Upload(name, data), team.officer)
    assert caught.value.key == code
    assert caught.value.params["field"] == "file"
    assert code in catalogue("th")["error"]
    assert not rt.media_dir.exists()


@pytest.mark.parametrize("declared", ["text/html", "image/png", "application/pdf"])
def test_what_the_browser_says_must_agree(rt, team, declared):
    with pytest.raises(BadInput, match="file_named_wrong"):
        media.store_media(rt, Upload("a.jpg", jpeg(), declared=declared), team.officer)


@pytest.mark.parametrize("declared", ["", "image/jpeg", "IMAGE/JPG; x=1", "application/octet-stream"])
def test_browsers_have_several_names_for_one_thing(rt, team, declared):
    assert (
        media.store_media(rt, Upload("ภาพ.JPG", jpeg(), declared=declared), team.officer).mime == "image/jpeg"
    )


def test_a_picture_from_a_phone_with_a_film_behind_it_is_taken_without_the_film(rt, team):
    asset = media.store_media(rt, Upload("a.jpg", jpeg() + TINY), team.officer)
    assert b"ftyp" not in media.read_asset(rt.media_dir, asset.sha256)


@given(st.binary(max_size=200), st.sampled_from([jpeg(60, 40), moving()]), st.integers(0, 400))
def test_no_change_of_bytes_does_worse_than_a_refusal(junk, data, place):
    spoiled = data[:place] + junk + data[place + len(junk) :]
    for read in (normalise, gifs.clean, lambda some: sniff(some[:1024])):
        try:
            read(spoiled)
        except BadInput as error:
            told = error.params
            assert told["field"] == "file"


def test_a_moving_gif_keeps_moving_and_loses_what_does_not_show(rt, team):
    data = moving(comment=b"made by a secret owner")
    asset = media.store_media(rt, Upload("ป้าย.gif", data), team.officer)
    shown = media.read_asset(rt.media_dir, asset.sha256)
    with rt.sessions.begin() as session:
        facts = media.facts_of(session, [asset.id])[asset.id]
    assert (asset.mime, facts.kind, facts.frames, facts.duration_ms) == ("image/gif", MediaKind.GIF, 3, 300)
    assert b"secret owner" not in shown
    with Image.open(io.BytesIO(shown)) as opened:
        assert (opened.n_frames, opened.info["loop"]) == (3, 0)
    assert media.read_asset(rt.media_dir, facts.original_sha256) == data


def test_a_gif_of_one_frame_is_a_still_picture(rt, team):
    asset = media.store_media(rt, Upload("a.gif", encoded(Image.new("RGB", (40, 30)), "GIF")), team.officer)
    assert asset.mime == "image/jpeg"


def test_where_only_a_still_picture_is_wanted_the_first_frame_is_taken_and_a_film_refused(rt, team):
    assert media.store_image(rt, Upload("a.gif", moving()), team.officer).mime == "image/jpeg"
    with pytest.raises(BadInput, match="not_an_image"):
        media.store_image(rt, Upload("a.mp4", TINY), team.officer)


def test_original_published_and_small_picture_are_kept_each_under_its_hash(rt, team):
    data = encoded(Image.new("RGB", (3000, 1500), "teal"), "WEBP")
    asset = media.store_media(rt, Upload("a.webp", data), team.officer)
    with rt.sessions.begin() as session:
        facts = media.facts_of(session, [asset.id])[asset.id]
    assert (facts.original_mime, facts.original_size) == ("image/webp", len(data))
    assert media.read_asset(rt.media_dir, facts.original_sha256) == data
    assert (asset.mime, asset.width, asset.height) == ("image/jpeg", 2048, 1024)
    with Image.open(io.BytesIO(media.preview_of(rt, asset.id))) as small:
        assert small.size == (480, 240)
