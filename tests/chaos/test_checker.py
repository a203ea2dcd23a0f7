"""The checker sees what it counts: each law broken in one line of the four files turns it red."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos import checker

DUE, LATER = "2020-10-24T02:00:00+00:00", "2020-10-24T08:00:00+00:00"
KEYS = ("a", "b", "c")
PLAN = [
    {
        "key": key, "channel": "x", "account": "1", "text": f"ข่าว {key}", "pictures": 0,
        "due_at": DUE, "not_after": LATER, "short": False,
    }
    for key in KEYS
]  # fmt: skip
LEDGER = [
    {
        "kind": "publish", "channel": "x", "account": "1", "id": f"r{key}", "text": f"ข่าว {key}",
        "media": [], "accepted_at": "2020-10-24T02:00:10+00:00",
    }
    for key in KEYS
]  # fmt: skip
BOOKS = [{"key": key, "state": "verified", "remote_id": f"r{key}"} for key in KEYS]
CANCELLED = {"at": DUE, "deed": "cancelled", "key": "a"}
STOP = {"at": LATER, "deed": "stopped", "from": DUE, "until": LATER, "grace_s": 2}


def but(lines, **changes):
    return [lines[0] | changes, *lines[1:]]


def test_a_run_as_it_should_be_holds():
    assert checker.check(PLAN, LEDGER, [], BOOKS).holds


@pytest.mark.parametrize(
    ("ledger", "deeds", "books", "law"),
    [
        ([*LEDGER, LEDGER[0] | {"id": "again"}], [], BOOKS, "duplicates"),
        (LEDGER[1:], [], but(BOOKS, state="scheduled", remote_id=None), "losses"),
        (LEDGER[1:], [], but(BOOKS, state="missed", remote_id=None), "losses"),
        (LEDGER[1:], [], BOOKS, "published without a post"),
        (LEDGER, [], but(BOOKS, remote_id="other"), "published without a post"),
        (LEDGER, [], but(BOOKS, state="missed", remote_id=None), "post not in the books"),
        (LEDGER, [], but(BOOKS, state="uncertain", remote_id=None), "unsettled"),
        (but(LEDGER, accepted_at="2020-10-24T01:59:59+00:00"), [], BOOKS, "early"),
        (but(LEDGER, accepted_at="2020-10-24T08:00:05+00:00"), [], BOOKS, "late"),
        (but(LEDGER, text="อื่น"), [], BOOKS, "wrong text"),
        (but(LEDGER, account="2"), [], BOOKS, "wrong account"),
        (but(LEDGER, media=["sha"]), [], BOOKS, "wrong pictures"),
        (LEDGER, [STOP], BOOKS, "after stop"),
        (LEDGER, [CANCELLED], BOOKS, "after stop"),
    ],
)
def test_each_broken_law_turns_it_red(ledger, deeds, books, law):
    verdict = checker.check(PLAN, ledger, deeds, books)
    assert not verdict.holds
    assert verdict.figures[law] == (3 if deeds == [STOP] else 1)


def test_what_people_took_back_and_what_missed_a_short_window_is_no_loss():
    deeds = [CANCELLED]
    books = [{"key": "a", "state": "cancelled", "remote_id": None}, *BOOKS[1:]]
    assert checker.check(PLAN, LEDGER[1:], deeds, books).holds
    missed = but(BOOKS, state="missed", remote_id=None)
    assert checker.check(but(PLAN, short=True), LEDGER[1:], [], missed).holds


def test_a_backup_put_back_takes_back_what_was_cancelled_after_it():
    before, after = "2020-10-24T01:59:00+00:00", "2020-10-24T02:01:00+00:00"
    assert checker.check(
        PLAN, LEDGER, [CANCELLED, {"at": after, "deed": "restored", "since": before}], BOOKS
    ).holds
    later = {"at": LATER, "deed": "restored", "since": after}
    assert not checker.check(PLAN, LEDGER, [CANCELLED, later], BOOKS).holds


def test_a_line_put_into_or_taken_out_of_a_ledger_file_turns_the_command_red(tmp_path):
    def exit_status(ledger):
        for name, lines in (("plan", PLAN), ("ledger", ledger), ("books", BOOKS)):
            text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
            (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")
        return subprocess.run(
            [sys.executable, "-I", checker.__file__, tmp_path], check=False, capture_output=True
        ).returncode

    assert exit_status(LEDGER) == 0
    assert exit_status([*LEDGER, LEDGER[2]]) == 1
    assert exit_status(LEDGER[:2]) == 1


def test_the_checker_imports_nothing_of_ours():
    source = Path(checker.__file__).read_text("utf-8")
    lines = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    imported = {line.split()[1].partition(".")[0] for line in lines}
    assert imported <= sys.stdlib_module_names
