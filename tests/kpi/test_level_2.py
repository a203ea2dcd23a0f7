"""Level 2: eight categories stored and published, forms downloadable and usable."""

from dataclasses import replace
from datetime import date

import pytest

from core.vocab import Category, DeliveryState, EventState, PostKind, Verdict
from kpi.codes import Code, Effect, Reading
from kpi.facts import TagFact
from kpi.item_facts import ExtraFact
from tests.kpi.made import (
    JANUARY,
    LATER,
    NOVEMBER,
    OCTOBER,
    START,
    all_of_level_2,
    codes,
    criteria,
    event,
    found,
    h,
    item,
    link_check,
    month,
    post,
    reasons,
)

AT = OCTOBER + h(48)


def checks() -> list[str]:
    return [one.id for one in criteria().criteria if one.level == 2]


def minimum(criterion, facts):
    return found(criterion, facts, Reading.MINIMUM)


def tagged(number: int = 1, category: Category = Category.NEWS, **more):
    return post(number, AT, tags=(TagFact(category=category, item_id=number),), **more)


def test_there_are_eighteen_checks_and_one_of_each_kind_of_content_passes_them_all():
    assert len(checks()) == 18
    facts = all_of_level_2()
    assert {name: minimum(name, facts).verdict for name in checks()} == dict.fromkeys(checks(), Verdict.PASS)


def test_an_empty_month_fails_every_check_and_an_unknown_one_fails_none():
    empty, unknown = month(), month(items=None, posts=None, link_checks=None)
    assert {minimum(name, empty).verdict for name in checks()} == {Verdict.FAIL}
    assert {minimum(name, unknown).verdict for name in checks()} == {Verdict.NO_DATA}
    assert {tuple(reasons(minimum(name, unknown))) for name in checks()} == {(Code.NOT_COLLECTED,)}


@pytest.mark.parametrize("field", ["agency", "source", "item_date", "rights", "language", "sha256"])
def test_an_item_without_its_particulars_is_not_stored(field):
    finding = minimum("news_stored", month(items=(item(1, Category.NEWS, **{field: None}),)))
    assert (finding.verdict, finding.proofs[0].params) == (Verdict.FAIL, {"fields": [field]})


def test_a_picture_needs_its_description():
    bare = item(1, Category.PHOTO, mime="image/jpeg")
    assert minimum("photo_stored", month(items=(bare,))).proofs[0].params == {"fields": ["alt_text"]}
    told = replace(bare, alt_text="ขบวนกระทง")
    assert minimum("photo_stored", month(items=(told,))).verdict is Verdict.PASS


def test_an_item_that_cannot_be_restored_is_not_stored():
    lost = month(items=(item(1, Category.NEWS, retrievable=False),))
    assert codes(minimum("news_stored", lost)) == [Code.ITEM_LOST]


def test_an_item_stored_after_the_period_does_not_count():
    assert minimum("news_stored", month(items=(item(1, Category.NEWS, stored_at=LATER),))).proofs == ()


@pytest.mark.parametrize(
    ("extras", "code", "readings"),
    [
        ((), Code.EXTRA_MISSING, (Verdict.PASS, Verdict.UNKNOWN)),
        ((ExtraFact(code="terms", ok=False),), Code.EXTRA_FAILED, (Verdict.FAIL, Verdict.FAIL)),
        ((ExtraFact(code="terms", ok=True),), Code.ITEM_STORED, (Verdict.PASS, Verdict.PASS)),
    ],
)
def test_an_extra_proof_counts_against_an_item_only_when_it_failed(extras, code, readings):
    finding = minimum("org_stored", month(items=(item(1, Category.ORG, extras=extras),)))
    assert (codes(finding), (finding.minimum, finding.target)) == ([code], readings)


def test_a_complete_public_event_is_stored_calendar_content():
    facts = month(events=(event(1), event(2, place=""), event(3, public=False), event(4, created_at=LATER)))
    finding = minimum("calendar_stored", facts)
    assert codes(finding) == [Code.EVENT_ENTERED, Code.EVENT_INCOMPLETE]
    assert (finding.verdict, finding.proofs[1].params) == (Verdict.PASS, {"fields": ["place"]})


def test_a_published_post_is_one_even_on_two_channels():
    both = replace(tagged(), deliveries=tagged().deliveries * 2)
    assert minimum("news_published", month(posts=(both,))).numerator == 1


@pytest.mark.parametrize(
    ("out", "code", "verdict"),
    [
        ({}, Code.POST_LIVE, Verdict.PASS),
        ({"verified_at": AT + h(1)}, Code.READ_BACK_LATE, Verdict.PASS),
        ({"gone_at": NOVEMBER + h(1)}, Code.POST_LIVE, Verdict.PASS),
        ({"gone_at": NOVEMBER - h(1)}, Code.POST_GONE, Verdict.FAIL),
        ({"verified_at": None}, Code.POST_UNPROVEN, Verdict.UNKNOWN),
        (
            {"published_at": None, "verified_at": None, "state": DeliveryState.UNCERTAIN},
            Code.POST_UNPROVEN, Verdict.UNKNOWN,
        ),
    ],
)  # fmt: skip
def test_published_means_read_back_and_still_there(out, code, verdict):
    finding = minimum("news_published", month(posts=(tagged(out=out),)))
    assert (codes(finding), finding.minimum) == ([code], verdict)


def test_a_post_not_out_or_out_in_another_month_is_not_published_in_this_one():
    posts = (
        post(1, None, tags=(TagFact(category=Category.NEWS),)),
        post(2, OCTOBER - h(1), tags=(TagFact(category=Category.NEWS),)),
        post(3, LATER, tags=(TagFact(category=Category.NEWS),)),
        tagged(4, Category.STATS),
    )
    assert minimum("news_published", month(posts=posts)).proofs == ()


def test_a_post_in_several_categories_counts_only_where_the_officer_says_why():
    tags = (TagFact(category=Category.NEWS), TagFact(category=Category.SERVICE, reason="บอกขั้นตอนขอรับบริการ"))
    facts = month(posts=(replace(tagged(), tags=tags),))
    assert codes(minimum("news_published", facts)) == [Code.TAG_WITHOUT_REASON]
    assert minimum("service_published", facts).verdict is Verdict.PASS


def test_an_outside_post_counts_as_published():
    assert minimum("news_published", month(posts=(tagged(outside=True),))).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("more", "code", "verdict"),
    [
        ({"items": ()}, Code.LINK_MISSING, Verdict.FAIL),
        ({"items": (item(1, Category.EBOOK, link=""),)}, Code.LINK_MISSING, Verdict.FAIL),
        ({}, Code.LINK_UNCHECKED, Verdict.UNKNOWN),
        ({"link_checks": (link_check(7, 1, reached=False),)}, Code.LINK_UNCHECKED, Verdict.UNKNOWN),
        ({"link_checks": (link_check(7, 1, http_status=None),)}, Code.LINK_UNCHECKED, Verdict.UNKNOWN),
        ({"link_checks": (link_check(7, 1, http_status=404),)}, Code.LINK_BROKEN, Verdict.FAIL),
        ({"link_checks": (link_check(7, 1),)}, Code.POST_LIVE, Verdict.PASS),
        ({"link_checks": None}, Code.LINK_UNCHECKED, Verdict.UNKNOWN),
    ],
)
def test_an_e_book_is_published_when_the_file_behind_the_post_opens(more, code, verdict):
    given = {"items": (item(1, Category.EBOOK),), "posts": (tagged(1, Category.EBOOK),), **more}
    finding = minimum("ebook_published", month(**given))
    assert (codes(finding), finding.verdict) == ([code], verdict)


@pytest.mark.parametrize(
    ("look", "code", "downloads", "usable"),
    [
        ({}, Code.FORM_OK, Verdict.PASS, Verdict.PASS),
        ({"reached": False}, Code.FORM_UNREACHED, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({"http_status": None}, Code.FORM_HTTP_ERROR, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({"http_status": 404}, Code.FORM_HTTP_ERROR, Verdict.FAIL, Verdict.FAIL),
        ({"size": 0}, Code.FORM_EMPTY, Verdict.FAIL, Verdict.FAIL),
        ({"size": None}, Code.FORM_EMPTY, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({"mime": "text/html"}, Code.FORM_TYPE_DIFFERS, Verdict.FAIL, Verdict.FAIL),
        ({"mime": ""}, Code.FORM_TYPE_DIFFERS, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({"sha256": "cd" * 32}, Code.FORM_HASH_DIFFERS, Verdict.FAIL, Verdict.FAIL),
        ({"opens": False}, Code.FORM_NOT_OPENING, Verdict.PASS, Verdict.FAIL),
        ({"opens": None}, Code.FORM_NOT_OPENING, Verdict.PASS, Verdict.UNKNOWN),
    ],
)
def test_a_form_is_judged_by_its_last_anonymous_look(look, code, downloads, usable):
    forms = (item(1, Category.FORM),)
    earlier = link_check(6, 1, checked_at=OCTOBER + h(1), http_status=500)
    facts = month(items=forms, link_checks=(link_check(7, 1, **look), earlier))
    found_usable = minimum("form_usable", facts)
    assert (minimum("form_downloadable", facts).verdict, found_usable.verdict) == (downloads, usable)
    assert codes(found_usable) == [code]


def test_a_form_nobody_looked_at_is_open_and_a_later_look_is_not_of_this_month():
    forms = (item(1, Category.FORM),)
    for looks in ((), (link_check(7, 1, checked_at=LATER),)):
        finding = minimum("form_usable", month(items=forms, link_checks=looks))
        assert (finding.verdict, codes(finding)) == (Verdict.UNKNOWN, [Code.FORM_UNCHECKED])


def test_an_outdated_form_is_not_usable():
    old = item(1, Category.FORM, extras=(ExtraFact(code="latest", ok=False),))
    assert codes(minimum("form_usable", month(items=(old,), link_checks=(link_check(7, 1),)))) == [
        Code.FORM_OUTDATED
    ]


def test_one_working_form_is_the_minimum_and_nearly_all_of_them_the_target():
    forms = tuple(item(number, Category.FORM) for number in (1, 2))
    looks = (link_check(7, 1), link_check(8, 2, http_status=404))
    finding = minimum("form_downloadable", month(items=forms, link_checks=looks))
    assert (finding.minimum, finding.target) == (Verdict.PASS, Verdict.FAIL)
    assert (str(finding.value), str(finding.target_value), str(finding.bound)) == ("1.00", "50.00", "99.00")
    assert codes(finding, Effect.BREAKS) == [Code.FORM_HTTP_ERROR]


def test_the_target_grows_with_the_period_and_an_open_period_cannot_miss_it():
    facts = month(posts=(tagged(),))
    closed = minimum("news_published", facts)
    assert (str(closed.bound), closed.target) == ("20.00", Verdict.FAIL)
    quarter = minimum("news_published", replace(facts, end=JANUARY, as_of=JANUARY))
    assert str(quarter.bound) == "60.00"
    running = minimum("news_published", replace(facts, as_of=NOVEMBER - h(1)))
    assert (running.target, reasons(running)) == (Verdict.UNKNOWN, [Code.PERIOD_OPEN])


def test_a_target_meant_for_a_quarter_cannot_be_missed_in_a_month():
    finding = minimum("stats_published", month())
    assert finding.target is Verdict.FAIL
    finding = minimum("ebook_published", month())
    assert (finding.target, reasons(finding)) == (Verdict.UNKNOWN, [Code.PERIOD_SHORT])


FLAGSHIP = event(1, flagship=True)  # 20 October, 17.00 to 20.00


def photos(hours_after_end: float, **more):
    tags = (TagFact(category=Category.PHOTO),)
    return post(9, START + h(3 + hours_after_end), event_id=1, kind=PostKind.RECAP, tags=tags, **more)


@pytest.mark.parametrize(
    ("events", "posts", "target", "code"),
    [
        ((FLAGSHIP,), (photos(48),), Verdict.PASS, Code.PHOTOS_IN_TIME),
        ((FLAGSHIP,), (photos(48.1),), Verdict.FAIL, Code.PHOTOS_LATE),
        ((FLAGSHIP,), (), Verdict.FAIL, Code.PHOTOS_LATE),
        ((FLAGSHIP,), (photos(1, out={"verified_at": None}),), Verdict.UNKNOWN, Code.PHOTOS_AWAITED),
    ],
)
def test_photos_of_each_flagship_event_come_within_two_days(events, posts, target, code):
    finding = minimum("photo_published", month(events=events, posts=posts))
    assert (finding.target, codes(finding)[-1]) == (target, code)


@pytest.mark.parametrize(
    "other",
    [event(1), replace(FLAGSHIP, public=False), replace(FLAGSHIP, state=EventState.CANCELLED)],
)
def test_without_a_flagship_event_the_target_for_photos_is_met_and_says_why(other):
    finding = minimum("photo_published", month(events=(other,), posts=(photos(100),)))
    assert (finding.minimum, finding.target, reasons(finding)) == (
        Verdict.PASS, Verdict.PASS, [Code.NO_FLAGSHIP],
    )  # fmt: skip


BROKE = OCTOBER + h(24 * 4 + 9)  # Monday 5 October, 09.00


@pytest.mark.parametrize(
    ("whole_after_days", "holidays", "target", "code"),
    [
        (2, (), Verdict.PASS, Code.FORM_REPAIRED),
        (3, (), Verdict.FAIL, Code.FORM_REPAIRED_LATE),
        (3, (date(2020, 10, 6),), Verdict.PASS, Code.FORM_REPAIRED),
        (None, (), Verdict.FAIL, Code.FORM_REPAIRED_LATE),
    ],
)
def test_a_broken_form_is_repaired_within_two_working_days(whole_after_days, holidays, target, code):
    looks = [link_check(1, 1, http_status=404, checked_at=BROKE)]
    if whole_after_days:
        looks.append(link_check(2, 1, checked_at=BROKE + h(24 * whole_after_days)))
    facts = month(items=(item(1, Category.FORM),), link_checks=tuple(looks), holidays=holidays)
    finding = minimum("form_downloadable", facts)
    assert (finding.target, codes(finding)[-1]) == (target, code)


def test_a_repair_before_the_period_is_an_older_story():
    before = OCTOBER - h(24 * 20)
    looks = (
        link_check(1, 1, http_status=404, checked_at=before),
        link_check(2, 1, checked_at=before + h(200)),
    )
    facts = month(items=(item(1, Category.FORM),), link_checks=looks, holidays=())
    assert codes(minimum("form_downloadable", facts)) == [Code.FORM_OK]
