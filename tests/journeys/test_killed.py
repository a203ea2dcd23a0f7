"""`rukon up` under kill -9: what was being sent is live once; what fell stands again until told to end."""

import re
import signal
import socket
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import select

from core.vocab import AttemptOutcome, Channel, Role
from models import Attempt
from tests.builders import approve, make_post
from tests.deployments import Program, answers, embedded
from tests.journeys.office import opened
from tests.servers import wait_until

SOON_S = 30
SETTLED_S = 60
TEXT = "ลอยกระทงริมเจ้าพระยา ณ สะพานพระราม 8"
STARTED = re.compile(r"rukon up: (\w+): started, process (\d+)")
QUICK = {"RUKON_QUIESCENCE_S": "4", "RUKON_READ_TIMEOUT_S": "5"}


@pytest.fixture
def up(data_dir, tmp_path):
    """`rukon up --sandbox` over an empty folder, quick to look again."""
    with embedded(tmp_path, **QUICK) as deployment:
        yield deployment


def pids(program: Program, name: str) -> list[int]:
    """Return the processes that the supervisor says it started for one of its children, oldest first."""
    return [int(pid) for child, pid in STARTED.findall(program.said()) if child == name]


def kill(program: Program, name: str) -> None:
    """Kill a child's process and wait until the supervisor has put another in its place."""
    before = pids(program, name)
    psutil.Process(before[-1]).send_signal(signal.SIGKILL)
    wait_until(lambda: len(pids(program, name)) > len(before), seconds=SOON_S, what=f"another {name}")


def test_killed_while_both_channels_are_being_sent_to_each_post_is_live_once(up):
    """Facebook took the post and kept silent; X was still thinking and takes it after the sender's death."""
    (supervisor,) = up.programs
    with opened(up) as journey:
        up.sandbox.fault("facebook", "publish", "accept_then_hang", seconds=60)
        up.sandbox.fault("x", "publish", "latency", ms=2500)
        post_id = publish_now(journey)
        wait_until(lambda: under_way(journey), seconds=SOON_S, what="both sends to be under way")
        kill(supervisor, "service")
        wait_until(lambda: answers(up.url, supervisor), seconds=SOON_S, what="the pages to answer again")
        reviewer = journey.sign_in(Role.REVIEWER)

        def settled() -> bool:
            return reviewer.look(f"/posts/{post_id}/live").count("ยืนยันแล้ว") >= len(Channel)

        wait_until(settled, seconds=SETTLED_S, what="both channels to be found and read back", every=0.2)
        assert [one["text"] for one in up.sandbox.ledger("facebook")] == [TEXT]
        assert [one["text"] for one in up.sandbox.ledger("x")] == [TEXT]


def publish_now(journey) -> int:
    with journey.rt.sessions.begin() as session:
        now = journey.rt.clock.now()
        bodies = dict.fromkeys(Channel, TEXT)
        officer, approver = journey.team.officer, journey.team.approver
        post = make_post(session, officer, now=now, bodies=bodies, due_at=now + timedelta(hours=1))
        post_id = post.id
    approve(journey.rt, post_id, approver, publish_now=True)
    return post_id


def under_way(journey) -> bool:
    """Say whether both sends have their attempt written down and Facebook has taken its post."""
    with journey.rt.sessions.begin() as session:
        outcomes = session.scalars(select(Attempt.outcome)).all()
    taken = len(journey.sandbox.ledger("facebook"))
    return [*outcomes] == [AttemptOutcome.OPEN] * len(Channel) and taken == 1


def test_what_is_killed_again_and_again_is_started_again_and_told(up):
    (supervisor,) = up.programs
    for _ in range(3):
        kill(supervisor, "service")
    kill(supervisor, "sandbox")
    wait_until(lambda: answers(up.url, supervisor), seconds=SOON_S, what="the pages to answer again")
    assert supervisor.said().count("service: ended with signal SIGKILL") == 3
    assert supervisor.said().count("sandbox: ended with signal SIGKILL") == 1
    everything = [
        psutil.Process(pid) for name in ("service", "sandbox") for pid in pids(supervisor, name)[-1:]
    ]
    assert up.stop() == {"up": 0}
    assert not any(process.is_running() for process in everything)
    assert "nothing is left running" in supervisor.said()
    for url in (up.url, up.sandbox.base_url):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", int(url.rpartition(":")[2])))
