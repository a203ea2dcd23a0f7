"""How alike two texts are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.likeness import could_be_alike, likeness, pieces

TEXTS = st.text("กขคงจ abc\n", max_size=60)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8", "เชิญร่วมงานลอยกระทง  ณ\nสะพานพระราม 8", True),
        (
            "เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8 เสาร์นี้ 17.00 น.",
            "เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8 เสาร์นี้ 17.30 น.",
            True,
        ),
        ("เชิญร่วมงานลอยกระทง ณ สะพานพระราม 8", "แจ้งปิดการจราจรสะพานพระราม 8", False),
        ("กกก", "กกกกกกกกก", False),
    ],
)
def test_texts_are_alike_above_nine_tenths(one, other, alike):
    assert (likeness(pieces(one), pieces(other)) > 0.9) is alike


@given(TEXTS, TEXTS)
def test_likeness_is_even_handed_between_nought_and_one(one, other):
    first, second = pieces(one), pieces(other)
    found = likeness(first, second)
    assert 0 <= found <= 1
    assert found == likeness(second, first)
    assert likeness(first, first) == 1


@given(TEXTS, TEXTS)
def test_the_quick_look_at_lengths_never_hides_a_likeness(one, other):
    first, second = pieces(one), pieces(other)
    assert could_be_alike(first, second, 0.9) or likeness(first, second) <= 0.9
