"""More than five hundred texts as an office writes them, many of them one word apart; and what hurts."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.language.x_readback import NASTY_TEXTS
from tests.source_tree import ROOT

SAMPLES = ROOT / "services" / "samples"
DISTRICTS = (
    "พระนคร", "ดุสิต", "หนองจอก", "บางรัก", "บางเขน", "บางกะปิ", "ปทุมวัน", "ป้อมปราบศัตรูพ่าย", "พระโขนง", "มีนบุรี",
    "ลาดกระบัง", "ยานนาวา", "สัมพันธวงศ์", "พญาไท", "ธนบุรี", "บางกอกใหญ่", "ห้วยขวาง", "คลองสาน", "ตลิ่งชัน",
    "บางกอกน้อย", "บางขุนเทียน", "ภาษีเจริญ", "หนองแขม", "ราษฎร์บูรณะ", "บางพลัด", "ดินแดง", "บึงกุ่ม", "สาทร", "บางซื่อ",
    "จตุจักร", "บางคอแหลม", "ประเวศ", "คลองเตย", "สวนหลวง", "จอมทอง", "ดอนเมือง", "ราชเทวี", "ลาดพร้าว", "วัฒนา",
    "บางแค", "หลักสี่", "สายไหม", "คันนายาว", "สะพานสูง", "วังทองหลาง", "คลองสามวา", "บางนา", "ทวีวัฒนา",
    "ทุ่งครุ", "บางบอน",
)  # fmt: skip
NOTICES = (
    "แจ้งปิดการจราจรในพื้นที่เขต{district} วันที่ {day} พ.ย. 2563 เวลา 22.00-05.00 น. โปรดหลีกเลี่ยงเส้นทาง",
    "สำนักงานเขต{district}รับชำระภาษีที่ดินและสิ่งปลูกสร้าง ถึงวันที่ {day} พ.ย. 63 https://bangkok.go.th/tax?d={number}&y=2563",
    "น้ำประปาไหลอ่อนบางพื้นที่ เขต{district} ๐๙.๐๐–๑๕.๐๐ น. “โปรดสำรองน้ำ” #เขต{district}",
    "หน่วยแพทย์เคลื่อนที่ & ทำหมันสุนัข-แมวฟรี เขต{district} <{day} พ.ย.> โทร. 1555\nดูที่ bangkok.go.th/{number}",
    "ตลาดนัดชุมชนเขต{district} 🛍️ ทุกวันเสาร์  เริ่ม {day} พ.ย. นี้\n\nรายละเอียด https://www.bangkok.go.th/เขต/{number}",
    "เชิญชวนชาวเขต{district}ร่วมลงทะเบียนผู้ประสบภัย ภายใน {day} วัน ณ สำนักงานเขต ฯลฯ",
    "กทม. ฉีดพ่นละอองน้ำลดฝุ่น PM2.5 เขต{district} ค่าเฉลี่ย {number} มคก./ลบ.ม.",
    "ขอเชิญร่วมงานลอยกระทง ๒๕๖๓ ณ ท่าน้ำเขต{district} เวลา 17.{day:02d} น. งดจุดพลุ/โคมลอย",
    "ประกาศรับสมัครอาสาสมัครเขต{district} จำนวน {number} คน สอบถาม โทร. 0 2221 2{number:03d}",
)


def corpus() -> list[str]:
    """Return all texts, no two alike but for their white space, which platforms change as they like."""
    by_words = {" ".join(text.split()): text for text in [*NASTY_TEXTS, *_samples(), *_notices()]}
    return list(by_words.values())


def _notices() -> Iterator[str]:
    for number, district in enumerate(DISTRICTS):
        for notice in NOTICES:
            yield notice.format(district=district, day=1 + number % 28, number=number + 100)


def _samples() -> Iterator[str]:
    for path in sorted(Path(SAMPLES).glob("*.toml")):
        yield from _bodies(tomllib.loads(path.read_text("utf-8")))


def _bodies(node: Any) -> Iterator[str]:
    """Yield every text that stands under the name of a channel."""
    if isinstance(node, list):
        for part in node:
            yield from _bodies(part)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("facebook", "x") and isinstance(value, str):
                yield value.strip()
            else:
                yield from _bodies(value)
