import math
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from connectors.base import OutcomeUnknown, RetryLater
from connectors.oneshot import Haste, one_shot
from connectors.transport import Reach, calls
from core.clock import SetClock, SystemClock
from tests.connectors.stand_in import Reply

REACH = Reach(connect_s=10, read_s=10)
IMPATIENT = Reach(connect_s=10, read_s=0.3)
HASTE = Haste(SystemClock(), leave_by=math.inf)


def no_trouble(_response, _aim):
    return None


def test_the_request_goes_over_the_connection_that_was_opened(stand_in):
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        assert session.post(f"{stand_in.url}/feed").status_code == 200
    assert len(stand_in.lines) == 1
    assert [seen.path for seen in stand_in.seen] == ["/feed"]


def test_opening_sends_nothing(stand_in):
    with one_shot(REACH, stand_in.url, no_trouble, HASTE):
        pass
    assert stand_in.seen == []


def test_a_connection_dropped_while_waiting_is_not_opened_again(stand_in):
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        wait_for_line(stand_in)
        stand_in.hang_up()
        with pytest.raises(RetryLater) as told:
            session.post(f"{stand_in.url}/feed")
    assert told.value.code == "connection_lost_before_send"
    assert (len(stand_in.lines), stand_in.seen) == (1, [])


def test_a_connection_reset_while_waiting_is_noticed():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with one_shot(REACH, url, no_trouble, HASTE) as session:
            line, _ = server.accept()
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.close()  # a reset instead of a farewell
            with pytest.raises(RetryLater) as told:
                session.post(f"{url}/feed")
    assert told.value.code == "connection_lost_before_send"


def test_a_server_that_speaks_before_it_is_asked_is_not_trusted(stand_in):
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        wait_for_line(stand_in)
        stand_in.lines[0].sendall(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        with pytest.raises(RetryLater):
            session.post(f"{stand_in.url}/feed")
    assert stand_in.seen == []


def test_a_second_request_is_refused_without_a_new_connection(stand_in):
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        session.post(f"{stand_in.url}/feed")
        with pytest.raises(RetryLater):
            session.post(f"{stand_in.url}/feed")
    assert (len(stand_in.lines), len(stand_in.seen)) == (1, 1)


def test_a_second_request_after_a_lost_answer_is_refused_too(stand_in):
    stand_in.say(Reply(how="drop"))
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        with pytest.raises(OutcomeUnknown):
            session.post(f"{stand_in.url}/feed")
        with pytest.raises(RetryLater):
            session.post(f"{stand_in.url}/feed")
    assert (len(stand_in.lines), len(stand_in.seen)) == (1, 1)


@pytest.mark.parametrize("how", ["drop", "hang"])
def test_no_answer_after_sending_is_unknown(stand_in, how):
    stand_in.say(Reply(how=how))
    with (
        one_shot(IMPATIENT, stand_in.url, no_trouble, HASTE) as session,
        pytest.raises(OutcomeUnknown) as told,
    ):
        session.post(f"{stand_in.url}/feed")
    assert told.value.code == "answer_lost"
    assert len(stand_in.seen) == 1


def test_an_answer_cut_short_is_unknown(stand_in):
    stand_in.say(Reply("no length\r\n", headers={"Transfer-Encoding": "chunked"}))
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session, pytest.raises(OutcomeUnknown):
        session.post(f"{stand_in.url}/feed")


def test_a_redirect_is_not_followed(stand_in):
    stand_in.say(Reply(status=307, headers={"Location": "/elsewhere"}), Reply())
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        assert session.post(f"{stand_in.url}/feed").status_code == 307
    assert len(stand_in.seen) == 1


def test_a_refused_connection_means_nothing_was_sent():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(RetryLater) as told, one_shot(REACH, url, no_trouble, HASTE):
            pass
    assert told.value.code == "unreachable"


def test_an_unknown_host_means_nothing_was_sent(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with (
        pytest.raises(RetryLater) as told,
        one_shot(REACH, "https://graph.facebook.invalid", no_trouble, HASTE),
    ):
        pass
    assert (told.value.code, told.value.detail) == ("unreachable", "NameResolutionError")


def test_a_large_upload_may_take_longer_than_connecting():
    reach = Reach(connect_s=0.2, read_s=5)
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        answered = pool.submit(read_slowly, server, 8_000_000)
        with calls(reach, no_trouble, HASTE) as session:
            assert session.post(url, data=b"x" * 8_000_000).status_code == 204
        assert answered.result(5)


def read_slowly(server, size):
    """Take nothing for longer than the connect time-out, then everything, then answer."""
    line, _ = server.accept()
    with line:
        Event().wait(0.5)
        taken = 0
        while taken < size:
            taken += len(line.recv(1_000_000))
        line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    return True


def test_a_server_that_does_not_shake_hands_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(RetryLater) as told, one_shot(Reach(0.2, 0.2), url, no_trouble, HASTE):
            pass
    assert told.value.code == "unreachable"


def test_who_stood_still_since_connecting_for_as_long_as_a_call_may_take_sends_nothing(stand_in):
    clock = SetClock(datetime(2026, 11, 24, tzinfo=UTC))
    with one_shot(REACH, stand_in.url, no_trouble, Haste.of(clock, REACH)) as session:
        clock.advance(timedelta(seconds=REACH.connect_s + REACH.read_s))
        with pytest.raises(RetryLater) as told:
            session.post(f"{stand_in.url}/feed")
    assert told.value.code == "connection_waited"
    assert stand_in.seen == []


def test_who_was_quick_enough_sends(stand_in):
    clock = SetClock(datetime(2026, 11, 24, tzinfo=UTC))
    with one_shot(REACH, stand_in.url, no_trouble, Haste.of(clock, REACH)) as session:
        clock.advance(timedelta(seconds=REACH.connect_s + REACH.read_s - 0.1))
        assert session.post(f"{stand_in.url}/feed").status_code == 200


def test_the_proxies_of_the_environment_are_not_asked(stand_in, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")
    with one_shot(REACH, stand_in.url, no_trouble, HASTE) as session:
        assert session.post(f"{stand_in.url}/feed").status_code == 200


def wait_for_line(server):
    """Wait until the server, too, knows of the connection."""
    assert server.connected.wait(5)
