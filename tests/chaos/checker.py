"""Count from outside: the platforms' ledger, the plan written before the run, a dump of the books.

Everything is a plain dictionary; the checker imports nothing but the standard library, so that no mistake of
the product can hide in it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

ENDED_WITHOUT_POST = {"missed", "failed", "cancelled"}
LIVE = {"published", "verified"}


@dataclass
class Verdict:
    """What was counted; `holds` says whether every law held."""

    figures: Counter = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    def found(self, law: str, key: str) -> None:
        self.figures[law] += 1
        self.findings.append(f"{law}: {key}")


def check(plan: list[dict], ledger: list[dict], books: dict[str, dict]) -> Verdict:
    """Compare plan (key, account, text, due_at), ledger (account, id, text, accepted_at) and books."""
    verdict = Verdict()
    for law in ("duplicates", "losses", "early", "wrong_text", "false_published", "unsettled"):
        verdict.figures[law] = 0
    live: dict[tuple[str, str], list[dict]] = {}
    for line in ledger:
        live.setdefault((line["account"], line["text"]), []).append(line)
    for planned in plan:
        _one(verdict, planned, live.pop((planned["account"], planned["text"]), []), books[planned["key"]])
    for account, text in live:
        verdict.found("wrong_text", f"{account}: {text[:40]}")
    return verdict


def _one(verdict: Verdict, planned: dict, posts: list[dict], book: dict) -> None:
    key, state = planned["key"], book["state"]
    if len(posts) > 1:
        verdict.found("duplicates", f"{key} stands {len(posts)} times")
    if not posts and state not in ENDED_WITHOUT_POST | {"needs_human"}:
        verdict.found("losses", f"{key} is {state} and nowhere")
    if posts and _moment(posts[0]["accepted_at"]) < _moment(planned["due_at"]):
        verdict.found("early", key)
    if state in LIVE and book["remote_id"] not in [post["id"] for post in posts]:
        verdict.found("false_published", f"{key} is {state} as {book['remote_id']}")
    if posts and state in ENDED_WITHOUT_POST:
        verdict.found("false_published", f"{key} is {state} but stands as {posts[0]['id']}")
    if state not in LIVE | ENDED_WITHOUT_POST | {"needs_human"}:
        verdict.found("unsettled", f"{key} is {state}")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
