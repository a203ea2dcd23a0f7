"""The demo as a newcomer meets it: one run for all tests, in their order."""

from pathlib import Path

import httpx
import pytest

from core.vocab import Channel
from tests.cli.running import answers, running
from tests.servers import wait_until


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with running("demo", tmp_path_factory.mktemp("demo")) as run:
        run.wait_for("Rukon is ready")
        yield run


@pytest.fixture
def typed(demo, rukon, monkeypatch):
    """Type commands in the demo's surroundings; what they print comes back as JSON."""
    monkeypatch.setenv("RUKON_DATA_DIR", str(demo.log.parent / "data"))
    monkeypatch.setenv("RUKON_PORT", str(demo.port))
    monkeypatch.setenv("RUKON_FACEBOOK_URL", f"{demo.platforms}/graph")
    monkeypatch.setenv("RUKON_X_URL", demo.platforms)
    return rukon.json


def accepted(demo, post):
    """Return the channels that took this post, as the platforms' own ledger has it."""
    records = httpx.get(f"{demo.platforms}/__ledger", trust_env=False).json()["records"]
    return [
        channel
        for channel in Channel
        for one in records
        if (one["kind"], one["channel"], one.get("text")) == ("publish", channel, post[channel])
    ]


def test_the_welcome_says_where_and_as_whom(demo):
    assert f"{demo.pages}/" in demo.said
    assert f"{demo.platforms}/facebook" in demo.said
    assert "approver  rukon-2569" in demo.said
    assert answers(f"{demo.platforms}/x")
    page = httpx.get(f"{demo.pages}/sign-in", trust_env=False).text
    assert "นายสมมติ ตัวอย่าง" in page


def test_the_waiting_post_goes_out_once_when_it_is_approved(demo, typed):
    waiting = typed("approvals", "list", who="approver")["waiting"][0]
    post = typed("posts", "show", waiting["id"])
    typed("approve", waiting["id"], "--now", who="approver")

    def verified():
        shown = typed("posts", "show", waiting["id"])["deliveries"]
        return {row["state"] for row in shown} == {"verified"}

    wait_until(verified, seconds=60, what="both posts read back")
    assert accepted(demo, post) == ["facebook", "x"]


def test_the_present_year_proves_two_levels_and_the_old_one_shows_the_claim(demo, typed):
    demo.wait_for("ประเมินตัวชี้วัดแล้ว")
    present, old = typed("kpi"), typed("kpi", "2564")
    assert (present["claimed"], present["evidenced"]) == (None, 2.0)
    assert (old["claimed"], old["evidenced"]) == (5.0, 1.0)


def test_the_figures_of_the_first_posts_come_in(demo, typed):
    assert typed("collect", "--all")["posts"] > 0
    posts = typed("posts", "list", "--state", "approved")["posts"]
    read = typed("posts", "show", next(row["id"] for row in posts if not row["event_id"]))["deliveries"]
    assert all("reactions" in row["metrics"] for row in read)


def test_sigterm_ends_it_and_leaves_nothing_running(demo):
    pids = [demo.child("service"), demo.child("sandbox")]
    assert demo.stop() == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)
