import json

import pytest

CHUNK = 4 * 1024 * 1024
HEAD = b"\0\0\0\x18ftypmp42"


def phase(graph, name, chunk=None, **form):
    files = {"video_file_chunk": ("chunk", chunk, "application/octet-stream")} if chunk is not None else None
    data = {"upload_phase": name, **form}
    return graph.http.post(
        f"/graph-video/v26.0/{graph.page}/videos",
        data=data, files=files, headers={"Authorization": f"Bearer {graph.token}"},
    )  # fmt: skip


def started(graph, size, **form):
    response = phase(graph, "start", file_size=size, **form)
    assert response.status_code == 200, response.text
    return response.json()


def uploaded(graph, content=HEAD + bytes(100), **form):
    begun = started(graph, len(content), **form)
    session = begun["upload_session_id"]
    offset = 0
    while offset < len(content):
        told = phase(
            graph,
            "transfer",
            content[offset : offset + CHUNK],
            upload_session_id=session,
            start_offset=offset,
        )
        offset = int(told.json()["start_offset"])
    return begun


def finish(graph, begun, **form):
    return phase(graph, "finish", upload_session_id=begun["upload_session_id"], **form)


def video(graph, begun, fields="status,published,description,title,post_id"):
    return graph.get(begun["video_id"], fields=fields).json()


def test_the_platform_says_which_bytes_it_wants_until_both_ends_meet(graph, sandbox):
    content = HEAD + bytes(CHUNK)
    begun = started(graph, len(content))
    assert (begun["start_offset"], begun["end_offset"]) == ("0", str(CHUNK))
    told = phase(
        graph, "transfer", content[:CHUNK], upload_session_id=begun["upload_session_id"], start_offset=0
    )
    assert told.json() == {"start_offset": str(CHUNK), "end_offset": str(len(content))}
    rest = content[CHUNK:]
    told = phase(graph, "transfer", rest, upload_session_id=begun["upload_session_id"], start_offset=CHUNK)
    assert told.json() == {"start_offset": str(len(content)), "end_offset": str(len(content))}
    assert sandbox.ledger("facebook") == []


def test_a_chunk_in_the_wrong_place_is_told_the_right_one(graph):
    content = HEAD + bytes(CHUNK)
    begun = started(graph, len(content))
    session = begun["upload_session_id"]
    phase(graph, "transfer", content[:CHUNK], upload_session_id=session, start_offset=0)
    again = phase(graph, "transfer", content[:CHUNK], upload_session_id=session, start_offset=0).json()[
        "error"
    ]
    assert again["error_subcode"] == 1363037
    assert json.loads(again["error_data"]) == {"start_offset": str(CHUNK), "end_offset": str(len(content))}
    early = finish(graph, begun).json()["error"]
    assert early["error_subcode"] == 1363037


def test_a_finished_video_is_worked_on_before_people_see_it(graph, sandbox):
    begun = uploaded(graph, title="คนช่วยกันปลูกต้นไม้")
    assert finish(graph, begun, description="วิดีโองาน").json() == {"success": True}
    (post,) = sandbox.ledger("facebook")
    assert (post["text"], post["alt"]) == ("วิดีโองาน", ["คนช่วยกันปลูกต้นไม้"])
    assert graph.posts() == []
    seen = [video(graph, begun) for _ in range(3)]
    assert [told["status"]["video_status"] for told in seen] == ["processing", "processing", "ready"]
    assert ["post_id" in told for told in seen] == [False, False, True]
    (shown,) = graph.posts(fields="id,message,status_type,attachments{media_type,type,target{id}}")
    attachment = shown["attachments"]["data"][0]
    assert (attachment["media_type"], attachment["target"]["id"]) == ("video", begun["video_id"])
    assert shown["status_type"] == "added_video"
    assert shown["id"] != f"{graph.page}_{begun['video_id']}"
    assert graph.get(f"{graph.page}_{begun['video_id']}", fields="id").json()["id"] == shown["id"]


def test_a_video_becomes_ready_by_the_clock_too(graph, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    finish(graph, uploaded(graph))
    assert graph.posts() == []
    sandbox.set_clock("2026-11-23T05:01:00Z")
    assert len(graph.posts()) == 1


def test_a_video_may_turn_out_unusable_and_is_never_seen(graph, sandbox):
    sandbox.settings(video_end="error", video_polls=0)
    begun = uploaded(graph)
    finish(graph, begun)
    assert video(graph, begun)["status"]["video_status"] == "error"
    assert graph.posts() == []


def test_finishing_twice_is_one_video(graph, sandbox):
    begun = uploaded(graph)
    for _ in range(2):
        assert finish(graph, begun).json() == {"success": True}
    assert len(sandbox.ledger("facebook")) == 1


def test_an_unpublished_video_stands_nowhere(graph, sandbox):
    begun = uploaded(graph)
    finish(graph, begun, published="false")
    assert sandbox.ledger("facebook") == []
    assert video(graph, begun)["published"] is False
    listed = graph.get(f"{graph.page}/videos", fields="id,published").json()["data"]
    assert listed == [{"id": begun["video_id"], "published": False}]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("start", {"file_size": 0}),
        ("start", {"file_size": "much"}),
        ("begin", {}),
        ("transfer", {"upload_session_id": "7", "start_offset": 0}),
        ("finish", {"upload_session_id": "7"}),
    ],
)
def test_a_phase_that_makes_no_sense_is_refused(graph, name, form):
    assert phase(graph, name, b"x", **form).json()["error"]["code"] == 100


def test_what_is_no_video_is_refused_with_its_first_bytes(graph):
    begun = started(graph, 100)
    told = phase(
        graph, "transfer", b"GIF89a" + bytes(50), upload_session_id=begun["upload_session_id"], start_offset=0
    )
    assert told.json()["error"]["error_subcode"] == 1349125


def test_an_upload_is_called_off_or_forgotten_after_a_day(graph, sandbox):
    begun = uploaded(graph)
    assert phase(graph, "cancel", upload_session_id=begun["upload_session_id"]).json() == {"success": True}
    assert "upload session" in finish(graph, begun).text
    sandbox.set_clock("2026-11-23T05:00:00Z")
    begun = uploaded(graph)
    sandbox.set_clock("2026-11-24T06:00:00Z")
    assert "upload session" in finish(graph, begun).text


def test_a_small_video_goes_up_in_one_call(graph, sandbox):
    files = {"source": ("film.mp4", HEAD + bytes(50), "video/mp4")}
    told = graph.ask("POST", f"{graph.page}/videos", data={"description": "สั้น"}, files=files)
    assert told.json()["id"]
    assert len(sandbox.ledger("facebook")) == 1


def test_a_video_has_insights_of_its_own_kind_only(graph, sandbox):
    begun = uploaded(graph)
    finish(graph, begun)
    sandbox.settings(video_polls=0)
    video(graph, begun)
    refused = graph.get(f"{begun['video_id']}/insights", metric="post_clicks").json()["error"]
    assert "nonexisting field (insights) on node type (Video)" in refused["message"]
    refused = graph.get(begun["video_id"], fields="shares").json()["error"]
    assert "nonexisting field (shares) on node type (Video)" in refused["message"]
    names = {row["name"] for row in graph.get(f"{begun['video_id']}/video_insights").json()["data"]}
    assert "total_video_views" in names
    post = f"{graph.page}_{begun['video_id']}"
    assert graph.get(f"{post}/insights", metric="post_clicks").status_code == 200


def test_a_deleted_video_takes_its_post_along(graph, sandbox):
    begun = uploaded(graph)
    finish(graph, begun)
    assert graph.ask("DELETE", begun["video_id"]).json() == {"success": True}
    assert len(sandbox.ledger("facebook", kind="delete")) == 1
    assert graph.get(begun["video_id"]).json()["error"]["error_subcode"] == 33


def test_a_video_cannot_be_attached_like_a_photo(graph):
    begun = uploaded(graph)
    media = json.dumps([{"media_fbid": begun["video_id"]}])
    assert "attached_media" in graph.feed(message="ก", attached_media=media).json()["error"]["message"]


def test_publishing_a_video_needs_the_scope(graph, sandbox):
    sandbox.wear_token("facebook", graph.page, scopes=["pages_read_engagement"])
    assert phase(graph, "start", file_size=100).json()["error"]["code"] == 200


def test_the_list_of_videos_keeps_to_a_moment_and_to_what_can_be_seen_yet(graph, sandbox):
    sandbox.set_clock("2026-11-23T05:00:00Z")
    finish(graph, uploaded(graph), description="แรก")
    sandbox.set_clock("2026-11-23T05:10:00Z")
    finish(graph, uploaded(graph), description="ที่สอง")

    def listed(**params):
        rows = graph.get(f"{graph.page}/videos", fields="description", **params).json()["data"]
        return [row["description"] for row in rows]

    assert listed() == ["ที่สอง", "แรก"]
    assert listed(since="2026-11-23T05:05:00Z") == ["ที่สอง"]
    sandbox.fault("facebook", "timeline", "visibility_delay", times=None, seconds=60)
    assert listed() == ["แรก"]


def test_a_file_sent_to_the_app_may_be_gone_on_with_and_gives_a_handle(graph, sandbox):
    content = HEAD + bytes(100)
    form = {"file_name": "film.mp4", "file_length": len(content), "file_type": "video/mp4"}
    name = graph.ask("POST", f"{graph.app['app_id']}/uploads", data=form).json()["id"]
    assert name.startswith("upload:")

    def send(part, offset):
        headers = {"Authorization": f"OAuth {graph.token}", "file_offset": str(offset)}
        return graph.ask("POST", name, content=part, headers=headers).json()

    assert send(content[:40], 0) == {"id": name, "file_offset": 40}
    assert graph.get(name).json()["file_offset"] == 40
    assert send(content[:40], 0)["error"]["error_subcode"] == 1363037
    handle = send(content[40:], 40)["h"]
    form = {"fbuploader_video_file_chunk": handle, "description": "ด้วยแฮนเดิล"}
    assert graph.ask("POST", f"{graph.page}/videos", data=form).json()["id"]
    (post,) = sandbox.ledger("facebook")
    assert post["text"] == "ด้วยแฮนเดิล"


def reel(graph, content=HEAD + bytes(100)):
    begun = graph.ask("POST", f"{graph.page}/video_reels", data={"upload_phase": "start"}).json()
    headers = {"Authorization": f"OAuth {graph.token}", "offset": "0", "file_size": str(len(content))}
    sent = graph.http.post(begun["upload_url"], content=content, headers=headers)
    assert sent.json() == {"success": True}, sent.text
    return begun


def finish_reel(graph, begun, **form):
    data = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "PUBLISHED", **form}
    return graph.ask("POST", f"{graph.page}/video_reels", data=data).json()


def test_a_reel_goes_to_its_own_address_and_shows_when_finished(graph, sandbox):
    begun = reel(graph)
    assert "/rupload/" in begun["upload_url"]
    assert sandbox.ledger("facebook") == []
    assert finish_reel(graph, begun, description="รีล") == {"success": True}
    (post,) = sandbox.ledger("facebook")
    assert post["text"] == "รีล"
    assert "upload session" in finish_reel(graph, begun)["error"]["message"]


def test_a_reel_that_is_not_whole_or_only_a_draft_shows_nothing(graph, sandbox):
    begun = graph.ask("POST", f"{graph.page}/video_reels", data={"upload_phase": "start"}).json()
    assert finish_reel(graph, begun)["error"]["error_subcode"] == 1363037
    assert finish_reel(graph, reel(graph), video_state="DRAFT") == {"success": True}
    assert finish_reel(graph, reel(graph), video_state="SOON")["error"]["code"] == 100
    assert sandbox.ledger("facebook") == []


def test_the_thirty_first_reel_of_a_day_is_refused(graph, sandbox):
    for _ in range(30):
        assert finish_reel(graph, reel(graph)) == {"success": True}
    assert finish_reel(graph, reel(graph))["error"]["code"] == 368
    assert len(sandbox.ledger("facebook")) == 30
