"""The stages of buying in the office's own lines, and the questions that a year of them raises."""

from importlib.resources import files

import pytest

from language.kpi_form import parse_form
from language.stages import Question, Stage, Step, questions, step_of

SEED = files("services") / "samples" / "kpi-form-2564.txt"


@pytest.fixture(scope="module")
def seed():
    return [entry.text for entry in parse_form(SEED.read_text("utf-8")).report.entries]


def test_each_line_of_the_offices_year_tells_its_stage(seed):
    steps = [step_of(line) for line in seed]
    assert [(step.stage, step.instalment) for step in steps] == [
        (Stage.ALLOTMENT, 0), (Stage.PURCHASE, 0), (Stage.SCOPE, 0), (Stage.SCOPE, 0), (Stage.PURCHASE, 0),
        (Stage.INSPECTION, 1), (Stage.INSPECTION, 1), (Stage.INSPECTION, 1), (Stage.INSPECTION, 2),
        (Stage.INSPECTION, 2), (Stage.INSPECTION, 3), (Stage.DONE, 0),
    ]  # fmt: skip


def test_the_year_goes_backwards_once_and_stands_still_once(seed):
    assert questions(seed) == [Question("backwards", 2, 1), Question("unchanged", 7, 5)]


def test_thai_digits_and_a_line_about_posts():
    assert step_of("อยู่ระหว่างตรวจรับงานงวดที่ ๒") == Step(4, 2)
    assert step_of("เผยแพร่ข้อมูลผ่าน Facebook 38 รายการ") is None


def test_months_without_a_line_are_never_called_unchanged():
    assert questions(["", "", "", ""]) == []
    assert questions(["ก", "", "ก", "ก"]) == []


def test_a_long_standstill_is_asked_about_once():
    assert questions(["ก"] * 6) == [Question("unchanged", 2, 0)]
