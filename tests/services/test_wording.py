"""Every code the editorial services use has its words, in both languages, with the same gaps."""

import ast
import re
from itertools import chain
from pathlib import Path

import pytest

from core.i18n import LANGUAGES, catalogue, text
from core.vocab import EventState
from services import event_changes, posts, unsent
from services.wave import KEYS
from tests.source_tree import trees

TREES = {file: tree for file, tree in trees().items() if file.startswith("services/")}


def literals(keyword):
    """Return the literal values given for a keyword anywhere in services."""
    calls = (node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        one.value.value
        for call in calls
        for one in call.keywords
        if one.arg == keyword and isinstance(one.value, ast.Constant) and one.value.value
    }


def audited():
    """Return the actions written down by audit.record."""
    for tree in TREES.values():
        for call in ast.walk(tree):
            if (
                isinstance(call, ast.Call)
                and getattr(call.func, "attr", "") == "record"
                and len(call.args) > 2
            ):
                action = call.args[2]
                if isinstance(action, ast.Constant):
                    yield action.value


def wanted():
    yield from (f"error.{code}" for code in literals("needed"))
    yield from ("error.x_too_long", "error.text_too_long", "error.x_text_characters")
    yield from (f"audit.{action}" for action in audited())
    yield from (f"audit.event.{state}" for state in EventState if state is not EventState.SCHEDULED)
    yield from (f"wave.{key}" for key in KEYS)
    yield from ("wave.note.past", "wave.note.too_close", "reason.platform_unreachable")
    yield from (f"risk.{name}" for name in ("royal", "minors", "unplanned"))


def has(key, language):
    words = catalogue(language)
    for part in key.split("."):
        words = words.get(part, {}) if isinstance(words, dict) else {}
    return isinstance(words, str)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language):
    missing = sorted(key for key in set(wanted()) if not has(key, language))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_of_moves_made_here_have_words(language):
    sources = [module.__file__ for module in (posts, unsent, event_changes)]
    codes = set(chain.from_iterable(codes_of(source) for source in sources)) | {
        "event_cancelled", "event_postponed", "released", "publish_now", "again",
        "held_by_person", "cancelled_by_person",
    }  # fmt: skip
    assert [code for code in sorted(codes) if not has(f"reason.{code}", language)] == []


def codes_of(source):
    """Return what a module gives as the reason of a cancellation or a move."""
    return set(re.findall(r'"(edited|withdrawn|recalled|event_moved)"', Path(source).read_text("utf-8")))


def test_wave_keys_are_found_though_they_hold_a_hyphen():
    assert text("wave.T-7") == "ล่วงหน้า 7 วัน"
