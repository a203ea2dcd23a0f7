"""Clauses 3c and 3e, what the posts say: identity, originality, pillars, names, corrections, missions."""

from collections import Counter
from collections.abc import Callable

from core.vocab import Category, Verdict
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import VERDICT_OF, absent, both, effect_of, percent, settle, share
from kpi.facts import PeriodFacts, PostFact
from kpi.findings import Measured, Note, Proof
from kpi.live import published
from kpi.params import Params, decimal, whole, words

OF_FACT = {Effect.PROVES: Code.FACT_TRUE, Effect.BREAKS: Code.FACT_FALSE, Effect.OPEN: Code.FACT_UNRECORDED}


def identity_consistency(facts: PeriodFacts, params: Params) -> Measured:
    """Return posts on the approved template with seal, hashtags and signature right ÷ posts, in percent."""
    del params
    return _recorded(facts, published(facts), lambda post: post.on_template)


def originality(facts: PeriodFacts, params: Params) -> Measured:
    """Return posts that are neither near-duplicates nor pure reposts ÷ posts, in percent."""
    del params
    return _recorded(facts, published(facts), lambda post: post.original)


def attribution(facts: PeriodFacts, params: Params) -> Measured:
    """Return service and calendar posts that name the agency and give a contact ÷ such posts, in percent."""
    del params
    wanted = {Category.SERVICE, Category.CALENDAR}
    posts = [post for post in published(facts) if wanted & {tag.category for tag in post.tags}]
    return _recorded(facts, posts, _attributed)


def _attributed(post: PostFact) -> bool | None:
    answers = (post.names_agency, post.gives_contact)
    if False in answers:
        return False
    return None if None in answers else True


def _recorded(facts: PeriodFacts, posts: list[PostFact], fact: Callable[[PostFact], bool | None]) -> Measured:
    """Return the share of posts of which a fact is true; no figure if nobody recorded it for any post."""
    if facts.posts is None or (posts and all(fact(post) is None for post in posts)):
        return absent(Code.NOT_COLLECTED)
    effects = [(post.id, effect_of(fact(post))) for post in posts]
    return share([Proof(ProofKind.POST, number, effect, OF_FACT[effect]) for number, effect in effects])


def pillar_focus(facts: PeriodFacts, params: Params) -> Measured:
    """Return posts with exactly one message pillar ÷ posts, in percent; also: no pillar above max_share."""
    posts = published(facts)
    if facts.posts is None or (posts and all(post.pillars is None for post in posts)):
        return absent(Code.NOT_COLLECTED)
    proofs = []
    for post in posts:
        effect = effect_of(None if post.pillars is None else len(post.pillars) == 1)
        code = Code.ONE_PILLAR if effect is Effect.PROVES else Code.NOT_ONE_PILLAR
        proofs.append(Proof(ProofKind.POST, post.id, effect, code))
    uses = Counter(pillar for post in posts for pillar in post.pillars or ())
    largest = percent(max(uses.values(), default=0), max(len(posts), 1))
    note = Note(Code.LARGEST_PILLAR, {"percent": int(largest)})
    return share(proofs, [note], Verdict.PASS if largest <= decimal(params, "max_share") else Verdict.FAIL)


def terminology_accuracy(facts: PeriodFacts, params: Params) -> Measured:
    """Return published posts without an unresolved terminology finding ÷ published posts, in percent.

    Open: a post the checker has not seen. Outside posts count: people read them as the office's.
    """
    del params
    if facts.posts is None or facts.term_findings is None:
        return absent(Code.NOT_COLLECTED)
    unresolved = Counter(one.post_id for one in facts.term_findings if not one.resolved)
    posts = published(facts)
    mine = {post.id for post in posts}
    listed = [
        Proof(ProofKind.TERM_FINDING, one.id, Effect.LISTED, Code.TERMS_OPEN, {"count": 1, "rule": one.rule})
        for one in facts.term_findings
        if one.post_id in mine and not one.resolved
    ]
    return share([*(_terms_proof(post, unresolved[post.id]) for post in posts), *listed])


def _terms_proof(post: PostFact, unresolved: int) -> Proof:
    if unresolved:
        return Proof(ProofKind.POST, post.id, Effect.BREAKS, Code.TERMS_OPEN, {"count": unresolved})
    if post.terms_checked_at is None:
        return Proof(ProofKind.POST, post.id, Effect.OPEN, Code.TERMS_UNCHECKED)
    return Proof(ProofKind.POST, post.id, Effect.PROVES, Code.TERMS_CLEAN)


def corrections(facts: PeriodFacts, params: Params) -> Measured:
    """Return posts corrected or withdrawn for an error ÷ posts, in percent (less is better).

    Second condition: each within max_minutes of being noticed; open where that time is not known. As long as
    nobody said that the list is whole, the figure can only be higher.
    """
    if facts.posts is None or facts.corrections is None:
        return absent(Code.NOT_COLLECTED)
    posts = {post.id for post in published(facts)}
    if not posts:
        return absent(Code.NOTHING_DUE)
    mine = [one for one in facts.corrections if one.post_id in posts]
    proofs, speed = [], Verdict.PASS
    for one in mine:
        ok = None if one.minutes is None else one.minutes <= whole(params, "max_minutes")
        code = {True: Code.CORRECTED, False: Code.CORRECTED_SLOWLY, None: Code.CORRECTION_TIME_UNKNOWN}[ok]
        speed = both(speed, VERDICT_OF[effect_of(ok)])
        proofs.append(Proof(ProofKind.CORRECTION, one.id, Effect.LISTED, code))
    wrong = len({one.post_id for one in mine})
    figure = percent(wrong, len(posts))
    return Measured(
        low=figure, high=figure, numerator=wrong, denominator=len(posts), also=speed, proofs=tuple(proofs),
        at_least=not facts.corrections_whole,
    )  # fmt: skip


def mission_coverage(facts: PeriodFacts, params: Params) -> Measured:
    """Return agencies with at least one post on their mission, names right ÷ all agencies, in percent.

    All agencies: the departments there are, and the `groups` of districts. Open: an agency without one while
    some published post is not sorted by agency yet.
    """
    posts = published(facts)
    if facts.agencies is None or all(post.agencies is None for post in posts):
        return absent(Code.NOT_COLLECTED)
    wrong = {one.post_id for one in facts.term_findings or () if not one.resolved}
    told = {agency for post in posts if post.id not in wrong for agency in post.agencies or ()}
    unsorted = any(post.agencies is None for post in posts)
    proofs = []
    for agency in (*facts.agencies, *words(params, "groups")):
        effect = settle(proved=agency in told, possible=unsorted)
        code = Code.AGENCY_COVERED if effect is Effect.PROVES else Code.AGENCY_SILENT
        proofs.append(Proof(ProofKind.AGENCY, None, effect, code, {"agency": agency}))
    return share(proofs)
