"""The contract's part on GIFs and films: uploaded unseen, gone on with, shown with their words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.base import Rejected, RetryLater, Unfinished
from core.clock import SetClock
from core.vocab import Channel, MediaKind
from tests.connectors.conftest import NOON
from tests.connectors.offices import FILM, Office, long_film, moving_picture, office_of

MB = 1024 * 1024


@pytest.fixture(params=list(Channel))
def office(request, sandbox) -> Office:
    return office_of(request.param, sandbox, read_s=10, clock=SetClock(NOON))


@pytest.fixture(params=[moving_picture(), FILM], ids=["gif", "film"])
def moving(request):
    return request.param


def test_what_moves_is_uploaded_unseen_and_shown_with_its_words(office, moving):
    staged, _ = office.carry_on(moving)
    assert office.public() == []
    assert staged.expires_at > office.clock.now() + timedelta(minutes=30)
    office.publish(media_ids=(staged.remote_id,), media_kind=moving.kind)
    (post,) = office.public()
    assert post["alt"] == [moving.alt]


def test_a_film_lies_on_the_disk_and_is_read_from_there(office, tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(FILM.content)
    staged, _ = office.carry_on(replace(FILM, content=b"", path=path))
    office.publish(media_ids=(staged.remote_id,), media_kind=MediaKind.VIDEO)
    assert len(office.public()) == 1


def test_a_film_of_thirty_megabytes_goes_on_where_it_was_cut(office):
    office.fault("media", "drop_before", after=4)
    staged, reasons = office.carry_on(long_film(30 * MB))
    assert reasons[0] == "media_cut"
    office.publish(media_ids=(staged.remote_id,), media_kind=MediaKind.VIDEO)
    (post,) = office.public()
    assert post["alt"] == [FILM.alt]
    log = office.sandbox.log(office.channel, "media")
    pieces = [
        one
        for one in log
        if one["path"].endswith("/append") or one["params"].get("upload_phase") == "transfer"
    ]
    assert 8 <= len(pieces) <= 10  # eight of 4 MB, and what the cut tore goes again


def test_an_upload_whose_note_is_of_no_use_begins_anew(office):
    staged, _ = office.carry_on(replace(FILM, resume="of another time"))
    assert staged.remote_id


def test_a_note_of_an_unfinished_upload_holds_no_secret_and_is_short(office):
    office.fault("media", "drop_before", after=2)
    with pytest.raises(Unfinished) as unfinished:
        office.connector.stage(office.access, long_film(9 * MB))
    assert 0 < len(unfinished.value.resume) <= 500
    for secret in office.access.secrets.values():
        assert secret not in unfinished.value.resume + str(unfinished.value)


def test_a_dead_token_during_an_upload_is_the_accounts_trouble(office):
    office.sandbox.wear_token(office.channel, office.access.external_id, dead=463)
    with pytest.raises(RetryLater) as trouble:
        office.connector.stage(office.access, FILM)
    assert trouble.value.health is not None
    assert not isinstance(trouble.value, Unfinished)


def test_a_file_that_is_no_film_is_refused_for_good(office):
    with pytest.raises(Rejected):
        office.carry_on(replace(FILM, content=b"this is no film at all" * 100))
