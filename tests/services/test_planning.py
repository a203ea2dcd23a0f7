"""From an event to ready drafts."""

from datetime import timedelta

import pytest

from core.clock import bangkok
from core.errors import BadInput, Conflict
from core.vocab import Category, Channel, EventState, PostKind, PostState
from language import xlength
from models import Event
from services import calendar, holidays, planning, posts
from services.drafting import draft_body, when
from services.planning import Chosen
from tests.builders import START, at, make_event


@pytest.fixture
def event(rt, team):
    with rt.sessions.begin() as session:
        holidays.seed_holidays(session, 2564)
        return make_event(session, team.officer)


def offers(rt, event, now=START):
    with rt.sessions.begin() as session:
        return planning.wave_of(session, event.id, now)


def test_the_story_of_loy_krathong_2563(rt, team, event):
    wave = offers(rt, event)
    assert [f"{offer.key} {bangkok(offer.due_at):%d/%m %H.%M}" for offer in wave] == [
        "T-7 24/10 09.00", "T-3 28/10 09.00", "T-1 30/10 09.00", "T 31/10 15.00", "recap 02/11 10.00",
    ]  # fmt: skip
    with rt.sessions.begin() as session:
        assert "วันปิยมหาราช" in calendar.load_event(session, event.id).holidays.values()
        chosen = [Chosen(offer.key, offer.due_at) for offer in wave if offer.possible]
        made = planning.create_wave(session, event.id, chosen, team.officer, START)
    assert [post.kind for post in made] == [
        PostKind.ANNOUNCE, PostKind.INVITE, PostKind.REMINDER, PostKind.EVENT_DAY, PostKind.RECAP,
    ]  # fmt: skip
    assert [(post.due_at, post.not_after) for post in made] == [(o.due_at, o.not_after) for o in wave]
    for post in made:
        assert [variant.channel for variant in post.variants] == [Channel.FACEBOOK, Channel.X]
        assert [row.category for row in post.categories] == [Category.CALENDAR]
        assert "31 ตุลาคม 2563" in post.variants[0].body
        with rt.sessions.begin() as session:
            posts.submit_post(session, post.id, 1, team.officer, START)


def test_a_draft_says_what_the_event_says(event):
    assert draft_body(event, PostKind.INVITE, Channel.FACEBOOK) == (
        "ขอเชิญร่วม ลอยกระทง 2563\n\n"
        "วันเวลา: วันเสาร์ที่ 31 ตุลาคม 2563 เวลา 17.00 - 24.00 น.\n"
        "สถานที่: สะพานพระราม 8 และคลองโอ่งอ่าง\n"
        "สำหรับ: ประชาชนทั่วไป\n\n"
        "จัดโดย สำนักวัฒนธรรม กีฬา และการท่องเที่ยว"
    )


def test_a_draft_tells_what_there_is_and_nothing_else():
    event = Event(
        title="ตลาดนัด", place="", target_group="", host="", description="มีร้านค้า 30 ร้าน",
        starts_at=at("2020-10-31 09:00"), ends_at=at("2020-10-31 12:00"), state=EventState.SCHEDULED,
    )  # fmt: skip
    day = "วันเวลา: วันเสาร์ที่ 31 ตุลาคม 2563 เวลา 09.00 - 12.00 น."
    assert draft_body(event, PostKind.ANNOUNCE, Channel.FACEBOOK) == (
        f"แจ้งกำหนดการ ตลาดนัด\n\n{day}\n\nมีร้านค้า 30 ร้าน"
    )
    assert draft_body(event, PostKind.ANNOUNCE, Channel.X) == f"แจ้งกำหนดการ ตลาดนัด\n{day}"


def test_an_edited_time_is_kept_and_a_wrong_one_refused(rt, team, event):
    with rt.sessions.begin() as session:
        other = at("2020-10-25 18:30")
        (post,) = planning.create_wave(session, event.id, [Chosen("T-7", other)], team.officer, START)
    assert (post.due_at, post.state) == (other, PostState.DRAFT)
    for due_at, code in [(at("2020-10-31 18:00"), "due_after_event"), (START, "due_in_past")]:
        with rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
            planning.create_wave(session, event.id, [Chosen("T-3", due_at)], team.officer, START)


def test_the_same_offer_is_not_made_twice(rt, team, event):
    chosen = [Chosen(offer.key, offer.due_at) for offer in offers(rt, event)]
    with rt.sessions.begin() as session:
        planning.create_wave(session, event.id, chosen[:2], team.officer, START)
    with rt.sessions.begin() as session, pytest.raises(Conflict, match="wave_exists"):
        planning.create_wave(session, event.id, chosen[1:], team.officer, START)
    with rt.sessions.begin() as session:
        assert len(calendar.load_event(session, event.id).posts) == 2


@pytest.mark.parametrize(
    ("chosen", "code"), [([], "wave_empty"), ([Chosen("T-9", START)], "wave_key_unknown")]
)
def test_nothing_chosen_and_unknown_offers_are_refused(rt, team, event, chosen, code):
    with rt.sessions.begin() as session, pytest.raises(BadInput, match=code):
        planning.create_wave(session, event.id, chosen, team.officer, START)


@pytest.mark.parametrize(
    ("end", "opening"), [(calendar.cancel_event, "แจ้งยกเลิก"), (calendar.postpone_event, "แจ้งเลื่อน")]
)
def test_a_correction_is_drafted_when_an_event_is_called_off(rt, team, event, end, opening):
    with rt.sessions.begin() as session:
        end(session, event.id, "น้ำท่วม", team.officer, START)
        post = planning.draft_correction(session, event.id, team.officer, START)
    assert (post.kind, post.due_at) == (PostKind.CORRECTION, None)
    assert post.variants[0].body.startswith(f"{opening} ลอยกระทง 2563")
    assert "กำหนดเดิม: วันเสาร์ที่ 31 ตุลาคม 2563" in post.variants[0].body


@pytest.mark.parametrize(
    ("starts", "ends", "all_day", "said"),
    [
        ("2021-04-12 00:00", "2021-04-12 23:59", True, "วันจันทร์ที่ 12 เมษายน 2564"),
        ("2021-04-12 00:00", "2021-04-14 23:59", True, "วันจันทร์ที่ 12 เมษายน 2564 ถึงวันพุธที่ 14 เมษายน 2564"),
        ("2021-04-12 09:00", "2021-04-12 09:00", False, "วันจันทร์ที่ 12 เมษายน 2564 เวลา 09.00 น."),
        ("2021-04-12 09:00", "2021-04-12 12:30", False, "วันจันทร์ที่ 12 เมษายน 2564 เวลา 09.00 - 12.30 น."),
        (
            "2021-04-12 20:00", "2021-04-13 02:00", False,
            "วันจันทร์ที่ 12 เมษายน 2564 เวลา 20.00 น. ถึงวันอังคารที่ 13 เมษายน 2564 เวลา 02.00 น.",
        ),
    ],
)  # fmt: skip
def test_days_and_times_are_said_as_people_read_them(starts, ends, all_day, said):
    event = Event(title="งาน", starts_at=at(starts), ends_at=at(ends), all_day=all_day)
    assert when(event) == said


def test_a_draft_for_x_always_fits():
    event = Event(
        title="มหกรรม" * 49, place="ณ ลานคนเมือง", target_group="ประชาชน", host="กรุงเทพมหานคร", description="",
        starts_at=START, ends_at=START + timedelta(days=2), all_day=True, state=EventState.SCHEDULED,
    )  # fmt: skip
    body = draft_body(event, PostKind.ANNOUNCE, Channel.X)
    assert xlength.measure(body).fits
    assert "…" in body
    assert when(event) == "วันอังคารที่ 20 ตุลาคม 2563 ถึงวันพฤหัสบดีที่ 22 ตุลาคม 2563"
