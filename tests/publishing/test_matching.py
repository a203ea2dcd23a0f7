"""Each of more than five hundred texts is found among all others as its platform gives it back."""

from datetime import timedelta

import pytest

from connectors.base import Message
from core.vocab import Channel
from language.canonical import canonical_sent
from language.xlength import measure
from services.accounts import access_of
from services.matching import Wanted, matches
from tests.publishing.corpus import corpus

TEXTS = corpus()
DIGITS = str.maketrans("0123456789๐๑๒๓๔๕๖๗๘๙", "1234567890๑๒๓๔๕๖๗๘๙๐")
DAY = timedelta(days=1)
REACHABLE = 590  # Facebook lists about 600 posts
OWN_PICTURE = "/status/"  # a link to a post's own picture is no part of its text


def test_the_corpus_is_large_and_no_two_texts_of_it_are_alike():
    assert len(TEXTS) >= 500
    forms = {canonical_sent(text) for text in TEXTS}
    assert len(TEXTS) - len(forms) <= 1  # the same address with and without its last slash


@pytest.mark.parametrize("channel", list(Channel))
def test_each_text_is_found_once_among_all_as_the_platform_gives_it_back(office, channel):
    texts = [text for text in TEXTS if channel is Channel.FACEBOOK or measure(text).fits]
    texts = texts[:REACHABLE]
    assert len(texts) >= 500
    office.sandbox.settings(duplicate_window_s=0, x_limits={"*": 1_000_000}, x_day_limit=1_000_000)
    connector = office.rt.connectors[channel]
    access = access_of(office.rt, office.account(channel))
    ids = {}
    for text in texts:
        with connector.open(access) as line:
            ids[line.publish(Message(text.strip())).remote_id] = canonical_sent(text)
    now = office.clock.now()
    listing = connector.find(access, now - DAY)
    assert (len(listing.posts), listing.complete) == (len(texts), True)
    for text in texts:
        found = matches(listing.posts, Wanted({"text": text, "media": []}, (now - DAY, now + DAY)), set())
        assert found, f"not found again: {text!r}"
        assert {ids[post.remote_id] for post in found} == {canonical_sent(text)}, (
            f"taken for another: {text!r}"
        )


def test_a_text_one_figure_or_one_letter_apart_is_never_the_same():
    forms = {canonical_sent(text) for text in TEXTS}
    for text in (text for text in TEXTS if OWN_PICTURE not in text):
        for near in (text.translate(DIGITS), f"{text} ก", text.replace("เขต", "แขวง", 1)):
            if near != text:
                assert canonical_sent(near) != canonical_sent(text), near
    assert len(forms) >= 500
