"""What X does to a text until it is read back (platforms/x.md section 6), and Thai texts that hurt."""

import unicodedata
from hashlib import blake2b

from language.xlength import find_links

POST = "https://x.com/bma_example/status/1321000000000000000"

NASTY_TEXTS = (
    "สวัสดีชาวกรุงเทพฯ",
    "ขอเชิญชวนประชาชนร่วมงานลอยกระทง ๒๕๖๓ วันที่ ๓๑ ตุลาคม ๒๕๖๓ เวลา ๑๗.๐๐ น.",
    "น้ำ กำหนด ทำ จำ ซ้ำ ค่ำ ก๊ำ",
    "นํ้า กําหนด ทํา จํา",
    "น้ํา ซ้ํา ค่ํา",
    "นำ้ ซำ้ (สระอำพิมพ์ก่อนวรรณยุกต์)",
    "ที่ ปี่ ซื้อ หนี้ กู้ ผู้ อยู่ เปล่า เก๋า",
    "ซ่ื้อ ผ่ี (วรรณยุกต์ก่อนสระบน)",
    "ผู้ อยู่ กุ้ง กุ้ง",
    "ปฏิทิน\u200bกิจกรรม\u200bของ\u200bกรุงเทพมหานคร",
    "\ufeffข้อความที่คัดลอกมาพร้อม BOM",
    "คำ\u2060ติด\u2060กัน และ soft\u00adhyphen",
    "เว้นวรรค\u00a0ไม่ตัด  สองช่อง\tแท็บ",
    "บรรทัดหนึ่ง\r\nบรรทัดสอง\r\n\r\nบรรทัดสี่",
    "บรรทัดหนึ่ง\nบรรทัดสอง\n\n\n\nเว้นหลายบรรทัด",
    "   มีช่องว่างหัวท้าย   ",
    "ตลาด & ถนนคนเดิน <คลองโอ่งอ่าง> เปิด 16.00-22.00 น.",
    "ค่า &amp; ที่ผู้เขียนพิมพ์เอง &lt;b&gt;",
    "AT&T R&D &copy &nbsp; &#39;",
    "“กรุงเทพมหานคร โดยสำนักงานประชาสัมพันธ์”",
    "‘คำคม’ — ขีดยาว – ขีดสั้น … จุดไข่ปลา",
    "๑) ลงทะเบียน ๒) ตรวจคัดกรอง ๓) รับบริการ ฯลฯ ต่าง ๆ",
    "ดูที่bangkok.go.th",
    "ดูที่bangkok.go.thนะคะ",
    "ดูรายละเอียดที่ https://www.bangkok.go.th/",
    "ดูรายละเอียดที่ https://www.bangkok.go.th",
    "ดูที่https://pr-bangkok.com/?p=470851&lang=thค่ะ",
    "ลิงก์ภาษาไทย https://www.bangkok.go.th/ข่าว/1 กับข้อความต่อ",
    "ลิงก์เข้ารหัส https://www.bangkok.go.th/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/1 จบ",
    "โดเมนไทย http://กรุงเทพมหานคร.ไทย และ กทม.th",
    "สองลิงก์ bangkok.go.th กับ https://pr-bangkok.com/th/power#top",
    "ลิงก์ซ้ำ https://bangkok.go.th/a https://bangkok.go.th/a",
    "(https://www.bangkok.go.th/main/page?id=115115), อ่านต่อ",
    "ตัวพิมพ์ใหญ่ HTTPS://WWW.BANGKOK.GO.TH/Main",
    "ติดต่อ pr@bangkok.go.th หรือ โทร. 1555",
    "https://www.bangkok.go.th/only-a-link",
    "อีโมจิ 👨‍👩‍👧‍👦 🇹🇭 1️⃣ 👍🏽 ✨",
    "#ลอยกระทง2563 #กรุงเทพมหานคร @bma_example",
    "e\u0301cole แปลว่าโรงเรียน",
    "ราคา ฿20 ½ วัน 100% $BMA",
    "ยกเลิกกิจกรรมสงกรานต์ 12-14 เม.ย. 64 ณ ลานคนเมือง",
    "ภาพจาก https://x.com/bma_example/status/99/photo/1",
    "ก" * 280,
)


def as_x_returns(text: str, media: int = 0) -> tuple[str, dict[str, list[dict[str, object]]]]:
    """Return text and entities as X would: NFC, t.co for links, one more for the media, escaped."""
    stored = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    entries: list[dict[str, object]] = []
    pieces: list[str] = []
    position = 0
    for link in find_links(stored):
        scheme = "" if link.text.lower().startswith("http") else "http://"
        short = f"https://t.co/{blake2b(link.text.encode(), digest_size=5).hexdigest()}"
        entries.append({"url": short, "expanded_url": scheme + link.text, "display_url": link.text})
        pieces += [stored[position : link.start], short]
        position = link.end
    returned = "".join([*pieces, stored[position:]]).strip()
    escaped = returned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    photo = {"url": "https://t.co/mediamedia", "expanded_url": f"{POST}/photo/1"}
    entries.extend({**photo, "media_key": f"3_{number}"} for number in range(media))
    return escaped + (" https://t.co/mediamedia" if media else ""), {"urls": entries}
