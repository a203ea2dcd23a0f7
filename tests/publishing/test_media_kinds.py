"""Several pictures, a GIF and a video go the whole way, each with its words for who cannot see it."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.vocab import Channel, DeliveryState
from models import Delivery, StagedMedia
from services import preparing, staging
from services.clockwatch import believed
from services.media import Upload, store_media
from services.post_parts import MediaItem
from services.preparing import EARLY
from tests.builders import make_approved, make_picture
from tests.films import padded

BOTH = pytest.mark.parametrize("channel", list(Channel))
MB = 1024 * 1024
WORDS = ("กระทงใบตอง", "สะพานพระราม 8", "ขบวนแห่", "พลุเหนือแม่น้ำ")


def moving() -> bytes:
    """Return a GIF of three frames."""
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("teal", "gold", "navy")]
    buffer = BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=200, loop=0)
    return buffer.getvalue()


def stored(office, name, content):
    return store_media(office.rt, Upload(name, content, "กทม.", "ถ่ายเอง"), office.team.officer).id


def approved(office, channel, items, ahead=timedelta(minutes=1)):
    rows = make_approved(
        office.rt, office.team.officer, office.team.approver, bodies={channel: "ลอยกระทง 31 ต.ค. 63"},
        due_at=office.clock.now() + ahead, media=tuple(MediaItem(*item) for item in items),
    )  # fmt: skip
    return rows[0].id


def uploads(office, delivery_id):
    with office.rt.sessions.begin() as session:
        wanted = select(StagedMedia).where(StagedMedia.delivery_id == delivery_id)
        return session.scalars(wanted.order_by(StagedMedia.id)).all()


def go(office, rounds=8):
    """Let the ticks come, ten seconds apart."""
    for _ in range(rounds):
        office.advance(timedelta(seconds=10))
        office.round()


@BOTH
def test_four_pictures_are_one_post_each_with_its_own_words(office, channel):
    colours = ("teal", "gold", "navy", "olive")
    ids = [make_picture(office.rt, office.team.officer, colour=colour) for colour in colours]
    delivery_id = approved(office, channel, zip(ids, WORDS, strict=True))
    go(office)
    (line,) = office.sandbox.ledger(channel)
    assert (len(line["media"]), line["alt"]) == (4, list(WORDS))
    assert office.state(delivery_id) is DeliveryState.VERIFIED


@BOTH
def test_of_ten_pictures_x_shows_the_first_four(office, channel):
    ids = [make_picture(office.rt, office.team.officer, width=100 + n) for n in range(10)]
    approved(office, channel, [(one, f"ภาพที่ {n}") for n, one in enumerate(ids, 1)])
    go(office)
    (line,) = office.sandbox.ledger(channel)
    shown = 4 if channel is Channel.X else 10
    assert line["alt"] == [f"ภาพที่ {n}" for n in range(1, shown + 1)]


@BOTH
def test_a_moving_picture_goes_the_whole_way(office, channel):
    delivery_id = approved(office, channel, [(stored(office, "กระทง.gif", moving()), "กระทงลอยไปตามน้ำ")])
    go(office, rounds=12)
    (line,) = office.sandbox.ledger(channel)
    assert line["alt"] == ["กระทงลอยไปตามน้ำ"]
    assert office.state(delivery_id) is DeliveryState.VERIFIED


def upload_calls(office, channel):
    return [one for one in office.sandbox.log(channel, "media") if one["method"] == "POST"]


@BOTH
@pytest.mark.parametrize("kind", ["drop_before", "accept_then_drop"])
def test_a_video_of_30_mb_cut_half_way_up_goes_on_where_it_stopped(office, channel, kind):
    film = stored(office, "ขบวน.mp4", padded(30 * MB))
    delivery_id = approved(office, channel, [(film, "ขบวนเรือในแม่น้ำ")], ahead=timedelta(minutes=20))
    office.sandbox.clear_log()
    office.sandbox.fault(channel, "media", kind, after=4)
    office.round()  # well before its time
    (upload,) = uploads(office, delivery_id)
    assert upload.resume
    assert office.delivery(delivery_id).reason == "media_cut"
    sent = len(upload_calls(office, channel))
    go(office)
    (upload,) = uploads(office, delivery_id)
    assert (upload.resume, upload.remote_id is None) == ("", False)
    # 30 MB are eight pieces of 4 MB: half of them were not sent again
    assert len(upload_calls(office, channel)) <= sent + 7
    assert office.state(delivery_id) is DeliveryState.SCHEDULED
    assert office.sandbox.ledger(channel) == []
    office.advance(timedelta(minutes=20))
    go(office, rounds=12)
    (line,) = office.sandbox.ledger(channel)
    assert line["alt"] == ["ขบวนเรือในแม่น้ำ"]
    assert office.state(delivery_id) is DeliveryState.VERIFIED
    assert [attempt.outcome for attempt in office.attempts(delivery_id)] == ["ok"]


@BOTH
def test_a_video_published_at_once_waits_only_until_the_platform_is_done_with_it(office, channel):
    film = stored(office, "ขบวน.mp4", padded(6 * MB))
    delivery_id = approved(office, channel, [(film, "ขบวนเรือในแม่น้ำ")])
    go(office, rounds=30)
    (line,) = office.sandbox.ledger(channel)
    assert line["alt"] == ["ขบวนเรือในแม่น้ำ"]
    assert office.state(delivery_id) is DeliveryState.VERIFIED


def test_a_video_that_somebody_else_uploads_now_is_left_alone(office):
    film = stored(office, "ขบวน.mp4", padded(6 * MB))
    delivery_id = approved(office, Channel.X, [(film, "ขบวนเรือ")], ahead=timedelta(minutes=20))
    with office.rt.sessions.begin() as session:
        item = session.get_one(Delivery, delivery_id).payload["media"][0]
        staging.begin(session, delivery_id, item, office.clock.now())
    office.sandbox.clear_log()
    assert preparing.prepare(office.rt, delivery_id, believed(office.rt)) is False
    assert upload_calls(office, Channel.X) == []
    office.advance(staging.BUSY)  # whoever it was, is gone
    preparing.prepare(office.rt, delivery_id, believed(office.rt))
    assert upload_calls(office, Channel.X)


def test_an_upload_that_a_wrong_clock_began_keeps_nobody_off(office):
    film = stored(office, "ขบวน.mp4", padded(6 * MB))
    delivery_id = approved(office, Channel.X, [(film, "ขบวนเรือ")])
    with office.rt.sessions.begin() as session:
        item = session.get_one(Delivery, delivery_id).payload["media"][0]
        staging.begin(session, delivery_id, item, office.clock.now() + timedelta(days=1))
    go(office, rounds=30)
    assert office.state(delivery_id) is DeliveryState.VERIFIED


def test_a_clock_that_jumps_in_the_middle_of_an_upload_puts_nothing_off(office):
    film = stored(office, "ขบวน.mp4", padded(6 * MB))
    delivery_id = approved(office, Channel.X, [(film, "ขบวนเรือ")], ahead=timedelta(minutes=20))
    moment = believed(office.rt)
    office.sandbox.fault(Channel.X, "media", "error", name="server_error")
    office.clock.step(timedelta(days=1))
    assert preparing.prepare(office.rt, delivery_id, moment) is False
    office.clock.step(-timedelta(days=1))
    assert office.delivery(delivery_id).next_at < office.clock.now() + timedelta(minutes=30)


@BOTH
def test_files_go_up_long_before_their_time_and_not_twice(office, channel):
    picture = make_picture(office.rt, office.team.officer)
    delivery_id = approved(office, channel, [(picture, "กระทง")], ahead=EARLY - timedelta(minutes=1))
    office.sandbox.clear_log()
    go(office, rounds=3)
    (upload,) = uploads(office, delivery_id)
    assert upload.remote_id
    assert len([one for one in upload_calls(office, channel) if "metadata" not in one["path"]]) == 1
