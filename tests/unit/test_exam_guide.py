"""The guide, the real bank, and the page that is made of both."""

from pathlib import Path

import pytest

from course_utils import quiz
from course_utils.exam import bank as banks
from course_utils.exam import guide, kept, nearest, objectives, text
from tests.unit.exam_helpers import bank, entry


def test_the_guides_have_the_objectives_that_questions_may_name() -> None:
    tags = [o.tag for tag in (guide.CURRENT, guide.EARLIER) for o in guide.guide(tag).objectives()]
    assert len(tags) == len(set(tags))
    assert set(tags) == quiz.OBJECTIVES


@pytest.mark.parametrize(
    ("tag", "weights", "questions"),
    [("2025", [38, 19, 31, 12], 48), ("2022", [29, 29, 33, 9], 45)],
)
def test_the_weights_and_numbers_of_the_guides(
    tag: str, weights: list[int], questions: int
) -> None:
    of = guide.guide(tag)
    assert [section.weight for section in of.sections] == weights
    assert (of.questions, of.minutes) == (questions, 90)


def test_every_objective_is_taught_somewhere() -> None:
    for tag in (guide.CURRENT, guide.EARLIER):
        assert all(each.taught for each in guide.guide(tag).objectives())


def test_a_place_that_a_lesson_has_no_more_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guide, "headings", lambda number, part="demo": ("The pages",))
    lines = guide.lost_places()
    assert any("2025-14 is taught in lesson 09, 'From a run to a version'" in x for x in lines)
    assert not any("2025-13" in line for line in lines)


def test_the_page_of_objectives_is_up_to_date() -> None:
    assert objectives.drift(banks.load()) == []


def test_a_page_that_is_old_says_how_to_make_it_anew(tmp_path: Path) -> None:
    assert "Run ./course bank --write" in objectives.drift(bank(), tmp_path / "no.md")[0]


def test_every_question_of_the_course_says_where_it_is_taught() -> None:
    bank = banks.load()
    for each in bank.entries:
        if each.lesson is not None:
            assert {place.lesson for place in each.taught()} == {each.lesson}
        elif any(tag.startswith(guide.CURRENT) for tag in each.question.objectives):
            assert each.taught()
    # Each question that the guide gives a place of its own is there, and needs it
    for id in guide.questions():
        assert {tag[:4] for tag in bank.by_id[id].question.objectives} == {guide.EARLIER}


def test_a_question_without_a_lesson_says_so() -> None:
    without = entry("x", "2022-S1")
    assert without.taught() == ()
    assert text.NO_LESSON in "\n".join(text.rationale(without, without.question.options, ()))


def test_a_lessons_question_leads_to_the_section_of_that_lesson() -> None:
    places = entry("x", "2025-26", lesson="11").taught()
    assert [str(place) for place in places] == [
        'lesson 11, "Trees need no one-hot" (notebooks/11_decision_trees.ipynb)'
    ]
    assert str(entry("x", "2025-26", lesson="10").taught()[0]) == "lesson 10 (labs/10_mlflow.ipynb)"


def test_a_domain_counts_by_the_first_objective_of_its_guide() -> None:
    current, earlier = guide.guide(guide.CURRENT), guide.guide(guide.EARLIER)
    tags = ("2022-S4", "2025-39", "2025-1")
    assert current.section_of(tags) == current.sections[2]
    assert earlier.section_of(tags) == earlier.sections[3]
    assert current.section_of(("2022-S1",)) is None


def test_a_file_of_the_exam_may_say_when_it_was_looked_up(tmp_path: Path) -> None:
    folder = tmp_path / "exam"
    folder.mkdir()
    item = """
[[question]]
id = "e1"
stem = "What?"
objectives = ["2025-1"]
LOOKED
options = [
  { text = "a", right = true, why = "x" },
  { text = "b", right = false, why = "x" },
  { text = "c", right = false, why = "x" },
]
"""
    (folder / "some.toml").write_text(item.replace("LOOKED", 'looked_up = "2026-11-26"'))
    (folder / "guide.toml").write_text("no questions")
    entries, faults = banks.read(banks.exam_files(folder))
    assert (faults, [each.looked_up for each in entries]) == ([], ["2026-11-26"])
    assert "looked up on 2026-11-26" in "\n".join(
        text.rationale(entries[0], entries[0].question.options, ())
    )
    (folder / "some.toml").write_text(item.replace("LOOKED", 'hint = "x"'))
    assert banks.read(banks.exam_files(folder))[1] == [
        "exam/some.toml question 1: unknown key 'hint'."
    ]
    (folder / "some.toml").write_bytes(b"\xff")
    assert "not valid TOML" in banks.read(banks.exam_files(folder))[1][0]


def test_the_map_has_every_objective_and_my_score() -> None:
    mine = kept.Answer("2025-37-0", ("2025-37",), ("x",), False, "2026-01-01")
    lines = objectives.table(bank(), kept.Record(quizzes={"12": (mine,)}))
    plain = " ".join("\n".join(lines).split())
    for tag in quiz.OBJECTIVES:
        assert f"{tag} " in plain
    assert "(2 questions; 0 of 1 right)" in plain
    assert max(map(len, lines)) <= text.WIDTH


def test_what_can_only_be_tried_on_the_platform_is_said() -> None:
    only = [each.tag for each in guide.guide().objectives() if each.only_there]
    assert only == ["2025-2", "2025-5", "2025-15"]
    assert "Databricks Free Edition" in objectives.page(bank())


def test_the_most_alike_questions_come_first() -> None:
    entries = [entry("cats purr loudly", "2025-1"), entry("dogs bark", "2025-1")]
    entries.append(entry("cats purr loudly today", "2025-2"))
    found = nearest.pairs(entries, 1)
    assert {found[0].first.id, found[0].second.id} == {entries[0].id, entries[2].id}
    assert 0 < found[0].cosine <= 1
    assert len(nearest.pairs(entries, 20)) == 3
