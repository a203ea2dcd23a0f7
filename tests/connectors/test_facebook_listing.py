"""Finding and reading posts of a Page: paging, heavy pages, what Facebook cuts off."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Rejected, RetryLater
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import (
    error,
    listing,
    row,
)
from tests.connectors.stand_in import Reply


def test_both_shapes_of_paging_are_followed_without_leaving_the_host(facebook, stand_in, page):
    elsewhere = "https://evil.example/v26.0/1025/published_posts?access_token=stolen&appsecret_proof=p"
    stand_in.say(
        listing(row(3), following=f"{elsewhere}&after=QVFI"),
        listing(following=f"{elsewhere}&until=1700000000&__paging_token=enc_x"),
        listing(row(2), row(1)),
    )
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert [post.text for post in found.posts] == ["โพสต์ 3", "โพสต์ 2", "โพสต์ 1"]
    assert found.complete
    assert [seen.query.get("after") for seen in stand_in.seen] == [None, "QVFI", "QVFI"]
    assert stand_in.seen[2].query["__paging_token"] == "enc_x"
    assert all("access_token" not in seen.query for seen in stand_in.seen)


def test_reaching_an_older_post_ends_the_search_and_leaves_it_out(facebook, stand_in, page):
    stand_in.say(listing(row(2), row(1, "2026-11-20T00:00:00+0000"), following="https://x/?after=a"))
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert ([post.remote_id for post in found.posts], found.complete) == (["1025_2"], True)


def test_a_moment_within_a_second_does_not_lose_that_seconds_posts(facebook, stand_in, page):
    stand_in.say(listing(row(1)))
    since = datetime(2026, 11, 23, 4, 30, 0, 900_000, tzinfo=UTC)
    assert len(facebook.find(page, since).posts) == 1


def test_a_listing_that_facebook_cuts_is_not_complete(facebook, stand_in, page):
    stand_in.say(listing(*(row(number) for number in range(100)), following="https://x/?after=a"))
    found = facebook.find(page, NOON - timedelta(hours=2))
    assert (len(found.posts), found.complete) == (600, False)


def test_a_listing_of_empty_pages_ends_incomplete(facebook, stand_in, page):
    stand_in.say(listing(following="https://x/?after=a"))
    found = facebook.find(page, NOON)
    assert (found.posts, found.complete) == ((), False)


def test_a_page_too_heavy_is_asked_for_in_halves(facebook, stand_in, page):
    heavy = Reply(error(1, "Please reduce the amount of data you're asking for, then retry"), 500)
    stand_in.say(heavy, heavy, listing(row(1)))
    assert len(facebook.find(page, NOON - timedelta(hours=2)).posts) == 1
    assert [seen.query["limit"] for seen in stand_in.seen] == ["100", "50", "25"]


def test_a_page_too_heavy_even_for_one_row_is_given_up(facebook, stand_in, page):
    stand_in.say(Reply(error(1, "Please reduce the amount of data you're asking for"), 500))
    with pytest.raises(RetryLater) as trouble:
        facebook.find(page, NOON)
    assert (trouble.value.code, stand_in.seen[-1].query["limit"]) == ("too_heavy", "1")


@pytest.mark.parametrize(
    "body", [{}, [], {"data": [{"id": "1"}]}, {"data": [row(1, "yesterday")]}, {"data": 7}]
)
def test_a_listing_of_another_shape_may_be_read_again(facebook, stand_in, page, body):
    stand_in.say(Reply(json.dumps(body)))
    with pytest.raises(RetryLater) as trouble:
        facebook.find(page, NOON)
    assert trouble.value.code == "platform_trouble"


def test_a_post_tells_its_link_and_how_many_files_it_has(facebook, stand_in, page):
    photo = {"media_type": "photo", "type": "photo"}
    album = {
        "media_type": "album",
        "type": "album",
        "subattachments": {"data": [photo, photo, {"type": "video"}]},
    }
    share = {"media_type": "link", "type": "share", "unshimmed_url": "https://www.bangkok.go.th"}
    stand_in.say(
        listing(
            row(1, attachments={"data": [album]}),
            row(2, attachments={"data": [share]}),
            row(3, attachments={"data": [photo]}),
            row(4, attachments={"data": [{"type": "share", "url": "https://a.example"}, {"type": "share"}]}),
        )
    )
    posts = facebook.find(page, NOON - timedelta(hours=2)).posts
    assert [(post.media_count, post.link) for post in posts] == [
        (3, ""),
        (0, "https://www.bangkok.go.th"),
        (1, ""),
        (0, "https://a.example"),
    ]


def test_reading_a_post_without_permission_is_not_taken_for_gone(facebook, stand_in, page):
    stand_in.say(Reply(error(10, "(#10) requires the 'pages_read_engagement' permission"), 403))
    with pytest.raises(Rejected) as trouble:
        facebook.read(page, "1025_1")
    assert trouble.value.code == "permission_missing"
