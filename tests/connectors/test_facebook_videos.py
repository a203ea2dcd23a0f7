"""Videos over the sandbox: in chunks, cut and gone on with, worked on, found while nobody sees them yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Access, Media, Message, OutcomeUnknown, Rejected, RetryLater, Unfinished
from connectors.facebook.connector import FacebookConnector
from core.clock import SetClock
from core.config import Settings
from core.vocab import Channel, MediaKind, Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.connectors.graph_replies import error
from tests.connectors.stand_in import Reply
from tests.sandbox_server import SandboxHandle

MIB = 1024 * 1024
TEXT = "ชวนชมวิดีโองานปลูกต้นไม้"


def film(size: int, **more) -> Media:
    content = b"\0\0\0\x18ftypmp42" + bytes(size - 12)
    return Media("cd" * 32, "video/mp4", content, "ผู้ร่วมงานช่วยกันปลูกต้นไม้", MediaKind.VIDEO, **more)


@pytest.fixture
def office(sandbox: SandboxHandle, clock: SetClock) -> FacebookConnector:
    sandbox.set_clock(NOON.isoformat())
    return FacebookConnector(Settings(facebook_url=sandbox.graph_url, read_timeout_s=10), clock)


@pytest.fixture
def access(sandbox: SandboxHandle) -> Access:
    told = sandbox.credentials("facebook")
    return Access(Channel.FACEBOOK, told["external_id"], told["secrets"])


def publish(office: FacebookConnector, access: Access, staged_id: str):
    with office.open(access) as line:
        return line.publish(Message(TEXT, media_ids=(staged_id,), media_kind=MediaKind.VIDEO))


def transfers(sandbox: SandboxHandle) -> list[int]:
    requests = (one["params"] for one in sandbox.log("facebook", "media"))
    return [int(one["start_offset"]) for one in requests if one.get("upload_phase") == "transfer"]


def test_a_video_of_30_mb_goes_up_in_chunks_and_shows_once(office, access, sandbox):
    staged = office.stage(access, film(30 * MIB))
    assert transfers(sandbox) == [part * 4 * MIB for part in range(8)]
    assert sandbox.ledger("facebook") == []
    receipt = publish(office, access, staged.remote_id)
    (post,) = sandbox.ledger("facebook")
    assert (post["text"], post["alt"]) == (TEXT, ["ผู้ร่วมงานช่วยกันปลูกต้นไม้"])
    assert len(staged.remote_id) <= 80
    assert receipt.remote_id.startswith(f"{access.external_id}_")


@pytest.mark.parametrize("kind", ["drop_before", "accept_then_drop", "accept_then_500", "broken_json"])
def test_an_upload_cut_half_way_goes_on_where_it_stopped(office, access, sandbox, kind):
    sandbox.fault("facebook", "media", kind, marker=f"start_offset={12 * MIB}")
    with pytest.raises(Unfinished) as trouble:
        office.stage(access, film(30 * MIB))
    assert (trouble.value.code, trouble.value.wait_s) == ("media_cut", 5)
    before = len(transfers(sandbox))
    staged = office.stage(access, film(30 * MIB, resume=trouble.value.resume))
    sent = transfers(sandbox)[before:]
    assert sent[0] == 12 * MIB
    assert sent[-1] == 28 * MIB
    assert len(sent) == 5
    publish(office, access, staged.remote_id)
    assert len(sandbox.ledger("facebook")) == 1


def test_an_upload_that_facebook_forgot_begins_anew(office, access, sandbox):
    staged = office.stage(access, film(5 * MIB, resume="77:88@4194304-5242880"))
    assert transfers(sandbox) == [4 * MIB, 0, 4 * MIB]
    assert publish(office, access, staged.remote_id).remote_id


def test_a_file_that_is_no_video_is_refused_before_it_is_due(office, access):
    with pytest.raises(Rejected) as trouble:
        office.stage(access, replace(film(100), content=b"\0\0\0\x18nonsense" + bytes(80)))
    assert trouble.value.code == "media_refused"


def test_a_video_is_on_its_way_until_facebook_is_done_and_then_reads_back(office, access, sandbox, clock):
    receipt = publish(office, access, office.stage(access, film(MIB)).remote_id)
    waits = []
    for _ in range(2):
        with pytest.raises(RetryLater) as trouble:
            office.read(access, receipt.remote_id)
        waits.append((trouble.value.code, trouble.value.wait_s))
        clock.advance(timedelta(seconds=25))
        sandbox.set_clock(clock.now().isoformat())
    assert waits == [("media_processing", 10), ("media_processing", 25)]
    post = office.read(access, receipt.remote_id)
    assert (post.remote_id, post.text, post.media_count) == (receipt.remote_id, TEXT, 1)
    assert post.permalink


def test_a_video_that_facebook_cannot_use_is_not_there(office, access, sandbox):
    sandbox.settings(video_end="error", video_polls=0)
    receipt = publish(office, access, office.stage(access, film(MIB)).remote_id)
    assert office.read(access, receipt.remote_id) is None


def test_after_half_an_hour_nobody_waits_for_a_video(office, access, sandbox, clock, stand_in):
    connector = FacebookConnector(Settings(facebook_url=f"{stand_in.url}/graph"), clock)
    gone = Reply(error(100, "Unsupported get request.", 33), 400)
    working = {
        "id": "9",
        "created_time": "2026-11-23T04:29:00+0000",
        "status": {"video_status": "processing"},
    }
    stand_in.say(gone, Reply(working))
    assert connector.read(access, f"{access.external_id}_9") is None


@pytest.mark.parametrize("kind", ["accept_then_drop", "accept_then_500", "broken_json"])
def test_a_video_whose_answer_was_lost_is_found_before_anybody_can_see_it(office, access, sandbox, kind):
    staged = office.stage(access, film(MIB))
    sandbox.fault("facebook", "publish", kind)
    with pytest.raises(OutcomeUnknown):
        publish(office, access, staged.remote_id)
    listing = office.find(access, NOON - timedelta(minutes=2))
    (found,) = listing.posts
    assert (found.text, found.media_count, listing.complete) == (TEXT, 1, True)
    again = publish(office, access, staged.remote_id)
    assert (again.remote_id, len(sandbox.ledger("facebook"))) == (found.remote_id, 1)


def test_a_video_has_one_name_before_and_after_it_is_ready(office, access, sandbox, clock):
    receipt = publish(office, access, office.stage(access, film(MIB)).remote_id)
    since = NOON - timedelta(minutes=2)
    assert [post.remote_id for post in office.find(access, since).posts] == [receipt.remote_id]
    clock.advance(timedelta(minutes=2))
    sandbox.set_clock(clock.now().isoformat())
    assert [post.remote_id for post in office.find(access, since).posts] == [receipt.remote_id]
    figures = office.read_metrics(access, {receipt.remote_id: NOON}, clock.now())[receipt.remote_id]
    assert {figure.state for figure in figures.values()} == {ReadingState.VALUE}
    assert Metric.REACH in figures


def test_finishing_an_upload_that_is_not_whole_or_not_known_sends_nothing(office, access, sandbox):
    sandbox.fault("facebook", "media", "drop_before", marker=f"start_offset={4 * MIB}")
    with pytest.raises(Unfinished) as trouble:
        office.stage(access, film(6 * MIB))
    for staged_id in (trouble.value.resume.partition("@")[0], "77:88"):
        with pytest.raises(RetryLater) as refusal:
            publish(office, access, staged_id)
        assert refusal.value.code == "media_not_ready"
    assert sandbox.ledger("facebook") == []


def test_facebook_that_wants_the_same_bytes_again_and_again_is_given_up_for_now(stand_in, clock, page):
    connector = FacebookConnector(Settings(facebook_url=f"{stand_in.url}/graph"), clock)
    begun = {"video_id": "5", "upload_session_id": "6", "start_offset": "0", "end_offset": "9"}
    wrong = error(100, "wrong offset", 1363037)
    wrong["error"]["error_data"] = {"start_offset": "0", "end_offset": "9"}
    stand_in.say(Reply(begun), Reply(wrong, 400))
    with pytest.raises(Unfinished) as trouble:
        connector.stage(page, film(100))
    assert trouble.value.resume == "5:6@0-9"


def test_video_bytes_and_the_last_step_go_to_their_own_host(sandbox, access, clock):
    settings = Settings(
        facebook_url=sandbox.graph_url,
        facebook_video_url=f"{sandbox.base_url}/graph-video",
        read_timeout_s=10,
    )
    office = FacebookConnector(settings, clock)
    staged = office.stage(access, film(MIB))
    publish(office, access, staged.remote_id)
    paths = {one["path"] for one in sandbox.log("facebook") if one["path"].endswith("/videos")}
    assert paths == {f"/graph-video/v26.0/{access.external_id}/videos"}
    assert len(sandbox.ledger("facebook")) == 1
