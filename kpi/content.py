"""Level 2: each of the eight categories is stored and published; forms also download and open."""

from fractions import Fraction

from core.vocab import Category
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, settle, tally
from kpi.facts import DeliveryFact, PeriodFacts, PostFact, TagFact
from kpi.findings import Measured, Proof
from kpi.item_facts import ItemFact
from kpi.leads import events_of_period
from kpi.links import link_problem
from kpi.live import Standing, out_at, read_back_after, standing
from kpi.params import Params, span, words

NEEDED = ("agency", "source", "item_date", "rights", "language", "sha256")
EVENT_NEEDED = ("place", "host", "target_group")


def category_stored(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many complete items of `category` are stored; for the calendar, complete events count too.

    A recorded failure (an extra proof, the restore sample) excludes an item; an extra proof nobody recorded
    does not. Internal target: every extra proof in `extras` is recorded and right.
    """
    if facts.items is None:
        return absent(Code.NOT_COLLECTED)
    category, extras = Category(params["category"]), words(params, "extras")
    mine = [item for item in facts.items if item.category is category and facts.reached(item.stored_at)]
    proofs = [_item_proof(item, extras) for item in mine]
    if category is Category.CALENDAR:
        proofs += _event_proofs(facts)
    good = [proof for proof in proofs if proof.effect is Effect.PROVES]
    full = Fraction(sum(1 for proof in good if proof.code is not Code.EXTRA_MISSING))
    return tally(proofs, strict=(full, Fraction(len(good))))


def _item_proof(item: ItemFact, extras: list[str]) -> Proof:
    lacking = [name for name in NEEDED if not getattr(item, name)]
    if item.mime.startswith("image/") and not item.alt_text:
        lacking.append("alt_text")
    if lacking:
        return Proof(ProofKind.ITEM, item.id, Effect.BREAKS, Code.ITEM_INCOMPLETE, {"fields": lacking})
    if item.retrievable is False:
        return Proof(ProofKind.ITEM, item.id, Effect.BREAKS, Code.ITEM_LOST)
    recorded = {extra.code: extra.ok for extra in item.extras}
    wrong = [code for code in extras if recorded.get(code) is False]
    if wrong:
        return Proof(ProofKind.ITEM, item.id, Effect.BREAKS, Code.EXTRA_FAILED, {"fields": wrong})
    missing = [code for code in extras if recorded.get(code) is None]
    if missing:
        return Proof(ProofKind.ITEM, item.id, Effect.PROVES, Code.EXTRA_MISSING, {"fields": missing})
    return Proof(ProofKind.ITEM, item.id, Effect.PROVES, Code.ITEM_STORED)


def _event_proofs(facts: PeriodFacts) -> list[Proof]:
    proofs = []
    for event in events_of_period(facts):
        if event.public and facts.reached(event.created_at):
            lacking = [name for name in EVENT_NEEDED if not getattr(event, name)]
            effect = Effect.BREAKS if lacking else Effect.PROVES
            code = Code.EVENT_INCOMPLETE if lacking else Code.EVENT_ENTERED
            proofs.append(Proof(ProofKind.EVENT, event.id, effect, code, {"fields": lacking}))
    return proofs


def category_published(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many posts of the period carry `category`, read back live and still there.

    A post that serves several categories counts only where the officer gave a reason. With `file` the post
    must publish a stored item whose public link opens. Internal target: read back within max_readback_min of
    publication.
    """
    if facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    category = Category(params["category"])
    proofs = []
    for post in facts.posts:
        for tag in post.tags:
            if tag.category is category:
                proofs += _post_proofs(facts, params, post, tag)
    quick = Fraction(sum(1 for proof in proofs if proof.code is Code.POST_LIVE))
    open_ = sum(1 for proof in proofs if proof.effect is Effect.OPEN)
    return tally(proofs, strict=(quick, quick + open_))


def _post_proofs(facts: PeriodFacts, params: Params, post: PostFact, tag: TagFact) -> list[Proof]:
    out = [
        one for one in post.deliveries if standing(one) is not Standing.ABSENT and facts.holds(out_at(one))
    ]
    if not out:
        return []
    if len(post.tags) > 1 and not tag.reason.strip():
        return [Proof(ProofKind.POST, post.id, Effect.BREAKS, Code.TAG_WITHOUT_REASON)]
    problem = link_problem(facts, tag.item_id) if params["file"] else None
    if problem:
        return [problem]
    there = [one for one in out if one.gone_at is None or one.gone_at > facts.until]
    live = [one for one in there if standing(one) is Standing.LIVE]
    effect = settle(proved=bool(live), possible=bool(there))
    codes = {Effect.OPEN: Code.POST_UNPROVEN, Effect.BREAKS: Code.POST_GONE}
    quick = any(_read_back_in(one, params) for one in live)
    proved = Code.POST_LIVE if quick else Code.READ_BACK_LATE
    return [Proof(ProofKind.POST, post.id, effect, codes.get(effect, proved))]


def _read_back_in(delivery: DeliveryFact, params: Params) -> bool:
    took = read_back_after(delivery)
    return took is not None and took <= span(params, "max_readback_min")
