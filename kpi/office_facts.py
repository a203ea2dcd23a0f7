"""Facts beside the posts: what the office improves, corrects and asks the public; rules as in kpi.facts."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, kw_only=True)
class BaselineFact:
    """What it was before, frozen and labelled: the median of three months, or the first 28 days."""

    label: str
    reach: int | None = None
    engagement_rate: Decimal | None = None  # percent


@dataclass(frozen=True, kw_only=True)
class SurveyFact:
    """A recall survey with its file."""

    id: int
    respondents: int
    recalling: int  # named at least one of the office's messages
    file_sha256: str
