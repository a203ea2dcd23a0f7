"""Thai month and weekday names as people write them, from the full name to the undotted abbreviation."""

MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
CLIPPED = (
    "มกรา",
    "กุมภา",
    "มีนา",
    "เมษา",
    "พฤษภา",
    "มิถุนา",
    "กรกฎา",
    "สิงหา",
    "กันยา",
    "ตุลา",
    "พฤศจิกา",
    "ธันวา",
)
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_SHORT_WEEKDAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")


def month_number(name: str) -> int | None:
    """Return 1 to 12 for any spelling of a month (dots, spaces and ฏ for ฎ do not matter), else None."""
    return _MONTH_NUMBERS.get(_plain(name))


def weekday_number(name: str) -> int | None:
    """Return 0 (Monday) to 6 for a weekday with or without วัน, full or short, else None."""
    return _WEEKDAY_NUMBERS.get(_plain(name).removeprefix("วัน"))


def _plain(name: str) -> str:
    return name.replace(".", "").replace(" ", "").replace("ฏ", "ฎ")


_MONTH_NUMBERS = {
    _plain(name): number
    for names in (MONTHS, SHORT_MONTHS, CLIPPED)
    for number, name in enumerate(names, start=1)
}
_WEEKDAY_NUMBERS = {
    **{_plain(name): number for names in (WEEKDAYS, _SHORT_WEEKDAYS) for number, name in enumerate(names)},
    "พฤหัส": WEEKDAYS.index("พฤหัสบดี"),
}
