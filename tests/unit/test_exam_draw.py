"""Which questions an exam gets: exactly by the guide's weights, whatever the seed."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.errors import CourseError
from course_utils.exam import bank as banks
from course_utils.exam import draw, guide
from course_utils.exam.bank import Bank
from tests.unit.exam_helpers import bank, entry

SEEDS = st.integers(0, 2**31)
COUNTS = {guide.CURRENT: [18, 9, 15, 6], guide.EARLIER: [13, 13, 15, 4]}
MADE, REAL = bank(), banks.load()


def test_the_shares_of_both_guides() -> None:
    for tag, counts in COUNTS.items():
        of = guide.guide(tag)
        assert draw.shares(of.questions, [each.weight for each in of.sections]) == counts


def test_of_equal_remainders_the_first_gets_more() -> None:
    assert draw.shares(4, [1, 1, 1]) == [2, 1, 1]


@given(st.integers(0, 500), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_shares_add_up_and_keep_within_one_of_the_quota(total: int, weights: list[int]) -> None:
    parts = draw.shares(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@pytest.mark.parametrize("tag", COUNTS)
@pytest.mark.parametrize("of", [MADE, REAL], ids=["made", "real"])
@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_each_domain_has_its_share_for_any_seed(of: Bank, tag: str, seed: int) -> None:
    chosen = guide.guide(tag)
    ids = draw.whole_exam(of, chosen, seed)
    assert len(set(ids)) == len(ids) == chosen.questions
    found = Counter(chosen.section_of(of.by_id[id].question.objectives) for id in ids)
    assert [found[section] for section in chosen.sections] == COUNTS[tag]


@given(seed=SEEDS)
@settings(max_examples=25, deadline=None)
def test_with_enough_questions_each_objective_is_asked(seed: int) -> None:
    current = guide.guide()
    asked = {MADE.by_id[id].question.objectives[0] for id in draw.whole_exam(MADE, current, seed)}
    assert asked == {each.tag for each in current.objectives()}


def test_a_seed_draws_the_same_and_another_one_something_else() -> None:
    current = guide.guide()
    assert draw.whole_exam(REAL, current, 7) == draw.whole_exam(REAL, current, 7)
    assert draw.whole_exam(REAL, current, 7) != draw.whole_exam(REAL, current, 8)


@pytest.mark.parametrize("place", range(4))
def test_one_domain_has_as_many_as_in_a_whole_exam(place: int) -> None:
    current = guide.guide()
    ids = draw.one_domain(REAL, current, 3, place)
    assert len(set(ids)) == COUNTS[guide.CURRENT][place]
    for id in ids:
        section = current.section_of(REAL.by_id[id].question.objectives)
        assert section == current.sections[place]


def test_mistakes_are_drawn_from_mistakes_alone() -> None:
    wrong = {"2025-1-0", "2025-20-1", "2022-S1-3", "gone"}
    current = guide.guide()
    assert set(draw.among(MADE, current, 1, wrong, None)) == {"2025-1-0", "2025-20-1"}
    assert draw.among(MADE, current, 1, wrong, 1) == ["2025-20-1"]
    with pytest.raises(CourseError, match="No question was answered wrongly"):
        draw.among(MADE, current, 1, {"gone"}, None)


def test_a_bank_that_is_too_small_says_so() -> None:
    small = Bank((entry("a", "2025-1"),))
    with pytest.raises(CourseError, match="The bank has 1 questions on databricks"):
        draw.whole_exam(small, guide.guide(), 1)
