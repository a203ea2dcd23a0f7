"""The small parts by themselves: reading fields, marking changes, cutting texts, saying errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, IllegalMove
from core.i18n import catalogue
from core.vocab import Channel, DeliveryState, PostKind, Role
from services.texts import count
from tests.builders import START, at
from web.differences import changes
from web.forms import Form
from web.marks import MARKS
from web.preview import looks_of
from web.sentences import beside, sentence

THAI = st.text(alphabet="กขนมา่้ิีุ ํำ\nabc1 ", max_size=60)


@given(THAI, THAI)
def test_the_marked_changes_are_exactly_the_two_texts(before, after):
    found = changes(before, after)
    assert "".join(one.kept or one.old for one in found) == before
    assert "".join(one.kept or one.new for one in found) == after


@given(THAI)
def test_a_text_that_did_not_change_has_no_marks(text):
    assert all(one.kept for one in changes(text, text))


@given(st.text(alphabet="กนำ้ิ่ ab\n", min_size=200, max_size=420))
def test_what_fits_on_x_and_what_does_not_are_together_what_is_sent(text):
    look = looks_of(Form({"body_x": text}, {"channels": ("x",)}), START)[0]
    assert look.fits + look.beyond == text.strip()
    assert not count(look.fits, Channel.X).over
    assert look.beyond[:1] not in set("ิ่้")


def test_days_and_times_are_read_as_thais_write_them():
    form = Form({"a_day": "๓๑ ตุลาคม ๒๕๖๓", "a_time": "เวลา 17.00 น.", "n": "๑๒"})
    assert form.moment("a") == at("2020-10-31 17:00")
    assert form.number("n") == 12
    assert form.moment("b") is None
    assert Form({"a_day": "31/10/2563"}).needed_moment("a", all_day=True) == at("2020-10-31 00:00")


@pytest.mark.parametrize(
    ("values", "read", "code", "field"),
    [
        ({"a_day": "31/10/2563"}, lambda form: form.moment("a"), "time_missing", "a_time"),
        ({"a_time": "9.00"}, lambda form: form.moment("a"), "day_missing", "a_day"),
        ({"n": "มาก"}, lambda form: form.number("n"), "not_a_number", "n"),
        ({"k": "letter"}, lambda form: form.choice("k", PostKind), "choose_one", "k"),
        ({}, lambda form: form.needed_upload("f"), "choose_file", "f"),
    ],
)
def test_what_cannot_be_read_names_its_field(values, read, code, field):
    with pytest.raises(BadInput) as caught:
        read(Form(values))
    assert caught.value.key == code
    assert caught.value.params["field"] == field


def test_an_error_speaks_in_words_not_in_codes():
    error = IllegalMove(subject="delivery", origin="sending", target=DeliveryState.HELD)
    assert "“กำลังเผยแพร่” เป็น “พักไว้”" in sentence(error, "th")
    needed = BadInput("role_needed", roles=frozenset({Role.OFFICER, Role.APPROVER}))
    assert "ผู้อนุมัติ, ผู้จัดทำ" in sentence(needed, "th")
    assert beside(BadInput("too_long", field="title", length=301, limit=300), "en").keys() == {"title"}
    assert "ชื่อเรื่อง" in sentence(BadInput("too_long", field="title", length=301, limit=300), "th")
    assert "31 ต.ค. 2563" in sentence(BadInput("due_in_past", due_at=at("2020-10-31 17:00"), now=START), "th")


def test_every_state_has_its_mark():
    for table, marks in MARKS.items():
        assert marks.keys() == catalogue("th")[table].keys(), table
