"""What stays human: a drawn sample, its scores, what was said about them, and signed statements."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

SCORE = "BETWEEN 1 AND 5"


class ReviewSample(Base):
    """The posts drawn for a period, once: the seed follows from the posts there were, nobody can choose."""

    __tablename__ = "review_sample"
    __table_args__ = (UniqueConstraint("period_start", "period_end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[list[int]] = mapped_column(JSON)  # ids of the posts that could be drawn
    posts: Mapped[list[int]] = mapped_column(JSON)  # ids of those that were, in the order of drawing
    drawn_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime]


class SampleScore(Base):
    """One reviewer's marks for one post, 1 to 5; a reviewer's newest row counts, the others stay."""

    __tablename__ = "sample_score"
    __table_args__ = (
        CheckConstraint(f"clear {SCORE} AND prominent {SCORE} AND different {SCORE}", name="marks"),
        Index(None, "sample_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("review_sample.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    clear: Mapped[int]
    prominent: Mapped[int]
    different: Mapped[int]
    remark: Mapped[str] = mapped_column(String(500), default="")
    scored_at: Mapped[datetime]


class SampleTalk(Base):
    """What two reviewers said to each other about a post they see differently; the difference stays."""

    __tablename__ = "sample_talk"
    __table_args__ = (Index(None, "sample_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("review_sample.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    words: Mapped[str] = mapped_column(String(1000))
    said_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]


class SampleConfirmation(Base):
    """An agency's word on one drawn post: are its role, mission and duty told rightly."""

    __tablename__ = "sample_confirmation"
    __table_args__ = (Index(None, "sample_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("review_sample.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    agency: Mapped[str] = mapped_column(String(200))
    confirmed_by: Mapped[str] = mapped_column(String(200))  # who says so at the agency
    correct: Mapped[bool]
    remark: Mapped[str] = mapped_column(String(500), default="")
    recorded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class Attestation(Base):
    """One signed statement: what was shown, its hash, who signed it as what, for or against."""

    __tablename__ = "attestation"
    __table_args__ = (Index(None, "period_start", "period_end", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int]
    period_start: Mapped[datetime]
    period_end: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(10))  # H1 ... H4; "result": the evaluation itself
    statement: Mapped[dict[str, Any]] = mapped_column(JSON)
    statement_sha256: Mapped[str] = mapped_column(String(64))
    confirmed: Mapped[bool]
    dissent: Mapped[str] = mapped_column(Text, default="")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation_run.id"))
    signed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    signer: Mapped[str] = mapped_column(String(200))  # name as signed
    position: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime]
