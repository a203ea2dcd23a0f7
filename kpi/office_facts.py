"""Facts beside the posts: what the office improves, corrects and asks the public; rules as in kpi.facts."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from core.vocab import Channel


@dataclass(frozen=True, kw_only=True)
class ImprovementFact:
    """A change somebody made to do better, measured before and after."""

    id: int
    at: datetime
    baseline: Decimal | None
    after: Decimal | None
    better: bool | None  # the verdict; None: not judged yet
    finding: str = ""  # the criterion whose finding it answers; empty: none


@dataclass(frozen=True, kw_only=True)
class ProfileCheckFact:
    """One of the eight points of a channel's profile, looked at once."""

    id: int
    channel: Channel
    point: str  # name, seal, cover, about, contact, site, pinned, privacy
    ok: bool | None
    checked_at: datetime


@dataclass(frozen=True, kw_only=True)
class CorrectionFact:
    """A post corrected or withdrawn for an error of fact or name."""

    id: int
    post_id: int
    minutes: int | None  # from noticing to correcting; None: not known


@dataclass(frozen=True, kw_only=True)
class FollowersFact:
    """Followers of one channel at both ends of the period."""

    channel: Channel
    first: int | None
    last: int | None
    first_at: datetime | None = None  # when these were read
    last_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BaselineFact:
    """What it was before, frozen: the median of the three months before the year, or the first 28 days."""

    first_day: date
    last_day: date
    three_months: bool = False  # else: the first 28 days of collecting
    reach: int | None = None
    reach_days: int | None = None  # the days in which that reach was counted; None: as long as the period
    engagement_rate: Decimal | None = None  # percent


@dataclass(frozen=True, kw_only=True)
class MemoryBaselineFact:
    """What 3d2 was before: the median of the three months before the year, or its first one."""

    first_day: date
    last_day: date
    three_months: bool
    rate: Decimal  # per 1 000 reach


@dataclass(frozen=True, kw_only=True)
class ResponseFact:
    """One question of a citizen and our first answer: times only, no words and no person."""

    id: int
    asked_at: datetime
    answered_at: datetime | None  # None: not answered by as_of


@dataclass(frozen=True, kw_only=True)
class ReportFact:
    """A report that an executive has acknowledged."""

    id: int
    acknowledged_on: date
    file_sha256: str


@dataclass(frozen=True, kw_only=True)
class SurveyFact:
    """A recall survey with its file."""

    id: int
    respondents: int
    recalling: int  # named at least one of the office's messages
    file_sha256: str
    method: str = ""
    fielded_until: date | None = None
    reported_on: date | None = None
