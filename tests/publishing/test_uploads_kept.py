"""A file goes up once per account where a platform lets several posts show one upload, else once per post."""

from datetime import timedelta

import pytest

from core.vocab import Channel, DeliveryState
from services.post_parts import MediaItem
from tests.builders import make_approved, make_picture

ALT = "กระทงใบตองในแม่น้ำเจ้าพระยา"


def approved(office, channel, asset_id, text):
    rows = make_approved(
        office.rt, office.team.officer, office.team.approver, bodies={channel: text},
        due_at=office.clock.now() + timedelta(minutes=1), media=(MediaItem(asset_id, ALT),),
    )  # fmt: skip
    return rows[0].id


def sent(office):
    for _ in range(4):
        office.advance(timedelta(seconds=30))
        office.round()


def went_up(office, channel):
    return len(
        [
            one
            for one in office.sandbox.log(channel, "media")
            if one["method"] == "POST" and "metadata" not in one["path"]
        ]
    )


@pytest.mark.parametrize(("channel", "uploads"), [(Channel.X, 1), (Channel.FACEBOOK, 2)])
def test_two_posts_with_one_picture(office, channel, uploads):
    asset_id = make_picture(office.rt, office.team.officer)
    first = approved(office, channel, asset_id, "ลอยกระทงวันที่ 31 ต.ค.")
    sent(office)
    second = approved(office, channel, asset_id, "คืนนี้ลอยกระทง")
    sent(office)
    assert [office.state(one) for one in (first, second)] == [DeliveryState.VERIFIED] * 2
    assert [line["alt"] for line in office.sandbox.ledger(channel)] == [[ALT], [ALT]]
    assert went_up(office, channel) == uploads


def test_an_upload_that_x_no_longer_knows_goes_up_again_for_everybody(office):
    asset_id = make_picture(office.rt, office.team.officer)
    approved(office, Channel.X, asset_id, "ลอยกระทงวันที่ 31 ต.ค.")
    sent(office)
    second = approved(office, Channel.X, asset_id, "คืนนี้ลอยกระทง")
    office.sandbox.fault("x", "publish", "error", name="invalid_media")
    sent(office)
    assert office.state(second) is DeliveryState.VERIFIED
    assert went_up(office, Channel.X) == 2


def test_an_upload_about_to_end_is_not_used_again(office):
    asset_id = make_picture(office.rt, office.team.officer)
    approved(office, Channel.X, asset_id, "ลอยกระทงวันที่ 31 ต.ค.")
    sent(office)
    office.advance(timedelta(hours=20))
    approved(office, Channel.X, asset_id, "คืนนี้ลอยกระทง")
    sent(office)
    assert went_up(office, Channel.X) == 2
