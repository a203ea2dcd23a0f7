"""A month as the office would file it: public facts of October 2563, made-up people and figures."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.clock import from_bangkok
from core.fiscal import Month
from core.vocab import Category, Channel, Verdict
from reports.document import (
    Check,
    Cover,
    EventRow,
    EvidenceDocument,
    Irregularity,
    Item,
    Level,
    MetricRow,
    NarrativeLine,
    Previous,
    Score,
    Signature,
)

CATEGORY_WORDS = {
    Category.NEWS: "ข้อมูลข่าวสาร",
    Category.CALENDAR: "ปฏิทินกิจกรรม",
    Category.ORG: "ข้อมูลเกี่ยวกับองค์กรและส่วนราชการ",
    Category.SERVICE: "ข้อมูลการให้บริการ",
    Category.PHOTO: "ภาพถ่ายกิจกรรม",
    Category.EBOOK: "หนังสืออิเล็กทรอนิกส์ (e-book)",
    Category.STATS: "สถิติที่สำคัญ",
    Category.FORM: "แบบฟอร์มต่าง ๆ",
}
TITLES = {
    Category.NEWS: "สำนักการระบายน้ำเตรียมความพร้อมรับน้ำเหนือและน้ำทะเลหนุนสูง ปลายเดือนตุลาคม 2563",
    Category.CALENDAR: "ชวนเที่ยวงานลอยกระทง 2563 สะพานพระราม 8 และคลองโอ่งอ่าง",
    Category.ORG: "รู้จักสำนักงานประชาสัมพันธ์ สำนักปลัดกรุงเทพมหานคร",
    Category.SERVICE: "แจ้งเหตุและขอความช่วยเหลือ สายด่วนกรุงเทพมหานคร 1555 ตลอด 24 ชั่วโมง",
    Category.PHOTO: "ภาพบรรยากาศงานลอยกระทง คลองโอ่งอ่าง",
    Category.EBOOK: "หนังสืออิเล็กทรอนิกส์ “สถิติ 2562 กรุงเทพมหานคร”",
    Category.STATS: "จำนวนประชากรตามทะเบียนราษฎรของกรุงเทพมหานคร 50 เขต ปี 2562",
    Category.FORM: "แบบคำขอใช้สวนสาธารณะของกรุงเทพมหานคร (ดาวน์โหลดได้)",
}
MADE = from_bangkok(datetime(2020, 11, 1, 0, 10))  # noqa: DTZ001 -- Bangkok wall clock
ROLES = ("ผู้รับผิดชอบโครงการ", "ผู้ตรวจ", "ผู้รับรอง")


def wall(*parts: int) -> datetime:
    """Return the moment of a Bangkok wall-clock time."""
    return from_bangkok(datetime(*parts))  # noqa: DTZ001 -- Bangkok wall clock


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def october() -> EvidenceDocument:
    """Return October 2563: some checks pass, one fails, one waits, levels 4 and 5 have no criteria."""
    return EvidenceDocument(
        cover=_cover(),
        score=Score(
            claimed=Decimal("5.00"),
            evidenced=Decimal("1.00"),
            target=Decimal(5),
            headline="ตรวจสอบได้สูงสุดระดับ 1 จากเป้าหมาย 5",
            progress="ระดับ 2 ผ่าน 16 จาก 18 รายการ · ระดับ 4–5 ไม่มีเกณฑ์ในแบบ",
        ),
        items=tuple(items(16)),
        events=events(),
        metrics=metrics(),
        levels=levels(),
        irregularities=irregularities(),
        narrative=(NarrativeLine(on=date(2020, 10, 28), text="อยู่ระหว่างขั้นตอนขออนุมัติเงินงวด"), _generated()),
        signatures=tuple(Signature(role=role) for role in ROLES),
        previous=Previous(number="กทม 0411/ฟ.12/2563", manifest_sha256=digest("september")),
    )


def empty() -> EvidenceDocument:
    """Return a month in which nothing happened."""
    bare = october()
    return EvidenceDocument(
        cover=bare.cover,
        score=Score(claimed=None, evidenced=None, target=Decimal(5), headline="ยังไม่มีผลที่ตรวจสอบได้"),
    )


def crowded(rows: int) -> EvidenceDocument:
    """Return a month with so many pieces of evidence."""
    return replace(october(), items=tuple(items(rows)))


def _cover() -> Cover:
    return Cover(
        office="สำนักงานประชาสัมพันธ์ สำนักปลัดกรุงเทพมหานคร",
        indicator="ระดับความสำเร็จในการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก",
        fiscal_year=2564,
        month=Month(2020, 10),
        number="กทม 0411/ฟ.1/2564",
        version=1,
        criteria="เกณฑ์ปีงบประมาณ พ.ศ. 2564 ฉบับที่ 1",
        criteria_digest=digest("criteria"),
        as_of=MADE - timedelta(minutes=10),
        made_at=MADE,
        made_by="นางสาวตัวอย่าง ใจดี",
        notice="ข้อมูลตัวอย่าง: บุคคลและตัวเลขการมีส่วนร่วมเป็นข้อมูลสมมติ",
    )


def items(rows: int) -> list[Item]:
    """Return so many posts, the categories and channels in turn."""
    kinds = list(Category)
    return [
        Item(
            title=TITLES[kinds[place // 2 % 8]],
            categories=(kinds[place // 2 % 8],),
            channel=(Channel.FACEBOOK, Channel.X)[place % 2],
            published_at=wall(2020, 10, 1 + place % 30, 9, 0) + timedelta(minutes=place % 4),
            link=(
                f"https://www.facebook.com/100064000000001/posts/{10158000000000000 + place * 7919}"
                if place % 2 == 0
                else f"https://x.com/bangkok_example/status/{1322000000000000000 + place * 104729}"
            ),
            reference=f"P-2564-{place + 1:04d}",
            sha256=digest(f"item {place}"),
            picture=f"posts/D{place + 1}-{place + 7}.png",
        )
        for place in range(rows)
    ]


def events() -> tuple[EventRow, ...]:
    """Return planned events: early, exactly at the limit, late, not announced."""
    loy = wall(2020, 10, 31, 17, 0)
    return (
        EventRow(
            title="งานลอยกระทง 2563 สะพานพระราม 8 และคลองโอ่งอ่าง",
            starts_at=loy,
            announced_at=wall(2020, 10, 24, 9, 0),
            verdict=Verdict.PASS,
        ),
        EventRow(
            title="เปิดสวนสาธารณะ 30 แห่งให้ประชาชนลอยกระทง เวลา 05.00–24.00 น.",
            starts_at=wall(2020, 10, 31, 5, 0),
            announced_at=wall(2020, 10, 28, 5, 0),
            verdict=Verdict.PASS,
            note="แจ้งล่วงหน้า 72 ชั่วโมงพอดี",
        ),
        EventRow(
            title="ตรวจสุขภาพเคลื่อนที่ เขตป้อมปราบศัตรูพ่าย",
            starts_at=wall(2020, 10, 20, 9, 0),
            announced_at=wall(2020, 10, 19, 14, 0),
            verdict=Verdict.FAIL,
            note="แจ้งล่าช้า: หน่วยงานเจ้าของกิจกรรมส่งข้อมูลก่อนงาน 20 ชั่วโมง",
        ),
        EventRow(
            title="เสวนาผู้ประกอบการ เขตสัมพันธวงศ์",
            starts_at=wall(2020, 10, 15, 13, 30),
            announced_at=None,
            verdict=Verdict.FAIL,
        ),
        EventRow(
            title="เทศกาลดนตรีในสวน",
            starts_at=wall(2020, 10, 25, 17, 0),
            announced_at=wall(2020, 10, 18, 10, 0),
            verdict=Verdict.UNKNOWN,
            note="รอตรวจว่าโพสต์ยังอยู่บนแพลตฟอร์ม",
        ),
    )


def metrics() -> tuple[MetricRow, ...]:
    """Return figures of both channels, one of them missing."""
    as_of = wall(2020, 10, 31, 23, 55)
    reach = "จำนวนบัญชีที่เห็นโพสต์อย่างน้อย 1 ครั้ง ไม่นับโฆษณา"
    return (
        MetricRow(
            name="การเข้าถึง (reach)",
            value=Decimal(128450),
            unit="บัญชี",
            definition=reach,
            channel=Channel.FACEBOOK,
            source="ค่าสถิติของเพจ",
            as_of=as_of,
        ),
        MetricRow(
            name="การเข้าถึง (reach)",
            value=None,
            unit="บัญชี",
            definition=reach,
            channel=Channel.X,
            source="X API",
        ),
        MetricRow(
            name="การแสดงผล (impressions)",
            value=Decimal(54210),
            unit="ครั้ง",
            definition="จำนวนครั้งที่โพสต์ปรากฏบนหน้าจอ",
            channel=Channel.X,
            source="X API",
            as_of=as_of,
        ),
        MetricRow(
            name="อัตราการมีส่วนร่วม",
            value=Decimal("2.134"),
            unit="%",
            definition="ค่ากลางต่อโพสต์ของ (ความรู้สึก + ความคิดเห็น + แชร์ + คลิก) ÷ การเข้าถึง",
            channel=Channel.FACEBOOK,
            source="คำนวณจากค่าสถิติ",
            base="8/8 โพสต์",
            as_of=as_of,
        ),
        MetricRow(
            name="โพสต์ที่เผยแพร่และยืนยันแล้ว",
            value=Decimal(16),
            unit="รายการ",
            definition="โพสต์ที่อ่านกลับจากแพลตฟอร์มได้ตรงกับที่อนุมัติ",
            source="ระบบรู้ก่อน",
            base="16/17 ที่ถึงกำหนด",
            as_of=as_of,
        ),
    )


def levels() -> tuple[Level, ...]:
    """Return level 1 passed, level 2 at 16/18, three measures of level 3, levels 4 and 5 undefined."""
    plan = Check(
        key="plan",
        title="มีแผนที่ได้รับอนุมัติของปีงบประมาณ",
        verdict=Verdict.PASS,
        measured="1 ฉบับ",
        required="≥ 1 ฉบับ",
        strength="C",
        proof="กทม 0411/125 ลว. 1 ต.ค. 2563",
    )
    undefined = tuple(
        Level(number=number, title="ไม่มีข้อความในแบบรายงาน", verdict=Verdict.UNDEFINED) for number in (4, 5)
    )
    return (
        Level(
            number=1,
            title="มีแผนการพัฒนาสื่อสังคมออนไลน์เสริมสร้างการรับรู้เชิงรุก",
            verdict=Verdict.PASS,
            progress="ผ่าน 1 จาก 1 รายการ",
            checks=(plan,),
        ),
        Level(
            number=2,
            title="มีการจัดเก็บและเผยแพร่ข้อมูล ข่าวสาร ปฏิทินกิจกรรม ข้อมูลองค์กร การให้บริการ ภาพถ่าย "
            "หนังสืออิเล็กทรอนิกส์ สถิติ และแบบฟอร์มที่ดาวน์โหลดใช้งานได้",
            verdict=Verdict.FAIL,
            progress="ผ่าน 16 จาก 18 รายการ",
            checks=_level_two(),
        ),
        Level(
            number=3,
            title="มีการปรับปรุงและบริหารจัดการสื่อสังคมออนไลน์ เพื่อสร้างและกระตุ้นการรับรู้",
            verdict=Verdict.UNKNOWN,
            progress="ผ่าน 2 จาก 3 รายการที่วัดได้",
            checks=_level_three(),
        ),
        *undefined,
    )


def _level_two() -> tuple[Check, ...]:
    verdicts = {"form.downloadable": Verdict.FAIL, "form.usable": Verdict.UNKNOWN}
    aspects = {"stored": "จัดเก็บ", "published": "เผยแพร่"}
    more = {"downloadable": "ดาวน์โหลดได้", "usable": "เปิดใช้งานได้"}
    return tuple(
        Check(
            key=f"{category}.{aspect}",
            title=title,
            group=CATEGORY_WORDS[category],
            verdict=verdicts.get(f"{category}.{aspect}", Verdict.PASS),
            measured="0/1 แบบฟอร์ม" if aspect == "downloadable" else "2 รายการ" if aspect != "usable" else "",
            required="≥ 1 รายการ",
            strength="B" if aspect == "stored" else "A",
            proof=f"ลำดับ {2 * place + 1}, {2 * place + 2}" if aspect in aspects else "",
            note="ตอบกลับ 404 เมื่อ 30 ต.ค. 2563 08.15 น." if aspect == "downloadable" else "",
        )
        for place, category in enumerate(Category)
        for aspect, title in (aspects | (more if category is Category.FORM else {})).items()
    )


def _level_three() -> tuple[Check, ...]:
    return (
        Check(
            key="3a1",
            title="เผยแพร่ตรงเวลา (±5 นาที)",
            verdict=Verdict.PASS,
            measured="16/16 = ร้อยละ 100",
            required="≥ ร้อยละ 98",
            strength="A",
            proof="ลำดับ 1–16",
        ),
        Check(
            key="3b1",
            title="แจ้งล่วงหน้าไม่น้อยกว่า 72 ชั่วโมง",
            verdict=Verdict.FAIL,
            measured="3/5 = ร้อยละ 60",
            required="≥ ร้อยละ 80",
            strength="A",
            proof="ตารางปฏิทิน",
        ),
        Check(
            key="3e1",
            title="ใช้ชื่อหน่วยงานและคำเรียกถูกต้อง",
            verdict=Verdict.PASS,
            measured="16/16 = ร้อยละ 100",
            required="≥ ร้อยละ 99",
            strength="B",
            proof="ลำดับ 1–16",
        ),
        Check(
            key="3d1",
            title="ผลสำรวจการจดจำ",
            verdict=Verdict.NO_DATA,
            required="n ≥ 100, ≥ ร้อยละ 70",
            strength="C",
            note="ฐานน้อย",
        ),
    )


def irregularities() -> tuple[Irregularity, ...]:
    """Return what went wrong or stayed unknown."""
    return (
        Irregularity(
            kind="ไม่ทราบผล แล้วตรวจพบ",
            text="Facebook ไม่ตอบภายในเวลา ระบบอ่านกลับแล้วพบโพสต์เพียง 1 รายการ",
            at=wall(2020, 10, 24, 9, 2),
            reference="P-2564-0003",
        ),
        Irregularity(
            kind="ลิงก์เสีย",
            text="แบบคำขอใช้สวนสาธารณะเปิดไม่ได้ (404) อยู่ระหว่างแก้ไข",
            at=wall(2020, 10, 30, 8, 15),
            reference="P-2564-0015",
        ),
        Irregularity(kind="ไม่มีข้อมูล", text="X ไม่ให้ค่าการเข้าถึง จึงไม่นำไปคำนวณและไม่แสดงเป็นศูนย์"),
    )


def _generated() -> NarrativeLine:
    return NarrativeLine(
        on=date(2020, 10, 31),
        text="เผยแพร่ข้อมูลผ่าน Facebook 8 รายการ และ Twitter 8 รายการ ครบ 7 จาก 8 หมวดตามเกณฑ์ระดับที่ 2 "
        "แจ้งกิจกรรมล่วงหน้าไม่น้อยกว่า 3 วัน 3 จาก 5 กิจกรรม (ร้อยละ 60) อยู่ระหว่างดำเนินการระดับที่ 2 "
        "(หลักฐาน: แฟ้ม ต.ค. 2563 เลขที่ กทม 0411/ฟ.1/2564)",
    )
