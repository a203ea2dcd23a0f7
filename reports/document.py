"""The month's evidence document as plain values: frozen in the database, rendered again to the same bytes.

Whoever builds it decides every figure and sentence; the renderers only set type. Moments are aware (UTC) and
printed in Bangkok time and Buddhist years; None is "no data", never 0. Fields added later need defaults, so
that documents frozen before still load.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.fiscal import Month
from core.vocab import Category, Channel, Verdict


@dataclass(frozen=True, kw_only=True)
class Cover:
    """Whose file this is, for which month, by which rules, made when and by whom."""

    office: str
    indicator: str
    fiscal_year: int  # Buddhist
    month: Month  # of a quarter its last
    quarter: int = 0  # 0: the file of one month
    number: str  # the office's number of this file
    version: int
    criteria: str  # name and version of the criteria set
    criteria_digest: str  # SHA-256 of the criteria set
    as_of: datetime  # the figures are those known at this moment
    made_at: datetime
    made_by: str = ""
    reason: str = ""  # why this version replaces the one before
    notice: str = ""  # printed on every page, such as: sample data


@dataclass(frozen=True, kw_only=True)
class Score:
    """What was claimed beside what the evidence shows; None: nothing was claimed, or nothing can be said."""

    claimed: Decimal | None
    evidenced: Decimal | None
    target: Decimal
    headline: str
    progress: str = ""  # what the next level lacks


@dataclass(frozen=True, kw_only=True)
class Item:
    """One piece of evidence; its place in the index is its number."""

    title: str
    categories: tuple[Category, ...] = ()
    channel: Channel | None = None  # None: a file or record, not a post
    published_at: datetime | None = None
    link: str = ""
    reference: str = ""  # our own number of it
    sha256: str = ""  # of the stored proof
    picture: str = ""  # the proof as a picture: a file of the bundle; its JSON is called the same
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EventRow:
    """One event of the calendar beside the first announcement that counts for it."""

    title: str
    starts_at: datetime
    announced_at: datetime | None
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MetricRow:
    """One figure with what it means, where it comes from and when it was read."""

    name: str
    value: Decimal | None  # None: no data
    unit: str
    definition: str
    channel: Channel | None = None
    source: str = ""
    base: str = ""  # n/N behind a percentage, "small base" if so
    as_of: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check of a level; `proof` says which entries of the index carry it."""

    key: str
    title: str
    verdict: Verdict
    group: str = ""  # checks of one group stand together
    measured: str = ""  # with n/N
    required: str = ""
    strength: str = ""  # A, B, C or D
    proof: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of the form with its checks; an undefined level has none."""

    number: int
    title: str
    verdict: Verdict
    progress: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Irregularity:
    """What a reviewer should not have to find alone: a failure, a deletion, an unknown, a clause left out."""

    kind: str
    text: str
    at: datetime | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class NarrativeLine:
    """One monthly line of the form, section 6; `source`: typed, imported or generated."""

    on: date
    text: str
    source: str = "generated"


@dataclass(frozen=True, kw_only=True)
class SignedWord:
    """One person's word on a statement, for or against; `sha256` is of what was signed, kept in `file`."""

    signer: str
    position: str = ""
    signed_at: datetime
    confirmed: bool
    dissent: str = ""
    told: tuple[str, ...] = ()  # the figures that stood in what was signed
    sha256: str
    file: str = ""  # of the bundle; its bytes have that hash
    whole: bool = True  # what is kept still has that hash


@dataclass(frozen=True, kw_only=True)
class Attested:
    """What no figure can say (H1 to H4), or the result itself: a statement for a period, and who signed."""

    code: str
    title: str
    period: str
    text: str = ""
    open: bool = False  # the period had not ended: nobody could sign yet
    words: tuple[SignedWord, ...] = ()  # oldest first, the last counts; none: nobody signed


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A place to sign, on paper or already signed in the system; `sha256` is of what was signed."""

    role: str
    name: str = ""
    position: str = ""
    statement: str = ""
    signed_at: datetime | None = None
    sha256: str = ""


@dataclass(frozen=True, kw_only=True)
class Previous:
    """The bundle before this one in the chain."""

    number: str
    manifest_sha256: str


@dataclass(frozen=True, kw_only=True)
class EvidenceDocument:
    """Everything that one month's evidence file prints."""

    cover: Cover
    score: Score
    items: tuple[Item, ...] = ()
    events: tuple[EventRow, ...] = ()
    metrics: tuple[MetricRow, ...] = ()
    levels: tuple[Level, ...] = ()
    irregularities: tuple[Irregularity, ...] = ()
    narrative: tuple[NarrativeLine, ...] = ()
    attested: tuple[Attested, ...] = ()  # empty in documents frozen before statements were printed
    signatures: tuple[Signature, ...] = ()
    previous: Previous | None = None
    language: Literal["th", "en"] = "th"
    digits: Literal["thai", "arabic"] = "arabic"
