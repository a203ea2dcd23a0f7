"""What people note beside the posts, each with its proof: improvements, looks at profiles, surveys, marks."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.vocab import Channel, PostKind
from models.base import Base, words


class Improvement(Base):
    """A change made to do better: what it was before, what was done, what it is after."""

    __tablename__ = "improvement"
    __table_args__ = (Index(None, "changed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    change: Mapped[str] = mapped_column(Text, default="")
    criterion: Mapped[str] = mapped_column(String(40), default="")  # the finding it answers; empty: none
    unit: Mapped[str] = mapped_column(String(60), default="")
    changed_on: Mapped[date]
    baseline: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    after: Mapped[Decimal | None] = mapped_column(Numeric(16, 2))
    better: Mapped[bool | None]
    after_at: Mapped[datetime | None]
    after_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class ProfileCheck(Base):
    """One point of a channel's profile, looked at once."""

    __tablename__ = "profile_check"
    __table_args__ = (Index(None, "checked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel))
    point: Mapped[str] = mapped_column(String(20))
    ok: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="")
    checked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    checked_at: Mapped[datetime]


class Correction(Base):
    """A post corrected or withdrawn because a fact or a name was wrong."""

    __tablename__ = "correction"
    __table_args__ = (Index(None, "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    wrong: Mapped[str] = mapped_column(String(300))
    noticed_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class NoCorrection(Base):
    """Somebody's word that a month had no correction but those listed: an empty list alone says nothing."""

    __tablename__ = "no_correction"
    __table_args__ = (Index(None, "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    said_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]


class Survey(Base):
    """A survey of what people remember, with its file."""

    __tablename__ = "survey"
    __table_args__ = (Index(None, "fielded_until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    method: Mapped[str] = mapped_column(String(300))
    fielded_from: Mapped[date]
    fielded_until: Mapped[date]
    reported_on: Mapped[date | None]
    respondents: Mapped[int]
    recalling: Mapped[int]
    summary: Mapped[str] = mapped_column(Text, default="")
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class ExecutiveReport(Base):
    """A report on the evaluation that an executive has acknowledged, with its file."""

    __tablename__ = "executive_report"
    __table_args__ = (Index(None, "acknowledged_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(100))
    acknowledged_by: Mapped[str] = mapped_column(String(200))
    acknowledged_on: Mapped[date]
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class MonthCount(Base):
    """A figure of one month that no interface gives: read off the platform's own page, with its picture."""

    __tablename__ = "month_count"
    __table_args__ = (Index(None, "month", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    name: Mapped[str] = mapped_column(String(20))  # saves | hashtag_uses
    value: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    file_sha256: Mapped[str] = mapped_column(String(64), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class PostMark(Base):
    """An officer's word on a post that went out: pillar, agencies, template; the newest row counts."""

    __tablename__ = "post_mark"
    __table_args__ = (Index(None, "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    pillars: Mapped[list[str]] = mapped_column(JSON)
    agencies: Mapped[list[str]] = mapped_column(JSON)
    on_template: Mapped[bool | None]
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]


class OutsidePost(Base):
    """A post on our account that this system did not send: found, kept, never changed there."""

    __tablename__ = "outside_post"
    __table_args__ = (UniqueConstraint("account_id", "remote_id"), Index(None, "published_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    remote_id: Mapped[str] = mapped_column(String(80))
    permalink: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))  # of raw
    published_at: Mapped[datetime]
    found_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]


class OutsideMark(Base):
    """What an officer says of an outside post: its kind and its categories; the newest row counts."""

    __tablename__ = "outside_mark"
    __table_args__ = (Index(None, "outside_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    outside_id: Mapped[int] = mapped_column(ForeignKey("outside_post.id"))
    kind: Mapped[PostKind | None] = mapped_column(words(PostKind))
    tags: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # [{"category": ..., "reason": ...}]
    marked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    marked_at: Mapped[datetime]


class OutsideLook(Base):
    """When an account's own page was last read for posts from outside, and whether it was read whole."""

    __tablename__ = "outside_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    since: Mapped[datetime]
    looked_at: Mapped[datetime]
    complete: Mapped[bool]
