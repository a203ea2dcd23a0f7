"""What the proofs of an evaluation point at, by name: a handful of queries for any number of proofs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import (
    Attestation,
    Comment,
    ContentItem,
    Correction,
    Delivery,
    Event,
    ExecutiveReport,
    Improvement,
    LinkCheck,
    OutsidePost,
    PlanDocument,
    Post,
    ProfileCheck,
    Survey,
)

SHORT = 60
# kind of proof -> the noun of the page that shows it, the query of (proof's id, that thing's id, its title)
NAMED: Mapping[str, tuple[str, Select[int, int, str]]] = {
    "plan": ("plan", select(PlanDocument.id, PlanDocument.id, PlanDocument.title)),
    "plan_item": ("post", select(Post.id, Post.id, Post.title)),
    "event": ("event", select(Event.id, Event.id, Event.title)),
    "post": ("post", select(Post.id, Post.id, Post.title)),
    "delivery": ("post", select(Delivery.id, Post.id, Post.title).join(Post, Post.id == Delivery.post_id)),
    "item": ("item", select(ContentItem.id, ContentItem.id, ContentItem.title)),
    "link_check": (
        "item",
        select(LinkCheck.id, ContentItem.id, ContentItem.title).join(
            ContentItem, ContentItem.id == LinkCheck.item_id
        ),
    ),
    "attestation": ("signature", select(Attestation.id, Attestation.id, Attestation.signer)),
    "improvement": ("improvement", select(Improvement.id, Improvement.id, Improvement.title)),
    "profile_check": ("profile", select(ProfileCheck.id, ProfileCheck.id, ProfileCheck.point)),
    "correction": (
        "post",
        select(Correction.id, Post.id, Post.title).join(Post, Post.id == Correction.post_id),
    ),
    "survey": ("survey", select(Survey.id, Survey.id, Survey.title)),
    "report": ("report", select(ExecutiveReport.id, ExecutiveReport.id, ExecutiveReport.title)),
    "response": (
        "post",
        select(Comment.id, Post.id, Post.title)
        .join(Delivery, Delivery.id == Comment.delivery_id)
        .join(Post, Post.id == Delivery.post_id),
    ),
}


@dataclass(frozen=True)
class Thing:
    """What a proof points at: its title, and what it is shown as (`noun`, with that thing's own id)."""

    title: str
    noun: str
    id: int


Things = Mapping[tuple[str, int], Thing]


def load(session: Session, proofs: Iterable[tuple[str, int | None]]) -> Things:
    """Return the things that proofs name, by (kind, id); posts from outside have negative ids."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, number in proofs:
        if number is not None:
            wanted["outside" if number < 0 else kind].add(number)
    found: dict[tuple[str, int], Thing] = {}
    for kind, (noun, query) in NAMED.items():
        if wanted[kind]:
            first = query.selected_columns[0]
            for proof_id, number, title in session.execute(query.where(first.in_(wanted[kind]))):
                found[kind, proof_id] = Thing(title, noun, number)
    return {**found, **_outside(session, wanted["outside"])}


def _outside(session: Session, ids: set[int]) -> Things:
    if not ids:
        return {}
    rows = session.scalars(select(OutsidePost).where(OutsidePost.id.in_([-one for one in ids])))
    return {
        (kind, -row.id): Thing(row.body[:SHORT] or row.remote_id, "outside", row.id)
        for row in rows
        for kind in ("post", "delivery")
    }
