"""Films and GIFs on their way to X, over the sandbox: in segments, on after a cut, ready when X is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from connectors.base import Access, Media, Message, Rejected, RetryLater, Staged, Unfinished
from connectors.x.connector import XConnector
from connectors.x.media import SEGMENT, Upload
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, Health, MediaKind
from tests.connectors.stand_in import Reply

NOON = datetime(2026, 11, 23, 5, tzinfo=UTC)
HEAD = b"\0\0\0\x18ftypmp42"
FILM = Media("f1" * 32, "video/mp4", HEAD + bytes(30_000_000), "ขบวนเรือในคลองโอ่งอ่าง", MediaKind.VIDEO)
SHORT = replace(FILM, content=HEAD + bytes(3000))


def gif() -> Media:
    content = BytesIO()
    frames = [Image.new("P", (64, 36), number) for number in (3, 90)]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], duration=200)
    return Media("91" * 32, "image/gif", content.getvalue(), "พลุ", MediaKind.GIF)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def x(sandbox, clock) -> XConnector:
    sandbox.set_clock(NOON.isoformat())
    return XConnector(Settings(x_url=sandbox.base_url, read_timeout_s=10), clock)


@pytest.fixture
def me(sandbox) -> Access:
    told = sandbox.credentials("x")
    return Access(Channel.X, told["external_id"], told["secrets"])


def carry_on(x: XConnector, me: Access, media: Media, clock: SetClock) -> tuple[Staged, list[str]]:
    """Stage until it is done, waiting as told; return the end and the reasons on the way."""
    reasons = []
    for _ in range(12):
        try:
            return x.stage(me, media), reasons
        except Unfinished as unfinished:
            reasons.append(unfinished.code)
            media = replace(media, resume=unfinished.resume)
            clock.advance(timedelta(seconds=unfinished.wait_s))
    raise AssertionError(reasons)


def segments(sandbox) -> list[str]:
    appended = [one for one in sandbox.log("x", "media") if one["path"].endswith("/append")]
    return [one["params"]["segment_index"] for one in appended]


def test_a_film_of_thirty_megabytes_goes_up_in_segments_and_on_after_a_cut(x, me, sandbox, clock):
    sandbox.fault("x", "media", "drop_before", after=4)  # initialize and three segments pass
    with pytest.raises(Unfinished) as cut:
        x.stage(me, FILM)
    assert (cut.value.code, Upload.of(cut.value.resume).part) == ("media_cut", 3)
    staged, reasons = carry_on(x, me, replace(FILM, resume=cut.value.resume), clock)
    assert set(reasons) == {"media_processing"}
    whole = [str(number) for number in range(-(-len(FILM.content) // SEGMENT))]
    assert segments(sandbox) == [*whole[:3], "3", *whole[3:]]  # only the one that was cut is sent again
    with x.open(me) as line:
        line.publish(Message("ดูหนัง", media_ids=(staged.remote_id,), media_kind=MediaKind.VIDEO))
    (post,) = sandbox.ledger("x")
    assert (post["media_ids"], post["alt"]) == ([staged.remote_id], [FILM.alt])


def test_a_gif_is_shown_with_its_alt_text(x, me, sandbox, clock):
    staged, _ = carry_on(x, me, gif(), clock)
    with x.open(me) as line:
        line.publish(Message("พลุ", media_ids=(staged.remote_id,), media_kind=MediaKind.GIF))
    (post,) = sandbox.ledger("x")
    assert post["alt"] == ["พลุ"]
    assert sandbox.log("x", "media")[0]["params"]["media_category"] == "tweet_gif"


def test_x_is_asked_again_when_it_says_and_a_moment_is_left_for_the_file_to_spread(x, me, sandbox, clock):
    sandbox.settings(x_media_steps=3, x_media_spread_s=2.5)
    started = clock.now()
    staged, reasons = carry_on(x, me, SHORT, clock)
    assert reasons == ["media_processing"] * 4  # after finalize, twice in progress, then the moment to spread
    assert clock.now() - started == timedelta(seconds=1 + 1 + 1 + 3)
    sandbox.set_clock(clock.now().isoformat())
    with x.open(me) as line:
        assert line.publish(Message("พร้อม", media_ids=(staged.remote_id,))).remote_id


def test_a_film_that_is_ready_at_once_waits_for_nothing_but_spreading(x, me, sandbox, clock):
    sandbox.settings(x_media_steps=0)
    staged, reasons = carry_on(x, me, SHORT, clock)
    assert reasons == ["media_processing"]
    with x.open(me) as line:
        line.publish(Message("ทันที", media_ids=(staged.remote_id,)))
    assert sandbox.ledger("x")[0]["alt"] == [SHORT.alt]


@pytest.mark.parametrize("media", [SHORT, replace(SHORT, content=b"no film at all" * 99)])
def test_a_film_that_x_cannot_use_is_refused_for_good(x, me, sandbox, clock, media):
    sandbox.settings(x_media_fails=media is SHORT)
    with pytest.raises(Rejected) as trouble:
        carry_on(x, me, media, clock)
    assert (trouble.value.code, trouble.value.detail) == (
        "media_refused",
        "InvalidMedia Invalid or unsupported media.",
    )


def test_a_film_that_is_never_ready_is_given_up_after_a_quarter_of_an_hour(x, me, sandbox, clock):
    sandbox.settings(x_media_steps=99)
    with pytest.raises(Unfinished) as unfinished:
        x.stage(me, SHORT)
    clock.advance(timedelta(minutes=16))
    with pytest.raises(Rejected) as trouble:
        x.stage(me, replace(SHORT, resume=unfinished.value.resume))
    assert trouble.value.code == "media_stuck"


def test_what_was_sent_is_not_sent_again_while_x_works_on_it(x, me, sandbox, clock):
    with pytest.raises(Unfinished) as unfinished:
        x.stage(me, SHORT)
    sandbox.clear_log()
    carry_on(x, me, replace(SHORT, resume=unfinished.value.resume), clock)
    assert segments(sandbox) == []


@pytest.mark.parametrize("resume", ["no note", "[]", '{"media_id": "1"}', '{"media_id": "1", "ends_at": 1}'])
def test_a_note_that_says_nothing_or_of_an_upload_long_over_begins_anew(x, me, sandbox, clock, resume):
    carry_on(x, me, replace(SHORT, resume=resume), clock)
    assert [one for one in sandbox.log("x", "media") if one["path"].endswith("/initialize")]


def test_an_upload_that_x_no_longer_knows_is_begun_anew(x, me, sandbox, clock):
    ends = int((NOON + timedelta(hours=1)).timestamp())
    with pytest.raises(Unfinished) as unfinished:
        x.stage(me, replace(SHORT, resume=Upload("17", ends, part=0).note()))
    assert (unfinished.value.code, unfinished.value.resume) == ("media_cut", "")
    carry_on(x, me, SHORT, clock)


def test_a_dead_token_half_way_is_the_account_s_trouble_not_the_upload_s(x, me, sandbox):
    sandbox.fault("x", "media", "error", after=1, name="unauthorized")
    with pytest.raises(RetryLater) as trouble:
        x.stage(me, SHORT)
    assert (trouble.value.code, trouble.value.health) == ("token_dead", Health.REAUTH)


def test_a_note_holds_no_secret_and_fits_its_column(x, me):
    with pytest.raises(Unfinished) as unfinished:
        x.stage(me, SHORT)
    assert len(unfinished.value.resume) < 200
    assert not any(secret in unfinished.value.resume for secret in me.secrets.values())


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [
        ({"state": "pending"}, 5),
        ({"state": "in_progress", "check_after_secs": 9}, 9),
        ({"state": "new word"}, 5),
    ],
)
def test_x_says_when_to_ask_again_or_five_seconds_it_is(stand_in, user, told, wait_s):
    x = XConnector(Settings(x_url=stand_in.url), SetClock(NOON))
    note = Upload("17", int(NOON.timestamp()) + 999, part=1, sent_at=int(NOON.timestamp())).note()
    stand_in.say(Reply({"data": {"id": "17", "processing_info": told}}))
    with pytest.raises(Unfinished) as unfinished:
        x.stage(user, replace(SHORT, resume=note))
    assert unfinished.value.wait_s == wait_s
