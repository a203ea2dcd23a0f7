"""The Thai words of the control page: platforms, operations, and what can be made to go wrong."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.faults import Fault

CHANNELS = {"*": "ทั้งสองระบบ", "facebook": "เฟซบุ๊ก", "x": "X"}
OPERATIONS = {
    "*": "ทุกคำสั่ง",
    "publish": "เผยแพร่โพสต์",
    "media": "ส่งรูปภาพ",
    "delete": "ลบโพสต์",
    "edit": "แก้ไขโพสต์",
    "read": "อ่านโพสต์",
    "timeline": "อ่านรายการโพสต์",
    "insights": "อ่านสถิติ",
    "account": "ตรวจบัญชี",
    "batch": "อ่านหลายโพสต์พร้อมกัน",
    "comments": "อ่านความคิดเห็น",
    "login": "เชื่อมต่อบัญชี",
    "other": "อื่น ๆ",
}
KINDS = {
    "accept_then_500": "รับโพสต์แล้ว แต่ตอบว่าระบบขัดข้อง",
    "accept_then_drop": "รับโพสต์แล้ว แต่สายหลุดก่อนตอบ",
    "accept_then_hang": "รับโพสต์แล้ว แต่เงียบไม่ตอบ",
    "broken_json": "รับโพสต์แล้ว แต่คำตอบขาดครึ่ง",
    "drop_before": "สายหลุดก่อนรับคำสั่ง",
    "hang_before": "เงียบไม่ตอบ และไม่รับคำสั่ง",
    "zombie": "สายหลุด แล้วโพสต์โผล่ขึ้นทีหลัง",
    "latency": "ตอบช้า",
    "visibility_delay": "โพสต์ใหม่ยังไม่ปรากฏเมื่ออ่านกลับ",
    "null_element": "บางรายการไม่มีคำตอบ",
    "error": "ปฏิเสธ",
}
ERRORS = {
    "rate_limited": "เรียกใช้ถี่เกินกำหนด",
    "token_expired": "โทเค็นหมดอายุ",
    "duplicate": "ข้อความซ้ำ",
    "html_502": "เกตเวย์ขัดข้อง (502)",
    "server_error": "ระบบขัดข้อง",
    "page_authorization": "ต้องยืนยันสิทธิ์เผยแพร่ของเพจ",
    "credits_depleted": "เครดิตหมด",
}


@dataclass(frozen=True, slots=True)
class Preset:
    """One thing a person can switch on with a click."""

    title: str
    operation: str
    kind: str
    params: dict[str, Any] = field(default_factory=dict)
    channels: tuple[str, ...] = ("facebook", "x")


PRESETS = {
    "drop": Preset("รับโพสต์แล้ว แต่สายหลุดก่อนตอบ", "publish", "accept_then_drop"),
    "server": Preset("รับโพสต์แล้ว แต่ตอบว่าระบบขัดข้อง", "publish", "accept_then_500"),
    "hang": Preset("รับโพสต์แล้ว แต่เงียบไม่ตอบ 60 วินาที", "publish", "accept_then_hang", {"seconds": 60}),
    "zombie": Preset("สายหลุด แล้วโพสต์โผล่ขึ้นใน 5 วินาที", "publish", "zombie", {"seconds": 5}),
    "before": Preset("สายหลุดก่อนรับโพสต์", "publish", "drop_before"),
    "limit": Preset("ปฏิเสธ: เรียกใช้ถี่เกินกำหนด", "publish", "error", {"name": "rate_limited"}),
    "token": Preset("ปฏิเสธ: โทเค็นหมดอายุ", "*", "error", {"name": "token_expired"}),
    "gateway": Preset("ปฏิเสธ: เกตเวย์ขัดข้อง (502)", "publish", "error", {"name": "html_502"}),
    "page": Preset(
        "ปฏิเสธ: ต้องยืนยันสิทธิ์เผยแพร่ของเพจ", "publish", "error", {"name": "page_authorization"}, ("facebook",)
    ),
    "credits": Preset("ปฏิเสธ: เครดิตหมด", "publish", "error", {"name": "credits_depleted"}, ("x",)),
    "slow": Preset("ตอบช้าลง 3 วินาที", "*", "latency", {"ms": 3000}),
    "hidden": Preset("โพสต์ใหม่ยังไม่ปรากฏเมื่ออ่านกลับ 30 วินาที", "timeline", "visibility_delay", {"seconds": 30}),
}


def fault_title(fault: Fault) -> str:
    """Return what a rule does, in a few words."""
    title = KINDS[fault.kind]
    name = str(fault.params.get("name", ""))
    if fault.kind == "error":
        title += f": {ERRORS.get(name, name)}"
    if "seconds" in fault.params:
        title += f" {fault.params['seconds']} วินาที"
    if "ms" in fault.params:
        title += f" {fault.number('ms', 0) / 1000:g} วินาที"
    return title


def fault_left(fault: Fault) -> str:
    """Return how long a rule still holds."""
    return "จนกว่าจะยกเลิก" if fault.times is None else f"เหลือ {max(fault.times - fault.hits, 0)} ครั้ง"
