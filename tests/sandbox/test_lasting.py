"""What survives: a restart, a kill, a torn line; and what 64 clients at once may not break."""

import concurrent.futures
import json
import signal
import socket
import subprocess
import sys
from collections import Counter

import httpx
import pytest
import requests

from tests.sandbox.clients import jpeg
from tests.sandbox.conftest import graph_client, x_client
from tests.sandbox_server import ROOT, running_sandbox, stop

CLIENTS = 64


@pytest.fixture
def session():
    with requests.Session() as session:
        yield session


def test_posts_media_accounts_and_figures_survive_a_restart(tmp_path, session):
    with running_sandbox(tmp_path) as first:
        graph, x = graph_client(first), x_client(first, session)
        post, tweet = graph.publish("ก่อนปิด"), x.publish("ก่อนปิด")
        photo, picture = graph.stage(jpeg(), alt="ภาพค้าง"), x.media(jpeg())
        [extra] = first.add_accounts("facebook", 1)
        first.metrics("facebook", post, reactions=77)
        gone = graph.publish("จะลบ")
        graph.ask("DELETE", gone)
    with running_sandbox(tmp_path) as second:
        graph, x = graph_client(second), x_client(second, session)
        assert [row["id"] for row in graph.posts()] == [post]
        assert [row["id"] for row in x.timeline()["data"]] == [tweet]
        assert second.metrics("facebook", post)["reactions"] == 77
        later = graph.publish("หลังเปิด", attached_media=json.dumps([{"media_fbid": photo}]))
        assert later not in (post, gone)
        assert second.ledger("facebook")[-1]["alt"] == ["ภาพค้าง"]
        x.publish("หลังเปิด", media={"media_ids": [picture]})
        assert graph_client(second, extra).publish("เพจที่เพิ่ม")
        assert x.post("ก่อนปิด").status_code == 403


def test_a_line_torn_by_a_kill_is_forgotten(tmp_path):
    with running_sandbox(tmp_path) as first:
        graph_client(first).publish("ครบถ้วน")
    ledger = tmp_path / "ledger.jsonl"
    with ledger.open("a", encoding="utf-8") as file:
        file.write('{"kind":"publish","channel":"facebook","id":"102')
    with running_sandbox(tmp_path) as second:
        graph_client(second).publish("บรรทัดใหม่")
        assert [record["text"] for record in second.ledger()] == ["ครบถ้วน", "บรรทัดใหม่"]


def test_every_answered_publish_is_in_the_ledger_after_a_kill(tmp_path):
    with running_sandbox(tmp_path) as sandbox:
        graph = graph_client(sandbox)
        answered: list[str] = []

        def publish(number: int) -> None:
            answered.append(graph.publish(f"ข้อความ {number}"))
            if number == 150:
                sandbox.process.send_signal(signal.SIGKILL)

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            results = [pool.submit(publish, number) for number in range(600)]
        broken = [result for result in results if isinstance(result.exception(), httpx.TransportError)]
    written = {json.loads(line)["id"] for line in (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()}
    assert broken
    assert set(answered) <= written


def test_sixty_four_clients_at_once_lose_and_double_nothing(sandbox):
    sandbox.settings(x_limits={"*": 100_000}, x_day_limit=100_000)
    pages = [graph_client(sandbox, account) for account in sandbox.add_accounts("facebook", 4)]
    user = sandbox.credentials("x")["external_id"]
    bearer = sandbox.ask("GET", "/__control/credentials")["x_bearer"][user]
    headers = {"Authorization": f"Bearer {bearer}"}
    limits = httpx.Limits(max_connections=CLIENTS)
    with httpx.Client(base_url=sandbox.base_url, limits=limits, timeout=30, trust_env=False) as http:

        def publish(number: int) -> int:
            if number % 2:
                return http.post("/2/tweets", json={"text": f"ข้อความ {number}"}, headers=headers).status_code
            page = pages[number % 4]
            form = {"message": f"ข้อความ {number}", "access_token": page.token}
            return http.post(f"/graph/v26.0/{page.page}/feed", data=form).status_code

        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            statuses = Counter(pool.map(publish, range(512)))
    assert statuses == {200: 256, 201: 256}
    records = sandbox.ledger()
    assert len({record["id"] for record in records}) == len(records) == 512
    assert {record["text"] for record in records} == {f"ข้อความ {number}" for number in range(512)}


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_cleanly_when_asked_even_with_a_silent_connection(tmp_path, sent):
    with running_sandbox(tmp_path) as sandbox:
        sandbox.fault("facebook", "publish", "accept_then_hang", seconds=60)
        graph = graph_client(sandbox)
        with pytest.raises(httpx.ReadTimeout):
            graph.ask("POST", f"{graph.page}/feed", data={"message": "เงียบ"}, timeout=0.2)
        sandbox.process.send_signal(sent)
        assert sandbox.process.wait(10) == 0


def test_a_taken_port_is_a_clear_message(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "sandbox", "--port", port, "--data", str(tmp_path)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr


def test_a_reset_puts_the_files_aside_and_starts_empty(tmp_path):
    with running_sandbox(tmp_path, "--fsync", "--seed", "7") as sandbox:
        graph = graph_client(sandbox)
        first = graph.publish("ก่อนล้าง")
        sandbox.reset()
        assert sandbox.ledger() == []
        assert graph.posts() == []
        assert graph.publish("ก่อนล้าง") == first
        assert len(list(tmp_path.glob("ledger.*.jsonl"))) == 1
        assert stop(sandbox.process) == 0
