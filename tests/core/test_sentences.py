from datetime import UTC, date, datetime

from core.errors import BadInput, Conflict, Forbidden, IllegalMove
from core.i18n import LANGUAGES
from core.sentences import sentence, spoken
from core.vocab import Category, Channel, DeliveryState, PostKind, Role

NOON = datetime(2020, 10, 31, 5, 0, tzinfo=UTC)


def test_states_roles_and_moments_are_said_in_words():
    assert sentence(Conflict("no_account", channel=Channel.X)).startswith("ยังไม่มีบัญชี X (Twitter)")
    assert "“ไม่ทราบผล”" in sentence(Conflict("in_flight", state=DeliveryState.UNCERTAIN))
    assert "Approver, Administrator" in sentence(
        Forbidden("role_needed", roles=(Role.APPROVER, Role.ADMINISTRATOR)), "en"
    )
    late = BadInput("due_after_event", kind=PostKind.REMINDER, starts_at=NOON, field="due_at")
    assert "โพสต์เตือนก่อนวันงานต้องออกก่อน" in sentence(late)
    assert "31 ต.ค. 2563 12.00 น." in sentence(late)


def test_a_move_that_is_not_allowed_names_both_states():
    said = sentence(IllegalMove(subject="delivery", id=1, origin="published", target="held"))
    assert "“เผยแพร่แล้ว” เป็น “พักไว้”" in said
    assert "“ยกเลิก” เป็น “ยืนยันจัด”" in sentence(
        IllegalMove(subject="event", id=1, origin="cancelled", target="confirmed")
    )


def test_a_field_is_called_by_its_label():
    error = BadInput("too_long", field="body_x", length=12, limit=10)
    assert sentence(error).startswith("ข้อความสำหรับ X ยาว 12")
    assert sentence(error, "en").startswith("The text for X has 12")


def test_every_kind_of_parameter_is_spoken_in_both_languages():
    for language in LANGUAGES:
        assert spoken(Category.EBOOK, language) != "ebook"
        assert "2563" in spoken(date(2020, 10, 31), language)
        assert spoken([1, "ก"], language) == "1, ก"
        assert spoken("ก", language) == "ก"
