import io
import json
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest

from core.vocab import Verdict
from reports import fonts
from reports.document import EvidenceDocument, Item, Signature
from reports.evidence_pdf import render_pdf
from reports.frozen import from_dict
from tests.reports import samples
from tests.reports.conftest import squeezed

CENTIMETRE = 72 / 2.54
LONG = [
    "ก" * 200,
    "W" * 300,
    "5" * 150,
    "ๆ" * 100,
    "งานเทศกาลดิจิทัลไลฟ์สตรีมมิ่งบางกอกเฟสติวัลออนไลน์" * 12,
    "ชื่อกิจกรรมที่ยาวมาก " * 60,
    "https://www.example.go.th/" + "a%20b&c=d/" * 40,
]


def pages_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as opened:
        return [squeezed(page.get_textpage().get_text_range()) for page in opened]


def stray_letters(pdf: bytes) -> list[str]:
    """Return the letters that stand outside the margins (3 cm left, 2 cm right) or off the paper."""
    strays = []
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            width, height = page.get_size()
            text = page.get_textpage()
            for place in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(place)
                letter = text.get_text_range(place, 1)
                outside = (
                    left < 3 * CENTIMETRE - 2
                    or right > width - 2 * CENTIMETRE + 2
                    or bottom < 0
                    or top > height
                )
                if letter.strip() and outside:
                    strays.append(letter)
    return strays


def test_same_document_gives_the_same_bytes(october_pdf, rendered):
    assert rendered(samples.october()) == october_pdf


def test_another_figure_gives_other_bytes(october_pdf, rendered):
    document = samples.october()
    changed = replace(document, score=replace(document.score, evidenced=Decimal("2.00")))
    assert rendered(changed) != october_pdf


def test_every_sentence_of_the_month_can_be_copied(october_pdf, copied):
    document, text = samples.october(), copied(october_pdf)
    said = [document.cover.office, document.cover.indicator, document.cover.number, document.score.headline]
    said += [item.title for item in document.items] + [item.link for item in document.items]
    said += [item.picture for item in document.items]
    said += [row.title for row in document.events] + [row.definition for row in document.metrics]
    said += [check.title for level in document.levels for check in level.checks]
    said += [row.text for row in document.irregularities] + [line.text for line in document.narrative]
    assert [sentence for sentence in said if squeezed(sentence) not in text] == []


def test_dates_are_buddhist_and_missing_is_not_zero(october_pdf, copied):
    text = copied(october_pdf)
    for words in (
        "ประจำเดือนตุลาคม 2563",
        "ปีงบประมาณ พ.ศ. 2564",
        "31 ต.ค. 2563 17.00 น.",
        "7 วัน 8 ชม.",
        "31/10/2563 :",
        "ไม่มีข้อมูลX API",
        "หน้า 1 จาก 7",
    ):
        assert squeezed(words) in text


def test_claimed_stands_beside_evidenced_on_the_cover(october_pdf):
    cover = pages_of(october_pdf)[0]
    assert squeezed("ผลงานที่รายงาน 5.00") in cover
    assert squeezed("ผลที่ตรวจสอบได้ 1.00") in cover


def test_thai_digits_reach_figures_and_pages_but_not_codes(rendered):
    text = "".join(pages_of(rendered(replace(samples.october(), digits="thai"))))
    for words in ("ประจำเดือนตุลาคม ๒๕๖๓", "๕.๐๐", "หน้า ๑ จาก", "๑๒๘,๔๕๐", "P-2564-0001", "SHA-256", "3b1"):
        assert squeezed(words) in text


def test_the_index_repeats_its_heading_on_each_page(rendered):
    pages = pages_of(rendered(samples.crowded(60)))
    assert sum(squeezed("รายการและลิงก์") in page for page in pages) >= 4


def test_an_empty_month_says_so(rendered):
    text = "".join(pages_of(rendered(samples.empty())))
    for words in ("งวดนี้ไม่มีรายการหลักฐาน", "งวดนี้ไม่มีกิจกรรมในปฏิทิน", "ไม่มีข้อยกเว้นในงวดนี้", "ไม่มีข้อมูล"):
        assert squeezed(words) in text


@pytest.mark.parametrize("digits", ["arabic", "thai"])
def test_nothing_leaves_the_margins_however_long(digits, rendered):
    document = samples.october()
    event, item, metric = document.events[0], document.items[0], document.metrics[0]
    long = replace(
        document,
        digits=digits,
        cover=replace(
            document.cover, indicator=document.cover.indicator * 3, number="N" * 60, reason=LONG[5]
        ),
        events=tuple(replace(event, title=text, note=LONG[0]) for text in LONG),
        items=tuple(
            replace(item, title=text, link=f"https://x.com/{'y' * 400}", reference="R" * 60) for text in LONG
        ),
        metrics=tuple(
            replace(metric, name=text, base="1234567/8901234", value=Decimal(10**12)) for text in LONG
        ),
        irregularities=tuple(replace(document.irregularities[0], kind=text[:60], text=text) for text in LONG),
        narrative=tuple(replace(document.narrative[0], text=text) for text in LONG),
        signatures=(
            Signature(role="ผู้รับรอง", name="นายชื่อยาว " * 12, statement=LONG[5], signed_at=samples.MADE),
        ),
    )
    assert stray_letters(rendered(long)) == []


def test_the_month_keeps_its_margins(october_pdf):
    assert stray_letters(october_pdf) == []


def test_symbols_the_font_lacks_are_named_not_lost(rendered):
    item = Item(title="😀🎉 สุขสันต์วันลอยกระทง 🇹🇭 中文")
    text = "".join(pages_of(rendered(replace(samples.empty(), items=(item,)))))
    assert squeezed("[สัญลักษณ์] สุขสันต์วันลอยกระทง [สัญลักษณ์]") in text


def test_every_verdict_has_its_word(rendered):
    document = samples.october()
    checks = tuple(replace(document.levels[0].checks[0], verdict=verdict) for verdict in Verdict)
    shown = replace(samples.empty(), levels=(replace(document.levels[0], checks=checks),))
    text = "".join(pages_of(rendered(shown)))
    for words in ("ผ่าน", "ไม่ผ่าน", "รอผล", "ไม่มีเกณฑ์", "ไม่มีข้อมูล"):
        assert words in text


def test_a_signed_document_shows_who_when_and_what(rendered):
    signature = Signature(
        role="ผู้รับรอง",
        name="นายสมมติ ตัวอย่าง",
        position="ผู้อำนวยการ",
        signed_at=samples.MADE,
        sha256=samples.digest("signed"),
    )
    text = "".join(pages_of(rendered(replace(samples.october(), signatures=(signature,)))))
    for words in ("(นายสมมติ ตัวอย่าง)", "ลงนามในระบบเมื่อ 1 พ.ย. 2563 00.10 น.", samples.digest("signed")):
        assert squeezed(words) in text


def test_english_words_frame_the_same_evidence(rendered):
    text = "".join(pages_of(rendered(replace(samples.october(), language="en"))))
    for words in ("KPI evidence file", "Page 1 of", "Index of evidence", "No data"):
        assert squeezed(words) in text


def test_the_pdf_says_it_is_pdf_a_tagged_and_carries_its_data(october_pdf):
    with pikepdf.open(io.BytesIO(october_pdf)) as pdf:
        assert pdf.open_metadata().pdfa_status == "3A"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "th-TH"
        attached = json.loads(pdf.attachments["document.json"].get_file().read_bytes())
    assert from_dict(EvidenceDocument, attached) == samples.october()


def test_a_missing_font_is_named(tmp_path):
    (tmp_path / fonts.FACES[0]).write_bytes(b"not a font")
    with pytest.raises(fonts.FontsMissing) as raised:
        render_pdf(samples.empty(), tmp_path)
    assert raised.value.params == {"missing": "Sarabun-Regular.ttf, Sarabun-Bold.ttf"}
