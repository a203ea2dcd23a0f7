"""3c1, 3c3 and 3e3: an officer sorts the posts that went out by pillar, agency and template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from core.clock import bangkok
from core.errors import BadInput, NotFound
from core.lifecycle import LIVE
from core.vocab import Role
from language.reference import Kind, shipped
from models import Delivery, Person, Post, PostMark
from services import audit, criteria
from services.facts import agencies
from services.people import require
from services.periods import Period


@dataclass(frozen=True)
class MarkForm:
    """An officer's word on one post; on_template: template, seal, hashtags and signature line all right."""

    pillars: tuple[str, ...]
    agencies: tuple[str, ...]
    on_template: bool | None = None


@dataclass(frozen=True)
class Choices:
    """What there is to choose from on a day."""

    pillars: Sequence[tuple[str, str]]  # code, name
    agencies: Sequence[str]


@dataclass(frozen=True)
class Sorted:
    """A post that went out, what was said of it, and the agencies its words name."""

    post: Post
    published_at: datetime
    mark: PostMark | None
    suggested: Sequence[str]


def choices(session: Session, period: Period) -> Choices:
    """Return the pillars and agencies of a period; district groups stand in the criteria."""
    day = bangkok(period.until).date()
    pillars = [(one.code, one.name) for one in shipped(Kind.PILLAR).values() if one.holds(day)]
    judged_by = criteria.in_force(session, period.start, year=period.fiscal_year)
    known = criteria.criteria_of(session, judged_by.digest)
    groups = [str(one) for rule in known.criteria for one in rule.params.get("groups", ())]
    return Choices(pillars, [*agencies(day), *groups])


def posts_to_sort(session: Session, period: Period) -> list[Sorted]:
    """Return the posts that went out in a period, those nobody sorted first; a fixed number of queries."""
    went_out = (
        select(Delivery.post_id, func.min(Delivery.published_at).label("at"))
        .where(
            Delivery.state.in_(LIVE), Delivery.part == 1, Delivery.published_at >= period.start,
            Delivery.published_at < period.end,
        )
        .group_by(Delivery.post_id)
        .subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Post, went_out.c.at)
        .join(went_out, went_out.c.post_id == Post.id)
        .options(selectinload(Post.variants))
        .order_by(went_out.c.at.desc())
    ).all()
    marks = _marks(session, [post.id for post, _ in rows])
    names = agencies(bangkok(period.until).date())
    found = [Sorted(post, at, marks.get(post.id), _named(post, names)) for post, at in rows]
    return sorted(found, key=lambda one: one.mark is not None)


def mark(session: Session, post_id: int, form: MarkForm, person: Person, now: datetime) -> PostMark:
    """Keep what an officer says of a post; the newest word counts. Raises pillars_empty."""
    require(person, Role.OFFICER, Role.KPI_OFFICER)
    post = session.get(Post, post_id)
    if post is None:
        raise NotFound
    known = {*shipped(Kind.PILLAR)}
    if not set(form.pillars) <= known:
        raise BadInput("choose_one", field="pillars")
    row = PostMark(
        post_id=post.id, pillars=sorted(set(form.pillars)), agencies=sorted(set(form.agencies)),
        on_template=form.on_template, marked_by=person.id, marked_at=now,
    )  # fmt: skip
    session.add(row)
    audit.record(session, person.id, "post.mark", post, now, pillars=row.pillars, agencies=row.agencies)
    return row


def _marks(session: Session, posts: list[int]) -> dict[int, PostMark]:
    newest = select(func.max(PostMark.id)).where(PostMark.post_id.in_(posts)).group_by(PostMark.post_id)
    return {row.post_id: row for row in session.scalars(select(PostMark).where(PostMark.id.in_(newest)))}


def _named(post: Post, names: Iterable[str]) -> list[str]:
    text = " ".join([post.title, *(variant.body for variant in post.variants)])
    return [name for name in names if name in text]
