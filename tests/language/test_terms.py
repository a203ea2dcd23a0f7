from dataclasses import replace
from datetime import date

import pytest

from core.i18n import LANGUAGES, catalogue
from language.terms import Finding, Severity, Terminology, TermKind, TextMoved, apply, check, official

TODAY = date(2021, 4, 8)
RULES = official().rules
PAIRS = [(rule, wrong) for rule in RULES for wrong in rule.right if rule.id != "place.district_name"]
KING = "พระบาทสมเด็จพระเจ้าอยู่หัว"


def wordings(text, on=TODAY):
    return [(finding.found, finding.suggestion) for finding in check(text, on)]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("สำนักระบายน้ำ", "สำนักการระบายน้ำ"),
        ("สำนักจราจรและขนส่ง", "สำนักการจราจรและขนส่ง"),
        ("สำนักผังเมือง", "สำนักการวางผังและพัฒนาเมือง"),
        ("สำนักงานการศึกษา", "สำนักการศึกษา"),
        ("สำนักยุทธศาสตร์และการประเมินผล", "สำนักยุทธศาสตร์และประเมินผล"),
        ("กองประชาสัมพันธ์", "สำนักงานประชาสัมพันธ์"),
        ("นายกเทศมนตรี", "ผู้ว่าราชการกรุงเทพมหานคร"),
        ("ผู้อำนวยการสำนักงานเขต", "ผู้อำนวยการเขต"),
        ("เขตสาธร", "เขตสาทร"),
        ("สัมพันธวงค์", "สัมพันธวงศ์"),
        ("ราษฏร์บูรณะ", "ราษฎร์บูรณะ"),
        ("เขตป้อมปราบฯ", "เขตป้อมปราบศัตรูพ่าย"),
        ("จังหวัดกรุงเทพ", "กรุงเทพมหานคร"),
        ("เนื่องในวโรกาส", "เนื่องในโอกาส"),
        ("ถวายพระพร", "ถวายพระพรชัยมงคล"),
    ],
)
def test_wrong_official_names_block_publishing(wrong, right):
    (finding,) = check(f"ประกาศ{wrong} เรื่องทั่วไป", TODAY)
    assert finding.severity is Severity.ERROR
    assert (finding.found, finding.suggestion) == (wrong, right)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("เฟสบุ๊ก", "เฟซบุ๊ก"),
        ("เฟสบุ๊ค", "เฟซบุ๊ก"),
        ("อินเตอร์เน็ต", "อินเทอร์เน็ต"),
        ("ดิจิตอล", "ดิจิทัล"),
        ("แอพพลิเคชั่น", "แอปพลิเคชัน"),
        ("อีเมล์", "อีเมล"),
        ("คลิ๊ก", "คลิก"),
        ("กทม", "กทม."),
        ("นะค่ะ", "นะคะ"),
    ],
)
def test_misspelt_loan_words_are_a_warning(wrong, right):
    (finding,) = check(f"ข่าว {wrong} วันนี้", TODAY)
    assert finding.severity is Severity.WARNING
    assert (finding.found, finding.suggestion) == (wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "สำนักการระบายน้ำ สำนักการจราจรและขนส่ง สำนักการศึกษา",
        "เขตสาทร เขตราษฎร์บูรณะ เขตสัมพันธวงศ์ เขตป้อมปราบศัตรูพ่าย",
        "ข้าราชการ กทม. และ #กทม",
        "ขอแสดงความยินดีกับผู้ชนะค่ะ",
        "นายกเทศมนตรีกรุงโซลเยี่ยมชมกรุงเทพมหานคร",
        "นายกเทศมนตรีนครเชียงใหม่",
        "กองประชาสัมพันธ์ กรมชลประทาน",
        "สำนักงานการศึกษาขั้นพื้นฐาน",
        'ป้ายสะกดว่า “เขตสาธร” และ "เฟสบุ๊ก"',
        "https://example.go.th/เขตสาธร",
        "อำเภอวัฒนานคร จังหวัดสระแก้ว",
        "อำเภอจอมทอง",
        "เดินทางจากอำเภอปากเกร็ด จังหวัดนนทบุรี สู่กรุงเทพมหานคร",
        "ตำบลท่าทราย อำเภอเมืองนนทบุรี",
        "ใช้อำเภอใจในกรุงเทพมหานคร",
        "สมเด็จพระกนิษฐาธิราชเจ้า กรมสมเด็จพระเทพรัตนราชสุดาฯ มีพระชนมายุ 66 พรรษา",
        "ลงนามถวายพระพรชัยมงคล เนื่องในโอกาสวันเฉลิมพระชนมพรรษา",
        "ดิจิทัล อินเทอร์เน็ต แอปพลิเคชัน อีเมล คลิก เว็บไซต์ ลิงก์",
        "ไทยๆ",
        "",
    ],
)
def test_right_wording_and_quotations_are_left_alone(text):
    assert check(text, TODAY) == ()


def test_only_the_wrong_half_of_a_name_is_exchanged():
    assert wordings("ผู้อำนวยการเขตสาธร และผู้อำนวยการสำนักงานเขตสาธร") == [
        ("เขตสาธร", "เขตสาทร"),
        ("ผู้อำนวยการสำนักงานเขต", "ผู้อำนวยการเขต"),
        ("เขตสาธร", "เขตสาทร"),
    ]


def test_a_short_district_name_is_fine_once_the_full_one_was_used():
    assert wordings("เขตป้อมปราบศัตรูพ่าย ต่อมาเขตป้อมปราบฯ") == []
    assert wordings("เขตป้อมปราบฯ ต่อมาเขตป้อมปราบศัตรูพ่าย") == [("เขตป้อมปราบฯ", "เขตป้อมปราบศัตรูพ่าย")]


def test_words_of_other_provinces_are_wrong_only_inside_bangkok():
    assert wordings("ตำบลบางรัก อำเภอบางรัก กรุงเทพมหานคร") == [("ตำบล", "แขวง"), ("อำเภอบางรัก", "เขตบางรัก")]
    assert wordings("จังหวัดกรุงเทพมหานคร อำเภอเมือง") == [
        ("จังหวัดกรุงเทพมหานคร", "กรุงเทพมหานคร"),
        ("อำเภอ", "เขต"),
    ]


def test_the_place_of_a_line_decides_not_the_whole_text():
    assert wordings("กรุงเทพมหานคร\nตำบลท่าทราย") == []


def test_royal_age_is_wrong_for_the_king_and_the_queen():
    assert wordings(f"{KING}มีพระชนมายุครบ 69 พรรษา") == [("พระชนมายุ", "พระชนมพรรษา")]


def test_a_former_name_is_wrong_only_since_the_office_was_renamed():
    assert wordings("กองประชาสัมพันธ์", date(2020, 9, 30)) == []
    assert wordings("กองประชาสัมพันธ์", date(2020, 10, 1)) == [("กองประชาสัมพันธ์", "สำนักงานประชาสัมพันธ์")]


def test_a_rule_ends_on_its_last_day():
    rule = replace(RULES[0], valid_to=date(2020, 12, 31))
    assert Terminology([rule]).check("สำนักระบายน้ำ", date(2020, 12, 31))
    assert not Terminology([rule]).check("สำนักระบายน้ำ", date(2021, 1, 1))


def test_a_match_never_splits_a_syllable():
    rule = replace(RULES[0], right={"กา": "กา", "ขา": "ขาว"})
    assert Terminology([rule]).check("ขาา เขา ขาะ", TODAY) == ()
    assert [finding.start for finding in Terminology([rule]).check("ขาว ขา", TODAY)] == [4]


def test_positions_are_those_of_the_text_as_typed():
    text = "งานของ\u200bสํานักระบายนํ้า และเขต\u200bสาธร"
    findings = check(text, TODAY)
    assert [text[finding.start : finding.end] for finding in findings] == [
        finding.found for finding in findings
    ]
    assert [finding.suggestion for finding in findings] == ["สำนักการระบายน้ำ", "เขตสาทร"]


@pytest.mark.parametrize(("rule", "wrong"), PAIRS, ids=[wrong for _, wrong in PAIRS])
def test_every_wording_is_found_and_its_right_form_is_clean(rule, wrong):
    line = {"royal.age": KING, "place.district": "กรุงเทพมหานคร ", "place.subdistrict": "กรุงเทพมหานคร "}
    text = f"{line.get(rule.id, '')}{wrong} "
    (finding,) = check(text, TODAY)
    assert finding.rule_id == rule.id
    assert check(apply(text, finding), TODAY) == ()


def test_one_click_puts_one_place_right():
    text = "เฟสบุ๊ก ของเขตสาธร"
    assert apply(text, check(text, TODAY)[1]) == "เฟสบุ๊ก ของเขตสาทร"


def test_a_finding_is_refused_for_a_text_that_changed():
    (finding,) = check("เขตสาธร", TODAY)
    with pytest.raises(TextMoved) as caught:
        apply("ที่เขตสาธร", finding)
    assert caught.value.params == {"found": "เขตสาธร"}


def test_findings_tell_kind_and_reason():
    (finding,) = check("ทรงเสด็จ", TODAY)
    assert finding == Finding(
        "royal.double", TermKind.ROYAL, Severity.ERROR, 0, 8, "ทรงเสด็จ", "เสด็จ", "royal_double"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_kind_and_severity_has_words(language):
    words = catalogue(language)
    assert {rule.reason for rule in RULES} <= words["term_reason"].keys()
    assert set(TermKind) <= words["term_kind"].keys()
    assert set(Severity) <= words["term_severity"].keys()


def test_rule_ids_are_unique():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_no_match_splits_a_longer_word_of_the_dictionary():
    assert wordings("ทีมเราชนะค่ะ ฐานะค่ะ") == []
    assert wordings("ขอบคุณนะค่ะ") == [("นะค่ะ", "นะคะ")]


@pytest.mark.parametrize("wrong", [wrong for rule, wrong in PAIRS if rule.id.startswith(("loan", "agency"))])
def test_a_wrong_wording_is_found_between_words_without_spaces(wrong):
    assert [finding.found for finding in check(f"ชาวบ้าน{wrong}ร่วมกิจกรรม", TODAY)] == [wrong]


@pytest.mark.parametrize(
    "text",
    ["‘เขตสาธร’", "«เขตสาธร»", "“เขตสาธร”", "info@เขตสาธร.th", "ติดตาม @เขตสาธร", "https://เขตสาธร.th/a"],
)
def test_quotations_titles_and_addresses_are_left_alone(text):
    assert check(text, TODAY) == ()


def test_every_rule_says_who_keeps_it_and_where_it_is_written():
    assert all(rule.owner and rule.source for rule in RULES)
