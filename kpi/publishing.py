"""Clause 3a, managing the channels: reliability, plan execution, cadence, improvements, channel profiles."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from core.clock import bangkok
from core.fiscal import day_start
from core.vocab import Channel, DeliveryState
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import VERDICT_OF, absent, effect_of, settle, share, tally
from kpi.facts import DeliveryFact, PeriodFacts, PlanItemFact, PostFact
from kpi.findings import Measured, Note, Proof
from kpi.live import Standing, out_at, sent, standing
from kpi.office_facts import ImprovementFact, ProfileCheckFact
from kpi.params import Params, span, whole, words

WEEK = timedelta(days=7)
HUMAN = frozenset({DeliveryState.HELD, DeliveryState.CANCELLED})


def publishing_reliability(facts: PeriodFacts, params: Params) -> Measured:
    """Return deliveries live within ±tolerance_min of their schedule ÷ deliveries due, in percent.

    Left out: what a person held, cancelled or delayed, and posts from outside. Open: out but not read back,
    or with an unknown outcome. A delivery comes due when its tolerance has run out, or when it is out.
    """
    if facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    tolerance = span(params, "tolerance_min")
    proofs = []
    for post in facts.posts:
        for delivery in post.deliveries:
            if not post.outside and delivery.due_at and facts.holds(delivery.due_at):
                proofs += _due_proof(delivery, delivery.due_at, tolerance, facts.as_of)
    return share(proofs)


def _due_proof(delivery: DeliveryFact, due: datetime, tolerance: timedelta, as_of: datetime) -> list[Proof]:
    out = delivery.published_at
    if delivery.held_by_person or (out is None and delivery.state in HUMAN):
        return [Proof(ProofKind.DELIVERY, delivery.id, Effect.LISTED, Code.HUMAN_HOLD)]
    if out is None and as_of <= due + tolerance:
        return []
    if out is None:
        effect = settle(proved=False, possible=standing(delivery) is Standing.UNPROVEN)
        code = Code.OUTCOME_UNKNOWN if effect is Effect.OPEN else Code.NOT_PUBLISHED
        return [Proof(ProofKind.DELIVERY, delivery.id, effect, code)]
    in_time = abs(out - due) <= tolerance
    effect = settle(proved=in_time and standing(delivery) is Standing.LIVE, possible=in_time)
    codes = {Effect.PROVES: Code.ON_TIME, Effect.OPEN: Code.NOT_READ_BACK, Effect.BREAKS: Code.OFF_TIME}
    details = {"seconds": int((out - due).total_seconds())}
    return [Proof(ProofKind.DELIVERY, delivery.id, effect, codes[effect], details)]


def plan_execution(facts: PeriodFacts, params: Params) -> Measured:
    """Return approved plan items that are out on at least one channel ÷ plan items due, in percent."""
    del params
    if facts.plan_items is None or facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    posts = {post.id: post for post in facts.posts}
    due = [item for item in facts.plan_items if facts.holds(item.due_at)]
    return share([_item_proof(item, posts.get(item.post_id) if item.post_id else None) for item in due])


def _item_proof(item: PlanItemFact, post: PostFact | None) -> Proof:
    found = {standing(delivery) for delivery in post.deliveries} if post else set()
    if item.cancelled_at and item.cancelled_at <= item.due_at:
        effect, code = Effect.LISTED, Code.PLAN_ITEM_DROPPED
    elif not item.approved:
        effect, code = Effect.BREAKS, Code.PLAN_ITEM_NOT_APPROVED
    elif Standing.LIVE in found:
        effect, code = Effect.PROVES, Code.PLAN_ITEM_PUBLISHED
    elif Standing.UNPROVEN in found:
        effect, code = Effect.OPEN, Code.NOT_READ_BACK
    else:
        effect, code = Effect.BREAKS, Code.PLAN_ITEM_UNPUBLISHED
    return Proof(ProofKind.PLAN_ITEM, item.id, effect, code)


def cadence(facts: PeriodFacts, params: Params) -> Measured:
    """Return weeks (whole, from Monday) in which every channel has its least posts ÷ weeks, in percent.

    min_posts: channel → posts a week. Second condition: no channel is silent for longer than max_gap_h. Posts
    from outside the system count. Absent: no whole week of the period is over yet.
    """
    if facts.posts is None:
        return absent(Code.NOT_COLLECTED)
    weeks = list(_weeks(facts))
    if not weeks:
        return absent(Code.NO_FULL_WEEK)
    least = {Channel(name): int(posts) for name, posts in params["min_posts"].items()}
    most, gap = span(params, "max_gap_h"), _longest_gap(facts, least, proved=True)
    quiet = settle(proved=gap <= most, possible=_longest_gap(facts, least, proved=False) <= most)
    note = Note(Code.LONGEST_GAP, {"hours": int(gap / timedelta(hours=1))})
    return share([_week_proof(facts, week, least) for week in weeks], [note], VERDICT_OF[quiet])


def _weeks(facts: PeriodFacts) -> Iterator[datetime]:
    monday = bangkok(facts.start).date()
    monday += timedelta(days=-monday.weekday() % 7)
    while day_start(monday + WEEK) <= facts.until:
        yield day_start(monday)
        monday += WEEK


def _week_proof(facts: PeriodFacts, start: datetime, least: dict[Channel, int]) -> Proof:
    proved: Counter[Channel] = Counter()
    hoped: Counter[Channel] = Counter()
    for _, delivery in sent(facts):
        if start <= (out_at(delivery) or facts.end) < start + WEEK:
            hoped[delivery.channel] += 1
            proved[delivery.channel] += standing(delivery) is Standing.LIVE
    effect = settle(
        proved=all(proved[channel] >= posts for channel, posts in least.items()),
        possible=all(hoped[channel] >= posts for channel, posts in least.items()),
    )
    code = Code.WEEK_KEPT if effect is Effect.PROVES else Code.WEEK_THIN
    counts = {channel.value: proved[channel] for channel in least}
    return Proof(ProofKind.WEEK, None, effect, code, {"from": bangkok(start).date().isoformat(), **counts})


def _longest_gap(facts: PeriodFacts, channels: Iterable[Channel], *, proved: bool) -> timedelta:
    """Return the longest silence of any channel within the period, counting only proved posts or all."""
    longest = timedelta(0)
    for channel in channels:
        moments = [
            out_at(delivery) or facts.start
            for _, delivery in sent(facts)
            if delivery.channel is channel and (standing(delivery) is Standing.LIVE or not proved)
        ]
        marks = [facts.start, *sorted(moments), facts.until]
        longest = max(longest, *(later - earlier for earlier, later in pairwise(marks)))
    return longest


def improvement_log(facts: PeriodFacts, params: Params) -> Measured:
    """Return improvements with baseline and after-value; also: at least min_better shown to be better."""
    if facts.improvements is None:
        return absent(Code.NOT_COLLECTED)
    mine = [one for one in facts.improvements if facts.holds(one.at)]
    least, better = whole(params, "min_better"), sum(1 for one in mine if one.better)
    perhaps = better + sum(1 for one in mine if one.better is None)
    shown_better = VERDICT_OF[settle(proved=better >= least, possible=perhaps >= least)]
    notes = () if better else (Note(Code.NONE_SHOWN_BETTER),)
    return replace(tally([_improvement_proof(one) for one in mine]), also=shown_better, notes=notes)


def _improvement_proof(one: ImprovementFact) -> Proof:
    if one.baseline is None:
        return Proof(ProofKind.IMPROVEMENT, one.id, Effect.BREAKS, Code.IMPROVEMENT_INCOMPLETE)
    if one.after is None:
        return Proof(ProofKind.IMPROVEMENT, one.id, Effect.OPEN, Code.IMPROVEMENT_INCOMPLETE)
    code = Code.IMPROVEMENT_BETTER if one.better else Code.IMPROVEMENT_LOGGED
    return Proof(ProofKind.IMPROVEMENT, one.id, Effect.PROVES, code)


def channel_hygiene(facts: PeriodFacts, params: Params) -> Measured:
    """Return profile points right at the last look of the period ÷ points of all channels, in percent."""
    if facts.profile_checks is None:
        return absent(Code.NOT_COLLECTED)
    latest: dict[tuple[Channel, str], ProfileCheckFact] = {}
    for check in sorted(facts.profile_checks, key=lambda one: one.checked_at):
        if facts.holds(check.checked_at):
            latest[check.channel, check.point] = check
    proofs = []
    for channel in Channel:
        for point in words(params, "points"):
            found = latest.get((channel, point))
            ok = found.ok if found else None
            code = {True: Code.PROFILE_OK, False: Code.PROFILE_WRONG, None: Code.PROFILE_UNCHECKED}[ok]
            details = {"channel": channel.value, "fields": [point]}
            proofs.append(
                Proof(ProofKind.PROFILE_CHECK, found.id if found else None, effect_of(ok), code, details)
            )
    return share(proofs)
