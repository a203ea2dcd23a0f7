import re
import tomllib
from datetime import timedelta
from importlib.resources import files

import pytest

from core.clock import BANGKOK
from core.fiscal import fiscal_year
from core.vocab import Category, EventState, PostKind, Role
from language import terms, xlength
from language.letters import normalise
from language.months import MONTHS, SHORT_MONTHS, WEEKDAYS
from language.thai_dates import parse
from services.plans import COVERS

SAMPLE = tomllib.loads((files("services") / "samples" / "fy2564.toml").read_text(encoding="utf-8"))
EVENTS = {event["key"]: event for event in SAMPLE["event"]}
TEXTS = [
    *(
        pytest.param(event["starts_at"].date(), words, id=f"{event['key']}-{kind}")
        for event in SAMPLE["event"]
        for kind, words in event["posts"].items()
    ),
    *(pytest.param(post["due_at"].date(), post, id=post["key"]) for post in SAMPLE["post"]),
]
WAVE = [PostKind.ANNOUNCE, PostKind.INVITE, PostKind.REMINDER, PostKind.EVENT_DAY, PostKind.RECAP]
WEEKDAY = rf"(?:วัน(?:{'|'.join(WEEKDAYS)})ที่ )?"
WORDED_DATE = re.compile(rf"{WEEKDAY}\d{{1,2}} (?:{'|'.join(map(re.escape, MONTHS + SHORT_MONTHS))}) \d{{4}}")


@pytest.mark.parametrize(("day", "words"), TEXTS)
def test_every_text_fits_its_channel_and_keeps_to_official_wording(day, words):
    measured = xlength.require_fit(words["x"])
    assert measured.broken_links == ()
    assert words["facebook"].strip()
    for channel in ("facebook", "x"):
        assert terms.check(words[channel], day) == ()
        assert normalise(words[channel]) == words[channel]


@pytest.mark.parametrize(("day", "words"), TEXTS)
def test_every_date_in_a_text_exists_and_falls_on_the_weekday_it_names(day, words):
    del day
    for channel in ("facebook", "x"):
        for written in WORDED_DATE.findall(words[channel]):
            assert fiscal_year(parse(written)) in (2563, 2564)


@pytest.mark.parametrize("event", SAMPLE["event"], ids=EVENTS)
def test_events_lie_in_the_fiscal_year_and_say_what_is_made_up(event):
    assert fiscal_year(event["starts_at"].astimezone(BANGKOK).date()) == SAMPLE["fiscal_year"]
    assert event["starts_at"] < event["ends_at"]
    assert event["starts_at"].utcoffset() == timedelta(hours=7)
    assert EventState(event["state"])
    assert all(event[key] for key in ("title", "place", "host", "target_group", "source", "made_up"))
    assert ("ตัวอย่าง" in event["title"]) is event.get("sample", False)
    assert terms.check("\n".join(str(value) for value in event.values()), event["starts_at"].date()) == ()


def test_public_events_have_their_whole_wave_and_royal_ones_only_what_must_be_said():
    for event in SAMPLE["event"]:
        kinds = [PostKind(kind) for kind in event["posts"]]
        if event.get("royal"):
            assert kinds == [PostKind.ANNOUNCE, PostKind.REMINDER, PostKind.EVENT_DAY]
        else:
            assert kinds[:5] == WAVE


def test_the_cancelled_event_has_its_correction_and_lies_outside_the_72_hours():
    songkran = EVENTS["songkran"]
    assert songkran["state"] == EventState.CANCELLED
    assert songkran["starts_at"] - songkran["cancelled_at"] == timedelta(hours=78)
    assert "correction" in songkran["posts"]


def test_the_eight_kinds_of_content_each_have_an_item_and_a_post():
    items = {item["key"]: item for item in SAMPLE["content"]}
    assert sorted(item["category"] for item in items.values()) == sorted(Category)
    served = {category for post in SAMPLE["post"] for category in post["categories"]}
    assert served == set(Category)
    assert all(post["content"] in items for post in SAMPLE["post"] if "content" in post)
    assert all(PostKind(post["kind"]) for post in SAMPLE["post"])
    assert all(post["event"] in EVENTS for post in SAMPLE["post"] if "event" in post)
    for item in items.values():
        assert all(item[key] for key in ("title", "agency", "source", "rights", "summary"))
        assert terms.check(f"{item['title']}\n{item['summary']}\n{item['agency']}", item["item_date"]) == ()


def test_the_plan_was_approved_in_the_first_quarter_and_covers_what_level_1_asks():
    plan = SAMPLE["plan"]
    assert plan["fiscal_year"] == SAMPLE["fiscal_year"]
    assert fiscal_year(plan["approved_on"]) == plan["fiscal_year"]
    assert plan["approved_on"].month in (10, 11, 12)
    assert set(plan["covers"]) == set(COVERS)
    assert terms.check(plan["text"], plan["approved_on"]) == ()


def test_the_people_are_fictional_and_hold_every_role():
    assert {Role(role) for person in SAMPLE["person"] for role in person["roles"]} == set(Role)
    assert all("ตัวอย่าง" in person["name"] for person in SAMPLE["person"])
    assert len({person["username"] for person in SAMPLE["person"]}) == len(SAMPLE["person"])
