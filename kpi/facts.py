"""Everything the engine may know, as plain frozen values; services fill them from the database.

Rules that hold for all of them:
- every moment is aware; days and months are Asia/Bangkok's; facts are as they stood at `as_of`;
- a list that is None was not collected ("no data"); an empty tuple means that we know there is nothing;
- a scalar that is None is missing, never zero; a truth value that is None was not recorded;
- lists may hold more than the period (posts before it announce events in it): the engine picks what counts.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from core.clock import bangkok
from core.vocab import Category, Channel, DeliveryState, EventState, PostKind
from kpi.item_facts import ItemFact, LinkCheckFact
from kpi.office_facts import (
    BaselineFact,
    CorrectionFact,
    FollowersFact,
    ImprovementFact,
    MemoryBaselineFact,
    ProfileCheckFact,
    ReportFact,
    ResponseFact,
    SurveyFact,
)


@dataclass(frozen=True, kw_only=True)
class PlanFact:
    """An approved plan document: the proof of level 1."""

    id: int
    fiscal_year: int  # Buddhist
    title: str
    number: str  # of the document that approves it
    approver: str
    approved_on: date | None
    covers: tuple[str, ...]  # of: channels, target_groups, calendar, pillars
    file_sha256: str


@dataclass(frozen=True, kw_only=True)
class PlanItemFact:
    """One planned publication: the office meant to say this by then."""

    id: int
    due_at: datetime
    created_at: datetime  # when the plan first held it
    approved: bool
    plan_id: int | None = None  # the plan document it traces to
    post_id: int | None = None  # the post that carries it out; None: nothing was written yet
    cancelled_at: datetime | None = None  # a person dropped it, for instance with its event


@dataclass(frozen=True, kw_only=True)
class EventFact:
    """One occurrence of one event in the calendar; each occurrence of a series is one."""

    id: int
    starts_at: datetime
    created_at: datetime  # when it was entered in the calendar
    ends_at: datetime | None = None
    all_day: bool = False  # then it starts at 00.00 of its Bangkok day
    state: EventState = EventState.SCHEDULED
    cancelled_at: datetime | None = None
    public: bool = True
    flagship: bool = False  # photos are due within two days of its end
    unplanned: bool = False  # an emergency ...
    unplanned_reason: str = ""  # ... only with the approver's reason
    place: str = ""
    host: str = ""
    target_group: str = ""


@dataclass(frozen=True, kw_only=True)
class EngagementFact:
    """Counts of one live post as last read; None: missing, refused or withdrawn by the platform."""

    reactions: int | None = None
    comments: int | None = None
    shares: int | None = None
    clicks: int | None = None
    reach: int | None = None
    impressions: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryFact:
    """One post on one channel: a row of the queue, or what was found on the platform."""

    id: int
    channel: Channel
    state: DeliveryState
    due_at: datetime | None = None  # the schedule that binds; None: a post from outside the system
    published_at: datetime | None = None  # the platform's own time
    verified_at: datetime | None = None  # first successful read-back
    gone_at: datetime | None = None  # first read-back that no longer showed it
    held_by_person: bool = False  # a person held, cancelled or delayed it: its schedule does not bind
    engagement: EngagementFact | None = None


@dataclass(frozen=True, kw_only=True)
class TagFact:
    """An officer's word that a post serves one of the eight categories."""

    category: Category
    reason: str = ""  # must be given when a post serves several
    item_id: int | None = None  # the stored item it publishes


@dataclass(frozen=True, kw_only=True)
class PostFact:
    """What the office said once, on one or more channels."""

    id: int
    deliveries: tuple[DeliveryFact, ...]
    kind: PostKind | None = None  # None: an outside post nobody has sorted yet
    event_id: int | None = None
    approved_at: datetime | None = None  # approval of the revision that went out
    outside: bool = False  # found on the platform, made by hand there
    fast_lane: bool = False  # emergency lane: approved, but not planned
    target_groups: tuple[str, ...] | None = None  # whom it speaks to; None: not recorded
    tags: tuple[TagFact, ...] = ()
    terms_checked_at: datetime | None = None  # when the terminology check last saw its text
    on_template: bool | None = None  # approved template, seal, hashtags and signature line all right
    original: bool | None = None  # neither a near-duplicate nor a pure repost
    pillars: tuple[str, ...] | None = None  # message pillars
    agencies: tuple[str, ...] | None = None  # names of those whose mission it tells
    names_agency: bool | None = None
    gives_contact: bool | None = None


@dataclass(frozen=True, kw_only=True)
class TermFindingFact:
    """One finding of the terminology checker on one post."""

    id: int
    post_id: int
    rule: str
    resolved: bool  # fixed, or dismissed with a reason, before publication


@dataclass(frozen=True, kw_only=True)
class AttestationFact:
    """A person's signed word on what no figure can say (H1 to H4)."""

    id: int
    code: str
    confirmed: bool | None  # False: signed, but against; None: not decided
    signed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PeriodFacts:
    """All facts of one period as they stood at `as_of`; the same facts always give the same evaluation."""

    fiscal_year: int  # Buddhist
    start: datetime
    end: datetime  # the first moment after the period
    as_of: datetime
    claimed: Decimal | None = None  # what the office's form claims
    plans: tuple[PlanFact, ...] | None = None
    plan_items: tuple[PlanItemFact, ...] | None = None
    events: tuple[EventFact, ...] | None = None
    posts: tuple[PostFact, ...] | None = None
    items: tuple[ItemFact, ...] | None = None
    link_checks: tuple[LinkCheckFact, ...] | None = None
    term_findings: tuple[TermFindingFact, ...] | None = None
    attestations: tuple[AttestationFact, ...] = ()
    improvements: tuple[ImprovementFact, ...] | None = None
    profile_checks: tuple[ProfileCheckFact, ...] | None = None
    corrections: tuple[CorrectionFact, ...] | None = None
    corrections_whole: bool = True  # somebody said that these are all
    agencies: tuple[str, ...] | None = None  # names of all whose mission should be told
    followers: tuple[FollowersFact, ...] | None = None
    reach: int | None = None  # organic reach of the whole period: the sum over its posts
    reach_unread: int = 0  # posts of the period whose reach nobody could read: the sum can only be higher
    baseline: BaselineFact | None = None
    memory_baseline: MemoryBaselineFact | None = None
    survey: SurveyFact | None = None
    responses: tuple[ResponseFact, ...] | None = None
    reports: tuple[ReportFact, ...] | None = None
    saves: int | None = None  # of all posts of the period, read off the platforms' own pages
    hashtag_uses: int | None = None  # by others, of the office's own hashtags
    holidays: tuple[date, ...] | None = None  # days the office does not work, besides weekends

    def __post_init__(self) -> None:
        if any(moment.tzinfo is None for moment in (self.start, self.end, self.as_of)):
            raise ValueError("facts need aware moments; use core.clock")
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @property
    def open(self) -> bool:
        """Whether the period still runs."""
        return self.as_of < self.end

    @property
    def until(self) -> datetime:
        """Return the last moment looked at: an open period ends at as_of."""
        return min(self.end, self.as_of)

    @property
    def months(self) -> int:
        """Return how many whole calendar months the period has, as Bangkok counts days."""
        return self._months_until(self.end)

    @property
    def months_over(self) -> int:
        """Return how many whole months of the period are over."""
        return self._months_until(self.until)

    @property
    def days_over(self) -> Fraction:
        """Return how many days of the period are over, part of a day included."""
        return Fraction(int((self.until - self.start).total_seconds()), 24 * 3600)

    def _months_until(self, moment: datetime) -> int:
        first, after = bangkok(self.start), bangkok(moment)
        span = (after.year - first.year) * 12 + after.month - first.month
        return span - (after.day < first.day)

    def holds(self, moment: datetime | None) -> bool:
        """Say whether a moment lies in the part of the period that is over."""
        return moment is not None and self.start <= moment and self.reached(moment)

    def reached(self, moment: datetime) -> bool:
        """Say whether a moment lies before the end of what is looked at, in the period or before it."""
        return moment < self.end and moment <= self.as_of
