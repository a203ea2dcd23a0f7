"""The contract over written-down answers, continued: figures, films from first byte to shown, changes."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote_to_bytes

import pytest

from connectors.base import Message, Receipt, Rejected, RetryLater, Staged, Unfinished
from connectors.changes import Editing
from core.vocab import Channel, MediaKind, Metric, ReadingState
from tests.connectors.conftest import NOON
from tests.connectors.offices import FILM
from tests.connectors.test_contract_recorded import IDS, Heard, heard

__all__ = ["heard"]
VALUE, MISSING, REFUSED = ReadingState.VALUE, ReadingState.MISSING, ReadingState.REFUSED
COUNTED = (Metric.REACTIONS, Metric.COMMENTS, Metric.SHARES, Metric.IMPRESSIONS, Metric.CLICKS)


def figures(heard: Heard, case: str) -> list[dict]:
    """Read the figures of two young posts; return them in order, {} for a post that is left out."""
    heard.says(case)
    first, second, _ = IDS[heard.channel]
    made = {first: NOON - timedelta(hours=2), second: NOON - timedelta(hours=1)}
    found = heard.connector.read_metrics(heard.access, made, NOON)
    return [found.get(post, {}) for post in made]


def told(one: dict) -> list[tuple]:
    return [(one[metric].state, one[metric].value) for metric in COUNTED]


def test_figures_are_values_zeros_and_gaps_each_as_what_it_is(heard):
    first, second = figures(heard, "figures")
    assert told(first) == [(VALUE, 42), (VALUE, 7), (VALUE, 3), (VALUE, 1000), (VALUE, 31)]
    assert told(second) == [(VALUE, 0), (VALUE, 0), (VALUE, 0), (MISSING, None), (MISSING, None)]
    assert len(heard.stand_in.seen) == 2
    assert all(figure.source for figure in first.values())


def test_a_post_that_is_gone_has_no_figures_and_hides_no_other(heard):
    first, second = figures(heard, "figures, one post gone")
    assert told(first)[-1] == (VALUE, 31)
    assert second == {}


def test_figures_that_are_refused_leave_the_others_standing(heard):
    for one, reactions in zip(figures(heard, "figures, the private ones refused"), (42, 0), strict=True):
        assert one[Metric.REACTIONS].value == reactions
        assert (one[Metric.CLICKS].state, one[Metric.CLICKS].value) == (REFUSED, None)


def carried(heard: Heard, resume: str = "") -> Staged:
    """Upload the film to its end, waiting as told."""
    media = replace(FILM, resume=resume)
    for _ in range(6):
        try:
            return heard.connector.stage(heard.access, media)
        except Unfinished as unfinished:
            if unfinished.code != "media_processing":
                raise
            media = replace(media, resume=unfinished.resume)
            heard.clock.advance(timedelta(seconds=max(unfinished.wait_s, 1)))
    raise AssertionError(media.resume)


def publics(heard: Heard) -> list[str]:
    """Return the calls that show something."""
    shown = (one for one in heard.stand_in.seen if one.method == "POST")
    return [one.path for one in shown if one.path == "/2/tweets" or b"finish" in one.body]


@pytest.fixture(autouse=True)
def nothing_aside(heard):
    heard.stand_in.aside.clear()


def shown(heard: Heard, staged: Staged) -> Receipt:
    heard.says("a film shown")
    with heard.connector.open(heard.access) as line:
        return line.publish(Message("ชม", media_ids=(staged.remote_id,), media_kind=MediaKind.VIDEO))


def test_a_film_goes_up_unseen_with_its_words_and_is_shown_by_one_call(heard):
    heard.says("a film")
    staged = carried(heard)
    assert publics(heard) == []
    sent = b" ".join(unquote_to_bytes(one.body) for one in heard.stand_in.seen)
    assert FILM.alt.encode() in sent or FILM.alt.encode("unicode_escape") in sent
    expected = "1025_991" if heard.channel is Channel.FACEBOOK else "2124898544362979340"
    assert shown(heard, staged).remote_id == expected
    assert len(publics(heard)) == 1


def test_a_film_that_was_cut_goes_on_where_the_platform_says(heard):
    heard.says("a film cut")
    with pytest.raises(Unfinished) as cut:
        heard.connector.stage(heard.access, FILM)
    assert cut.value.code == "media_cut"
    before = len(heard.stand_in.seen)
    heard.says("a film gone on with")
    staged = carried(heard, cut.value.resume)
    again = heard.stand_in.seen[before:]
    assert not any(b"upload_phase=start" in one.body or one.path.endswith("initialize") for one in again)
    assert staged.remote_id in ("991:5001", "2124898544362979001")
    assert publics(heard) == []


def test_a_film_that_the_platform_cannot_use_is_refused_for_good(heard):
    heard.says("a film refused")
    with pytest.raises(Rejected) as trouble:
        carried(heard)
    assert trouble.value.code == "media_refused"


def test_words_are_put_right_where_the_platform_can(heard):
    post = IDS[heard.channel][0]
    if heard.channel is Channel.X:
        assert not isinstance(heard.connector, Editing)
        return
    heard.says("put right")
    heard.connector.edit(heard.access, post, "แก้แล้ว")
    (seen,) = heard.stand_in.seen
    assert (seen.method, seen.path.rpartition("/")[2], seen.form["message"]) == ("POST", post, "แก้แล้ว")
    heard.says("put right, not ours")
    with pytest.raises(RetryLater) as trouble:
        heard.connector.edit(heard.access, post, "แก้แล้ว")
    assert trouble.value.code == "permission_missing"


def test_a_comment_is_hidden_or_the_person_told_to_do_it_by_hand(heard):
    if heard.channel is Channel.X:
        with pytest.raises(Rejected, match="hide_by_hand"):
            heard.connector.hide_comment(heard.access, "1", hidden=True)
        assert heard.stand_in.seen == []
        return
    heard.says("hidden")
    heard.connector.hide_comment(heard.access, "122105_301", hidden=True)
    assert heard.stand_in.seen[0].form["is_hidden"] == "true"
