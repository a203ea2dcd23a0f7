"""Pictures made safe, files checked, both kept once under their hash."""

import hashlib
import io
import os
import struct
import warnings
import zlib

import pytest
from PIL import Image, ImageCms
from sqlalchemy import select

from core.errors import BadInput, Forbidden, NotFound
from models import Asset
from services import media
from services.media import Upload
from services.pictures import normalise
from tests.builders import jpeg

ORIENTATION, GPS = 0x0112, 0x8825


def encoded(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def noise(mode, width, height):
    return Image.frombytes(mode, (width, height), os.urandom(width * height * len(mode)))


def camera_data(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Camera maker"
    exif.get_ifd(GPS)[1] = "N"
    return exif


def png_claiming(width, height):
    """Build a tiny PNG whose header claims to be huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def test_a_picture_is_turned_upright_and_loses_its_camera_data():
    picture = normalise(jpeg(400, 300, exif=camera_data(6)))
    image = opened(picture.content)
    assert (picture.width, picture.height) == image.size == (300, 400)
    assert not image.getexif()
    assert b"Camera maker" not in picture.content
    assert picture.mime == "image/jpeg"


def test_a_large_picture_is_made_small_enough_for_every_channel():
    picture = normalise(encoded(noise("RGB", 2500, 1500), "PNG", compress_level=0))
    assert (picture.width, picture.height) == (2048, 1229)
    assert picture.mime == "image/jpeg"
    assert len(picture.content) <= 4 * 1024 * 1024


def test_a_drawing_stays_a_png_with_its_transparency():
    picture = normalise(encoded(Image.new("RGBA", (60, 40), (0, 120, 80, 90)), "PNG"))
    image = opened(picture.content)
    assert (picture.mime, image.mode, image.getpixel((0, 0))) == ("image/png", "RGBA", (0, 120, 80, 90))


def test_a_transparent_picture_too_large_for_png_becomes_a_jpeg_on_white():
    picture = normalise(encoded(noise("RGBA", 1100, 1000), "PNG", compress_level=0))
    assert (picture.mime, opened(picture.content).mode) == ("image/jpeg", "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_taken_comes_out_the_same_twice(kind):
    data = encoded(Image.new("RGB", (80, 50), "purple"), kind)
    first, second = normalise(data), normalise(data)
    assert first == second
    assert first.mime in {"image/jpeg", "image/png"}


def test_a_print_picture_becomes_srgb():
    picture = normalise(encoded(Image.new("CMYK", (50, 50), (0, 200, 200, 0)), "JPEG"))
    assert opened(picture.content).mode == "RGB"


@pytest.mark.parametrize(
    "profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"rubbish"]
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_colour_profile_good_or_broken_leaves_a_usable_picture(profile, mode):
    picture = normalise(encoded(Image.new(mode, (50, 40), "white"), "PNG", icc_profile=profile))
    image = opened(picture.content)
    assert "icc_profile" not in image.info
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"not a picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7 a document",
        jpeg()[: len(jpeg()) // 2],
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 40,
        b"GIF89a" + b"\x00" * 3,
        encoded(Image.new("RGB", (9, 9)), "BMP"),
        encoded(Image.new("RGB", (9, 9)), "TIFF"),
    ],
    ids=["text", "svg", "pdf", "cut", "png", "gif", "bmp", "tiff"],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BadInput, match="not_an_image"):
        normalise(data)


def test_the_worst_picture_there_is_still_fits():
    picture = normalise(encoded(noise("RGB", 2048, 2048), "PNG", compress_level=0))
    assert (picture.mime, picture.width) == ("image/jpeg", 2048)
    assert len(picture.content) <= 4 * 1024 * 1024


def test_too_many_points_are_refused_even_where_warnings_are_not_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(BadInput, match="image_too_large"):
            normalise(png_claiming(7_100, 7_100))


def test_a_full_disk_leaves_no_half_written_file(rt, team, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.store_image(rt, Upload("a.jpg", jpeg()), team.officer)
    assert [path for path in rt.media_dir.rglob("*") if path.is_file()] == []
    with rt.sessions.begin() as session:
        assert session.scalars(select(Asset)).all() == []


@pytest.mark.parametrize("side", [7_100, 10_050, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused(side):
    with pytest.raises(BadInput, match="image_too_large"):
        normalise(png_claiming(side, side))


def test_a_picture_is_kept_once_under_the_hash_of_what_is_kept(rt, team):
    first = media.store_image(rt, Upload("ลอยกระทง.jpg", jpeg(), "กทม.", "ถ่ายเอง"), team.officer)
    again = media.store_image(rt, Upload("other.jpg", jpeg()), team.officer)
    assert first.id == again.id
    assert (first.name, first.rights, first.width, first.uploaded_by) == (
        "ลอยกระทง.jpg", "กทม.", 640, team.officer.id,
    )  # fmt: skip
    data = media.read_asset(rt.media_dir, first.sha256)
    assert hashlib.sha256(data).hexdigest() == first.sha256
    path = media.asset_path(rt.media_dir, first.sha256)
    assert path.relative_to(rt.media_dir).parts[:2] == (first.sha256[:2], first.sha256[2:4])
    assert [entry.name for entry in path.parent.iterdir()] == [first.sha256]
    with rt.sessions.begin() as session:
        assert media.find_asset(session, first.id).size == len(data)
        with pytest.raises(NotFound):
            media.find_asset(session, 999)


def test_a_folder_in_a_name_is_not_believed(rt, team):
    asset = media.store_image(rt, Upload("../../etc/passwd.jpg", jpeg()), team.officer)
    assert asset.name == "passwd.jpg"


def test_stored_bytes_are_checked_when_read(rt, team):
    asset = media.store_image(rt, Upload("a.jpg", jpeg()), team.officer)
    path = media.asset_path(rt.media_dir, asset.sha256)
    path.write_bytes(b"changed")
    with pytest.raises(NotFound, match="file_damaged"):
        media.read_asset(rt.media_dir, asset.sha256)
    path.unlink()
    with pytest.raises(NotFound, match="file_missing"):
        media.read_asset(rt.media_dir, asset.sha256)
    with pytest.raises(NotFound):
        media.read_asset(rt.media_dir, "../secret.key")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jpg", b"", "file_empty"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * (15 * 1024 * 1024), "file_too_big"),
        ("a.jpg", b"no picture", "not_an_image"),
    ],
)
def test_a_refused_upload_leaves_nothing_behind(rt, team, name, data, code):
    with pytest.raises(BadInput, match=code):
        media.store_image(rt, Upload(name, data), team.officer)
    with rt.sessions.begin() as session:
        assert session.scalars(select(Asset)).all() == []
    assert not rt.media_dir.exists()


def test_a_reviewer_stores_nothing(rt, team):
    with pytest.raises(Forbidden):
        media.store_image(rt, Upload("a.jpg", jpeg()), team.reviewer)


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("แผน.PDF", b"%PDF-1.7\n...", "application/pdf"),
        ("หนังสือ.epub", b"PK\x03\x04...", "application/epub+zip"),
        ("สถิติ.csv", "ปี,จำนวน\n2562,1".encode(), "text/csv"),
        ("ข้อความ.txt", "ข้อความ".encode(), "text/plain"),
    ],
)
def test_documents_are_kept_as_they_are(rt, name, data, mime):
    asset = media.store_file(rt, Upload(name, data), None)
    assert asset.mime == mime
    assert media.read_asset(rt.media_dir, asset.sha256) == data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("โปรแกรม.exe", b"MZ", "file_kind_unknown"),
        ("ไม่มีนามสกุล", b"%PDF-", "file_kind_unknown"),
        ("แผน.pdf", b"PK\x03\x04", "file_not_what_it_says"),
        ("แบบ.docx", b"%PDF-", "file_not_what_it_says"),
        ("สถิติ.csv", b"\xff\xfe\x00", "file_not_what_it_says"),
        ("ข้อความ.txt", b"a\x00b", "file_not_what_it_says"),
    ],
)
def test_a_file_must_be_what_its_name_says(rt, name, data, code):
    with pytest.raises(BadInput, match=code):
        media.store_file(rt, Upload(name, data), None)
