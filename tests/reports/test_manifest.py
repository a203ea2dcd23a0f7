import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.fiscal import Month
from reports.manifest import Kind, Label, Problem, build, sha256, verify, verify_chain
from tests.reports import samples

FILES = {"evidence.pdf": b"%PDF-1.7 ...", "evidence.csv": b"a,b\r\n", "checks.csv": b"c\r\n"}


def label(month: int = 10) -> Label:
    return Label(
        number=f"กทม 0411/ฟ.{month}/2564",
        period=str(Month(2020, month)),
        version=1,
        criteria_version="2564/1",
        criteria_digest=samples.digest("criteria"),
        made_at=samples.MADE,
    )


def chain_of(length: int) -> list[bytes]:
    chain: list[bytes] = []
    for month in range(1, length + 1):
        chain.append(build(label(month), {"a.csv": bytes([month])}, chain[-1] if chain else None))
    return chain


def test_an_untouched_bundle_has_no_problem():
    first = build(label(10), FILES, None)
    second = build(label(11), FILES, first)
    assert verify(FILES, first, None) == []
    assert verify(FILES, second, first) == []


def test_the_manifest_says_what_it_covers():
    first = build(label(10), FILES, None)
    claims = json.loads(build(label(11), FILES, first))
    assert claims["previous"] == sha256(first)
    assert claims["period"] == "2020-11"
    assert claims["criteria"] == {"version": "2564/1", "sha256": samples.digest("criteria")}
    assert claims["files"]["evidence.csv"] == {"sha256": sha256(b"a,b\r\n"), "bytes": 5}


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_names_the_file(name):
    body = bytearray(FILES[name])
    body[len(body) // 2] ^= 1
    assert verify({**FILES, name: bytes(body)}, build(label(), FILES, None), None) == [
        Problem(Kind.CHANGED, name)
    ]


def test_a_missing_and_an_extra_file_are_named():
    files = {**FILES, "notes.txt": b"new"}
    del files["checks.csv"]
    assert verify(files, build(label(), FILES, None), None) == [
        Problem(Kind.MISSING, "checks.csv"),
        Problem(Kind.EXTRA, "notes.txt"),
    ]


def test_the_wrong_previous_bundle_breaks_the_chain():
    first, second, third = chain_of(3)
    files = {"a.csv": bytes([3])}
    assert verify(files, third, first) == [Problem(Kind.CHAIN_BROKEN)]
    assert verify(files, third, None) == [Problem(Kind.PREVIOUS_NOT_GIVEN)]
    assert verify({"a.csv": bytes([1])}, first, second) == [Problem(Kind.CHAIN_BROKEN)]


def test_a_sound_chain_has_no_problem():
    assert verify_chain(chain_of(12)) == []


def test_a_reordered_chain_says_where():
    first, second, third, fourth = chain_of(4)
    broken = Problem(Kind.CHAIN_BROKEN)
    assert verify_chain([first, third, second, fourth]) == [(1, broken), (2, broken), (3, broken)]


def test_a_chain_cut_at_its_start_or_inside_is_found():
    first, second, third, fourth = chain_of(4)
    assert verify_chain([second, third, fourth]) == [(0, Problem(Kind.PREVIOUS_NOT_GIVEN))]
    assert verify_chain([first, second, fourth]) == [(2, Problem(Kind.CHAIN_BROKEN))]


@pytest.mark.parametrize(
    "damaged", [b"", b"{}", b"[]", b"nonsense", b'{"files":{"a":1},"previous":null}', b"\xff"]
)
def test_a_damaged_manifest_is_unreadable(damaged):
    assert verify(FILES, damaged, None) == [Problem(Kind.MANIFEST_UNREADABLE)]
    assert verify_chain([damaged]) == [(0, Problem(Kind.MANIFEST_UNREADABLE))]


def test_a_manifest_written_another_way_is_not_accepted():
    manifest = json.dumps(json.loads(build(label(), FILES, None)), indent=1).encode()
    assert verify(FILES, manifest, None) == [Problem(Kind.MANIFEST_UNREADABLE)]


def test_order_of_files_does_not_matter():
    assert build(label(), FILES, None) == build(label(), dict(reversed(FILES.items())), None)


@given(st.dictionaries(st.text(min_size=1), st.binary(), min_size=1))
def test_what_was_built_verifies(files):
    assert verify(files, build(label(), files, None), None) == []


@pytest.mark.parametrize("kind", Kind)
def test_every_problem_has_its_words(kind):
    for language in i18n.LANGUAGES:
        assert i18n.text(f"reports.problem.{kind}", language, name="x") != f"reports.problem.{kind}"
