"""H1 and H3: twenty posts drawn for a period, scored by reviewers, confirmed by agencies; dissent is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import BadInput, Conflict, Forbidden, NotFound
from core.lifecycle import LIVE
from core.vocab import Role
from kpi.sampling import draw, seed_of
from models import (
    Delivery,
    Person,
    Post,
    ReviewSample,
    SampleConfirmation,
    SampleScore,
    SampleTalk,
)
from services import audit, criteria
from services.people import require
from services.periods import Period
from services.typed import line

REVIEWERS = (Role.OFFICER, Role.APPROVER, Role.KPI_OFFICER)
ASPECTS = ("clear", "prominent", "different")
LEAST, MOST = 1, 5


@dataclass(frozen=True)
class Marks:
    """A reviewer's marks for one post, each 1 to 5."""

    clear: int
    prominent: int
    different: int
    remark: str = ""


@dataclass(frozen=True)
class Confirmation:
    """An agency's word on one post."""

    agency: str
    confirmed_by: str
    correct: bool
    remark: str = ""


def sample_of(session: Session, period: Period) -> ReviewSample | None:
    """Return the sample drawn for a period; None if nobody drew it yet."""
    return session.scalar(
        select(ReviewSample).where(
            ReviewSample.period_start == period.start, ReviewSample.period_end == period.end
        )
    )


def draw_sample(session: Session, period: Period, person: Person) -> ReviewSample:
    """Draw a period's posts, once; raises period_still_open, sample_drawn, nothing_to_draw."""
    require(person, Role.KPI_OFFICER, Role.ADMINISTRATOR)
    if period.as_of < period.end:
        raise Conflict("period_still_open")
    if sample_of(session, period) is not None:
        raise Conflict("sample_drawn")
    live = select(Delivery.post_id).where(
        Delivery.state.in_(LIVE), Delivery.published_at >= period.start, Delivery.published_at < period.end
    )
    population = sorted(set(session.scalars(live)))
    if not population:
        raise Conflict("nothing_to_draw")
    judged_by = criteria.in_force(session, period.start, year=period.fiscal_year)
    size = int(rubric_of(session, period, "H1")["sample"])
    seed = seed_of(judged_by.digest, f"{period.start.isoformat()}/{period.end.isoformat()}", population)
    row = ReviewSample(
        fiscal_year=period.fiscal_year, period_start=period.start, period_end=period.end, seed=seed,
        population=population, posts=draw(seed, population, size), drawn_by=person.id, drawn_at=period.as_of,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "sample.draw", row, period.as_of, seed=seed, posts=row.posts)
    return row


def rubric_of(session: Session, period: Period, code: str) -> Mapping[str, str]:
    """Return what the criteria ask of an attestation: sample, reviewers, mean, spread, confirmations."""
    judged_by = criteria.in_force(session, period.start, year=period.fiscal_year)
    rules = criteria.criteria_of(session, judged_by.digest).attestations
    return {name: str(value) for one in rules if one.id == code for name, value in one.params.items()}


def score(
    session: Session, sample_id: int, post_id: int, marks: Marks, person: Person, now: datetime
) -> None:
    """Keep a reviewer's marks beside their earlier ones; raises own_post_scored, mark_bad, not_in_sample."""
    require(person, *REVIEWERS)
    sample = _open_sample(session, sample_id, post_id)
    post = session.get_one(Post, post_id)
    if post.author_id == person.id:
        raise Forbidden("own_post_scored")
    for aspect in ASPECTS:
        if not LEAST <= getattr(marks, aspect) <= MOST:
            raise BadInput("mark_bad", field=aspect)
    row = SampleScore(
        sample_id=sample.id, post_id=post_id, reviewer_id=person.id, clear=marks.clear,
        prominent=marks.prominent, different=marks.different, remark=line(marks.remark, "remark", 500),
        scored_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "sample.score", row, now, post_id=post_id)


def talk(session: Session, sample_id: int, post_id: int, words: str, person: Person, now: datetime) -> None:
    """Keep what reviewers said about a difference; the marks stay as they were. Raises talk_empty."""
    require(person, *REVIEWERS)
    sample = _open_sample(session, sample_id, post_id)
    row = SampleTalk(
        sample_id=sample.id, post_id=post_id, words=line(words, "words", 1000, needed="talk_empty"),
        said_by=person.id, said_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "sample.talk", row, now, post_id=post_id)


def confirm(
    session: Session, sample_id: int, post_id: int, word: Confirmation, person: Person, now: datetime
) -> None:
    """Keep an agency's word on a drawn post; raises agency_empty, confirmer_empty."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    sample = _open_sample(session, sample_id, post_id)
    row = SampleConfirmation(
        sample_id=sample.id, post_id=post_id, agency=line(word.agency, "agency", 200, needed="agency_empty"),
        confirmed_by=line(word.confirmed_by, "confirmed_by", 200, needed="confirmer_empty"),
        correct=word.correct, remark=line(word.remark, "remark", 500), recorded_by=person.id, recorded_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "sample.confirm", row, now, post_id=post_id, correct=word.correct)


def find_sample(session: Session, sample_id: int) -> ReviewSample:
    """Return one sample; raises NotFound."""
    row = session.get(ReviewSample, sample_id)
    if row is None:
        raise NotFound
    return row


def _open_sample(session: Session, sample_id: int, post_id: int) -> ReviewSample:
    sample = find_sample(session, sample_id)
    if post_id not in sample.posts:
        raise NotFound("not_in_sample")
    return sample
