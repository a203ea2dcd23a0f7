from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.conftest import graph_client
from tests.sandbox_server import running_sandbox

START = datetime(2026, 11, 23, 5, tzinfo=UTC)
THAI = range(0x0E01, 0x0E5C)
HOUR, DAY = 3600, 86_400


def after(sandbox, seconds):
    return sandbox.set_clock((START + timedelta(seconds=seconds)).isoformat())


@pytest.fixture
def crowd(sandbox):
    sandbox.settings(citizens=6)
    after(sandbox, 0)
    return sandbox


def mentions(x):
    answer = x.get(f"/2/users/{x.user}/mentions", max_results=50, tweet__fields="conversation_id,text")
    return answer.json().get("data", [])


def said(sandbox, post):
    return sandbox.ask("GET", f"/__control/comments?post={post}")["comments"]


def test_nobody_speaks_unless_asked(sandbox, graph):
    after(sandbox, 0)
    post = graph.publish("ประกาศ")
    after(sandbox, 30 * DAY)
    assert said(sandbox, post) == []


def test_citizens_comment_in_thai_one_after_another_at_their_own_times(crowd, graph):
    post = graph.publish("ประกาศ")
    heard = []
    for age in (60, HOUR, 3 * HOUR, DAY, 7 * DAY):
        after(crowd, age)
        heard.append(len(said(crowd, post)))
    assert heard[0] < heard[1] < heard[2] <= heard[3] == heard[4] == 6
    rows = said(crowd, post)
    moments = [row["created_at"] for row in rows]
    assert moments == sorted(moments)
    assert len(set(moments)) == 6
    assert moments[-1] < (START + timedelta(days=1)).isoformat()
    assert any(ord(letter) in THAI for row in rows for letter in row["text"])
    assert all(row["name"].endswith("จำลอง") for row in rows)


def test_citizens_reply_on_x_and_mention_the_account_which_may_answer_them(crowd, x):
    post = x.publish("เชิญร่วมงาน")
    after(crowd, DAY)
    rows = mentions(x)
    assert len(rows) == 6
    assert all(row["text"].startswith("@pr_sandbox_demo ") for row in rows)
    assert {row["conversation_id"] for row in rows} == {post}
    assert x.publish("เริ่ม 9 โมงค่ะ", reply={"in_reply_to_tweet_id": rows[0]["id"]})


def test_what_citizens_say_is_no_public_effect_of_ours(crowd, x, graph):
    x.publish("เชิญร่วมงาน")
    graph.publish("เชิญร่วมงาน")
    after(crowd, DAY)
    mentions(x)
    assert len(crowd.ledger()) == 2
    assert len(crowd.ask("GET", "/__control/credentials")["accounts"]) == 2


def test_the_same_seed_gives_the_same_citizens_also_after_a_restart(tmp_path):
    told = []
    for name in ("a", "b", "b"):
        with running_sandbox(tmp_path / name, "--citizens", "4") as sandbox:
            after(sandbox, 0)
            posts = sandbox.ledger("facebook")
            post = posts[0]["id"] if posts else graph_client(sandbox).publish("ทำซ้ำได้")
            after(sandbox, DAY)
            told.append([(row["text"], row["name"], row["created_at"]) for row in said(sandbox, post)])
    assert len(told[0]) == 4
    assert told[0] == told[1] == told[2]


def test_an_audience_may_be_of_another_kind_for_all_posts_or_for_one(crowd, graph):
    first, second = graph.publish("หนึ่ง"), graph.publish("สอง")
    after(crowd, DAY)
    plain = crowd.metrics("facebook", first)
    crowd.settings(audience="quiet")
    assert crowd.metrics("facebook", first)["impressions"] < plain["impressions"] / 5
    crowd.ask("POST", "/__control/audience", {"channel": "facebook", "id": first, "script": "viral"})
    assert crowd.metrics("facebook", first)["shares"] > 5 * plain["shares"]
    assert crowd.ask("GET", "/__control/audience")["posts"] == {f"facebook/{first}": "viral"}
    crowd.ask("POST", "/__control/audience", {"channel": "facebook", "id": first, "script": ""})
    crowd.settings(audience="ordinary")
    assert crowd.metrics("facebook", first) == plain
    assert crowd.metrics("facebook", second)["impressions"] > 0


def test_figures_that_grew_fall_again(crowd, graph):
    crowd.settings(audience="fading")
    post = graph.publish("ขึ้นแล้วตก")
    seen = []
    for age in (HOUR, DAY, 10 * DAY):
        after(crowd, age)
        seen.append(crowd.metrics("facebook", post))
    for name in ("reactions", "comments", "shares"):
        early, peak, late = (counts[name] for counts in seen)
        assert early < peak
        assert late < peak
    assert seen[2]["impressions"] > seen[1]["impressions"]


def test_a_storm_is_angry(crowd, graph):
    crowd.settings(audience="storm")
    post = graph.publish("ขออภัยในความไม่สะดวก")
    after(crowd, DAY)
    rows = graph.get(f"{post}/insights", metric="post_reactions_by_type_total").json()["data"]
    kinds = rows[0]["values"][0]["value"]
    assert kinds["anger"] > kinds["like"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/__control/settings", {"audience": "kind"}),
        ("/__control/audience", {"channel": "facebook", "id": "1", "script": "storm"}),
        ("/__control/comments", {"channel": "x", "post": "1", "text": "ก"}),
    ],
)
def test_what_makes_no_sense_is_refused(sandbox, path, body):
    assert sandbox.control.post(path, json=body).status_code == 400


def test_the_control_page_chooses_a_crowd_and_lets_a_citizen_speak(sandbox, graph, x):
    post, tweet = graph.publish("ประกาศ"), x.publish("ประกาศ")
    form = {"audience": "storm", "citizens": "0"}
    assert sandbox.control.post("/panel/crowd", data=form).status_code == 303
    page = sandbox.control.get("/").text
    assert '<option value="storm" selected>ถูกวิจารณ์หนัก</option>' in page
    for channel in ("facebook", "x"):
        sandbox.control.post("/panel/comment", data={"channel": channel, "text": "ขอบคุณค่ะ"})
    assert [row["text"] for row in said(sandbox, post)] == ["ขอบคุณค่ะ"]
    assert [row["text"] for row in mentions(x)] == ["@pr_sandbox_demo ขอบคุณค่ะ"]
    assert tweet
