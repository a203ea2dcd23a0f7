"""Count from outside: the plan written before the run, the platforms' ledger, deeds of people, our books.

Imports nothing but the standard library, so that no mistake of the product can hide in it. Four files of JSON
lines in one folder; `python tests/chaos/checker.py FOLDER` counts again whatever a run has left.

plan    key, channel, account, text, pictures, due_at, not_after, short     one delivery a line
ledger  kind, channel, account, id, text, media, accepted_at                what became public
deeds   at, deed: cancelled | perhaps_cancelled (key) · stopped (from, until, grace_s) · restored (since)
books   key, state, remote_id
"""

import json
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

LAWS = (
    "duplicates", "losses", "early", "late", "after stop", "wrong text", "wrong account", "wrong pictures",
    "published without a post", "post not in the books", "unsettled",
)  # fmt: skip
LIVE = {"published", "verified"}
WITHOUT_POST = {"missed", "failed", "cancelled"}
TIME_OUTS = timedelta(seconds=4)  # connect, read, and the longest processing of the fake platforms
Line = dict


@dataclass
class Verdict:
    """How often each law was broken, and where; `holds` says that none was."""

    figures: Counter = field(default_factory=lambda: Counter(dict.fromkeys(LAWS, 0)))
    findings: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings

    def found(self, law: str, what: str, times: int = 1) -> None:
        assert law in LAWS
        self.figures[law] += times
        self.findings.append(f"{law}: {what}")


def check_folder(folder: Path) -> Verdict:
    """Check what a run has left in a folder."""
    plan, ledger, deeds, books = (
        read(folder / f"{name}.jsonl") for name in ("plan", "ledger", "deeds", "books")
    )
    return check(plan, ledger, deeds, books)


def check(plan: list[Line], ledger: list[Line], deeds: list[Line], books: list[Line]) -> Verdict:
    """Hold the four against each other."""
    verdict = Verdict()
    public = [line for line in ledger if line["kind"] == "publish"]
    there = defaultdict(list)
    for line in public:
        there[_place(line)].append(line)
    _strangers(verdict, plan, there)
    booked = {line["key"]: line for line in books}
    taken_back = _taken_back(deeds)
    for planned in plan:
        posts = there[_place(planned)]
        _count(verdict, planned, posts, taken_back.get(planned["key"], ""), booked[planned["key"]]["state"])
        _times(verdict, planned, posts)
        _truth(verdict, planned, posts, booked[planned["key"]])
    for stop in (line for line in deeds if line["deed"] == "stopped"):
        _stopped(verdict, stop, public)
    return verdict


def read(path: Path) -> list[Line]:
    """Return the lines of a file, none if there is no file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _taken_back(deeds: list[Line]) -> dict[str, str]:
    """Return what became of each cancelled delivery; a backup put back takes back what it does not know."""
    restored = [(line["since"], line["at"]) for line in deeds if line["deed"] == "restored"]
    return {
        line["key"]: "perhaps_cancelled" if any(a <= line["at"] <= b for a, b in restored) else line["deed"]
        for line in deeds
        if line["deed"].endswith("cancelled")
    }


def _strangers(verdict: Verdict, plan: list[Line], there: dict) -> None:
    """Find public posts that nobody planned there."""
    places = {_place(planned) for planned in plan}
    texts = {_plain(planned["text"]) for planned in plan}
    for place in there.keys() - places:
        law = "wrong account" if place[2] in texts else "wrong text"
        verdict.found(law, f"{place[0]} {place[1]}: {place[2][:60]}", len(there[place]))


def _count(verdict: Verdict, planned: Line, posts: list[Line], taken_back: str, state: str) -> None:
    key = planned["key"]
    if len(posts) > 1:
        verdict.found("duplicates", f"{key} stands {len(posts)} times", len(posts) - 1)
    if taken_back == "cancelled" and posts:
        verdict.found("after stop", f"{key} was cancelled and stands there")
    may_lack = taken_back or (planned["short"] and state == "missed")
    if not posts and not may_lack:
        verdict.found("losses", f"{key} is {state} and stands nowhere")


def _times(verdict: Verdict, planned: Line, posts: list[Line]) -> None:
    due, not_after = _moment(planned["due_at"]), _moment(planned["not_after"])
    for post in posts:
        at = _moment(post["accepted_at"])
        if at < due:
            verdict.found("early", f"{planned['key']} by {due - at}")
        if at > not_after + TIME_OUTS:
            verdict.found("late", f"{planned['key']} by {at - not_after}")
        if len(post["media"]) != planned["pictures"]:
            verdict.found("wrong pictures", f"{planned['key']} has {len(post['media'])}")


def _truth(verdict: Verdict, planned: Line, posts: list[Line], book: Line) -> None:
    key, state, ids = planned["key"], book["state"], [post["id"] for post in posts]
    if state in LIVE and book["remote_id"] not in ids:
        verdict.found("published without a post", f"{key} is {state} as {book['remote_id']}, there: {ids}")
    if posts and state in WITHOUT_POST:
        verdict.found("post not in the books", f"{key} is {state}, there: {ids}")
    if state not in LIVE | WITHOUT_POST:
        verdict.found("unsettled", f"{key} is {state}")


def _stopped(verdict: Verdict, stop: Line, public: list[Line]) -> None:
    begins = _moment(stop["from"]) + timedelta(seconds=stop["grace_s"])
    for line in public:
        if begins < _moment(line["accepted_at"]) < _moment(stop["until"]):
            verdict.found("after stop", f"{line['id']} came {_moment(line['accepted_at']) - begins} too late")


def _place(line: Line) -> tuple[str, str, str]:
    return line["channel"], line["account"], _plain(line["text"])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def main(arguments: list[str]) -> int:
    """Print what a folder shows; 0 if every law held."""
    verdict = check_folder(Path(arguments[0]))
    for finding in verdict.findings:
        sys.stdout.write(finding + "\n")
    sys.stdout.write(", ".join(f"{law} {verdict.figures[law]}" for law in LAWS) + "\n")
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
