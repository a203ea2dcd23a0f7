"""A drawn sample as it stands: who scored what, where reviewers differ, what agencies say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person, Post, ReviewSample, SampleConfirmation, SampleScore, SampleTalk
from services.periods import Period
from services.sampling import ASPECTS, rubric_of


@dataclass(frozen=True)
class Scored:
    """One drawn post with all that was said of it; spread: the widest difference, None with one reviewer."""

    post: Post
    scores: Mapping[int, SampleScore]  # reviewer -> newest
    talks: Sequence[SampleTalk]
    confirmations: Sequence[SampleConfirmation]
    spread: int | None
    apart: bool  # so far apart that it must be talked about


@dataclass(frozen=True)
class SampleView:
    """A sample: posts in the order of drawing, who scored all of them, the mean of their marks."""

    sample: ReviewSample
    posts: Sequence[Scored]
    reviewers: Mapping[int, Person]
    finished: Sequence[int]  # ids of reviewers who scored every post
    mean: Fraction | None
    rubric: Mapping[str, str]

    @property
    def untalked(self) -> list[int]:
        """Posts that reviewers see differently and nobody talked about."""
        return [one.post.id for one in self.posts if one.apart and not one.talks]

    @property
    def confirmed(self) -> int:
        """How many posts an agency confirmed."""
        return sum(1 for one in self.posts if any(word.correct for word in one.confirmations))


def view(session: Session, sample: ReviewSample) -> SampleView:
    """Return a sample with all that was said of it, in a fixed number of queries."""
    period = Period(sample.fiscal_year, sample.period_start, sample.period_end, sample.drawn_at)
    rubric = {**rubric_of(session, period, "H1"), **rubric_of(session, period, "H3")}
    scores: dict[int, dict[int, SampleScore]] = defaultdict(dict)
    rows = session.scalars(
        select(SampleScore).where(SampleScore.sample_id == sample.id).order_by(SampleScore.id)
    )
    for row in rows:
        scores[row.post_id][row.reviewer_id] = row
    talks = _by_post(session, SampleTalk, sample.id)
    words = _by_post(session, SampleConfirmation, sample.id)
    posts = {one.id: one for one in session.scalars(select(Post).where(Post.id.in_(sample.posts)))}
    drawn = [
        _scored(posts[number], scores[number], talks[number], words[number], Fraction(rubric["spread"]))
        for number in sample.posts
    ]
    everybody = {reviewer for of_post in scores.values() for reviewer in of_post}
    people = {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(everybody)))}
    finished = sorted(one for one in everybody if all(one in scores[number] for number in sample.posts))
    return SampleView(sample, drawn, people, finished, _mean(drawn, finished), rubric)


Row = TypeVar("Row", SampleTalk, SampleConfirmation)


def _by_post(session: Session, model: type[Row], sample_id: int) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in session.scalars(select(model).where(model.sample_id == sample_id).order_by(model.id)):
        found[row.post_id].append(row)
    return found


def _scored(
    post: Post,
    scores: Mapping[int, SampleScore],
    talks: Sequence[SampleTalk],
    words: Sequence[SampleConfirmation],
    limit: Fraction,
) -> Scored:
    marks = [[getattr(one, aspect) for one in scores.values()] for aspect in ASPECTS]
    spread = max(max(of_one) - min(of_one) for of_one in marks) if len(scores) > 1 else None
    return Scored(post, scores, talks, words, spread, apart=spread is not None and spread >= limit)


def mean_of(one: SampleScore) -> Fraction:
    """Return a reviewer's mark for one post: the mean of the three aspects."""
    return Fraction(sum(getattr(one, aspect) for aspect in ASPECTS), len(ASPECTS))


def _mean(posts: Sequence[Scored], reviewers: Sequence[int]) -> Fraction | None:
    marks = [mean_of(one.scores[reviewer]) for one in posts for reviewer in reviewers]
    return sum(marks, Fraction(0)) / len(marks) if marks else None
