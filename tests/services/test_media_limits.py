"""What each platform takes of a file, told as sentences before anything is scheduled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config import Settings
from core.i18n import LANGUAGES, text
from core.vocab import Channel, MediaKind
from models import Asset, MediaFacts
from services.media_limits import MB, unfit

FILM = {
    "kind": MediaKind.VIDEO, "duration_ms": 60_000, "frames": 1_800, "frames_per_1000_s": 30_000,
    "video_codec": "h264", "audio_codec": "aac", "exotic": "",
}  # fmt: skip
GIF = {"kind": MediaKind.GIF, "duration_ms": 2_000, "frames": 20, "exotic": ""}
IMAGE = {"kind": MediaKind.IMAGE, "exotic": ""}


def told(channel, facts, width=1280, height=720, size=5 * MB, **settings):
    """Return the codes of what does not fit, each checked to read as a whole sentence."""
    asset = Asset(name="งาน.mp4", width=width, height=height, size=size)
    problems = unfit(asset, MediaFacts(**facts), channel, Settings(**settings))
    for problem in problems:
        for language in LANGUAGES:
            said = text(f"error.{problem.key}", language, **problem.params)
            assert not said.startswith("error.")
            assert "{" not in said
    return [problem.key.removeprefix("media_limit_") for problem in problems]


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("facts", [FILM, GIF, IMAGE])
def test_an_ordinary_file_fits_both(channel, facts):
    assert told(channel, facts) == []


@pytest.mark.parametrize(
    ("change", "shown", "code"),
    [
        ({}, {"size": 513 * MB}, "size"),
        ({"duration_ms": 140_001}, {}, "too_long"),
        ({"duration_ms": 499}, {}, "too_short"),
        ({}, {"width": 1920, "height": 1080}, "sides"),
        ({}, {"width": 1080, "height": 1920}, "sides"),
        ({}, {"width": 1280, "height": 1025}, "sides"),
        ({}, {"width": 60, "height": 30}, "too_small"),
        ({}, {"width": 1200, "height": 399}, "ratio"),
        ({"frames_per_1000_s": 61_000}, {}, "rate"),
        ({"video_codec": "hevc"}, {}, "codec"),
        ({"audio_codec": "opus"}, {}, "sound"),
        ({"exotic": "pixels"}, {}, "pixels"),
        ({"exotic": "interlaced"}, {}, "interlaced"),
    ],
)
def test_each_limit_of_x_for_films_is_told(change, shown, code):
    assert told(Channel.X, FILM | change, **shown) == [code]


@pytest.mark.parametrize(
    ("change", "shown", "code"),
    [
        ({}, {"size": 15 * MB + 1}, "size"),
        ({}, {"width": 1281}, "sides"),
        ({}, {"height": 1081}, "sides"),
        ({"frames": 326}, {"width": 1280, "height": 720}, "area"),
    ],
)
def test_each_limit_of_x_for_gifs_is_told(change, shown, code):
    assert told(Channel.X, GIF | change, **shown) == [code]


@pytest.mark.parametrize(
    ("facts", "shown", "code"),
    [
        (FILM | {"duration_ms": 4 * 3_600_000 + 1}, {}, "too_long"),
        (FILM | {"video_codec": "mpeg4"}, {}, "codec"),
        (FILM | {"audio_codec": "mp3"}, {}, "sound"),
        (GIF, {"size": 8 * MB + 1}, "size"),
    ],
)
def test_each_limit_of_facebook_is_told(facts, shown, code):
    assert told(Channel.FACEBOOK, facts, **shown) == [code]


def test_a_film_without_sound_and_one_held_upright_fit():
    assert told(Channel.X, FILM | {"audio_codec": ""}, width=720, height=1280) == []


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1920, 1080), (1280, 720)), ((1080, 1920), (720, 1280)), ((1400, 1400), (1024, 1024))],
)
def test_a_film_that_is_too_large_is_told_the_size_to_export(size, wanted):
    asset = Asset(name="งาน.mp4", width=size[0], height=size[1], size=MB)
    (problem,) = unfit(asset, MediaFacts(**FILM), Channel.X, Settings())
    said = text(f"error.{problem.key}", "th", **problem.params)
    assert f"ใหม่จากโปรแกรมตัดต่อที่ {wanted[0]} × {wanted[1]} จุด" in said


@given(width=st.integers(32, 8000), height=st.integers(32, 8000), facts=st.sampled_from([FILM, GIF]))
def test_what_is_exported_as_told_is_taken(width, height, facts):
    asset = Asset(name="งาน", width=width, height=height, size=MB)
    for problem in unfit(asset, MediaFacts(**facts), Channel.X, Settings()):
        if problem.key.endswith("sides"):
            to = {"width": problem.params["to_width"], "height": problem.params["to_height"]}
            assert "sides" not in told(Channel.X, facts, **to)
            assert to["width"] % 2 == to["height"] % 2 == 0


def test_an_account_that_may_do_more_is_a_setting():
    assert (
        told(Channel.X, FILM | {"duration_ms": 600_000}, size=600 * MB, x_video_s=1200, x_video_mb=8192) == []
    )


def test_everything_wrong_is_told_at_once():
    found = told(Channel.X, FILM | {"duration_ms": 200_000, "video_codec": "hevc"}, width=3840, height=2160)
    assert found == ["too_long", "sides", "codec"]
