"""What the anonymous link checks prove: a published file opens; a form downloads and can be used."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from core.vocab import Category, Verdict
from kpi.codes import Code, Effect, ProofKind
from kpi.counting import absent, count, effect_of, percent, tally
from kpi.facts import PeriodFacts
from kpi.findings import Measured, Proof
from kpi.item_facts import ItemFact, LinkCheckFact
from kpi.office_hours import WORKING_DAY, office_time
from kpi.params import Params, whole

HTTP_OK = 200


def latest_checks(facts: PeriodFacts) -> dict[int, LinkCheckFact]:
    """Return the last look at each item's link, by item id."""
    looked = [check for check in facts.link_checks or () if facts.reached(check.checked_at)]
    return {check.item_id: check for check in sorted(looked, key=lambda check: check.checked_at)}


def link_problem(facts: PeriodFacts, item_id: int | None) -> Proof | None:
    """Return why the file behind a post is not known to open from outside, or None if it does."""
    item = next((one for one in facts.items or () if one.id == item_id), None)
    if item is None or not item.link:
        return Proof(ProofKind.ITEM, item_id, Effect.BREAKS, Code.LINK_MISSING)
    check = latest_checks(facts).get(item.id)
    # a network that failed proves nothing about the file
    if check is None or not check.reached or check.http_status is None:
        return Proof(ProofKind.ITEM, item.id, Effect.OPEN, Code.LINK_UNCHECKED)
    if check.http_status == HTTP_OK:
        return None
    details = {"status": check.http_status}
    return Proof(ProofKind.LINK_CHECK, check.id, Effect.BREAKS, Code.LINK_BROKEN, details)


def form_downloadable(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many stored forms download: status 200, size above 0, type and hash as stored, no sign-in.

    Internal target: that share of all stored forms, in percent. Second condition: whatever broke in the
    period was seen whole again within repair_days working days. Source: the form, line 32.
    """
    found = _forms(facts, usable=False)
    if found.reason or facts.holidays is None:
        return found
    repairs = list(_repairs(facts, whole(params, "repair_days") * WORKING_DAY))
    late = any(proof.code is Code.FORM_REPAIRED_LATE for proof in repairs)
    also = Verdict.FAIL if late else Verdict.PASS
    return replace(found, also=also, proofs=(*found.proofs, *repairs))


def _repairs(facts: PeriodFacts, most: timedelta) -> Iterator[Proof]:
    """Tell of each time a form was broken: how long, in office hours, until it was seen whole again."""
    forms = {item.id: item for item in facts.items or () if item.category is Category.FORM}
    broken: dict[int, LinkCheckFact] = {}
    for check in sorted(facts.link_checks or (), key=lambda one: one.checked_at):
        if check.item_id in forms and check.reached and facts.reached(check.checked_at):
            whole_again = _form_proof(forms[check.item_id], check, usable=False).effect is Effect.PROVES
            if not whole_again:
                broken.setdefault(check.item_id, check)
            elif check.item_id in broken:
                yield from _repair(facts, broken.pop(check.item_id), check.checked_at, most)
    for check in broken.values():
        yield from _repair(facts, check, None, most)


def _repair(
    facts: PeriodFacts, seen: LinkCheckFact, whole_at: datetime | None, most: timedelta
) -> Iterator[Proof]:
    """Yield nothing for what was repaired before the period, or is broken but not late yet."""
    if whole_at is not None and whole_at < facts.start:
        return
    late = office_time(seen.checked_at, whole_at or facts.until, facts.holidays or ()) > most
    if late or whole_at is not None:
        code = Code.FORM_REPAIRED_LATE if late else Code.FORM_REPAIRED
        yield Proof(ProofKind.LINK_CHECK, seen.id, Effect.LISTED, code)


def form_usable(facts: PeriodFacts, params: Params) -> Measured:
    """Return how many stored forms download and then open, in their latest version.

    Internal target: that share of all stored forms, in percent. Source: the form, line 33.
    """
    del params
    return _forms(facts, usable=True)


def _forms(facts: PeriodFacts, *, usable: bool) -> Measured:
    if facts.items is None or facts.link_checks is None:
        return absent(Code.NOT_COLLECTED)
    checks = latest_checks(facts)
    forms = [item for item in facts.items if item.category is Category.FORM and facts.reached(item.stored_at)]
    proofs = [_form_proof(form, checks.get(form.id), usable=usable) for form in forms]
    good, open_, total = count(proofs, Effect.PROVES), count(proofs, Effect.OPEN), max(len(proofs), 1)
    return tally(proofs, strict=(percent(good, total), percent(good + open_, total)))


def _form_proof(item: ItemFact, check: LinkCheckFact | None, *, usable: bool) -> Proof:
    if check is None:
        return Proof(ProofKind.ITEM, item.id, Effect.OPEN, Code.FORM_UNCHECKED)
    steps = [*_download_steps(item, check), *(_use_steps(item, check) if usable else ())]
    effect, code = next(((effect, code) for effect, code in steps if effect is not Effect.PROVES), _FINE)
    details = {"status": check.http_status} if check.http_status is not None else {}
    return Proof(ProofKind.LINK_CHECK, check.id, effect, code, details)


_FINE = (Effect.PROVES, Code.FORM_OK)


def _download_steps(item: ItemFact, check: LinkCheckFact) -> list[tuple[Effect, Code]]:
    kind = check.mime.partition(";")[0].strip().lower()
    return [
        # an unreachable network is the check's failure, not the form's
        (effect_of(True if check.reached else None), Code.FORM_UNREACHED),
        (effect_of(_same(check.http_status, HTTP_OK)), Code.FORM_HTTP_ERROR),
        (effect_of(None if check.size is None else check.size > 0), Code.FORM_EMPTY),
        (effect_of(_same(kind, item.mime)), Code.FORM_TYPE_DIFFERS),
        (effect_of(_same(check.sha256, item.sha256)), Code.FORM_HASH_DIFFERS),
    ]


def _use_steps(item: ItemFact, check: LinkCheckFact) -> list[tuple[Effect, Code]]:
    latest = next((extra.ok for extra in item.extras if extra.code == "latest"), True)
    return [(effect_of(check.opens), Code.FORM_NOT_OPENING), (effect_of(latest), Code.FORM_OUTDATED)]


def _same(found: object, wanted: object) -> bool | None:
    """Compare what was found with what should be; None if either is not known."""
    return found == wanted if found and wanted else None
