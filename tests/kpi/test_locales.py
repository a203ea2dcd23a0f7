"""Every criterion and every code has its words in both languages, and its lines in docs/kpi.md."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from core.i18n import LANGUAGES, catalogue
from kpi.codes import Code, Effect, Headline, ProofKind, Reading, Strength, Unit
from kpi.content import EVENT_NEEDED
from kpi.content import NEEDED as ITEM_NEEDED
from kpi.measures import MEASURES
from kpi.plan import NEEDED as PLAN_NEEDED
from tests.kpi.made import criteria

PAGE = (Path(__file__).parents[2] / "docs" / "kpi.md").read_text("utf-8")
LISTS: dict[str, type[StrEnum]] = {
    "code": Code, "headline": Headline, "unit": Unit, "strength": Strength, "effect": Effect,
    "kind": ProofKind, "reading": Reading,
}  # fmt: skip
TEMPLATES = tuple(one for level in criteria().levels for one in level.templates)
EVERYTHING = (*criteria().criteria, *criteria().attestations, *TEMPLATES)


def words(language: str) -> dict[str, Any]:
    return dict(catalogue(language)["kpi"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", LISTS)
def test_every_code_has_words_and_no_words_are_left_over(language, table):
    assert set(words(language)[table]) == {member.value for member in LISTS[table]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_titles_on_screen_are_those_of_the_criteria_file(language):
    assert words(language)["criterion"] == {one.id: getattr(one.title, language) for one in EVERYTHING}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_code_a_finding_can_name_has_words(language):
    named = {*PLAN_NEEDED, *ITEM_NEEDED, *EVENT_NEEDED, "alt_text", "announce", "reminder", "recap"}
    named |= {"respondents", "method", "file_sha256"}
    for one in criteria().criteria:
        for name in ("extras", "topics", "points"):
            named |= set(one.params.get(name, ()))
    assert named <= set(words(language)["field"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_level_and_part_has_words(language):
    known = words(language)
    assert {one.clause for one in (*criteria().criteria, *TEMPLATES)} <= set(known["clause"])
    assert {str(level.n) for level in criteria().levels} == set(known["level"])
    assert set(known["part"]) == {"checks", "gates", "others", "attestations"}


@pytest.mark.parametrize("one", EVERYTHING, ids=lambda one: one.id)
def test_the_page_explains_every_criterion(one):
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{one.id}` |")]
    assert len(rows) == 1
    assert one.title.th in rows[0]
    assert f"| {one.strength.value} |" in rows[0]


def test_the_page_names_every_measure_and_the_digest_of_the_set():
    assert [name for name in MEASURES if f"`{name}`" not in PAGE] == []
    assert criteria().digest in PAGE
