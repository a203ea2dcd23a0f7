"""How reports word values in one language: own words, moments, months, leads and figures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from core import i18n
from core.clock import bangkok
from core.fiscal import Month, to_be

NO_BREAK = "\u00a0"
_MINUTE = timedelta(minutes=1)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Wording:
    """The words of reports in one language; table [reports] of the locales."""

    language: str

    def word(self, key: str, **params: object) -> str:
        return i18n.text(f"reports.{key}", self.language, **params)

    def term(self, key: str) -> str:
        """Return a word that all parts share, such as `verdict.pass`."""
        return i18n.text(key, self.language)

    def moment(self, moment: datetime | None) -> str:
        """Return `31 ต.ค. 2563 17.00 น.`, which breaks only between day and time; empty if there is none."""
        if moment is None:
            return ""
        parts = i18n.show_date(moment, self.language, short=True), i18n.show_time(moment, self.language)
        return " ".join(part.replace(" ", NO_BREAK) for part in parts)

    def month(self, month: Month) -> str:
        """Return `ตุลาคม 2563`."""
        return f"{self.term(f'date.long.{month.month}')} {to_be(month.year)}"

    def lead(self, lead: timedelta) -> str:
        """Return `7 วัน 8 ชม.`, `-20 นาที` when it came too late; parts that are zero are left out."""
        minutes = abs(lead) // _MINUTE
        parts = {"days": minutes // 1440, "hours": minutes // 60 % 24, "minutes": minutes % 60}
        worded = [self.word(f"lead.{unit}", n=count) for unit, count in parts.items() if count]
        sign = "-" if lead < -_MINUTE else ""
        return sign + (
            " ".join(part.replace(" ", NO_BREAK) for part in worded) or self.word("lead.minutes", n=0)
        )

    def figure(self, value: Decimal | None) -> str:
        """Return `1,234` or `63.64`; the words for no data if there is none."""
        if value is None:
            return self.term("verdict.no_data")
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.quantize(_CENT):,f}"


def form_date(day: date) -> str:
    """Return a day as the office's form writes it: `30/11/2563`."""
    local = bangkok(day) if isinstance(day, datetime) else day
    return f"{local.day:02d}/{local.month:02d}/{to_be(local.year)}"
