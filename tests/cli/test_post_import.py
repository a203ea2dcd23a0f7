import json

import pytest
from sqlalchemy import func, select

from models import Asset, Post
from tests.builders import jpeg

HEAD = "title,kind,due_at,facebook,x,link,image,alt_text,categories\n"
GOOD = "งานวัด,invite,2099-12-01 09:00,เชิญเที่ยวงานวัด,งานวัด,,,,news\n"
OTHER = "ภาพ,general,1/12/2642 10.00,,ชมภาพ,,กระทง.jpg,กระทงใบตอง,\n"


@pytest.fixture
def written(tmp_path):
    (tmp_path / "กระทง.jpg").write_bytes(jpeg())

    def write(content, name="posts.csv"):
        path = tmp_path / name
        path.write_text(content, "utf-8-sig")
        return path

    return write


def stored(rt, kind=Post):
    with rt.sessions.begin() as session:
        return session.scalar(select(func.count()).select_from(kind))


def test_every_row_becomes_a_draft(rukon, team, rt, written):
    rows = rukon.json("posts", "import", written(HEAD + GOOD + OTHER), who="officer")["rows"]
    assert [row["problem"] for row in rows] == [None, None]
    first, second = (rukon.json("posts", "show", row["post_id"]) for row in rows)
    assert (first["kind"], first["due_at"], first["categories"]) == (
        "invite",
        "2099-12-01T09:00:00+07:00",
        ["news"],
    )
    assert second["due_at"] == "2099-12-01T10:00:00+07:00"
    assert [one["alt_text"] for one in second["media"]] == ["กระทงใบตอง"]


def test_one_bad_row_and_nothing_is_written(rukon, team, rt, written):
    bad = "เก่า,general,2020-01-01 09:00,ข้อความ,ข้อความ,,,,\n"
    refused = rukon("posts", "import", written(HEAD + GOOD + OTHER + bad), "--json", who="officer", code=3)
    rows = json.loads(refused.stdout)["rows"]
    assert [row["error"] for row in rows] == [None, None, "due_in_past"]
    assert "ผ่านไปแล้ว" in rows[2]["problem"]
    assert stored(rt) == stored(rt, Asset) == 0


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("งาน,general,29/2/2564 09.00,x,,,,,\n", "date_impossible"),
        ("งาน,nonsense,,x,,,,,\n", "word_unknown"),
        ("งาน,general,,,,,,,\n", "channel_missing"),
        ("งาน,general,,x,,,กระทง.jpg,,\n", "alt_text_missing"),
        ("งาน,general,,x,,,หาย.jpg,คำอธิบาย,\n", "picture_missing"),
        ("งาน,general,,x,,,../posts.csv,คำอธิบาย,\n", "picture_missing"),
        ("งาน,general,,x,,,posts.csv,คำอธิบาย,\n", "not_an_image"),
        (",general,,x,,,,,\n", "title_empty"),
        ("งาน,general,,x,,,,,news; photo\n", "tag_reason_empty"),
        (f"งาน,general,,,{'ก' * 281},,,,\n", "x_too_long"),
    ],
)
def test_a_bad_row_says_what_is_wrong(rukon, team, rt, written, row, error):
    refused = rukon("posts", "import", written(HEAD + row), "--json", who="officer", code=3)
    assert json.loads(refused.stdout)["rows"][0]["error"] == error
    assert stored(rt) == 0


def test_json_does_the_same_as_csv(rukon, team, rt, written):
    rows = [{"title": "งาน", "x": "สวัสดี", "categories": "news=ข่าว; photo=ภาพ"}]
    done = rukon.json("posts", "import", written(json.dumps(rows), "posts.json"), who="officer")["rows"]
    assert rukon.json("posts", "show", done[0]["post_id"])["categories"] == ["news", "photo"]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("posts.json", "{}", "posts_file_unread"),
        ("posts.json", "[1]", "posts_file_unread"),
        ("posts.json", "not json", "posts_file_unread"),
        ("posts.csv", "title,colour\na,b\n", "posts_file_columns"),
        ("posts.csv", HEAD, "posts_file_empty"),
    ],
)
@pytest.mark.usefixtures("team")
def test_a_file_that_is_no_list_of_posts_is_refused(rukon, written, name, content, error):
    refused = rukon("posts", "import", written(content, name), "--json", who="officer", code=3)
    assert json.loads(refused.stderr)["error"] == error
    assert rukon.json("posts", "list")["posts"] == []
