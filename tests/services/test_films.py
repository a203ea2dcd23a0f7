"""Videos: what their boxes tell, what is taken out of them, what happens to broken and hostile ones."""

import io
import shutil
import stat
import struct
import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import BadInput
from core.vocab import MediaKind
from models import MediaFacts
from services import ffprobe, media
from services.films import Film, read_film
from services.media import Upload
from tests.films import TINY, coded, lasting, padded, sized, upright

HAS_FFPROBE = shutil.which("ffprobe") is not None
PLACE = b"loci"  # the box in which the film says where it was taken


def film_of(data: bytes) -> Film:
    return read_film(io.BytesIO(data), len(data))


def program(folder, name, script):
    """Put a program of ours first on the path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare_path(tmp_path, monkeypatch):
    """A search path without ffprobe and ffmpeg, to which a test adds its own."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_the_boxes_tell_size_length_and_codecs():
    film = film_of(TINY)
    assert (film.width, film.height, film.duration_ms, film.frames) == (96, 64, 2000, 20)
    assert (film.frames_per_1000_s, film.video_codec, film.audio_codec) == (10_000, "h264", "aac")


def test_a_film_held_upright_is_tall():
    film = film_of(upright())
    assert (film.width, film.height) == (64, 96)


def test_a_film_may_hold_more_than_four_gigabytes_of_addresses():
    wide = struct.pack(">I4sQ", 1, b"free", 24) + bytes(8)
    assert film_of(TINY + wide).frames == 20


@pytest.mark.parametrize("cut", [9, 40, 300, 1500, len(TINY) - 1])
def test_a_film_cut_short_is_damaged(cut):
    with pytest.raises(BadInput, match="film_damaged"):
        film_of(TINY[:cut])


@given(st.integers(0, len(TINY) - 1), st.binary(min_size=1, max_size=12))
def test_no_change_of_bytes_does_worse_than_a_refusal(place, junk):
    data = TINY[:place] + junk + TINY[place + len(junk) :]
    with suppress(BadInput):
        assert film_of(data).width > 0


def test_a_million_boxes_are_not_walked():
    with pytest.raises(BadInput, match="film_damaged"):
        film_of(TINY + struct.pack(">I4s", 8, b"free") * 20_000)


def test_a_file_of_sound_alone_is_no_film():
    with pytest.raises(BadInput, match="film_without_picture"):
        film_of(TINY.replace(b"vide", b"soun"))


def test_what_is_published_does_not_tell_where_it_was_filmed(rt, team):
    assert PLACE in TINY
    asset = media.store_media(rt, Upload("งาน.mp4", TINY, "กทม.", "ถ่ายเอง"), team.officer)
    shown = media.read_asset(rt.media_dir, asset.sha256)
    with rt.sessions.begin() as session:
        facts = media.facts_of(session, [asset.id])[asset.id]
    assert PLACE not in shown
    assert b"secret-owner" not in shown
    assert film_of(shown).frames == 20
    assert len(shown) == len(TINY)
    assert media.read_asset(rt.media_dir, facts.original_sha256) == TINY


def test_a_video_is_kept_with_its_facts(rt, team):
    asset = media.store_media(rt, Upload("งาน.mp4", TINY, "กทม.", "ถ่ายเอง", "video/mp4"), team.officer)
    with rt.sessions.begin() as session:
        facts = media.facts_of(session, [asset.id])[asset.id]
    assert (asset.mime, asset.width, asset.height, asset.rights) == ("video/mp4", 96, 64, "กทม.")
    assert (facts.kind, facts.duration_ms, facts.video_codec) == (MediaKind.VIDEO, 2000, "h264")
    assert facts.examined_by == ("ffprobe" if HAS_FFPROBE else "boxes")
    assert bool(facts.preview_sha256) == (shutil.which("ffmpeg") is not None)


def test_a_large_video_never_stands_in_memory_as_a_whole(rt, team, tmp_path):
    path = tmp_path / "large.mp4"
    path.write_bytes(padded(30 * 1024 * 1024))
    with path.open("rb") as stream:
        tracemalloc.start()
        asset = media.store_media(rt, Upload("ยาว.mp4", stream), team.officer)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert asset.size == 30 * 1024 * 1024
    assert peak < 6 * 1024 * 1024


@pytest.mark.parametrize(
    ("limit_mb", "film", "code"),
    [
        (1, padded(2 * 1024 * 1024), "file_too_big"),
        (512, TINY[:-5], "film_damaged"),
        (512, b"", "file_empty"),
    ],
)
def test_a_refused_video_leaves_nothing_behind(rt, team, limit_mb, film, code):
    object.__setattr__(
        rt, "settings", rt.settings.model_copy(update={"max_video_mb": limit_mb, "max_upload_mb": 1})
    )
    with pytest.raises(BadInput, match=code):
        media.store_media(rt, Upload("งาน.mp4", film), team.officer)
    with rt.sessions.begin() as session:
        assert session.query(MediaFacts).count() == 0
    assert not list(rt.media_dir.rglob("*")) or all(path.is_dir() for path in rt.media_dir.rglob("*"))


def test_without_ffprobe_the_boxes_alone_decide_and_say_so(bare_path, rt, team):
    asset = media.store_media(rt, Upload("งาน.mp4", TINY), team.officer)
    with rt.sessions.begin() as session:
        facts = media.facts_of(session, [asset.id])[asset.id]
    assert (facts.examined_by, facts.preview_sha256, facts.video_codec) == ("boxes", "", "h264")


def test_ffprobe_corrects_the_codecs_and_names_what_players_do_not_take(bare_path, tmp_path):
    answer = (
        '{"streams":[{"codec_type":"video","codec_name":"hevc","pix_fmt":"yuv420p10le","field_order":"tt"}]}'
    )
    program(bare_path, "ffprobe", f"echo '{answer}'")
    film, by = ffprobe.second_opinion(tmp_path / "any.mp4", film_of(TINY))
    assert (by, film.video_codec, film.audio_codec, film.exotic) == (
        "ffprobe",
        "hevc",
        "",
        ("pixels", "interlaced"),
    )


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 1", "film_damaged"),
        ("kill -9 $$", "film_too_heavy"),
        ("while :; do :; done", "film_too_heavy"),
        ('x=0123456789abcdef; while :; do x="$x$x"; done', "film_too_heavy"),
    ],
)
def test_a_film_that_breaks_ffprobe_is_refused_and_costs_little(
    bare_path, tmp_path, monkeypatch, script, code
):
    monkeypatch.setattr(ffprobe, "SECONDS", 2)
    monkeypatch.setattr(ffprobe, "LIMITED", 'ulimit -v 200000; ulimit -t 1; exec "$@"')
    program(bare_path, "ffprobe", script)
    with pytest.raises(BadInput) as caught:
        ffprobe.second_opinion(tmp_path / "any.mp4", film_of(TINY))
    assert caught.value.key in (code, "film_damaged" if "x$x" in script else code)


def test_ffprobe_sees_no_secret_of_ours_and_no_address_but_the_file(bare_path, tmp_path, monkeypatch):
    monkeypatch.setenv("RUKON_SECRET_KEY_FILE", "/secret")
    said = tmp_path / "said"
    program(bare_path, "ffprobe", f'set > {said}; echo "$@" >> {said}; echo "{{}}"')
    with pytest.raises(BadInput, match="film_without_picture"):
        ffprobe.second_opinion(tmp_path / "any.mp4", film_of(TINY))
    words = said.read_text()
    assert "RUKON" not in words
    assert "-protocol_whitelist file" in words


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: lasting(600), {"duration_ms": 600_000}),
        (lambda: sized(1920, 1080), {"width": 1920, "height": 1080}),
        (lambda: coded(b"hvc1"), {"video_codec": "hevc"}),
        (lambda: coded(b"xyz1"), {"video_codec": "xyz1"}),
    ],
)
def test_films_made_by_hand_say_what_they_are_told(make, expected):
    film = film_of(make())
    assert {name: getattr(film, name) for name in expected} == expected


def test_the_first_picture_is_taken_where_ffmpeg_can(bare_path, tmp_path, rt, team):
    shot = tmp_path / "shot.png"
    shot.write_bytes(_png())
    program(bare_path, "ffmpeg", f"/bin/cat {shot}")
    asset = media.store_media(rt, Upload("งาน.mp4", TINY), team.officer)
    assert media.preview_of(rt, asset.id).startswith(b"\xff\xd8\xff")


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 360), "teal").save(buffer, "PNG")
    return buffer.getvalue()
