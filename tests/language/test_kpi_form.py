from codecs import BOM_UTF8
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from core.fiscal import Month
from core.i18n import LANGUAGES, catalogue
from language.form_facts import AimKind, ResultType, Signature
from language.form_typos import typo_rules
from language.kpi_form import BadForm, decode_form, parse_form

SEED = (files("services") / "samples" / "kpi-form-2564.txt").read_bytes()
TEXT = SEED.decode()
FORM = parse_form(TEXT)
REPORT = "6. รายงานผลการดำเนินงาน (รายไตรมาส) :\n"


def report(*lines):
    return parse_form(REPORT + "\n".join(lines)).report


def test_the_offices_form_has_24_dated_lines_of_12_entries():
    assert len(FORM.report.lines) == 24
    assert len(FORM.report.entries) == 12
    assert {len(entry.lines) for entry in FORM.report.entries} == {2}
    assert FORM.report.problems == ()
    assert FORM.fiscal_year == 2564


@pytest.mark.parametrize(
    ("number", "raw_date", "style", "day", "quarter", "first_lines"),
    [
        (1, "28/10/2563", "d/m/BE", date(2020, 10, 28), 1, (45, 74)),
        (2, "30/11/2563", "d/m/BE", date(2020, 11, 30), 1, (47, 76)),
        (3, "31/12/2563", "d/m/BE", date(2020, 12, 31), 1, (49, 78)),
        (4, "1/31/2021", "m/d/CE", date(2021, 1, 31), 2, (52, 85)),
        (5, "2/27/2021", "m/d/CE", date(2021, 2, 27), 2, (54, 86)),
        (6, "31/03/2564", "d/m/BE", date(2021, 3, 31), 2, (56, 87)),
        (7, "29/04/2564", "d/m/BE", date(2021, 4, 29), 3, (58, 91)),
        (8, "30/05/2564", "d/m/BE", date(2021, 5, 30), 3, (60, 92)),
        (9, "6/30/2021", "m/d/CE", date(2021, 6, 30), 3, (62, 93)),
        (10, "30/07/2564", "d/m/BE", date(2021, 7, 30), 4, (64, 97)),
        (11, "30/08/2564", "d/m/BE", date(2021, 8, 30), 4, (66, 98)),
        (12, "30/09/2564", "d/m/BE", date(2021, 9, 30), 4, (68, 99)),
    ],
)
def test_each_entry_keeps_both_its_places_and_its_date_as_written(
    number, raw_date, style, day, quarter, first_lines
):
    entry = FORM.report.entries[number - 1]
    assert (entry.day, entry.quarter, entry.fiscal_year) == (day, quarter, 2564)
    assert entry.period == Month.of(day)
    assert tuple(line.first_line for line in entry.lines) == first_lines
    assert {line.raw_date for line in entry.lines} == {raw_date}
    assert {line.style for line in entry.lines} == {style}
    assert [line.section for line in entry.lines] == [f"6.{quarter}", "6.5"]


def test_a_wrapped_line_keeps_its_line_break():
    line = FORM.report.entries[2].lines[0]
    assert (line.first_line, line.last_line) == (49, 50)
    assert line.raw_text.endswith("ขอบเขตของงานฯ\n(มีการปรับรายละเอียดของโครงการ)")
    assert line.text.endswith("ขอบเขตของงานฯ (มีการปรับรายละเอียดของโครงการ)")


def test_only_january_says_two_different_things():
    (january,) = FORM.variances
    assert january.day == date(2021, 1, 31)
    assert [line.raw_text.count("ขยายเวลายกหนด") for line in january.lines] == [1, 0]
    assert january.text == january.lines[0].text


def test_three_days_are_written_in_common_era_years():
    assert FORM.common_era_days == (date(2021, 1, 31), date(2021, 2, 27), date(2021, 6, 30))
    assert sum(entry.common_era for entry in FORM.report.entries) == 3


def test_target_and_claim_stand_apart():
    assert FORM.aimed.target == Decimal(5)
    assert FORM.aimed.claimed == Decimal("5.00")
    assert str(FORM.aimed.claimed) == "5.00"
    assert FORM.aimed.unit == "ระดับ"


def test_the_form_names_its_indicator_and_leaves_the_kind_of_result_open():
    assert FORM.name == "ระดับความสำเร็จในการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก"
    assert FORM.result_type is ResultType.UNKNOWN


@pytest.mark.parametrize(
    ("ticks", "kind"),
    [
        ("☑ ผลผลิต (Output) ☐ ผลลัพธ์ (Outcome)", ResultType.OUTPUT),
        ("ผลผลิต (Output) (✓) ผลลัพธ์ (Outcome)", ResultType.OUTCOME),
        ("☑ ผลผลิต ☑ ผลลัพธ์", ResultType.UNKNOWN),
    ],
)
def test_a_tick_that_survived_is_read(ticks, kind):
    assert parse_form(TEXT.replace("ผลผลิต (Output) ผลลัพธ์ (Outcome)", ticks)).result_type is kind


def test_the_alignment_runs_from_the_plan_to_the_goal():
    assert [(aim.kind, aim.code) for aim in FORM.alignment] == [
        (AimKind.PLAN, ""),
        (AimKind.AREA, "5"),
        (AimKind.SUB_ISSUE, "5.4"),
        (AimKind.GOAL, "5.4.1"),
    ]
    assert [aim.title for aim in FORM.alignment][:3] == [
        "แผนพัฒนา กทม. ระยะ 20 ปี",
        "มหานครประชาธิปไตย",
        "การเมืองสีขาว",
    ]
    assert FORM.alignment[1].english == "Bangkok as a Democratic City"
    assert "๕.๔.๑" in FORM.alignment[3].source.raw


def test_three_terms_are_defined():
    assert [definition.term for definition in FORM.definitions] == [
        "การพัฒนา",
        "สื่อสังคมออนไลน์",
        "การรับรู้เชิงรุก",
    ]
    assert FORM.definitions[2].text.startswith("การชี้แจงและให้ความรู้ความเข้าใจกับกลุ่มเป้าหมายโดยตรง")
    assert (FORM.definitions[1].source.first_line, FORM.definitions[1].source.last_line) == (18, 19)


def test_the_form_defines_three_levels_and_no_more():
    assert [level.number for level in FORM.levels] == [1, 2, 3]
    assert FORM.levels[0].text == "มีแผนการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก"
    assert FORM.levels[1].text.endswith("แบบฟอร์มต่าง ๆ ให้สามารถดาวน์โหลดใช้งานได้")
    assert FORM.levels[2].text.endswith("ภารกิจและหน้าที่รับผิดชอบที่ถูกต้อง")


def test_a_level_may_be_named_without_a_text_and_in_thai_digits():
    form = parse_form(TEXT.replace("\n5. เป้าหมาย", "\nระดับที่ ๔\n\n5. เป้าหมาย"))
    assert [(level.number, level.text) for level in form.levels][3] == (4, "")


def test_factors_obstacles_evidence_and_the_blank_signature_are_read():
    assert [item.text for item in FORM.supporting_factors] == ["บุคลากรผู้รับผิดชอบสามารถดำเนินการได้เป็นอย่างดี"]
    assert [item.text for item in FORM.obstacles] == ["ไม่มี"]
    assert [item.text for item in FORM.evidence] == ["แฟ้มการดำเนินการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก"]
    assert FORM.signature == Signature("ผู้รับผิดชอบโครงการ", None, None)


def test_a_filled_signature_is_read():
    signed = TEXT.replace("ลงชื่อ.....(", "ลงชื่อ ..นางสาวตัวอย่าง ใจดี.. (").replace(
        "\nตำแหน่ง", "\nตำแหน่ง นักประชาสัมพันธ์ชำนาญการ"
    )
    assert parse_form(signed).signature == Signature(
        "ผู้รับผิดชอบโครงการ", "นางสาวตัวอย่าง ใจดี", "นักประชาสัมพันธ์ชำนาญการ"
    )


def test_slips_are_suggested_with_their_lines_and_never_applied():
    found = [(slip.rule_id, slip.first_line, slip.suggestion) for slip in FORM.suggestions]
    assert found[1:] == [
        ("form.strategic_issue", 9, "ประเด็นยุทธศาสตร์"),
        ("form.facebook_page", 18, "เฟซบุ๊กแฟนเพจ"),
        ("form.lost_quotes", 18, "“กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์”"),
        ("form.missing_tone", 22, "ให้กลุ่ม"),
        ("form.time_limit", 49, "ขยายเวลากำหนด"),
        ("form.time_limit", 52, "ขยายเวลากำหนด"),
        ("form.time_limit", 78, "ขยายเวลากำหนด"),
    ]
    assert (found[0][0], found[0][1]) == ("form.layout", 7)
    assert all(TEXT[slip.start : slip.end] == slip.found for slip in FORM.suggestions)
    assert FORM.suggestions[3].last_line == 19
    assert "เฟสบุ๊กแพพเพจ" in FORM.definitions[1].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slip_has_its_reason_in_words(language):
    assert {rule.reason for rule in typo_rules()} <= catalogue(language)["form_typo"].keys()


@pytest.mark.parametrize(
    "data",
    [
        SEED,
        BOM_UTF8 + SEED,
        TEXT.encode("cp874"),
        TEXT.encode("tis-620"),
        TEXT.encode("utf-16"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode("cp874"),
    ],
)
def test_the_same_form_is_read_from_every_encoding(data):
    form = parse_form(decode_form(data))
    assert form.report == FORM.report
    assert [(slip.rule_id, slip.first_line) for slip in form.suggestions] == [
        (slip.rule_id, slip.first_line) for slip in FORM.suggestions
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "form_empty"),
        (b" \r\n\t", "form_empty"),
        (BOM_UTF8, "form_empty"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "form_not_text"),
        (b"PK\x03\x04\x14\x00", "form_not_text"),
        (b"\x81\x82\xdb", "form_not_text"),
        (b"\xff\xfe\x00", "form_not_text"),
    ],
)
def test_a_file_that_is_no_text_is_refused(data, code):
    with pytest.raises(BadForm) as caught:
        decode_form(data)
    assert caught.value.key == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\n \n", "form_empty"),
        ("สวัสดี", "form_no_report"),
        (TEXT.replace("6. รายงานผล", "รายงานผล"), "form_no_report"),
        (REPORT + "(6.1) ไตรมาสที่ 1 :\nยังไม่มีผลการดำเนินงาน", "form_no_dates"),
        (REPORT, "form_no_dates"),
    ],
)
def test_a_text_that_is_no_form_is_refused(text, code):
    with pytest.raises(BadForm) as caught:
        parse_form(text)
    assert caught.value.key == code


def test_an_impossible_date_becomes_a_problem_and_nothing_else_is_lost():
    form = parse_form(TEXT.replace("- 2/27/2021 :", "- 29/2/2564 :"))
    (problem,) = form.report.problems
    assert (problem.first_line, problem.section, problem.raw_date) == (86, "6.5", "29/2/2564")
    assert problem.raw_text == "อยู่ระหว่างขั้นตอนกระบวนการจัดซื้อจัดจ้าง"
    assert problem.error.key == "date_impossible"
    assert not problem.kept
    assert len(form.report.lines) == 23
    assert len(form.report.entries) == 12


def test_a_form_whose_only_date_is_impossible_is_still_read():
    form = parse_form(REPORT + "29/2/2564 : จัดซื้อจัดจ้าง\nต่อบรรทัด")
    assert form.report.entries == ()
    assert form.fiscal_year is None
    assert form.name == ""
    assert form.aimed.claimed is form.aimed.target is form.aimed.unit is None
    assert form.signature == Signature(None, None, None)
    (problem,) = form.report.problems
    assert (problem.first_line, problem.last_line, problem.raw_text) == (2, 3, "จัดซื้อจัดจ้าง\nต่อบรรทัด")


def test_a_line_without_a_date_is_a_problem_not_a_loss():
    found = report("28/10/2563 : ขออนุมัติ", "", "ข้อความลอย", "30/11/2563 จัดซื้อจัดจ้าง", "", "31/12/2563 : ก")
    assert [(problem.first_line, problem.raw_text) for problem in found.problems] == [
        (4, "ข้อความลอย"),
        (5, "30/11/2563 จัดซื้อจัดจ้าง"),
    ]
    assert {problem.error.key for problem in found.problems} == {"form_line_unread"}
    assert len(found.entries) == 2


def test_a_dated_line_without_its_colon_does_not_hide_in_the_line_above():
    found = report("28/10/2563 : ขออนุมัติ", "30/11/2563 จัดซื้อจัดจ้าง")
    assert found.entries[0].text == "ขออนุมัติ"
    assert found.problems[0].first_line == 3


def test_a_date_under_the_wrong_quarter_is_kept_and_questioned():
    found = report("(6.2) ไตรมาสที่ 2 : 28/10/2563 : ขออนุมัติ")
    (problem,) = found.problems
    assert problem.kept
    assert problem.error.params == {"line": 2, "raw": "28/10/2563", "quarter": 2, "actual": 1}
    assert found.entries[0].quarter == 2


def test_other_ways_to_write_the_report_are_read():
    found = report(
        "(๖.๑) : ๒๘/๑๐/๒๕๖๓ : ขออนุมัติ",
        "วันที่ 30 พ.ย. 63 : จัดซื้อ",
        "(31 ธ.ค. 63) :\u200b ตรวจรับ",
        "44227 : งวดที่ 1",
        "----",
        "ไตรมาส ๒",
        "27/2/64 : งวดที่ 2",
    )
    assert [entry.day for entry in found.entries] == [
        date(2020, 10, 28),
        date(2020, 11, 30),
        date(2020, 12, 31),
        date(2021, 1, 31),
        date(2021, 2, 27),
    ]
    assert found.lines[0].raw_date == "๒๘/๑๐/๒๕๖๓"
    assert [entry.quarter for entry in found.entries] == [1, 1, 1, 1, 2]


def test_lines_without_any_quarter_take_the_quarter_of_their_date():
    found = report("28/10/2563 : ขออนุมัติ")
    assert found.entries[0].quarter == 1
    assert found.lines[0].section == ""


def test_a_number_in_a_text_is_no_heading():
    form = parse_form(TEXT.replace(":: ไม่มี", ":: ไม่มี\n1. ชื่อตัวชี้วัด : ซ้ำ\n2. ข้อความ"))
    assert [item.text for item in form.obstacles] == ["ไม่มี", "1. ชื่อตัวชี้วัด : ซ้ำ", "2. ข้อความ"]


def test_reading_a_form_twice_gives_the_same_values():
    assert parse_form(TEXT) == FORM
